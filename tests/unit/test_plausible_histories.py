"""Whole plausible histories through both deciding services: every decision of every entity becomes an event."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from schemas.codec import decode, decode_strict
from schemas.ids import Kind, kind_of
from schemas.service_decisions import Entered
from services.case_tracker.domain import decide as cases
from services.case_tracker.domain.events_and_messages import case_decision_event as said_of_case
from services.case_tracker.domain.events_and_messages import sight_change_event
from services.referral.domain import decide as persons
from services.referral.domain.decision import DangerFound
from services.referral.domain.events_and_messages import Versions, person_danger_message
from services.referral.domain.events_and_messages import person_decision_event as said_of_person
from tests.support.generator import PLAUSIBLE, History
from tests.unit.referral.sample import shipped

START = datetime(2026, 1, 5, 15, tzinfo=UTC)
VERSIONS = Versions("0" * 16, shipped().version)


def logs(seed: int, kind: Kind) -> Mapping[str, Sequence[Entered]]:
    """Give the log of each entity of a kind: 4,000 events, one a minute."""
    found: dict[str, list[Entered]] = defaultdict(list)
    for n, each in enumerate(History(seed, PLAUSIBLE).submissions(4_000), start=1):
        event = decode(each.raw)
        for entity in event.concerns():
            if kind_of(entity) is kind:
                found[entity].append(Entered(n, START + timedelta(minutes=n), event))
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_every_decision_about_a_person_becomes_an_event(seed: int) -> None:
    """Found in a rehearsal: bail that names a victim is tie and danger at once, and the service ended over it."""
    dangers = 0
    for person, entries in logs(seed, Kind.PERSON).items():
        outcome = persons.decide(person, (), entries, shipped())
        for each in (*outcome.decisions, *outcome.findings):
            decode_strict(said_of_person(each, VERSIONS).value)
        found = [each for each in outcome.findings if isinstance(each, DangerFound)]
        dangers += len([person_danger_message(each, agency) for each in found for agency in each.told])
    assert dangers


@pytest.mark.parametrize("seed", [1, 2])
def test_every_decision_about_a_case_becomes_an_event(seed: int) -> None:
    decided = 0
    for case, entries in logs(seed, Kind.CASE).items():
        outcome = cases.decide(case, (), entries)
        for each in outcome.decisions:
            decode_strict(said_of_case(each, "0" * 16).value)
        decided += len([sight_change_event(each, "0" * 16) for each in outcome.kept_out]) + len(outcome.decisions)
    assert decided
