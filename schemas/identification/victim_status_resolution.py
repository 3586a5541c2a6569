"""Statements on whether a person is a victim: those that hold although another one denies it."""

from collections.abc import Iterable
from typing import Final

from schemas.codebook.identification import NewOrCarriedOver, VictimStatus
from schemas.envelope import Event
from schemas.identification.victim import VictimIdentifiedV1, VictimStatusChangedV1
from schemas.times import surely_before

_NOT_YET_CONFIRMED: Final = frozenset({VictimStatus.SUSPECTED, VictimStatus.POTENTIAL})


def status_in(event: Event) -> VictimStatus | None:
    """Return the victim's status that an event states; None for an event of another type."""
    return event.data.status if isinstance(event, VictimIdentifiedV1 | VictimStatusChangedV1) else None


def statements_that_hold(last: Iterable[Event]) -> list[Event]:
    """Return the statements by which a person counts as a victim. `last`: the last statements of each agency.

    `not_a_victim` cancels the suspicions that it may know of; another agency's `confirmed` stays. A suspicion that is
    certainly later is a new one and stays, unless it is only carried over from an earlier year.
    """
    said = tuple(last)
    denials = [each for each in said if status_in(each) is VictimStatus.NOT_A_VICTIM]
    return [each for each in said if _holds(each, denials)]


def _holds(statement: Event, denials: Iterable[Event]) -> bool:
    status = status_in(statement)
    if status not in _NOT_YET_CONFIRMED:
        return status is VictimStatus.CONFIRMED
    return all(not is_carried_over(statement) and surely_before(no.occurred, statement.occurred) for no in denials)


def is_carried_over(statement: Event) -> bool:
    """Whether an identification is only carried over from an earlier year."""
    return getattr(statement.data, "new_or_carried_over", None) is NewOrCarriedOver.CARRIED_OVER


def found_no_victim(last: Iterable[Event]) -> bool:
    """Whether a person was found not to be a victim. `last`: the last statements of each agency."""
    said = tuple(last)
    return any(status_in(each) is VictimStatus.NOT_A_VICTIM for each in said) and not statements_that_hold(said)
