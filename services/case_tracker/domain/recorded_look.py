"""A look: an agency's reading of a case's records for a purpose."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Look:
    """A look at a case. `seq`: number among all looks. `at`: time by the database's clock.

    `account`: the reader's account; None for an agency's login.
    """

    seq: int
    at: datetime
    case: str
    agency: str
    account: str | None
    purpose: str
