"""Queries to `schemas.sight`, which alone decides what agencies see of the facts of a case."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from schemas.codebook.governance import ViewPurpose
from schemas.sight import AgencySight, SeenRecord, SightState, sight_of
from schemas.sight.matter_and_persons_of_event import persons_by_field, seen_record
from schemas.sight.sight_table import NEVER_SHUT_OUT
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.sight_matter import matter_of
from services.case_tracker.domain.sight_state import state_of


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """The record of a fact, and the persons whom each field of its data names, as (field, persons)."""

    seen: SeenRecord
    naming: tuple[tuple[str, frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class CaseSight:
    """Sight of one agency in one case. `purpose`: of the query; None means any purpose of the agency's role."""

    of_agency: AgencySight
    purpose: ViewPurpose | None
    record: Callable[[Fact], CaseRecord]

    @property
    def shut_out(self) -> bool:
        """Whether the agency is kept out of the case as a whole."""
        return self.of_agency.shut_out

    def sees(self, fact: Fact) -> bool:
        """Whether the agency sees a fact, for the purpose of the query."""
        if self.purpose is None:
            return self.of_agency.sees_for_any(self.record(fact).seen)
        return self.of_agency.sees(self.record(fact).seen, self.purpose)

    def purposes_of(self, fact: Fact) -> frozenset[ViewPurpose]:
        """Return the purposes for which the agency sees a fact; empty if there are none."""
        return self.of_agency.purposes_of(self.record(fact).seen)

    def left_out(self, fact: Fact) -> frozenset[str]:
        """Return the names of the data fields that the agency may not read, in a fact that it sees."""
        record = self.record(fact)
        return self.of_agency.hidden_fields(record.seen, record.naming)


def records(spine: Spine) -> Callable[[Fact], CaseRecord]:
    """Return a function that returns the record of a fact of the case. Each is worked out once, for all agencies."""
    known: dict[str, CaseRecord] = {}

    def record(fact: Fact) -> CaseRecord:
        ref = fact.ref
        if ref not in known:
            seen = seen_record(fact.content, fact.acting_agency, matter_of(fact, spine))
            known[ref] = CaseRecord(seen, tuple(persons_by_field(fact.content)))
        return known[ref]

    return record


def sight(spine: Spine, agency: str, purpose: ViewPurpose | None, now: datetime) -> CaseSight:
    """Return the sight of one agency in a case, in the case's state at `now`."""
    return CaseSight(sight_of(agency, state_of(spine, now)), purpose, records(spine))


def told_of_danger(spine: Spine, agencies: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Return those of `agencies` that are informed of a danger that opens at `now`: all but those kept out.

    If the case keeps out all of them, the agencies that no case keeps out are informed instead.
    """
    state = SightState(now, restrictions=spine.restrictions)
    listed = tuple(agencies)
    told = tuple(each for each in listed if not sight_of(each, state).shut_out)
    return told or tuple(sorted(NEVER_SHUT_OUT if listed else ()))
