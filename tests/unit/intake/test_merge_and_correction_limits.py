"""Merges and changes that hang together: beyond a limit they are refused, and nobody waits for what they would cost."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import Reason
from schemas.ids import Kind
from services.intake.domain import merge_and_correction_limits as limits
from services.intake.domain.acceptance_line import AcceptedEvent, LineOutcome, NumberedRefusal, Repeat
from services.intake.domain.merge_and_correction_limits import RelatedEvents
from services.intake.domain.submission import AcceptedSubmission, Judged, RefusedSubmission
from services.intake.store import routing_index as store
from services.runtime.postgres import borrow_connection
from tests.unit.intake.conftest import Database
from tests.unit.intake.histories_of_changes import corrected, merge, retracted
from tests.unit.intake.samples import accepted, entity, event_id, victim
from tests.unit.intake.test_routing_on_database import planned

PERSONS = [entity(Kind.PERSON, number) for number in range(400)]
SMALL = {"MOST_MERGED": 4, "MOST_MERGES": 6, "MOST_MOVED": 20, "MOST_LINKED": 4}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SMALL.items():
        monkeypatch.setattr(limits, name, value)


def chain(numbers: range) -> list[dict[str, Any]]:
    """Give merges of each person with the next one."""
    return [merge(number, PERSONS[number], PERSONS[number + 1]) for number in numbers]


def star(numbers: range) -> list[dict[str, Any]]:
    """Give merges of one person with each of these."""
    return [merge(number, PERSONS[0], PERSONS[number]) for number in numbers]


def corrections(numbers: range) -> list[dict[str, Any]]:
    """Give corrections of one event."""
    return [corrected(number, victim(0), victim(0)) for number in numbers]


def by(agency: str, event: dict[str, Any]) -> AcceptedSubmission:
    """Give an event that may be accepted, as if this agency had sent it."""
    found = accepted(event)
    inbound = type(found.inbound)(agency, found.inbound.place, None, found.inbound.value, ())
    return AcceptedSubmission(
        inbound, found.key, found.digest, found.type, found.payload, found.entities, found.target, found.joins
    )


def refusals(judged: list[Judged], state: RelatedEvents | None = None) -> list[tuple[int, str, str]]:
    """Give the place in the batch, the reason and the pointer of each that is refused."""
    within = (state or RelatedEvents()).within(judged, ())
    return [
        (number, each.reason.value, each.pointer)
        for number, each in enumerate(within)
        if isinstance(each, RefusedSubmission)
    ]


def told(outcomes: tuple[LineOutcome, ...]) -> list[str]:
    return [
        each.refused.reason.value if isinstance(each, NumberedRefusal) else type(each).__name__ for each in outcomes
    ]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("events", "first", "pointer"),
    [
        (star(range(1, 7)), 3, "/data/same_as"),
        ([merge(number, PERSONS[0], PERSONS[1]) for number in range(8)], 6, "/data/same_as"),
        (
            [
                *(victim(number, subject=PERSONS[0], data={"person": PERSONS[0]}) for number in range(21)),
                *star(range(99, 100)),
            ],
            21,
            "/data/same_as",
        ),
        (corrections(range(1, 6)), 3, "/supersedes"),
        ([retracted(number, victim(0)) for number in range(1, 6)], 3, "/supersedes"),
    ],
    ids=["ids", "merges", "events", "corrections", "retractions"],
)
def test_each_is_a_limit_of_its_own(events: list[dict[str, Any]], first: int, pointer: str) -> None:
    found = refusals([accepted(each) for each in events])
    assert found[0] == (first, "too_many_related", pointer)
    assert [number for number, *_ in found] == list(range(first, len(events)))
    council = refusals([by("council", each) for each in events])
    assert len(council) < len(found), "what an agency made long is still the Council's to rule on"


@pytest.mark.usefixtures("small")
def test_a_group_at_the_limit_of_events_may_be_merged_once_more() -> None:
    at_limit = [victim(number, subject=PERSONS[0], data={"person": PERSONS[0]}) for number in range(20)]
    assert refusals([accepted(each) for each in (*at_limit, *star(range(99, 100)))]) == []


def test_limits_are_checked_for_a_batch_with_a_merge_or_a_correction_or_a_retraction_alone() -> None:
    for event in (*star(range(1, 2)), *corrections(range(1, 2)), retracted(1, victim(0))):
        assert limits.may_exceed([accepted(victim(0)), accepted(event)]), event["type"]
    merge_refused = RefusedSubmission(accepted(star(range(1, 2))[0]).inbound, Reason.NOT_JSON, "")
    assert not limits.may_exceed([accepted(victim(0)), merge_refused])


@pytest.mark.usefixtures("small")
def test_what_comes_twice_in_one_batch_counts_once() -> None:
    merges = [accepted(merge(number, PERSONS[0], PERSONS[1])) for number in range(6)]
    assert refusals([*merges, *merges]) == []


@pytest.mark.usefixtures("small")
def test_a_group_that_is_full_leaves_all_others_alone() -> None:
    full = [accepted(each) for each in star(range(1, 7))]
    other = [accepted(merge(100, PERSONS[100], PERSONS[101])), accepted(corrections(range(1, 2))[0])]
    assert [number for number, *_ in refusals([*full, *other])] == [3, 4, 5]


def test_two_whole_groups_are_not_joined_beyond_the_limit_either() -> None:
    most = limits.MOST_MERGED
    two = chain(range(most - 1)) + chain(range(most, 2 * most - 1))
    found = refusals([accepted(each) for each in (*two, merge(399, PERSONS[0], PERSONS[most]))])
    assert found == [(len(two), "too_many_related", "/data/same_as")]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] != pair[1])))
def test_no_group_is_ever_larger_than_the_limit(pairs: list[tuple[int, int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "MOST_MERGED", 4)
        state = RelatedEvents()
        merges = [accepted(merge(number, PERSONS[a], PERSONS[b])) for number, (a, b) in enumerate(pairs)]
        state.within(merges, ())
        assert all(len(state.merged.of(each)) <= 4 for each in PERSONS[:10])


@pytest.mark.usefixtures("small")
async def test_what_was_accepted_before_counts_and_a_repetition_gets_its_first_receipt(database: Database) -> None:
    await database.submit(chain(range(2)))
    prepared = await database.submit([*chain(range(2, 4)), *chain(range(1))])
    assert [type(each) for each in prepared.outcomes] == [AcceptedEvent, NumberedRefusal, Repeat]
    await database.submit(corrections(range(11, 13)))
    prepared = await database.submit([*corrections(range(13, 15)), *chain(range(3))])
    assert told(prepared.outcomes) == ["AcceptedEvent", "too_many_related", "Repeat", "Repeat", "Repeat"]
    assert await database.faults() == []


@pytest.mark.usefixtures("small")
async def test_a_dry_run_says_the_same_and_facts_are_taken_as_ever(database: Database) -> None:
    await database.submit(chain(range(3)))
    prepared = await database.judged([*chain(range(3, 4)), victim(50, subject=PERSONS[0], data={"person": PERSONS[0]})])
    async with borrow_connection(database.pool) as connection:
        assert told(await database.door().rehearse(prepared, connection)) == ["too_many_related", "AcceptedEvent"]


async def test_a_chain_of_merges_costs_no_more_than_its_limit(database: Database) -> None:
    """Three hundred merges in one batch: before there was a limit they took minutes, and nobody else was accepted."""
    prepared = await database.submit(chain(range(300)))
    kinds = told(prepared.outcomes)
    assert kinds.count("AcceptedEvent") == 300 - 300 // limits.MOST_MERGED
    rows = await database.administer(
        "SELECT max(size) AS most FROM (SELECT count(*) AS size FROM merged GROUP BY leader) AS g"
    )
    assert rows[0]["most"] == limits.MOST_MERGED
    assert await database.faults() == []


async def test_events_are_counted_in_the_index(database: Database) -> None:
    await database.submit([victim(1)])
    await database.administer(
        "INSERT INTO inbox SELECT m, source, md5(m::text)::uuid, digest, accepted_at, type, agency, payload,"
        " ARRAY[m::text], inbound_topic, inbound_partition, inbound_offset"
        " FROM inbox CROSS JOIN generate_series(2, 20000) AS more (m)"
    )
    plan = await planned(database, store._COUNTED)
    assert "inbox_entities" in plan
    assert "Seq Scan on inbox" not in plan, plan


def test_an_id_of_the_tests_is_one_event() -> None:
    assert len({event_id(number) for number in range(400)}) == 400
