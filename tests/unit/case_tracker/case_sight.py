"""Questions in tests to one agency's sight of a case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from schemas.codebook.governance import ViewPurpose
from schemas.sight import AgencySight, sight_of
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.sight import CaseRecord, records
from services.case_tracker.domain.sight_state import state_of


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

    def left_out(self, fact: Fact) -> frozenset[str]:
        """Return the names of the data fields that the agency may not read, in a fact that it sees."""
        record = self.record(fact)
        return self.of_agency.hidden_fields(record.seen, record.naming)


def sight(spine: Spine, agency: str, purpose: ViewPurpose | None, now: datetime) -> CaseSight:
    """Return the sight of one agency in a case, in the case's state at `now`."""
    return CaseSight(sight_of(agency, state_of(spine, now)), purpose, records(spine))
