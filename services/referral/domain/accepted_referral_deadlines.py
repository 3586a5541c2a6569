"""Deadlines of an accepted referral: for work to begin, to resume, and for the holder to publish something."""

from datetime import UTC, date, datetime, time, timedelta

from schemas.agencies import agency_of
from schemas.protection.services import ServiceProvidedV1
from schemas.referral.receiver_events import ReferralAcceptedV1, ReferralPutOnHoldV1
from schemas.referral.sender_events import ReferralSent
from schemas.times import BELIZE, day_after
from services.referral.domain.events_in_force import FactInForce
from services.referral.domain.person_file import PersonFile
from services.referral.domain.policy import Policy
from services.referral.domain.referral_fold import Attempt
from services.referral.domain.time_limits import Limit


def end_of_limit(start: datetime, limit: Limit, policy: Policy) -> datetime:
    """Return the time at which a limit ends that began at `start`: hours, or working days of the policy."""
    if limit.hours is not None:
        return start + timedelta(hours=limit.hours)
    return policy.working_hours.working_time.after(start, limit.working_days or 0)


def begins_by(accepted: FactInForce, asks: ReferralSent, limit: Limit, policy: Policy) -> datetime:
    """Return the deadline for work to begin: the end of the day that the receiver announced, but not after the limit.

    Only the sender can allow a later start, by `latest_start_on`.
    """
    latest = end_of_limit(accepted.at, limit, policy)
    if asks.latest_start_on is not None:
        latest = max(latest, _end_of(asks.latest_start_on))
    return _announced(accepted, latest)


def goes_on_by(held: FactInForce, limit: Limit, policy: Policy) -> datetime:
    """Return the deadline for work on hold to resume: the end of the announced day, but not after the limit."""
    return _announced(held, end_of_limit(held.at, limit, policy))


def _announced(move: FactInForce, latest: datetime) -> datetime:
    match move.content:
        case ReferralAcceptedV1(data=data) | ReferralPutOnHoldV1(data=data) if data.expected_start_on is not None:
            return min(max(_end_of(data.expected_start_on), move.at), latest)
        case _:
            return latest


def _end_of(day: date) -> datetime:
    return datetime.combine(day_after(day), time.min, BELIZE).astimezone(UTC)


def first_service(after: PersonFile, each: Attempt) -> FactInForce | None:
    """Return the first service that the holder provided on a referral, which shows that work began; None if none."""
    provided = [
        made
        for made in after.effect.facts
        if isinstance(made.content, ServiceProvidedV1)
        and made.content.data.referral == each.id
        and agency_of(made.content.data.provider) == each.holder
    ]
    return min(provided, key=lambda made: made.at, default=None)


def last_event_of_holder(after: PersonFile, each: Attempt, since: FactInForce) -> FactInForce:
    """Return the holder's last event about the person, or `since`, the event with which work began or resumed.

    An event about a suspect that only names the person does not count.
    """
    words = [made for made in after.effect.facts if made.actor == each.holder and _is_about(after, made)]
    return max((since, *words), key=lambda made: (made.at, made.place))


def _is_about(after: PersonFile, made: FactInForce) -> bool:
    """Whether an event is about the person, alone or among others as in a screening."""
    data = made.content.data
    named = {getattr(data, "person", None), *getattr(data, "persons", ())}
    return not named.isdisjoint(after.effect.same)
