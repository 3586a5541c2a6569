"""A look: one agency's reading of a case's records, for a purpose."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a case. `seq` numbers all looks; `at` is by the database's clock."""

    seq: int
    at: datetime
    case: str
    agency: str
    account: str | None
    purpose: str
