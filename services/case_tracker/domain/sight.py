"""Records of a case's facts as `schemas.sight` asks for them, and the agencies that are told of a danger."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from schemas.sight import SeenRecord, SightState, sight_of
from schemas.sight.matter_and_persons_of_event import persons_by_field, seen_record
from schemas.sight.sight_table import NEVER_SHUT_OUT
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.sight_matter import matter_of


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """The record of a fact, and the persons whom each field of its data names, as (field, persons)."""

    seen: SeenRecord
    naming: tuple[tuple[str, frozenset[str]], ...]


def records(spine: Spine) -> Callable[[Fact], CaseRecord]:
    """Return a function that returns the record of a fact of the case. Each is worked out once, for all agencies."""
    known: dict[str, CaseRecord] = {}

    def record(fact: Fact) -> CaseRecord:
        ref = fact.ref
        if ref not in known:
            naming = tuple(persons_by_field(fact.content))
            seen = seen_record(fact.content, fact.acting_agency, matter_of(fact, spine), naming)
            known[ref] = CaseRecord(seen, naming)
        return known[ref]

    return record


def told_of_danger(spine: Spine, agencies: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Return those of `agencies` that are informed of a danger that opens at `now`: all but those kept out.

    If the case keeps out all of them, the agencies that no case keeps out are informed instead.
    """
    state = SightState(now, restrictions=spine.restrictions)
    listed = tuple(agencies)
    told = tuple(each for each in listed if not sight_of(each, state).shut_out)
    return told or tuple(sorted(NEVER_SHUT_OUT if listed else ()))
