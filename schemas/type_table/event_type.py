"""Row of an event type in the table, and sets of authors that rows share."""

from dataclasses import dataclass
from typing import Final

from schemas.agencies import PARTNERS, PUBLISHING
from schemas.codebook.courts import Court
from schemas.codebook.identification import PersonRole, VictimStatus
from schemas.envelope import Event
from schemas.ids import Kind


@dataclass(frozen=True, slots=True)
class ValueLimit:
    """A limit of some authors of a type: the values that they may give to one of its fields, which they must give.

    Other authors of the type may give any value.
    """

    field: str
    authors: frozenset[str]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnName:
    """A field in which an author names itself, or the agency that it speaks for (`onbehalfof`).

    With `units` it names one of its units, or itself. Authors in `free` may name any. The models refuse another name.
    """

    field: str
    units: bool = False
    free: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EventType:
    """The fixed properties of an event type.

    `primary`: the kind of the primary entity; None if it is another event's. `stage`: orders events of the same time.
    `ends`: events are sorted by the end of their interval. `limits`: permitted values of single fields. `for_itself`:
    an author speaks only for itself, its units, and bodies that publish nothing; otherwise one agency would answer for
    another. `own_name`: the field in which an author names itself.
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
"""Agencies that may hold a person's data: they send referrals and receive them."""

MAGISTRATES_ALONE: Final = ValueLimit("court", POLICE, (Court.MAGISTRATES,))
"""Police prosecute only at the Magistrates' Court. At the higher courts only the prosecution publishes events."""

POTENTIAL_ALONE: Final = ValueLimit("status", PARTNER_SET, (VictimStatus.POTENTIAL,))
"""Partners may state only that somebody is a potential victim; government bodies decide."""

VICTIMS_ALONE: Final = ValueLimit("role", PARTNER_SET, (PersonRole.VICTIM,))
"""Partners describe only victims; police and other government bodies also describe suspects."""

SENDER: Final = OwnName("from_agency")
"""Field in which a sender's move of a referral names the sender."""

REFERRAL_SERVICE: Final = frozenset({"referral"})
CASE_TRACKER: Final = frozenset({"case_tracker"})
"""The case tracker as author of its own decisions."""

EVERYBODY: Final = frozenset(PUBLISHING)
