"""Dangers: a suspect tied to a victim is free while the victim has no protection, or is on bail that allows contact."""

from collections.abc import Iterator
from datetime import datetime

from schemas.danger import (
    bail_allowing_contact,
    end_of_prison_terms,
    is_protected,
    last_freeing_fact,
    left_without_shelter,
)
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.rules.finding_rule import CaseContradiction


def suspect_free_and_victim_unprotected(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield suspects who are certainly free and tied to a victim without known shelter or safety plan."""
    for (victim, suspect), tied in spine.ties.items():
        free = _came_free(spine, suspect)
        if free is None or is_protected(spine, victim):
            continue
        fact, since = free
        # The victim's own log has no event for the end of a term.
        if not _is_victim(spine, victim, *(() if since is not None else (fact,))):
            continue
        # The fact that frees the suspect may also be the one that ties the two.
        facts = (fact,) if tied[0] is fact else (fact, tied[0])
        # A victim who leaves the shelter is in a new danger, to which an earlier ruling does not apply.
        yield CaseContradiction(facts, (victim, suspect), due=since, anew=left_without_shelter(spine, victim))


def _came_free(spine: Spine, suspect: str) -> tuple[Fact, datetime | None] | None:
    """Return the last fact by which a suspect is certainly free; None if the suspect may be held, or has died.

    The second value is None or, for a served prison term, the time at which it ends, which may be in the future.
    """
    fact = last_freeing_fact(spine, suspect)
    return end_of_prison_terms(spine, suspect) if fact is None else (fact, None)


def bail_without_no_contact(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield bail in force whose present conditions do not forbid contact with a victim tied to the suspect."""
    for (victim, suspect), tied in spine.ties.items():
        if spine.of(victim, "person.deceased_recorded"):
            continue
        for granted, terms in bail_allowing_contact(spine, suspect):
            if _is_victim(spine, victim, granted, terms):
                yield CaseContradiction((terms,) if tied[0] is terms else (terms, tied[0]), (victim, suspect))


def _is_victim(spine: Spine, victim: str, *facts: Fact) -> bool:
    """Whether a person tied to a suspect is a victim: by an agency's statement in the case, or by the tie alone.

    The tie alone counts if the case has no statement and the victim's own log does not have the danger. The referral
    service reads that log, which has only facts that name the victim.
    """
    if spine.of(victim, "victim.identified", "victim.status_changed"):
        return bool(spine.is_victim(victim))
    return not facts or any(victim not in getattr(each.content.data, "victims", ()) for each in facts)
