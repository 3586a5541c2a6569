"""Agencies that see the records of a person's dangers: decided by `schemas.sight`, and stored with each danger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from schemas.agencies import PUBLISHING, agency_of
from schemas.envelope import Event
from schemas.service_decisions import Entered
from schemas.sight import ReferralInSight, SeenRecord, SightState, matter_and_persons_of_event, next_change, sight_of
from services.referral.domain.person_file import PersonFile
from services.referral.domain.referral_fold import Attempt

_HOUSES: Final = tuple(sorted({agency_of(each) for each in PUBLISHING}))

SeenBy = tuple[tuple[str, ...], ...]
"""For each record, in the order of the records, the agencies that see it."""


@dataclass(frozen=True, slots=True)
class StoredDanger:
    """A danger as it is stored, open or past. `records`: references of its events."""

    finding: str
    person: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DangerSight:
    """Agencies that see each record of one danger: `now`, and `then` from `again_at` until it is decided again.

    `then` has no agency that is not in `now`. `again_at` is None if only a further event can change sight.
    """

    now: SeenBy
    then: SeenBy
    again_at: datetime | None


NOBODY: Final = DangerSight((), (), None)
"""Sight of a danger that cannot be decided about: no agency. It is decided again with the person's next event."""


def referral_in_sight(after: PersonFile, each: Attempt) -> ReferralInSight | None:
    """Return a referral in the form that `schemas.sight` takes; None if nobody sent it.

    A receiver is left out if the referral was not passed on to it.
    """
    asks = each.asks
    if asks is None:
        return None
    went = each.was_sent and each.gate.closed is None
    asked = frozenset({asks.to_agency}) if went else frozenset[str]()
    accepted = frozenset[str]() if each.holder is None else frozenset({each.holder})
    return ReferralInSight(each.id, after.person, asks.from_agency, asked | accepted, accepted, each.ended_sight)


def exclusions_by_case(after: PersonFile) -> dict[tuple[str, str], datetime | None]:
    """Return the end of each exclusion of an agency from a case, by (case id, agency). None: without end."""
    found: dict[tuple[str, str], datetime | None] = {}
    for case, each in after.kept_out.by_case(_HOUSES):
        for an_id in after.effect.ids_of((case,)):
            known = found.get((an_id, each.kept_from), each.until)
            found[an_id, each.kept_from] = None if known is None or each.until is None else max(known, each.until)
    return found


def danger_sight(after: PersonFile, said: Sequence[Entered], records: Sequence[str], now: datetime) -> DangerSight:
    """Decide which agencies see each of a danger's records, for any purpose. `said`: the person's log.

    An agency that any case of the person keeps out sees none of the records. `records`: references of events.
    """
    state = _state(after, now)
    again_at = next_change(state)
    known = [_record(after, said, each) for each in records]
    seen = _seen_by(state, known)
    if again_at is None:
        return DangerSight(seen, seen, None)
    later = _seen_by(replace(state, now=again_at), known)
    both = tuple(tuple(each for each in one if each in other) for one, other in zip(seen, later, strict=True))
    return DangerSight(seen, both, again_at)


def _seen_by(state: SightState, records: Sequence[SeenRecord]) -> SeenBy:
    asked = [sight_of(each, state) for each in _HOUSES]
    return tuple(tuple(each.agency for each in asked if each.sees_for_any(record)) for record in records)


def _state(after: PersonFile, now: datetime) -> SightState:
    """Return the state of sight for the person. An agency that any case keeps out is kept from the whole person."""
    known, same = after.known, after.effect.same
    referrals = (referral_in_sight(after, each) for each in after.attempts.values())
    return SightState(
        now=now,
        referrals=tuple(each for each in referrals if each is not None),
        words=MappingProxyType(dict.fromkeys({after.person, *same}, after.words)),
        suspects=known.suspects - same - known.victims,
        restrictions=after.kept_out.restrictions(_HOUSES),
    )


def _record(after: PersonFile, said: Sequence[Entered], ref: str) -> SeenRecord:
    """Return a record by its content in force, or else as published. An unknown record is seen by its author only."""
    made = next((made for made in after.effect.facts if ref in made.names), None)
    event = made.content if made is not None else next((each.event for each in said if each.event.ref == ref), None)
    if event is None:
        return SeenRecord(agency_of(ref.partition("/")[0]), None)

    def named(an_id: str) -> Iterator[Event]:
        for each in after.effect.facts:
            ids = {getattr(each.content.data, name, None) for name in ("referral", "need")}
            if (an_id in each.names or an_id in ids) and matter_and_persons_of_event.short_name(
                each.content
            ) in matter_and_persons_of_event.NAMED:
                yield each.content

    return matter_and_persons_of_event.seen_record(
        event,
        agency_of(event.onbehalfof or event.agency),
        matter_and_persons_of_event.matter_of(event, named),
        matter_and_persons_of_event.persons_by_field(event),
    )
