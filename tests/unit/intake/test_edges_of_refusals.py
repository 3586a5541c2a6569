"""Edges of what becomes of refusals: which entry an attempt is of, what its receipt says, what must arrive."""

from collections.abc import Sequence

import orjson
import pytest

from schemas.errors import Reason
from services.intake.domain import json_batch
from services.intake.domain.acceptance_line import AcceptedEvent, NumberedRefusal, Repeat
from services.intake.domain.outbox_rows import AcceptedRow, Backlog, Pointer, gap_or_double
from services.intake.domain.rebuilt_rows import AnsweredSubmissions, lost_number_row, parse_quarantine_record
from services.intake.domain.receipt import receipt_of
from services.intake.domain.refusal_attempts import (
    SAMPLES,
    EarlierEntries,
    QuarantineRoom,
    RefusalAttempt,
    RefusalFingerprint,
    attempts,
)
from services.intake.domain.relay_records import records_of_accepted as told_of
from services.intake.domain.submission import CLOSING, Key, RefusedSubmission, is_segment_closer
from tests.unit.intake.conftest import SEAL
from tests.unit.intake.samples import DEPLOYMENT, accepted, inbound, training, victim

KEY: Key = ("bpd/register", "01920000-0000-7000-8000-000000000001")
OTHER: Key = ("bpd/register", "01920000-0000-7000-8000-000000000002")
ROOMY = QuarantineRoom(1_000, 0)
URGENT, CALM = victim(), training()


def tried(
    n: int, letter: str, key: Key | None = None, said: object = CALM
) -> tuple[NumberedRefusal, RefusalFingerprint]:
    """Refuse bytes that a letter stands for, of ten encrypted bytes."""
    return NumberedRefusal(n, 0, RefusedSubmission(inbound(said), Reason.MISSING_FIELD, "", key)), RefusalFingerprint(
        letter.encode(), 10
    )


def told(
    *every: tuple[NumberedRefusal, RefusalFingerprint] | AcceptedEvent,
    earlier: EarlierEntries | None = None,
    room: QuarantineRoom = ROOMY,
) -> list[RefusalAttempt]:
    outcomes = [each if isinstance(each, AcceptedEvent) else each[0] for each in every]
    marks = {each[0].n: each[1] for each in every if not isinstance(each, AcceptedEvent)}
    return list(attempts(outcomes, marks, earlier or EarlierEntries(), room).values())


def entries(found: Sequence[RefusalAttempt]) -> list[tuple[int, int, int | None]]:
    return [(each.entry, each.attempts, each.kept_in) for each in found]


def test_the_reserve_is_kept_for_alarms_and_each_part_is_filled_to_its_last_byte() -> None:
    room = QuarantineRoom(most=10, reserve=3)
    asked = [(5, 2, False), (5, 3, False), (8, 2, True), (8, 3, True)]
    assert [room.has(kept, size, alarms=alarms) for kept, size, alarms in asked] == [True, False, True, False]
    (found,) = told(tried(1, "a"), room=QuarantineRoom(most=10, reserve=0))
    assert found.kept_in == 1


def test_one_key_or_the_same_bytes_are_one_entry_and_without_both_each_is_its_own() -> None:
    by_key = told(tried(1, "a", KEY), tried(2, "b", KEY), tried(3, "c", OTHER))
    assert entries(by_key) == [(1, 1, 1), (1, 2, 2), (3, 1, 3)]
    assert entries(told(tried(1, "a"), tried(2, "b"), tried(3, "a"))) == [(1, 1, 1), (2, 1, 2), (1, 2, 1)]


def test_of_two_entries_the_one_that_was_tried_last_goes_on() -> None:
    found = told(tried(1, "a", KEY), tried(2, "b", OTHER), tried(3, "a", OTHER), tried(4, "b", KEY))
    assert [each.entry for each in found] == [1, 2, 2, 2]


def test_so_many_versions_of_an_entry_are_kept_and_not_one_more() -> None:
    found = told(*(tried(n, str(n), KEY) for n in range(1, SAMPLES + 2)))
    assert [each.kept_in for each in found] == [*range(1, SAMPLES + 1), None]


def test_who_waits_goes_on_waiting_until_the_event_is_accepted() -> None:
    urgent, calm = tried(1, "a", KEY, URGENT), tried(2, "b", KEY)
    assert [each.must_arrive for each in told(urgent, calm)] == [True, True]
    good = accepted(victim())
    key = good.key
    every = (
        tried(1, "a", key, URGENT),
        AcceptedEvent(2, 0, good),
        tried(3, "b", key),
        AcceptedEvent(4, 0, accepted(training())),
    )
    assert [each.must_arrive for each in told(*every)] == [True, False]


def test_a_receipt_names_the_submission_and_says_where_its_bytes_were_not_kept() -> None:
    judged = RefusedSubmission(inbound(CALM), Reason.MISSING_FIELD, "/data", KEY)
    said = receipt_of(judged, NumberedRefusal(7, 1, judged))
    assert (said.source, said.id, said.kept) == (*KEY, None)
    assert receipt_of(judged, NumberedRefusal(7, 1, judged), kept=False).kept is False
    nameless = RefusedSubmission(inbound(b"{"), Reason.NOT_JSON, "")
    assert receipt_of(nameless, NumberedRefusal(8, 1, nameless)).source is None
    good = accepted(victim())
    again = Repeat(1, 7, 1, "bpd", good.inbound.place)
    assert receipt_of(good, again, 5).digest == good.digest.hex()
    assert receipt_of(judged, again, 5).digest is None


def test_of_the_headers_the_type_alone_says_that_somebody_waits() -> None:
    for name, waits in (("x-note", False), ("ce_type", True), ("CE_Type", True)):
        headers = ((name, b"bz.atips.referral.sent.v1"),)
        assert RefusedSubmission(inbound(b"{}", headers=headers), Reason.MISSING_FIELD, "").must_arrive is waits


def test_a_record_that_closes_a_file_has_the_header_and_nothing_else() -> None:
    assert is_segment_closer(inbound(None, headers=CLOSING))
    assert is_segment_closer(inbound(None, headers=(("atips-file-end", b""),)))
    for other in (inbound(None), inbound(b"{}", headers=CLOSING), inbound(None, headers=(*CLOSING, ("x", b"1")))):
        assert not is_segment_closer(other)


@pytest.mark.parametrize(
    ("numbers", "last", "wrong"), [((1, 2), 2, None), ((1,), 2, 2), ((1, 2), 1, 2), ((2,), 2, 1), ((1, 1), 2, 1)]
)
def test_the_first_number_that_is_missing_or_too_many_is_named(
    numbers: tuple[int, ...], last: int, wrong: int | None
) -> None:
    rows = tuple(AcceptedRow(n, 0, KEY, b"", "t", "bpd", b"{}", (), None) for n in numbers)
    found = gap_or_double(Backlog(last, 0, rows, (), (), ()), Pointer(0, 0, 1, {}))
    assert found == (None if wrong is None else f"n {wrong} is not in exactly one of inbox and quarantine")


def test_a_receipt_without_a_number_is_of_none_and_one_up_to_the_relay_s_word_is_settled() -> None:
    answers = AnsweredSubmissions(relayed=2)
    row = AcceptedRow(2, 0, KEY, b"d" * 32, "t", "bpd", b"{}", accepted(victim()).entities, inbound(CALM).place)
    receipt = orjson.loads(told_of(row, DEPLOYMENT)[-1].value)
    answers.note(orjson.dumps(receipt))
    assert answers.after == {}
    receipt["data"]["n"] = None
    other = AnsweredSubmissions()
    other.note(orjson.dumps(receipt))
    assert other.last_n == 0


def test_a_record_of_the_quarantine_says_at_least_three_things_and_what_was_given_up_has_no_bytes() -> None:
    least = {"n": 1, "inbound": {}, "key_id": "k"}
    assert parse_quarantine_record(orjson.dumps(least)) == least
    assert parse_quarantine_record(orjson.dumps({"n": 1, "inbound": {}})) is None
    sealed = SEAL.close(inbound(None), 5)
    assert lost_number_row(5, 1, sealed)[-4:] == (1, 5, 0, None)


def test_of_too_long_a_batch_one_more_than_may_be_is_read() -> None:
    most = json_batch.MAX_EVENTS
    assert [len(json_batch.elements(b"[" + b",".join([b"{}"] * many) + b"]")) for many in (most, most + 3)] == [
        most,
        most + 1,
    ]
