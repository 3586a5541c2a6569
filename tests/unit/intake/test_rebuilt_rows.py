"""Rows of a lost database, rebuilt from the topics: gaps are named, and no submission is passed over."""

from dataclasses import replace

import orjson
import pytest
from cryptography.exceptions import InvalidTag

from schemas.topics import Deployment
from services.intake.domain import found_mistakes
from services.intake.domain.found_mistakes import FoundMistake
from services.intake.domain.outbox_rows import AcceptedRow, RefusedRow, RepeatRow, SealedRefusal
from services.intake.domain.rebuilt_rows import (
    AnsweredSubmissions,
    ContentsByNumber,
    lost_number_row,
    lost_tail,
    missing_numbers,
    missing_or_doubled,
    parse_primary_copy,
    parse_quarantine_record,
    parse_related_copy,
    quarantine_row_of,
)
from services.intake.domain.relay_records import (
    MOST_SEALED,
    RelayRecord,
    records_of_accepted,
    records_of_refused,
    records_of_repetition,
)
from services.intake.domain.submission import InboundPlace
from services.intake.quarantine_encryption import Seal
from services.intake.store.restore import _QUARANTINE
from tests.support.random_events import History

DEPLOYMENT = Deployment()
INBOUND = DEPLOYMENT.inbound("bpd")
KEY = bytes(range(32))
TYPE = "bz.atips.arrest.made.v1"


def place(offset: int) -> InboundPlace:
    return InboundPlace(INBOUND, 0, offset, 1_700_000_000_000)


def sent(n: int, offset: int) -> tuple[RelayRecord, ...]:
    """Return the relay's records for one accepted event."""
    key = ("bpd/cases", f"01890000-0000-7000-8000-{n:012d}")
    row = AcceptedRow(n, 1_700_000_000_000 + n, key, b"d" * 32, "t", "bpd", b"{}", (ENTITY,), place(offset))
    return records_of_accepted(row, DEPLOYMENT)


def repetition_of(n: int) -> RepeatRow:
    key = ("bpd/cases", "x")
    return RepeatRow(7, 1_700_000_000_009, "bpd", place(3), n, 1_700_000_000_000 + n, key, b"d" * 32, TYPE)


ENTITY = "per-00000000000000000000000000"
ANSWERED = range(5, 9)


@pytest.fixture(autouse=True)
def entity(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies go by the kind alone here."""
    monkeypatch.setattr("services.intake.domain.relay_records.kind_of", lambda _: "per")
    monkeypatch.setattr(Deployment, "log", lambda _, kind: f"log-{kind}")


@pytest.mark.parametrize(
    ("taken", "quarantine", "said", "sentence"),
    [
        ({1, 2, 4}, {3}, {4}, None),
        (set(), set(), {0}, None),
        ({1, 2, 4}, set(), {4}, "neither a primary copy nor a quarantine record has n 3"),
        ({1, 2}, set(), {4}, "neither a primary copy nor a quarantine record has n 3, 4"),
        ({2}, {3}, set(), "neither a primary copy nor a quarantine record has n 1"),
        ({1, 2}, {2}, set(), "both accepted and refused: n 2"),
        ({11}, set(), set(), "neither a primary copy nor a quarantine record has n 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"),
        (
            {20},
            set(),
            set(),
            "neither a primary copy nor a quarantine record has n 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 9 more",
        ),
    ],
)
def test_a_missing_number_is_named(taken: set[int], quarantine: set[int], said: set[int], sentence: str | None) -> None:
    assert missing_or_doubled(taken, quarantine, said) == sentence


def test_a_number_that_was_given_twice_is_named_and_one_that_was_sent_twice_is_not() -> None:
    contents = ContentsByNumber()
    for n, content in ((1, b"a"), (2, b"b"), (1, b"a"), (2, b"other"), (3, b"a")):
        contents.note(n, content)
    assert missing_or_doubled({1, 2}, {3}, {3}, contents.several) == "given to more than one submission: n 2"


def test_receipts_tell_the_places_and_what_was_answered() -> None:
    answers = AnsweredSubmissions()
    for n, offset in enumerate(ANSWERED, 1):
        answers.note(sent(n, offset)[-1].value)
    assert answers.places == {n: (INBOUND, 0, offset) for n, offset in enumerate(ANSWERED, 1)}
    assert answers.last_n == len(ANSWERED)
    assert answers.next_offset((INBOUND, 0), 5) == 9
    assert answers.next_offset((INBOUND, 0), 9) == 9
    assert answers.next_offset((INBOUND, 0), 2) == 2
    assert answers.next_offset((DEPLOYMENT.inbound("dhs"), 0), 0) == 0


def test_receipts_of_an_earlier_version_which_have_no_type_tell_the_places_too() -> None:
    now, then = AnsweredSubmissions(), AnsweredSubmissions()
    for record in (sent(1, 0)[-1], sent(2, 1)[-1], *records_of_repetition(repetition_of(1), DEPLOYMENT)):
        now.note(record.value)
        older = orjson.loads(record.value)
        older["data"].pop("type")
        then.note(orjson.dumps(older))
    assert now == then
    assert now.last_n == 2


def test_a_duplicate_answered_early_does_not_skip_what_came_before_it() -> None:
    answers = AnsweredSubmissions()
    answers.note(sent(1, 0)[-1].value)
    again = repetition_of(1)
    answers.note(records_of_repetition(again, DEPLOYMENT)[0].value)
    assert answers.next_offset((INBOUND, 0), 0) == 1
    assert answers.last_repeat == 7
    assert answers.places == {1: (INBOUND, 0, 0)}


@pytest.mark.parametrize(
    ("delivered", "last"),
    [([], 7), ([(0, 9), (0, 40)], 7), ([(0, 9), (4, 40)], 49), ([(9, 9), (0, 0)], 9), ([(1, 2), (0, 0)], 7)],
)
def test_where_receipts_are_gone_no_repetition_is_taken_to_have_got_a_lower_number(
    delivered: list[tuple[int, int]], last: int
) -> None:
    assert AnsweredSubmissions(last_repeat=7).repeated(delivered) == last


def test_what_is_no_receipt_or_has_no_place_says_nothing() -> None:
    answers = AnsweredSubmissions()
    answers.note(orjson.dumps({"source": "council/referral", "type": "bz.atips.submission.accepted.v1"}))
    answers.note(orjson.dumps({"source": "council/intake", "type": "bz.atips.other.v1"}))
    assert answers == AnsweredSubmissions()
    receipt = orjson.loads(sent(3, 0)[-1].value)
    receipt["data"]["inbound"] = {"topic": None, "partition": None, "offset": None}
    answers.note(orjson.dumps(receipt))
    assert answers == AnsweredSubmissions(last_n=3)


def test_only_primary_copies_are_taken() -> None:
    copy = sent(4, 0)[0]
    found = parse_primary_copy(copy.headers, copy.value)
    assert found is not None
    assert (found.n, found.accepted_at, found.payload) == (4, 1_700_000_000_004, b"{}")
    other = [(name, b"related" if name == "role" else value) for name, value in copy.headers]
    assert parse_primary_copy(other, copy.value) is None
    assert (parse_related_copy(other, copy.value), parse_related_copy(copy.headers, copy.value)) == (found, None)


def test_what_was_answered_with_a_number_that_came_to_nothing_is_judged_again() -> None:
    """Also where the same event came in once more, and was told of that number."""
    answers = AnsweredSubmissions(relayed=1)
    for n in (1, 2, 3):
        answers.note(sent(n, n - 1)[-1].value)
    again = repetition_of(2)
    answers.note(records_of_repetition(again, DEPLOYMENT)[0].value)
    assert answers.next_offset((INBOUND, 0), 0) == 4
    answers.forget(2)
    assert answers.next_offset((INBOUND, 0), 0) == 1
    assert answers.next_offset((INBOUND, 0), 2) == 3


def test_a_number_that_is_given_up_stands_as_not_delivered_and_names_nobody() -> None:
    assert missing_numbers({1, 4}, {2}, {6}) == [3, 5, 6]
    refusal = SealedRefusal("k", b"n" * 12, b"sealed", b"f" * 32)
    row = dict(zip(_QUARANTINE, lost_number_row(3, 9, refusal), strict=True))
    assert (row["n"], row["entry"], row["accepted_at"], row["agency"]) == (3, 3, 9, "intake")
    assert (row["reason"], row["must_arrive"], row["attempts"]) == ("lost_before_sent", True, 1)
    assert {row[name] for name in ("source", "id", "type", "inbound_topic", "inbound_offset")} == {None}


def test_a_primary_copy_gives_the_row_that_its_bytes_say() -> None:
    agency, raw = next(iter(History(3).events(1)))
    copy = parse_primary_copy([("role", b"primary"), ("n", b"2"), ("accepted_at", b"5")], raw)
    assert copy is not None
    row = copy.row(None)
    assert (row[0], row[4], row[6], row[7], row[9:]) == (2, 5, agency, raw, (None, None, None))
    assert copy.row((INBOUND, 0, 8))[9:] == (INBOUND, 0, 8)


_SINCE = frozenset({"entry", "type", "must_arrive", "fingerprint", "mistakes"})
"""Fields that records of the first version lack."""


def test_a_quarantine_record_gives_its_row_back() -> None:
    sealed = SealedRefusal("k", b"n" * 12, b"sealed", b"f" * 32)
    found = (FoundMistake("bad_id", ""), FoundMistake("unknown_code", "/data/status", ("confirmed",)))
    row = RefusedRow(9, 8, 11, "bpd", "bad_id", "", ("bpd/cases", "x"), "t", True, sealed, place(6), 2, 9, 6, found)
    record = orjson.loads(records_of_refused(row, DEPLOYMENT)[0].value)
    assert quarantine_row_of(record) == (
        *(9, 8, 11, "bpd", "bad_id", "", "bpd/cases", "x", "t", True, "k", b"n" * 12, b"sealed", b"f" * 32),
        *(INBOUND, 0, 6, 1_700_000_000_000, 2, 9, 6),
        found_mistakes.mistakes_as_json(found),
    )
    old = {name: said for name, said in record.items() if name not in _SINCE}
    assert quarantine_row_of(old) == (
        *(9, 9, 11, "bpd", "bad_id", "", "bpd/cases", "x", None, False, "k", b"n" * 12, b"sealed", None),
        *(INBOUND, 0, 6, 1_700_000_000_000, 2, 9, 6),
        None,
    )
    answers = AnsweredSubmissions()
    answers.note_refused(record["inbound"])
    assert answers.next_offset((INBOUND, 0), 6) == 7


def test_a_record_without_its_bytes_gives_a_row_that_no_key_opens() -> None:
    sealed = SealedRefusal(Seal(KEY).key_id, b"n" * 12, bytes(MOST_SEALED + 1), b"f" * 32)
    size = len(sealed.sealed)
    lost = RefusedRow(9, 9, 11, "bpd", "too_large", "", None, None, True, sealed, None, 1, 9, size)
    said = parse_quarantine_record(records_of_refused(lost, DEPLOYMENT)[0].value)
    assert said is not None
    row = dict(zip(_QUARANTINE, quarantine_row_of(said), strict=True))
    assert (row["n"], row["sealed"], row["fingerprint"], row["must_arrive"]) == (9, b"", b"f" * 32, True)
    assert (row["kept_in"], row["size"]) == (9, size)
    with pytest.raises(InvalidTag):
        Seal(KEY).open(replace(sealed, sealed=b""), None, 9)


@pytest.mark.parametrize("kept_in", [8, None])
def test_a_record_of_bytes_that_it_does_not_keep_gives_its_row_back(kept_in: int | None) -> None:
    sealed = Seal(KEY).sealed_without_bytes(b"f" * 32)
    said = parse_quarantine_record(
        records_of_refused(
            RefusedRow(9, 8, 11, "bpd", "bad_id", "", None, None, False, sealed, None, 2, kept_in, 70), DEPLOYMENT
        )[0].value
    )
    assert said is not None
    row = dict(zip(_QUARANTINE, quarantine_row_of(said), strict=True))
    assert (row["n"], row["kept_in"], row["size"], row["sealed"]) == (9, kept_in, 70, b"")


def test_what_intake_did_not_write_says_nothing() -> None:
    answers = AnsweredSubmissions()
    for value in (b"receipt", b"[]", b"\xff", b"{}"):
        answers.note(value)
        assert parse_quarantine_record(value) is None
    assert (answers.offsets, answers.places, answers.last_n) == ({}, {}, 0)
    assert parse_primary_copy([], b"{}") is None
    assert parse_primary_copy([("role", b"primary")], b"{}") is None


def test_only_what_was_lost_after_the_last_word_is_given_up() -> None:
    """The broker had acknowledged the rest: that it is gone is another matter, which nobody may pass over."""
    assert (lost_tail([4, 6], 3), lost_tail([], 3)) == ([4, 6], ())
    assert lost_tail([3, 6], 3) == ()
