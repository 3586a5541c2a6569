"""Changes of a referral's sending by an agency that the case keeps out. They have no effect on the referral.

The ledger has them, and figures count them. An agency that is kept out ends nobody's help by taking back what it asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from schemas.agencies import agency_of
from schemas.correction_events import EventCorrectedV1, EventRetractedV1
from schemas.envelope import Event
from schemas.referral.sender_events import ReferralSent, ReferralSentV1
from schemas.service_decisions import Entered
from services.referral.domain.case_restrictions import Restrictions
from services.referral.domain.events_in_force import facts_in_force_after


@dataclass(frozen=True, slots=True)
class HeardLog:
    """A person's log without the changes that have no effect (`refused`: their references, with the referral's id).

    A later correction of a refused change corrects what that change was about. A later retraction of it is left out.
    """

    entered: Sequence[Entered]
    refused: Mapping[str, str] = field(default_factory=dict)
    is_last_left_out: bool = False


def heard_log(person: str, entered: Sequence[Entered], kept_out: Restrictions) -> HeardLog:
    """Return a log without the changes by agencies that the referral's case kept out when intake had the change."""
    if not kept_out.said or all(each.event.supersedes is None for each in entered):
        return HeardLog(entered)
    events = {each.event.ref: each.event for each in entered}
    heard: list[Entered] = []
    left_out: dict[str, str] = {}
    refused: dict[str, str] = {}
    for each in entered:
        event = each.event
        asks = _request_that_changes(event, events, heard)
        if asks is not None and _is_kept_out(person, heard, each, asks, kept_out):
            refused[event.ref] = asks.referral
            left_out[event.ref] = event.supersedes or ""
        elif event.supersedes in left_out and isinstance(event, EventRetractedV1):
            left_out[event.ref] = event.supersedes
        elif event.supersedes in left_out:
            target = event.supersedes
            while target in left_out:
                target = left_out[target]
            heard.append(replace(each, event=event.model_copy(update={"supersedes": target})))
        else:
            heard.append(each)
    return HeardLog(heard, refused, bool(entered) and entered[-1].event.ref in left_out)


def _request_that_changes(event: Event, events: Mapping[str, Event], heard: Sequence[Entered]) -> ReferralSent | None:
    """Return the request that a correction or a retraction changes, as last stated before it; None for another event.

    A change may come before what it changes. Then the request that came after it is returned.
    """
    changed = _changed(event, events)
    first = [found for each in changed if (found := _request(each)) is not None]
    if not first:
        return None
    said = [
        found
        for each in heard
        if (found := _request(each.event)) is not None
        and [each.event, *_changed(each.event, events)][-1] is changed[-1]
    ]
    return said[-1] if said else first[0]


def _changed(event: Event, events: Mapping[str, Event]) -> list[Event]:
    """Return the known events that an event changes: the one that it names, and so on to the first statement."""
    found: list[Event] = []
    ref = event.supersedes
    while ref is not None and ref in events and events[ref] not in found:
        found.append(events[ref])
        ref = events[ref].supersedes
    return found


def _request(event: Event) -> ReferralSent | None:
    stated = event.replacement() if isinstance(event, EventCorrectedV1) else event
    return stated.data if isinstance(stated, ReferralSentV1) else None


def _is_kept_out(
    person: str, before: Sequence[Entered], change: Entered, asks: ReferralSent, kept_out: Restrictions
) -> bool:
    shut = kept_out.as_of(change.n)
    makers = list(makers_of(change.event))
    if not any(shut.may_keep_out(each, change.accepted_at) for each in makers):
        return False
    effect = facts_in_force_after(person, before)
    cases = None if asks.case is None else effect.ids_of((asks.case,))
    return any(shut.about(effect).keeps_out(each, cases, change.accepted_at) for each in makers)


def makers_of(event: Event) -> Iterator[str]:
    """Yield the agency that published an event, and the one on whose behalf it did."""
    yield agency_of(event.agency)
    if event.onbehalfof is not None:
        yield agency_of(event.onbehalfof)
