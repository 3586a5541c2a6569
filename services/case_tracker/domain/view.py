"""Who looked at a case, and what for."""

from dataclasses import dataclass
from datetime import datetime

from schemas.codebook.governance import ViewPurpose


@dataclass(frozen=True, slots=True)
class View:
    """One look at a case; `seq` numbers the looks, `at` is by the database's clock."""

    seq: int
    at: datetime
    case: str
    agency: str
    account: str | None
    purpose: ViewPurpose
