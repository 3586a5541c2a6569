import json
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest

from services.case_tracker.domain.rules import BY_CODE
from services.client.inbox import CASE_TRACKER, REFERRAL, InboxMessage
from services.console import inbox
from services.presentation.bilingual_text import Language
from services.presentation.messages_to_agencies import ACTIONS, DANGERS, deliveries, ordered
from services.referral.domain.decision import Subject


def record(offset: int, kind: str, **data: object) -> tuple[int, bytes]:
    event = {
        "type": f"bz.atips.{kind}.v1" if "." in kind else f"bz.atips.delivery.{kind}.v1",
        "time": "2026-05-06T12:00:00.000Z",
        "data": data,
    }
    return offset, json.dumps(event).encode()


def listed(records: Sequence[tuple[int, bytes]], shown: int = 0, *, unread: bool = False) -> list[tuple[int, bool]]:
    return [(each.offset, each.unread) for each in ordered(deliveries(records, shown), unread=unread)]


RECORDS = [
    record(0, "to_answer", referral="ref-1", sender="bpd"),
    record(1, "submission.accepted", id="x"),
    record(2, "danger", finding="act-1", case="cas-1", persons=["per-1"]),
    record(3, "moved", referral="ref-1", state="completed"),
]


def test_receipts_are_left_out_and_dangers_come_first() -> None:
    assert [offset for offset, _ in listed(RECORDS)] == [2, 3, 0]


def test_unread_messages_come_before_a_danger_that_was_read() -> None:
    assert listed(RECORDS, shown=3) == [(3, True), (2, False), (0, False)]
    assert listed(RECORDS, shown=3, unread=True) == [(3, True)]


def test_every_kind_of_message_has_a_sentence() -> None:
    assert {each.value for each in Subject} <= ACTIONS.keys()
    assert "danger" in ACTIONS


@pytest.mark.parametrize("code", [each for each, rule in BY_CODE.items() if rule.tells])
def test_a_danger_leads_with_what_has_happened_and_what_to_do_and_ends_with_its_ids(code: str) -> None:
    """A message began with two ids and said neither: an officer had to open another page to learn what to do."""
    [found] = deliveries([record(0, "danger", code=code, finding="act-1", case="cas-1")], 0)
    for lang, start in (("en", "DANGER: "), ("es", "PELIGRO: ")):
        what = DANGERS[code].of(lang)
        assert what.count(". ") + what.count(": ") >= 1, "what has happened, and what to do"
        assert found.sentence(lang).startswith(start + what)
        assert found.sentence(lang).endswith("cas-1")


def test_a_danger_of_a_later_version_says_what_to_do_too() -> None:
    [found] = deliveries([record(0, "danger", code="a_later_code", finding="act-1", case=None)], 0)
    assert "make the person safe. It is finding act-1, case –" in found.sentence()


@pytest.mark.parametrize("kind", sorted(ACTIONS))
def test_a_sentence_needs_no_field(kind: str) -> None:
    [found] = deliveries([record(0, kind)], 0)
    assert "–" in found.sentence()
    assert "–" in found.sentence("es")


def test_who_is_on_call_is_told_to_whom_it_was_sent_and_from_when_it_may_take_it() -> None:
    [found] = deliveries([record(0, "on_call", referral="R", sender="bpd", receiver="dhs")], 0)
    assert "was sent to dhs: you are on call, and may not take it now" in found.sentence()
    assert "only if bpd cancels it and sends it to you" in found.sentence()
    assert "no puede tomarla ahora" in found.sentence("es")
    [second] = deliveries([record(0, "on_call", referral="R", receiver="dhs", reason="second")], 0)
    assert second.sentence() == "emergency R was sent to dhs: you are on call, and may take it too, from now on"


def test_an_invitation_is_over_once_a_later_message_says_that_the_referral_is_no_longer_open() -> None:
    """Found by a new user: an agency on call was still invited to accept what another had taken."""
    due = "2026-05-06T13:00:00Z"
    told = [
        record(0, "on_call", referral="R", receiver="dhs", reason="second", due_at=due),
        record(1, "to_take", referral="Q", receiver="dhs", due_at=due),
        record(2, "no_longer_open", referral="R", receiver="dhs", state="accepted"),
        record(3, "no_longer_open", referral="P", receiver="dhs"),
    ]
    first, other, taken, ended = deliveries(told)
    assert [each.over for each in (first, other, taken, ended)] == [True, False, False, False]
    assert first.sentence() == "over: referral R to dhs needs no answer any more, and you need not act"
    assert first.sentence("es").startswith("terminado: la remisión R a dhs ya no necesita respuesta")
    assert taken.sentence().startswith("another agency has taken referral R to dhs: you need not act")
    assert taken.sentence("es").startswith("otra institución tomó la remisión R a dhs")
    assert ended.sentence().startswith("referral P to dhs needs no answer any more")
    assert "ya no puede tomarla" in ended.sentence("es")
    assert not any("due" in line for line in inbox.lines(first))
    assert any("due" in line for line in inbox.lines(other))
    assert [inbox.plain(each).get("over") for each in (first, other)] == [True, None]
    # Opened once more, it invites again.
    *_, again = deliveries([*told, record(4, "on_call", referral="R", receiver="dhs", reason="second")])
    assert not again.over


def test_a_request_to_answer_is_over_once_the_sending_was_taken_back_and_not_when_it_is_asked_again() -> None:
    told = [
        record(0, "to_answer", referral="R", sender="bpd"),
        record(1, "no_longer_open", referral="R", receiver="dhs"),
    ]
    first, end = deliveries(told)
    assert (first.over, end.over) == (True, False)
    *_, again = deliveries([*told, record(2, "to_answer", referral="R", sender="bpd")])
    assert not again.over


def test_a_danger_is_over_once_a_later_message_says_so_as_on_the_page() -> None:
    told = [
        record(0, "danger", finding="act-1", case="cas-1", code="victim_unprotected"),
        record(1, "danger", finding="act-2", case="cas-1", code="victim_unprotected"),
        record(2, "danger_over", finding="act-1", case="cas-1", code="victim_unprotected"),
    ]
    over, stands, end = deliveries(told)
    assert [each.endangers for each in (over, stands, end)] == [False, True, False]
    assert over.sentence().startswith("over: finding act-1 of case cas-1 is closed")
    assert over.sentence("es").startswith("terminado: el hallazgo act-1")
    assert end.sentence().startswith("over: finding act-1 of case cas-1 is closed")
    assert [each.offset for each in ordered(deliveries(told, 3))] == [1, 2, 0]
    assert inbox.plain(over)["over"] is True
    assert "DANGER" not in "".join(inbox.lines(over))
    # Opened again, it is a danger.
    *_, again = deliveries([*told, record(3, "danger", finding="act-1", case="cas-1", code="victim_unprotected")])
    assert again.endangers


def test_a_refused_move_of_a_stranger_names_no_holder() -> None:
    [found] = deliveries([record(0, "move_refused", referral="R", reason="not_the_receiver", holder=None)], 0)
    assert found.sentence() == "your move of referral R was refused (not_the_receiver): it has no effect"


def test_an_unknown_kind_is_named_as_it_is() -> None:
    [found] = deliveries([record(0, "later_kind", a=1)], 0)
    assert found.sentence() == "later_kind"
    assert inbox.plain(found)["a"] == 1


def test_people_read_belize_time(capsys: pytest.CaptureFixture[str]) -> None:
    inbox._print(ordered(deliveries(RECORDS, 0), unread=False), len(RECORDS) - 1)
    text = capsys.readouterr().out
    assert "2026-05-06 06:00" in text
    assert "3 unread of 3" in text


def test_an_inbox_is_told_in_spanish(capsys: pytest.CaptureFixture[str]) -> None:
    due = record(4, "to_answer", referral="ref-1", sender="bpd", due_at="2026-05-06T13:00:00Z")
    found = ordered(deliveries([*RECORDS, due], 3))
    inbox._print(found, len(found), Language.ES)
    text = capsys.readouterr().out
    assert "NUEVO  2026-05-06 06:00  responda la remisión ref-1 de bpd" in text
    assert "vence 2026-05-06 07:00" in text
    assert "la remisión ref-1 está ahora: completada" in text
    assert "2 sin leer de 4" in text


def test_unread_messages_are_counted_out_of_all_that_were_delivered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "bpd.offset").write_text("3\n", encoding="utf-8")
    received = [InboxMessage(REFERRAL, number, orjson.loads(raw)) for number, raw in RECORDS if number != 1]
    at = SimpleNamespace(root=tmp_path, agency="bpd", connection=True)
    monkeypatch.setattr(inbox, "office", lambda *_: at)
    monkeypatch.setattr(inbox, "open_intake_client", lambda *_: nullcontext(SimpleNamespace(inbox=lambda: received)))
    inbox.inbox(unread=True, keep=True)
    text = capsys.readouterr().out
    assert "answer referral" not in text
    assert text.endswith("1 unread of 3\n")
    inbox.inbox(unread=True, keep=True, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (len(told["inbox"]), told["unread"], told["all"]) == (1, 1, 3)


def test_what_was_shown_is_kept_for_each_list_and_a_late_danger_is_unread(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The referral service and the case tracker number their own messages."""
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "bpd.offset").write_text("8\n", encoding="utf-8")  # as an earlier version kept it
    received = [InboxMessage(REFERRAL, 7, orjson.loads(RECORDS[0][1]))]
    at = SimpleNamespace(root=tmp_path, agency="bpd", connection=True)
    monkeypatch.setattr(inbox, "office", lambda *_: at)
    monkeypatch.setattr(inbox, "open_intake_client", lambda *_: nullcontext(SimpleNamespace(inbox=lambda: received)))

    def unread() -> list[str]:
        inbox.inbox(as_json=True)
        return [each["kind"] for each in json.loads(capsys.readouterr().out)["inbox"] if each["unread"]]

    assert unread() == []
    received.append(InboxMessage(CASE_TRACKER, 2, orjson.loads(RECORDS[2][1])))
    assert unread() == ["danger"]
    assert unread() == []
    assert (tmp_path / "inbox" / "bpd.offset").read_text(encoding="utf-8") == "8 3\n"
