"""The row that every type has in the table, and the sets of authors that rows share."""

from dataclasses import dataclass
from typing import Final

from schemas.agencies import PARTNERS, PUBLISHING
from schemas.envelope import Event
from schemas.ids import Kind


@dataclass(frozen=True, slots=True)
class EventType:
    """What is fixed for a type.

    `primary` is None where the primary entity is another event's; `stage` orders what falls on the same time; `ends`
    sorts by the end of the interval.
    """

    model: type[Event]
    authors: frozenset[str]
    primary: Kind | None
    stage: int
    en: str
    es: str
    ends: bool = False


COUNCIL: Final = frozenset({"council"})
POLICE: Final = frozenset({"bpd"})
PROSECUTION: Final = frozenset({"odpp"})
LABOUR: Final = frozenset({"labour"})
IMMIGRATION: Final = frozenset({"immigration"})
HUMAN_SERVICES: Final = frozenset({"dhs"})
PARTNER_SET: Final = frozenset(PARTNERS)

POLICE_AND_PROSECUTION: Final = POLICE | PROSECUTION
POLICE_AND_HUMAN_SERVICES: Final = POLICE | HUMAN_SERVICES
PROVIDERS: Final = HUMAN_SERVICES | PARTNER_SET
IDENTIFIERS: Final = frozenset({"bpd", "dhs", "immigration", "labour", "mohw", "odpp"})
CASEWORKERS: Final = IDENTIFIERS | PARTNER_SET | {"customs", "mofa", "nopcan", "yes"}
"""Who may hold what is known of a person: they refer, and are referred to."""

REFERRAL_SERVICE: Final = frozenset({"referral"})
"""The service itself, with what it decides."""

EVERYBODY: Final = frozenset(PUBLISHING)
