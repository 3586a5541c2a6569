"""A look at a case, and its purpose."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a case, as it was asked for; `seq` numbers the looks, `at` is by the database's clock."""

    seq: int
    at: datetime
    case: str
    agency: str
    account: str | None
    purpose: str
