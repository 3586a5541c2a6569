"""The parts of a replay: its own reading of a record, both sides of a fold, the audit."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from schemas.catalogue import CATALOGUE
from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import ENTITY_KINDS, Kind, bits, kind_of
from schemas.required_copies import required
from services.reporting.domain.ledger.event_row import LedgerRow
from services.reporting.replay import event_copies_audit
from services.reporting.replay.independent_row_conversion import read
from services.reporting.replay.partition_fold import Folded, fold
from services.reporting.replay.report import Audit, CopyFault, Fault
from services.reporting.rows_from_log import ledger_row_of
from services.runtime.partitioner import partition_of
from services.runtime.record import Record
from tests.support.generator import DENSE, PLAUSIBLE, History, accepted
from tests.unit.reporting.samples import an_id, case, person, raw, row
from tests.unit.schemas.event_strategies import submissions

ARREST = raw("arrest.made", 1, {"person": person(1), "case": case(1), "arrest": an_id(Kind.ARREST, 1)})
PROFILE = raw("person.profile_recorded", 2, {"person": person(1), "role": "suspect", "sex": "male"})


HEADERS: tuple[tuple[str, bytes | None], ...] = (("role", b"related"), ("n", b"12"), ("accepted_at", b"1700000000000"))
PARTITIONS = 4
PLACE = partition_of(person(1).encode(), PARTITIONS)
GOOD = Record("atips.person.v1", PLACE, 7, 5, person(1).encode(), ARREST, HEADERS)


@pytest.mark.parametrize(
    "record",
    [
        GOOD,
        replace(GOOD, headers=(("role", b"primary"), *HEADERS[1:])),
        replace(GOOD, headers=()),
        replace(GOOD, headers=(*HEADERS[:1], ("n", b"-1"), HEADERS[2])),
        replace(GOOD, headers=(("role", b"?"), *HEADERS[1:])),
        replace(GOOD, headers=(*HEADERS[:1], ("n", b"9" * 19), HEADERS[2])),
        replace(GOOD, headers=(*HEADERS[:2], ("accepted_at", None))),
        replace(GOOD, headers=(*HEADERS[:2], ("accepted_at", b"9" * 14))),
        replace(GOOD, headers=(*HEADERS[:2], ("accepted_at", b"9" * 15))),
        replace(GOOD, headers=(*HEADERS[:1], ("n", b"007"), HEADERS[2])),
        replace(GOOD, partition=PLACE ^ 1),
        replace(GOOD, key=None),
        replace(GOOD, key=b"\xff"),
        replace(GOOD, key=b"Alice"),
        replace(GOOD, key=case(1).encode()),
        replace(GOOD, value=None),
        replace(GOOD, value=b"[1]"),
        replace(GOOD, value=b"{"),
        replace(GOOD, value=ARREST.replace(b".made.v1", b".made.v9")),
        replace(GOOD, value=ARREST.replace(b'"person"', b'"nobody"')),
        replace(GOOD, value=ARREST.replace(b'"id"', b'"id": "018e1b2c-0000-7000-8000-000000000001", "id"')),
        replace(GOOD, value=b'{"source": "bpd/x", "id": 5}'),
        replace(GOOD, value=b'{"source": "bpd/-", "id": "018e1b2c-0000-7000-8000-000000000001"}'),
        replace(GOOD, value=b'{"source": "Bpd", "id": "018e1b2c-0000-7000-8000-000000000001"}'),
    ],
)
def test_both_readings_of_a_record_agree(record: Record) -> None:
    """Live's and the replay's, on what intake writes and on what it never would."""
    assert read(record, 0, Kind.PERSON, PARTITIONS)[0] == ledger_row_of(record, 0, Kind.PERSON, PARTITIONS)


@given(submissions())
def test_both_readings_of_every_event_agree(value: bytes) -> None:
    record = replace(GOOD, value=value)
    assert read(record, 0, Kind.PERSON, PARTITIONS)[0] == ledger_row_of(record, 0, Kind.PERSON, PARTITIONS)


WRITTEN = st.one_of(
    st.integers(-1, 10**20).map(lambda value: b"%d" % value),
    st.integers(0, 10**16).map(lambda value: b"%018d" % value),
    st.integers(1, 20).map(lambda digits: b"9" * digits),
    st.sampled_from([b"", b"0", b"+7", b" 7", b"7 ", b"7\n", b"7_0", b"7.0", "\u0667".encode(), None]),
)
"""Texts of a header that should hold a number: decimals of all lengths, and texts that only look like one."""


@given(WRITTEN, WRITTEN)
def test_both_readings_of_every_number_agree(n: bytes | None, accepted_at: bytes | None) -> None:
    record = replace(GOOD, headers=(HEADERS[0], ("n", n), ("accepted_at", accepted_at)))
    assert read(record, 0, Kind.PERSON, PARTITIONS)[0] == ledger_row_of(record, 0, Kind.PERSON, PARTITIONS)


@given(
    submissions(),
    st.integers(1, 10**18 - 1) | st.sampled_from([1, 10**18 - 1]),
    st.integers(1, 10**14 - 1) | st.sampled_from([1, 10**14 - 1]),
    st.booleans(),
)
def test_what_intake_writes_the_replay_reads_without_live(
    value: bytes, n: int, accepted_at: int, primary: bool
) -> None:
    """That both give the same would else be no evidence."""
    headers = (("role", b"primary" if primary else b"related"), ("n", b"%d" % n), ("accepted_at", b"%d" % accepted_at))
    record = replace(GOOD, value=value, headers=headers)
    with patch("services.reporting.replay.independent_row_conversion.ledger_row_of", side_effect=AssertionError):
        found, _ = read(record, 0, Kind.PERSON, PARTITIONS)
    assert (found.n, found.accepted_at, found.primary_copy) == (n, accepted_at, primary)
    assert found == ledger_row_of(record, 0, Kind.PERSON, PARTITIONS)


@given(st.integers(0, 2**32))
def test_changes_are_known_when_they_are_read(seed: int) -> None:
    for value in accepted(History(seed, DENSE).submissions(12)):
        event = decode(value)
        assert read(replace(GOOD, value=value), 0, Kind.PERSON, PARTITIONS)[1] == bool(event.corrects or event.joins())


def test_every_type_that_changes_others_is_known() -> None:
    changing = {name for name, each in CATALOGUE.items() if each.model.corrects or ".merged." in name}
    assert changing
    for name in CATALOGUE:
        value = b'{"type": "%s"}' % name.encode()
        assert read(replace(GOOD, value=value), 0, Kind.PERSON, PARTITIONS)[1] == (name in changing)


def rows_of(*payloads: bytes) -> list[LedgerRow]:
    return [row(payload, n=n, entity=bits(person(1))) for n, payload in enumerate(payloads, start=1)]


def test_both_sides_of_a_fold_agree() -> None:
    folded = Folded(until=2)
    rows = rows_of(ARREST, PROFILE)
    fold(folded, [*rows, structs.replace(rows[0], off=99)], rows)  # a record that came twice counts by its first
    assert folded.faults == []
    assert folded.replayed.cells == folded.live.cells != {}
    assert folded.replayed.states == folded.live.states != 0


@pytest.mark.parametrize(
    ("spoil", "wrong"),
    [
        (lambda rows: rows[1:], [CopyFault.MISSING]),
        (lambda rows: [], [CopyFault.MISSING, CopyFault.MISSING]),
        (lambda rows: [*rows, structs.replace(rows[0], id=UUID(int=7))], [CopyFault.SURPLUS]),
        (lambda rows: [structs.replace(rows[0], n=77), rows[1]], [CopyFault.ALTERED]),
        (lambda rows: [structs.replace(rows[0], payload=PROFILE), rows[1]], [CopyFault.ALTERED]),
    ],
)
def test_a_ledger_that_differs_is_named(
    spoil: Callable[[list[LedgerRow]], list[LedgerRow]], wrong: list[CopyFault]
) -> None:
    folded = Folded()
    rows = rows_of(ARREST, PROFILE)
    fold(folded, rows, spoil(rows))
    assert [fault.wrong for fault in folded.faults] == wrong
    back = Folded()
    fold(back, spoil(rows), rows)
    assert len(back.faults) == len(wrong)


def test_what_is_written_is_forgotten_and_the_digest_goes_on() -> None:
    whole, in_two = Folded(), Folded()
    rows = rows_of(ARREST, PROFILE)
    fold(whole, rows, rows[1:])
    assert whole.held == len(whole.replayed.tally) + len(whole.live.tally) + 1 > 2
    whole.written()
    assert (whole.held, whole.replayed.cells, whole.faults) == (0, {}, [])
    fold(in_two, rows, rows[1:])
    assert whole.replayed.states == in_two.replayed.states != 0


def test_a_lost_fact_is_seen_in_the_digest_of_the_states() -> None:
    folded = Folded()
    rows = rows_of(ARREST, PROFILE)
    fold(folded, rows, rows[1:])
    assert folded.replayed.states != folded.live.states


def test_an_entity_that_one_side_lacks_altogether_is_in_neither_digest_of_the_other() -> None:
    rows, gone, made_up = rows_of(ARREST, PROFILE), Folded(until=2), Folded(until=2)
    fold(gone, rows, [])
    fold(made_up, [], rows)
    assert (gone.live.states, gone.live.cells) == (made_up.replayed.states, made_up.replayed.cells) == (0, {})
    assert gone.replayed.states == made_up.live.states != 0
    assert gone.replayed.cells == made_up.live.cells != {}


def test_of_the_past_each_side_counts_what_it_has() -> None:
    rows = rows_of(ARREST, PROFILE)
    both, one = Folded(until=2), Folded(until=2)
    fold(both, rows, rows[1:])
    fold(one, rows[1:], rows[1:])
    assert both.live.cells == one.live.cells != both.replayed.cells


def test_the_digest_of_the_states_says_whose_each_is_and_why_one_is_withheld() -> None:
    def states(payload: bytes, number: int, who: int = 1) -> int:
        folded, rows = Folded(), [structs.replace(row(PROFILE, n=number, entity=bits(person(who))), payload=payload)]
        fold(folded, rows, rows)
        assert folded.replayed.states == folded.live.states != 0
        return folded.live.states

    assert states(PROFILE, 1) == states(PROFILE, 2)
    withheld = {states(b"{}", 1), states(b"{}", 2), states(b"{}", 0), states(b"{}", 1, who=2)}
    assert len({states(PROFILE, 1), *withheld}) == 5
    other = raw("person.profile_recorded", 2, {"person": person(2), "role": "suspect", "sex": "male"})
    assert states(PROFILE, 1) != states(other, 1, who=2)


def test_as_it_was_known_leaves_out_what_came_later() -> None:
    then, before = Folded(until=1), Folded()
    rows = rows_of(ARREST, PROFILE)
    fold(then, rows, rows)
    fold(before, rows[:1], rows[:1])
    assert (then.replayed.cells, then.replayed.states) == (before.replayed.cells, before.replayed.states)
    assert then.entities == 1
    nobody = Folded(until=0)
    fold(nobody, rows, rows)
    fold(nobody, *[[row(PROFILE, n=0, entity=bits(person(2)))]] * 2)
    assert (nobody.entities, nobody.replayed.states, nobody.live.cells) == (0, 0, {})


@pytest.mark.parametrize("mix", [DENSE, PLAUSIBLE], ids=["dense", "plausible"])
@pytest.mark.parametrize("seed", range(4))
def test_events_that_nothing_leads_elsewhere_stand_where_they_say(mix: Any, seed: int) -> None:  # noqa: ANN401
    """The audit may judge most events one by one because of this. The others alone come out as among all."""
    values = accepted(History(seed, mix).submissions(300))
    random.Random(seed).shuffle(values)
    events = {n: decode(value) for n, value in enumerate(values, start=1)}
    led = event_copies_audit.RedirectedEvents()
    for event in events.values():
        if event.corrects or event.joins():
            led.note(event)
    wanted = required(events)
    elsewhere = {n: event for n, event in events.items() if led.includes(event, event.concerns())}
    assert 0 < len(elsewhere) < len(events)
    assert required(elsewhere) == {n: wanted[n] for n in elsewhere}
    for n in events.keys() - elsewhere.keys():
        assert wanted[n] == frozenset(events[n].concerns())


def copies_of(events: Mapping[int, Event], values: Mapping[int, bytes]) -> list[LedgerRow]:
    """Exactly the copies that must be there."""
    return [
        structs.replace(
            row(values[n], n=n, entity=bits(entity)),
            topic=ENTITY_KINDS.index(kind_of(entity)),
            primary_copy=entity == events[n].concerns()[0],
        )
        for n, entities in required(events).items()
        for entity in sorted(entities)
    ]


@given(st.integers(0, 2**32), st.data())
def test_the_sum_of_copies_is_nought_exactly_if_each_stands_where_it_must(seed: int, data: st.DataObject) -> None:
    """One that is missing, too many, altered, or says another role is found in its bucket, or is judged anyway."""
    values = dict(enumerate(accepted(History(seed, PLAUSIBLE).submissions(30)), start=1))
    events = {n: decode(value) for n, value in values.items()}
    led = event_copies_audit.RedirectedEvents()
    for event in events.values():
        if event.corrects or event.joins():
            led.note(event)
    copies = copies_of(events, values)

    def found(copies: Sequence[LedgerRow]) -> set[int]:
        by_entity: dict[tuple[int, UUID], list[LedgerRow]] = defaultdict(list)
        for copy in copies:
            by_entity[copy.topic, copy.entity].append(copy)
        sums = [event_copies_audit.CopyDigests(led, len(events)) for _ in range(2)]
        for (_, entity), rows in by_entity.items():
            sums[entity.int % 2].take([*rows, rows[0]])  # a record that came twice counts once
        judged = {n for n in events if sum(copy.primary_copy for copy in copies if copy.n == n) != 1}
        return judged.union(*(each.led for each in sums), event_copies_audit.unbalanced(list(map(bytes, sums))))

    assert found(copies) == {n for n, event in events.items() if led.includes(event, event.concerns())}
    one = data.draw(st.sampled_from(copies))
    rest = [copy for copy in copies if copy is not one]
    other = data.draw(st.sampled_from(sorted(values.keys() - {one.n})))
    if any(copy.n == one.n for copy in rest):  # an event's only copy is what the event is
        assert one.n in found(rest)
        assert one.n in found([*rest, structs.replace(one, payload=values[other])])
    assert one.n in found([*copies, structs.replace(one, entity=UUID(int=7), primary_copy=False)])
    assert one.n in found([*rest, structs.replace(one, payload=b"?")])
    role = structs.replace(one, primary_copy=not one.primary_copy)
    assert one.n in found([*rest, role])
    for more in (structs.replace(one, payload=values[other]), role):  # beside the right one, whichever came first
        assert one.n in found([*copies, more])
        assert one.n in found([more, *copies])
    if len(events[one.n].concerns()) > 1:  # still one primary copy, under another entity
        right = next(copy for copy in copies if copy.n == one.n and copy.primary_copy)
        wrong = next(copy for copy in copies if copy.n == one.n and not copy.primary_copy)
        others = [copy for copy in copies if copy not in (right, wrong)]
        swapped = (structs.replace(right, primary_copy=False), structs.replace(wrong, primary_copy=True))
        assert one.n in found([*others, *swapped])


def test_a_copy_behind_the_whole_log_is_judged_when_nothing_more_can_come() -> None:
    faults = [
        Fault(Audit.ROUTING, CopyFault.SURPLUS, 3, 0, UUID(int=1), part=1, off=5),
        Fault(Audit.ROUTING, CopyFault.SURPLUS, 3, 0, UUID(int=1), part=1, off=9),
        Fault(Audit.ROUTING, CopyFault.MISSING, 3, 0, UUID(int=2)),
        Fault(Audit.LEDGER, CopyFault.SURPLUS, 3, 0, UUID(int=2), part=1, off=9),
        Fault(Audit.ROUTING, CopyFault.ALTERED, 3, 0, UUID(int=2), part=1, off=9),
    ]
    assert event_copies_audit.faults_to_report(faults, {(0, 1): 5}, goes_on=False) == (tuple(faults), 0)
    assert event_copies_audit.faults_to_report(faults, {(0, 1): 5}, goes_on=True) == ((faults[0], *faults[2:]), 1)
