"""Follow-ups of a restriction of access to a case: statements for the log of each person in it, and for the Council."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from schemas.agencies import agency_of
from schemas.case_events import CaseAccessRestrictedV1
from schemas.service_decisions import Entered
from schemas.sight.state import Restriction
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.decision_values import CaseRestriction, DecisionGround, RestrictionTold


def new_restrictions(
    before: Spine, was_at: datetime | None, after: Spine, ground: DecisionGround
) -> Iterator[CaseRestriction]:
    """Yield for each person in a case the restrictions in force, if they differ from those before the event.

    `was_at`: time of the event before; None if there was none.
    """
    was = {} if was_at is None else _by_person(before, was_at)
    now = _by_person(after, ground.now)
    for person in sorted({*was, *now}):
        holding = now.get(person, ())
        if holding != was.get(person, ()):
            yield CaseRestriction(after.case, person, holding, ground)


def restrictions_for_council(entered: Entered, after: Spine, ground: DecisionGround) -> Iterator[RestrictionTold]:
    """Yield the restriction that an event states, with its effect, for the Council; nothing for another event."""
    event = entered.event
    if isinstance(event, CaseAccessRestrictedV1):
        kept_from = agency_of(event.data.kept_from)
        holding = [each for each in after.restrictions if each.kept_from == kept_from and each.holds(ground.now)]
        yield RestrictionTold(
            case=after.case,
            kept_from=kept_from,
            by=agency_of(event.agency),
            reason=event.data.reason.value,
            record=event.ref,
            holds=bool(holding),
            until=kept_out_until(holding).get(kept_from),
            at=ground.now,
        )


def kept_out_until(holding: list[Restriction] | tuple[Restriction, ...]) -> dict[str, datetime | None]:
    """Return the end of the exclusion of each agency by the restrictions in force. None: without end."""
    found: dict[str, datetime | None] = {}
    for each in holding:
        known = found.get(each.kept_from, each.until)
        found[each.kept_from] = None if known is None or each.until is None else max(known, each.until)
    return found


def _by_person(spine: Spine, now: datetime) -> Mapping[str, tuple[Restriction, ...]]:
    found: dict[str, list[Restriction]] = {}
    for each in spine.restrictions:
        if each.holds(now):
            for person in spine.persons_kept.get(each.kept_from, spine.persons):
                found.setdefault(person, []).append(each)
    return {person: tuple(kept) for person, kept in found.items()}
