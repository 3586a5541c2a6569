"""The row that every type has in the table, and the sets of authors that rows share."""

from dataclasses import dataclass
from typing import Final

from schemas.agencies import PARTNERS, PUBLISHING
from schemas.codebook.courts import Court
from schemas.codebook.identification import PersonRole, VictimStatus
from schemas.envelope import Event
from schemas.ids import Kind


@dataclass(frozen=True, slots=True)
class ValueLimit:
    """The values that some authors of a type may give to one of its fields. They must give the field.

    Other authors of the type may give any value.
    """

    field: str
    authors: frozenset[str]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnName:
    """A field in which an author names itself, or the agency that it speaks for (`onbehalfof`).

    With `units` it names one of its units, or itself. `free` authors may name any. The models refuse another name.
    """

    field: str
    units: bool = False
    free: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EventType:
    """The fixed properties of an event type.

    `primary` is None where the primary entity is another event's; `stage` orders what falls on the same time; `ends`
    sorts by the end of the interval. `limits` are about single fields. With `for_itself` an author speaks for
    itself, for its units, and for bodies that publish nothing: else one agency would answer for another. `own_name` is
    the field in which an author names itself.
    """

    model: type[Event]
    authors: frozenset[str]
    primary: Kind | None
    stage: int
    en: str
    es: str
    ends: bool = False
    limits: tuple[ValueLimit, ...] = ()
    for_itself: bool = False
    own_name: OwnName | None = None


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
"""Agencies that may hold a person's data: they refer, and are referred to."""

MAGISTRATES_ALONE: Final = ValueLimit("court", POLICE, (Court.MAGISTRATES,))
"""Police prosecute at the Magistrates' Court. The courts publish nothing; above it only the prosecution speaks."""

POTENTIAL_ALONE: Final = ValueLimit("status", PARTNER_SET, (VictimStatus.POTENTIAL,))
"""Partners find indications; government bodies decide."""

VICTIMS_ALONE: Final = ValueLimit("role", PARTNER_SET, (PersonRole.VICTIM,))
"""Partners describe victims; police and other government bodies describe suspects."""

SENDER: Final = OwnName("from_agency")
"""A sender's move names its sender."""

REFERRAL_SERVICE: Final = frozenset({"referral"})
CASE_TRACKER: Final = frozenset({"case_tracker"})
"""The service itself, with what it decides."""

EVERYBODY: Final = frozenset(PUBLISHING)
