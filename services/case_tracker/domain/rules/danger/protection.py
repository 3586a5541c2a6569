"""Who harmed a victim is free, and nothing keeps the victim safe."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from schemas.codebook.courts import SentenceKind
from schemas.codebook.identification import NewOrCarriedOver
from schemas.identification import VictimIdentifiedV1
from schemas.justice.sentences import SentenceImposedV1
from schemas.times import surely_before
from services.case_tracker.domain.rules.rule import Found, said_in
from services.case_tracker.domain.spine import Fact, Spine

_PLANNED_FOR: Final = timedelta(days=366)
"""So long a safety plan may come before somebody is identified, and still be against what she is kept from now."""
_CONFINED: Final = frozenset({SentenceKind.IMPRISONMENT})


def victim_unprotected(spine: Spine) -> Iterator[Found]:
    """A suspect who is surely free, and a victim tied to them for whom nothing in the case is shelter or plan."""
    for (victim, suspect), tied in spine.ties.items():
        freed = _freed(spine, suspect)
        if freed is not None and spine.is_victim(victim) and not _protected(spine, victim):
            # What sets somebody free may itself name the victim, and nothing else.
            yield Found((freed,) if tied[0] is freed else (freed, tied[0]), (victim, suspect))


def _freed(spine: Spine, suspect: str) -> Fact | None:
    """By what somebody who lives is free: all that confined them lies surely before it, or is what it ends."""
    if spine.of(suspect, "person.deceased_recorded"):
        return None
    for freed in reversed(spine.of(suspect, "arrest.released", "bail.granted")):
        ends = _arrest_that_ends(spine, suspect, freed)
        confining = [
            each
            for each in spine.of(suspect, "arrest.made", "bail.revoked", "sentence.imposed")
            if not (each.name == "arrest.made" and said_in(each, "arrest") == ends) and _confines(each)
        ]
        if all(surely_before(each.at, freed.at) for each in confining):
            return freed
    return None


def _arrest_that_ends(spine: Spine, suspect: str, freed: Fact) -> str | None:
    """The arrest that a release names; of bail the one of its day, where every other had ended before."""
    if freed.name == "arrest.released":
        return said_in(freed, "arrest")
    before = [each for each in spine.of(suspect, "arrest.released", "bail.granted") if surely_before(each.at, freed.at)]
    left = {
        said_in(each, "arrest"): each
        for each in spine.of(suspect, "arrest.made")
        if not any(
            surely_before(each.at, one.at) or getattr(one.content.data, "arrest", None) == said_in(each, "arrest")
            for one in before
        )
    }
    return next((arrest for arrest, made in left.items() if len(left) == 1 and _on_one_day(made, freed)), None)


def _on_one_day(first: Fact, then: Fact) -> bool:
    """Whether both are known to be of one day, on which the one may have come first."""
    if first.at is None or then.at is None or surely_before(then.at, first.at):
        return False
    return first.at.first_day == first.at.last_day == then.at.first_day == then.at.last_day


def _confines(fact: Fact) -> bool:
    content = fact.content
    return not isinstance(content, SentenceImposedV1) or bool(_CONFINED.intersection(content.data.kinds))


def _protected(spine: Spine, victim: str) -> bool:
    if spine.of(victim, "person.deceased_recorded"):
        return True
    found = [each for each in spine.of(victim, "victim.identified") if not _is_carried_over(each)]
    # Who is found to be a victim here after that has a new danger to be kept from. A plan may come before somebody is
    # identified, or before another agency says so too: only one of long before was against another danger.
    if any(
        not any(surely_before(each.at, one.at) for one in found) for each in spine.of(victim, "repatriation.completed")
    ):
        return True
    if any(not any(_is_long_before(each, one) for one in found) for each in spine.of(victim, "plan.approved")):
        return True
    started = spine.of(victim, "shelter.placement_started")
    return any(not spine.of(said_in(each, "placement"), "shelter.placement_ended") for each in started)


def _is_long_before(plan: Fact, found: Fact) -> bool:
    return plan.at is not None and found.at is not None and found.at.start - plan.at.end > _PLANNED_FOR


def _is_carried_over(fact: Fact) -> bool:
    """Whether an identification is an entry of the year before, carried on."""
    content = fact.content
    return isinstance(content, VictimIdentifiedV1) and content.data.new_or_carried_over is NewOrCarriedOver.CARRIED_OVER
