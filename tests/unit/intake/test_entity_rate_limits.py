"""An agency's events about one person, case or activity have a share of the day; what is beyond it is refused."""

from typing import Any

import pytest

from schemas.ids import Kind
from services.intake.domain import entity_rate_limits
from services.intake.domain.acceptance_line import AcceptedEvent, NumberedRefusal, Repeat
from services.intake.domain.entity_rate_limits import EntityShare
from services.intake.domain.submission import AcceptedSubmission, RefusedSubmission
from services.intake.handlers import JudgedBatch, SubmissionHandler
from services.intake.settings import Settings
from services.intake.store.acceptance_line import Inbox
from services.intake.store.routing_index import Routes
from services.runtime.postgres import borrow_connection
from tests.unit.intake.conftest import SEAL, Database
from tests.unit.intake.histories_of_changes import merge
from tests.unit.intake.samples import DEPLOYMENT, NOW, Standing, accepted, entity, training, victim

HOUR = 3_600.0


def of(*events: dict[str, Any]) -> list[AcceptedSubmission]:
    return [accepted(each) for each in events]


def refused(share: EntityShare, events: list[AcceptedSubmission], now: float = 0.0) -> list[int]:
    """Give the places of those that are refused."""
    judged = share.within(events, (), now)
    return [number for number, each in enumerate(judged) if isinstance(each, RefusedSubmission)]


def test_a_day_s_worth_may_come_at_once_and_time_pays_it_back() -> None:
    share = EntityShare(4.0)
    first = of(*(victim(number) for number in range(4)))
    assert refused(share, first) == []
    share.charge(first, 0.0)
    more = of(victim(9), victim(10), training(11))
    assert refused(share, more) == [0, 1], "they are about one case; the training is about something else"
    assert refused(share, more, 6 * HOUR) == [1]
    assert refused(share, more, 12 * HOUR) == []


def test_within_one_batch_each_event_counts_too() -> None:
    share = EntityShare(4.0)
    [*_, judged] = share.within(of(*(victim(number) for number in range(5))), (), 0.0)
    assert isinstance(judged, RefusedSubmission)
    assert (judged.reason.value, judged.pointer, judged.type) == (
        "too_many_related",
        "/subject",
        "bz.atips.victim.identified.v1",
    )


def test_merges_of_whatever_ids_have_a_share_too() -> None:
    share = EntityShare(4.0)
    merges = [
        accepted(merge(number, *(entity(Kind.PERSON, 2 * number + each) for each in (1, 2)))) for number in range(6)
    ]
    assert refused(share, merges) == [4, 5]
    share.charge(merges[:4], 0.0)
    [judged, other] = share.within([merges[4], accepted(training(50))], (), 0.0)
    assert isinstance(judged, RefusedSubmission)
    assert judged.pointer == "/type"
    assert isinstance(other, AcceptedSubmission)


def test_what_comes_twice_in_one_batch_counts_once() -> None:
    share = EntityShare(4.0)
    events = of(*(victim(number) for number in range(4)))
    assert refused(share, [*events, *events]) == []


def test_another_agency_has_a_share_of_its_own_and_our_services_none() -> None:
    share = EntityShare(1.0)
    events = of(victim(1))
    share.charge(events, 0.0)
    for agency, places in (("bpd", [0]), ("dhs", []), ("referral", [])):
        inbound = type(events[0].inbound)(agency, None, None, b"", ())
        other = AcceptedSubmission(inbound, ("x", "y"), b"", events[0].type, b"", events[0].entities)
        assert refused(share, [other]) == places


def test_who_owes_most_is_remembered_however_many_others_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entity_rate_limits, "MOST_REMEMBERED", 20)
    share = EntityShare(4.0)
    share.charge(of(*(victim(number) for number in range(4))), 0.0)
    for number in range(100, 200):
        share.charge(of(training(number)), 0.0)
        assert len(share._paid_at) <= 20
    assert refused(share, of(victim(9))) == [0]
    share.charge(of(*(training(number) for number in range(300, 330))), 48 * HOUR)
    assert all(at > 48 * HOUR for at in share._paid_at.values()), "who owes nothing any more is forgotten"


def test_half_of_the_pairs_are_kept_those_with_the_largest_debts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entity_rate_limits, "MOST_REMEMBERED", 20)
    share = EntityShare(4.0)
    owing = [accepted(training(number)) for number in range(21)]
    for each in owing[:10]:
        share.charge([each], 0.0)
    share.charge(owing, 0.0)
    assert share._paid_at.keys() == {("bpd", each.entities[0]) for each in owing[:10]}


async def submitted(database: Database, door: SubmissionHandler, *events: dict[str, Any]) -> JudgedBatch:
    prepared = await door.prepare(database.records(events), NOW)
    async with borrow_connection(database.pool) as connection, connection.transaction():
        await door.apply(prepared, connection)
    await door.committed(prepared)
    return prepared


async def test_what_was_accepted_counts_and_a_repetition_or_a_rollback_does_not(database: Database) -> None:
    door = SubmissionHandler(
        DEPLOYMENT, Inbox(), Routes(), SEAL, Standing(), entities=EntityShare(3.0), now=lambda: 0.0
    )
    prepared = await door.prepare(database.records([victim(7), victim(8)]), NOW)
    async with borrow_connection(database.pool) as connection:
        rolled_back = connection.transaction()
        await rolled_back.start()
        await door.apply(prepared, connection)
        await rolled_back.rollback()
    first = await submitted(database, door, victim(1), victim(2), victim(1))
    assert [type(each) for each in first.outcomes] == [AcceptedEvent, AcceptedEvent, Repeat]
    second = await submitted(database, door, victim(3), victim(4), victim(2), training(5))
    assert [type(each) for each in second.outcomes] == [AcceptedEvent, NumberedRefusal, Repeat, AcceptedEvent]
    [refusal] = await database.rows("quarantine")
    assert (refusal["reason"], refusal["pointer"]) == ("too_many_related", "/subject")
    again = await door.prepare(database.records([victim(4)]), NOW)
    async with borrow_connection(database.pool) as connection:
        [rehearsed] = await door.rehearse(again, connection)
    assert isinstance(rehearsed, NumberedRefusal), "a dry run says the same"


def test_it_is_a_setting() -> None:
    assert Settings.model_fields["share_entity_events_per_day"].default == 2_000.0
    assert entity(Kind.CASE, 1) in accepted(victim(1)).entities
