"""References by which others speak of an event: its own, or that of one of its corrections."""

from typing import Any, Final, TypeAlias

import pytest

from schemas.envelope import Event
from tests.unit.referral.sample import PERSON, Log

Changes: TypeAlias = tuple[dict[str, Any], dict[str, Any]]

OF_CONSENT: Final[Changes] = {"purposes": ["health_care"]}, {"purposes": ["protection_services"]}
OF_ITS_TAKING_BACK: Final[Changes] = {"withdrawn_by": "guardian"}, {"withdrawn_by": "person"}


def of_the_event(_log: Log, event: Event, _changes: Changes) -> str:
    return event.ref


def of_its_correction(log: Log, event: Event, changes: Changes) -> str:
    return log.corrects(event, changes[1]).ref


def of_the_correction_of_that(log: Log, event: Event, changes: Changes) -> str:
    return log.corrects(event, changes[1], again=log.corrects(event, changes[0])).ref


def of_a_correction_that_another_overtook(log: Log, event: Event, changes: Changes) -> str:
    first = log.corrects(event, changes[0])
    log.corrects(event, changes[1])
    return first.ref


def of_a_correction_that_was_taken_back(log: Log, event: Event, changes: Changes) -> str:
    first = log.corrects(event, changes[0])
    log.add("bpd", "event.retracted", {"reason": "entry_error"}, subject=PERSON, supersedes=first.ref)
    return first.ref


NAMED = pytest.mark.parametrize(
    "named",
    [
        of_the_event,
        of_its_correction,
        of_the_correction_of_that,
        of_a_correction_that_another_overtook,
        of_a_correction_that_was_taken_back,
    ],
)
