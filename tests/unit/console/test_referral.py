"""`atips referral` and `consent`: each command says what intake lets in; `atips referrals` shows what is late first."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
from typer.testing import CliRunner
from typing_extensions import override

from schemas.catalogue import may_publish
from schemas.codebook.protection import ServiceType
from schemas.codec import decode_strict
from schemas.envelope import Event
from schemas.ids import Kind, derive
from schemas.sight import ConsentGap
from services.client.inbox import InboxMessage
from services.client.receipt_and_errors import Later, Receipt
from services.client.referral_state import MoveEffect
from services.client.referral_state import Referral as Stands
from services.console import local_cluster, send_as_agency
from services.console.__main__ import app
from services.console.referral import open_referral_lines, show
from services.presentation import pending_action_texts
from services.presentation.bilingual_text import Language
from services.presentation.referral_move_decision_texts import ShownDecision, consent_gaps_text, decision
from services.sheet.http_post import NotReachedError
from services.sheet.json_lines import FileLine
from services.sheet.verdict import Verdict, VerdictStatus

PERSON, REFERRAL = derive(Kind.PERSON, "console"), derive(Kind.REFERRAL, "console")
MADE_ALREADY: Final = send_as_agency.earlier_move_of
CONSENT = "bpd/desk/01930000-0000-7000-8000-000000000001"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Event]:
    """Return the events that a command would publish, instead of publishing them."""
    found: list[Event] = []

    def published(data_dir: Path, agency: str, given: Sequence[FileLine], timeout: float) -> Iterator[Verdict]:
        for line in given:
            found.append(decode_strict(line.value).event)
            yield Verdict(line.number, VerdictStatus.ACCEPTED, found[-1].id, 7)

    cluster = SimpleNamespace(data_dir=tmp_path)
    monkeypatch.setattr(local_cluster, "running_cluster", lambda _: cluster)
    monkeypatch.setattr(send_as_agency, "publish_lines", published)
    monkeypatch.setattr(send_as_agency, "earlier_move_of", lambda *_: None)
    monkeypatch.setattr(
        send_as_agency, "await_decision", lambda _, agency, referral, *__: ShownDecision(referral, agency, "in_effect")
    )
    return found


MOVES = {
    "receive": ("dhs", "received"),
    "accept": ("dhs", "accepted"),
    "reject": ("dhs", "rejected"),
    "start": ("dhs", "started"),
    "hold": ("dhs", "put_on_hold"),
    "resume": ("dhs", "resumed"),
    "complete": ("dhs", "completed"),
    "fail": ("dhs", "failed"),
    "hand-back": ("dhs", "handed_back"),
    "refer-onward": ("dhs", "referred_onward"),
    "cancel": ("bpd", "cancelled"),
    "enter-in-error": ("bpd", "entered_in_error"),
}


@pytest.mark.parametrize("command", MOVES)
def test_a_move_is_an_event_of_its_agency(sent: list[Event], command: str) -> None:
    agency, name = MOVES[command]
    result = CliRunner().invoke(app, ["referral", command, REFERRAL, "--agency", agency, "--person", PERSON])
    assert result.exit_code == 0, result.output
    (event,) = sent
    assert event.type == f"bz.atips.referral.{name}.v1"
    assert event.agency == agency
    assert may_publish(event)


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        ("send", "referral_reason"),
        ("reject", "referral_reject_reason"),
        ("hold", "hold_reason"),
        ("fail", "unfinished_reason"),
        ("cancel", "cancel_reason"),
    ],
)
def test_the_help_of_a_move_names_the_list_of_its_reasons(command: str, codes: str) -> None:
    told = CliRunner().invoke(app, ["referral", command, "--help"], env={"COLUMNS": "200"})
    assert f"atips codes {codes}" in " ".join(told.output.split())
    assert CliRunner().invoke(app, ["codes", codes]).exit_code == 0


@pytest.mark.parametrize("programs", [False, True])
@pytest.mark.parametrize(
    ("shown", "code", "words", "effect"),
    [
        (
            MoveEffect("", "refused", "taken_by_another"),
            1,
            ("REFUSED: another agency took it first (taken_by_another).", f"dhs holds referral {REFERRAL}."),
            "refused",
        ),
        (
            MoveEffect("", "in_effect"),
            0,
            ("In effect.", f"dhs holds referral {REFERRAL}. Its state: accepted."),
            "in_effect",
        ),
        (MoveEffect("", "waits"), 1, ("Kept, without effect yet: a move before it is missing.",), "waits"),
        (None, 1, (f"Not decided yet: look with atips referral show {REFERRAL} --agency hti",), "undecided"),
    ],
)
def test_a_move_is_answered_by_the_decision_about_it(  # noqa: PLR0917 - two fixtures and a table of four
    sent: list[Event],
    monkeypatch: pytest.MonkeyPatch,
    shown: MoveEffect | None,
    code: int,
    words: Sequence[str],
    effect: str,
    *,
    programs: bool,
) -> None:
    def decided(_: object, agency: str, referral: str, move: str, seconds: float) -> ShownDecision:
        assert (move, seconds) == (f"hti/console/{sent[0].id}", 3)
        moves = () if shown is None else (replace(shown, move=move),)
        found = Stands(referral, "accepted", "dhs", None, None, None, None, moves)
        return decision(referral, agency, move, found)

    monkeypatch.setattr(send_as_agency, "await_decision", decided)
    arguments = ["referral", "accept", REFERRAL, "--agency", "hti", "--person", PERSON, "--wait", "3"]
    done = CliRunner().invoke(app, [*arguments, *(["--json"] if programs else [])])
    assert done.exit_code == code
    if programs:
        assert json.loads(done.stdout)["decision"]["effect"] == effect
    else:
        told = " ".join(done.stdout.split())
        assert all(each in told for each in words), done.stdout
        assert max(map(len, done.stdout.splitlines())) <= 80
        assert "accepted  " not in done.stdout  # the receipt's word is not the referral's


@dataclass
class MemoryIntake:
    """Intake's door, which shows how a referral stands."""

    stands: Stands | None
    messages: tuple[InboxMessage, ...] = ()
    broken: bool = False

    def referral(self, _: str) -> Stands | None:
        return self.stands

    def outcome(self, event_id: str) -> Receipt:
        if self.broken:
            raise Later(event_id)
        return Receipt("accepted", event_id, 7, accepted_at=1_714_999_500_000)

    def inbox(self) -> Iterator[InboxMessage]:
        yield from self.messages


OWN: Final = "dhs/console/01930000-0000-7000-8000-000000000002"


@pytest.mark.parametrize("programs", [False, True])
@pytest.mark.parametrize(
    ("agency", "broken", "at"),
    [("dhs", False, "2024-05-06 06:45"), ("dhs", True, None), ("bpd", False, "2024-05-06 06:50")],
)
def test_a_referral_that_is_completed_is_not_completed_again(  # noqa: PLR0917 - two fixtures and a table of three
    sent: list[Event],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    agency: str,
    broken: bool,
    at: str | None,
    *,
    programs: bool,
) -> None:
    moves = (MoveEffect(OWN, "in_effect"),) if agency == "dhs" else ()
    stands = Stands(REFERRAL, "completed", "dhs", "bpd", "dhs", PERSON, "urgent", moves)
    told = {"time": "2024-05-06T12:50:00.000Z", "data": {"referral": REFERRAL, "state": "completed"}}
    door = MemoryIntake(stands, (InboxMessage("referral", 1, told),), broken)
    monkeypatch.setattr(send_as_agency, "earlier_move_of", MADE_ALREADY)
    monkeypatch.setattr(send_as_agency, "open_intake_client", lambda *_: nullcontext(door))
    command = ["referral", "complete", REFERRAL, "--agency", agency, "--person", PERSON]
    done = CliRunner().invoke(app, [*command, *(["--json"] if programs else [])])
    when = "" if at is None else f", on {at} in Belize"
    said = f"Referral {REFERRAL} is completed already, by dhs{when}. Nothing was sent.\n"
    assert (done.exit_code, done.stderr, sent) == (1, said, [])
    if programs:
        answer = json.loads(done.stdout)
        assert (answer["status"], answer["by"], answer["referral"]) == ("not_sent", "dhs", REFERRAL)
    assert list((tmp_path / "unanswered").iterdir()) == []
    spanish = CliRunner().invoke(app, [*command, "--lang", "es"])
    assert f"La remisión {REFERRAL} ya está completada, por dhs" in spanish.stderr
    door.stands = replace(stands, state="in_progress")
    assert CliRunner().invoke(app, command).exit_code == 0
    assert len(sent) == 1


def test_a_move_without_an_answer_is_sent_again_although_it_had_effect(
    sent: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["referral", "complete", REFERRAL, "--agency", "dhs", "--person", PERSON]
    with monkeypatch.context() as patched:
        patched.setattr(send_as_agency, "publish_lines", unheard(NotReachedError))
        CliRunner().invoke(app, command)

    class Taken(MemoryIntake):
        @override
        def referral(self, _: str) -> Stands | None:
            [kept] = Path(unanswered).iterdir()
            move = f"dhs/console/{json.loads(kept.read_bytes())['id']}"
            return Stands(REFERRAL, "completed", "dhs", "bpd", "dhs", PERSON, "soon", (MoveEffect(move, "in_effect"),))

    unanswered = local_cluster.running_cluster(Path()).data_dir / "unanswered"
    monkeypatch.setattr(send_as_agency, "earlier_move_of", MADE_ALREADY)
    monkeypatch.setattr(send_as_agency, "open_intake_client", lambda *_: nullcontext(Taken(None)))
    assert CliRunner().invoke(app, command).exit_code == 0
    assert (len(sent), sent[0]) == (2, sent[1])


def test_a_reason_goes_along_and_a_wrong_one_is_not_sent(sent: list[Event]) -> None:
    arguments = ["referral", "reject", REFERRAL, "--agency", "dhs", "--person", PERSON, "--reason"]
    assert CliRunner().invoke(app, [*arguments, "no_capacity"]).exit_code == 0
    assert sent[0].data.model_dump()["reason"].value == "no_capacity"
    refused = CliRunner().invoke(app, [*arguments, "no_time"])
    assert refused.exit_code == 1
    assert len(sent) == 1


def test_sending_gives_a_new_referrals_id(sent: list[Event]) -> None:
    arguments = ["referral", "send", "--agency", "bpd", "--to", "dhs", "--person", PERSON, "--json"]
    result = CliRunner().invoke(app, [*arguments, "--service", "shelter", "--urgency", "emergency"])
    assert result.exit_code == 0, result.output
    said = json.loads(result.output)
    assert said["status"] == "accepted"
    assert sent[0].data.model_dump()["referral"] == said["referral"]


@pytest.mark.parametrize(
    ("person", "service", "option"),
    [("somebody", "shelter", "--person: bad_id"), (PERSON, "bed", "--service: unknown_code")],
)
def test_a_wrong_option_is_named_before_anything_is_printed(
    sent: list[Event], person: str, service: str, option: str
) -> None:
    arguments = ["referral", "send", "--agency", "bpd", "--to", "dhs", "--person", person, "--service", service]
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, done.stdout, sent) == (1, "", [])
    assert option in " ".join(done.stderr.split())
    assert "somebody" not in done.stderr


@pytest.mark.parametrize("programs", [False, True])
def test_a_referral_without_an_answer_has_its_id_told_so_that_it_is_not_sent_as_another(
    sent: list[Event], monkeypatch: pytest.MonkeyPatch, *, programs: bool
) -> None:
    arguments = ["referral", "send", "--agency", "bpd", "--to", "dhs", "--person", PERSON, "--service", "shelter"]

    def unanswered(*_: object) -> Iterator[Verdict]:
        raise NotReachedError

    with monkeypatch.context() as patched:
        patched.setattr(send_as_agency, "publish_lines", unanswered)
        lost = CliRunner().invoke(app, [*arguments, *(["--json"] if programs else [])])
    assert (lost.exit_code, lost.stderr.splitlines()[0]) == (1, "bpd does not reach intake: ")
    said = json.loads(lost.stdout) if programs else {"referral": lost.stdout.strip(), "status": "unconfirmed"}
    assert said["status"] == "unconfirmed"
    again = CliRunner().invoke(app, [*arguments, "--referral", said["referral"]])
    assert again.exit_code == 0, again.output
    assert sent[0].data.model_dump()["referral"] == said["referral"]


REPEATED = {
    "withdraw": ["consent", "withdraw", "--agency", "bpd", "--person", PERSON],
    "acknowledge": ["consent", "acknowledge", CONSENT, "--agency", "dhs", "--person", PERSON],
    "hand-back": ["referral", "hand-back", REFERRAL, "--agency", "dhs", "--person", PERSON, "--reason", "no_capacity"],
}


class Killed(BaseException):
    """The command ends here, whatever it would have done."""


def unheard(end: type[BaseException]) -> Callable[[Path, str, Sequence[FileLine], float], Iterator[Verdict]]:
    """Publishing that is done and of which the command hears nothing."""
    published = send_as_agency.publish_lines

    def publish(data_dir: Path, agency: str, given: Sequence[FileLine], timeout: float) -> Iterator[Verdict]:
        list(published(data_dir, agency, given, timeout))
        raise end

    return publish


@pytest.mark.parametrize("arguments", REPEATED.values(), ids=list(REPEATED))
@pytest.mark.parametrize("end", [Killed, NotReachedError])
def test_what_is_said_again_without_an_answer_is_the_same_event(
    sent: list[Event], monkeypatch: pytest.MonkeyPatch, arguments: list[str], end: type[BaseException]
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(send_as_agency, "publish_lines", unheard(end))
        with suppress(Killed):
            CliRunner().invoke(app, arguments)
    again, anew = (CliRunner().invoke(app, arguments) for _ in range(2))
    assert (again.exit_code, anew.exit_code) == (0, 0)
    assert sent[0] == sent[1] != sent[2]
    assert f"Sent before, at {sent[0].time:%Y-%m-%d}" in again.stderr
    assert anew.stderr == ""


def test_an_answer_that_was_not_shown_is_given_again(sent: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the receipt and the terminal."""

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, suppress(Killed):
        patched.setattr(send_as_agency, "emit", killed)
        CliRunner().invoke(app, [*REPEATED["withdraw"], "--json"])
    CliRunner().invoke(app, REPEATED["withdraw"])
    assert sent[0] == sent[1]


@pytest.mark.parametrize(("later", "same"), [(timedelta(hours=23), True), (timedelta(days=1), False)])
def test_what_was_said_a_day_ago_is_said_anew_and_nothing_of_it_stays(
    sent: list[Event], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, later: timedelta, *, same: bool
) -> None:
    """Consent may have been given again in between, and is taken back once more."""
    now = datetime(2024, 5, 6, tzinfo=UTC)
    with monkeypatch.context() as patched:
        patched.setattr(send_as_agency, "publish_lines", unheard(NotReachedError))
        patched.setattr(local_cluster, "now", lambda _: now)
        for arguments in REPEATED.values():
            CliRunner().invoke(app, arguments)
    monkeypatch.setattr(local_cluster, "now", lambda _: now + later)
    CliRunner().invoke(app, REPEATED["withdraw"])
    assert (sent[0] == sent[-1]) is same
    assert len(list((tmp_path / "unanswered").iterdir())) == (2 if same else 0)


def test_where_nothing_can_be_kept_nothing_is_sent(sent: list[Event], tmp_path: Path) -> None:
    (tmp_path / "unanswered").write_text("in the way", encoding="utf-8")
    done = CliRunner().invoke(app, REPEATED["withdraw"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.endswith("nothing was sent\n")
    assert sent == []


def test_every_wrong_option_is_told_at_once_and_none_of_what_was_typed(sent: list[Event]) -> None:
    typed = ["--to", "dsh", "--person", "somebody", "--service", "shelte", "--urgency", "quick"]
    for lang, end in (("en", "Nothing was sent."), ("es", "No se envió nada.")):
        asked = ["referral", "send", "--agency", "bpd", *typed, "--case", "C", "--lang", lang]
        done = CliRunner().invoke(app, asked)
        assert (done.exit_code, done.stdout) == (1, "")
        *lines, last = done.stderr.splitlines()
        assert last == end
        told = [line.partition(":")[0] for line in lines]
        assert sorted(told) == ["--case", "--person", "--service", "--to", "--urgency"]
        assert [word for word in ("somebody", "dsh", "quick") if word in done.stderr] == []
        assert "shelter" in done.stderr
        assert "atips codes urgency" in done.stderr
        assert "atips help agencies" in done.stderr
    assert sent == []


@pytest.mark.parametrize("typed", [["--to", "dhs\udcff"], ["--service", "shelter\udcff"], ["--person", "\udcff"]])
def test_what_is_typed_in_another_encoding_is_wrong_use(sent: list[Event], typed: list[str]) -> None:
    """The command line gives bytes that are not UTF-8 as half a pair."""
    good = ["--to", "dhs", "--person", PERSON, "--service", "shelter"]
    done = CliRunner().invoke(app, ["referral", "send", "--agency", "bpd", *good, *typed])
    assert (done.exit_code, done.stderr) == (2, "What was typed is not UTF-8: nothing was sent.\n")
    assert sent == []


def test_consent_is_taken_back_and_acknowledged(sent: list[Event]) -> None:
    for arguments in (["withdraw", "--agency", "bpd"], ["acknowledge", CONSENT, "--agency", "dhs"]):
        result = CliRunner().invoke(app, ["consent", *arguments, "--person", PERSON])
        assert result.exit_code == 0, result.output
    assert [each.type for each in sent] == ["bz.atips.consent.withdrawn.v1", "bz.atips.consent.acknowledged.v1"]


DUE = datetime(2024, 3, 2, 6, 30, tzinfo=UTC)
ROW: Final[dict[str, Any]] = {
    "to_do": "answer",
    "waits_for": "love_foundation",
    "about": REFERRAL,
    "person": PERSON,
    "case": None,
    "since": (DUE - timedelta(hours=1)).isoformat(),
    "due_at": DUE.isoformat(),
    "late": True,
    "urgency": "emergency",
    "sender": "tip_care_unit",
    "receiver": "love_foundation",
    "holder": "love_foundation",
    "state": "in_progress",
    "service_types": ["shelter", "immigration_regularisation", "family_reunification", "medical", "translation"],
}


def test_a_row_fits_80_columns_with_whole_ids_and_says_how_late_it_is() -> None:
    shown = list(open_referral_lines.lines(ROW, DUE + timedelta(hours=27, minutes=20)))
    assert max(map(len, shown)) <= 80
    assert shown[0] == "2024-03-02 00:30  LATE by 1 d 3 h  answer by love_foundation"
    assert shown[1] == f"  {REFERRAL}  emergency, in progress"
    assert shown[2] == "  from tip_care_unit to love_foundation, held by love_foundation"
    assert PERSON in shown[3]
    assert "translation" in "".join(shown[4:])


def test_a_row_and_its_services_are_told_in_spanish() -> None:
    shown = list(open_referral_lines.lines(ROW, DUE + timedelta(hours=27, minutes=20), Language.ES))
    text = " ".join(" ".join(shown).split())
    assert "CON RETRASO de 1 d 3 h love_foundation: Aceptar o rechazar la remisión" in text
    assert "de tip_care_unit a love_foundation, la tiene love_foundation" in text
    assert ServiceType.TRANSLATION.es.lower() in text
    assert "emergencia: en una hora" in text


def test_a_move_is_answered_in_spanish(sent: list[Event]) -> None:
    accept = ["referral", "accept", REFERRAL, "--agency", "dhs", "--person", PERSON, "--lang", "es"]
    done = CliRunner().invoke(app, accept)
    assert len(sent) == 1
    assert "Recibido como n=7. Se espera la decisión del servicio de remisiones." in done.stdout
    assert f"Tiene efecto. Nadie tiene la remisión {REFERRAL}." in done.stdout
    withdrawn = CliRunner().invoke(app, [*REPEATED["withdraw"], "--lang", "es"])
    assert "aceptado" in withdrawn.stdout


def test_a_message_that_is_on_its_way_still_is_waited_for(sent: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    """Intake's door shows a withdrawal of consent up to a second after it was accepted."""
    message = InboxMessage("referral", 1, {"data": {"event": CONSENT, "person": PERSON}})
    looks = iter([[], [], [message]])
    monkeypatch.setattr(
        send_as_agency, "open_intake_client", lambda *_: nullcontext(SimpleNamespace(inbox=lambda: next(looks)))
    )
    monkeypatch.setattr(show, "_LOOK_SECONDS", 0.0)
    done = CliRunner().invoke(app, ["consent", "acknowledge", CONSENT, "--agency", "dhs"])
    assert (done.exit_code, [each.subject for each in sent]) == (0, [PERSON]), done.output


def test_what_no_message_is_about_needs_the_person_and_is_looked_for_no_longer_than_that(
    sent: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_as_agency, "open_intake_client", lambda *_: nullcontext(SimpleNamespace(inbox=list)))
    monkeypatch.setattr(show, "MESSAGE_SECONDS", 0.0)
    done = CliRunner().invoke(app, ["consent", "acknowledge", CONSENT, "--agency", "dhs"])
    assert (done.exit_code, sent) == (2, [])
    assert "has not been told of this: add --person" in done.stderr


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h"), (200, "3 h 20 min"), (2880, "2 d"), (2940, "2 d 1 h")],
)
def test_a_span_is_told_in_its_two_largest_units(minutes: int, text: str) -> None:
    assert pending_action_texts.span(timedelta(minutes=minutes)) == text


def test_a_move_of_a_referral_of_which_the_agency_was_not_told_looks_like_one_of_an_unknown_id() -> None:
    moves = (MoveEffect("hti/console/1", "waits"),)
    found = Stands(REFERRAL, None, None, None, None, None, None, moves)
    told = decision(REFERRAL, "hti", "hti/console/1", found)
    assert (told.made, told.reason) == (False, None)
    assert told.sentences().startswith(f"Kept, without effect: hti has not been told of any referral {REFERRAL}.")
    assert told.sentences("es").startswith(
        f"Guardado, sin efecto: hti no ha sido informada de ninguna remisión {REFERRAL}."
    )


@pytest.mark.parametrize("gap", ConsentGap)
def test_a_refusal_for_want_of_consent_says_what_is_missing_in_both_languages(gap: ConsentGap) -> None:
    said = {"referral": REFERRAL, "moves": [{"move": CONSENT, "effect": "refused", "reason": "consent_missing"}]}
    said["moves"][0]["missing"] = [gap.value]  # type: ignore[index]
    found = decision(REFERRAL, "bpd", CONSENT, Stands.read(said))
    assert found.plain()["missing"] == [gap.value]
    assert "What is missing: " in found.sentences()
    assert "Lo que falta: " in found.sentences("es")
    assert gap.value not in found.sentences() or gap.value.isalpha()
    assert consent_gaps_text([gap], "en") != consent_gaps_text([gap], "es")
    shown = "\n".join(show.shown(Stands.read(said), REFERRAL, "bpd", Language.EN))
    assert "What is missing" in shown
