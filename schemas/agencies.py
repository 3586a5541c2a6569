"""Table of agencies: their names, whether they publish, their seats in committees, and the agency of each unit.

Our own services are listed beside them, as they publish their decisions like an agency its acts. Codes are part of
topics, principals and `source`, and never change meaning. Names are those of the Council's report.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class AgencyKind(StrEnum):
    """Kind of an agency or other body in the table."""

    GOVERNMENT = "government"
    STATUTORY = "statutory"
    IGO = "igo"
    NGO = "ngo"
    UNIT = "unit"
    COURT = "court"
    OTHER = "other"


SINCE: Final = date(2024, 1, 1)
"""First day of the first reporting year; rows hold from this day on unless they say otherwise."""


@dataclass(frozen=True, slots=True)
class Term:
    """An agency's code in a list, with the first and last day on which that holds, both inclusive.

    An edit never changes a past year: a row that ends gets its last day, and a new row follows.
    """

    code: str
    valid_from: date = SINCE
    valid_to: date = date.max


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that events may name. `publishes`: whether it may submit events.

    The row holds from `valid_from` to `valid_to`, both inclusive; earlier rows of the body are in `FORMER`.
    """

    code: str
    name_en: str
    name_es: str
    kind: AgencyKind
    publishes: bool = False
    parent: str | None = None
    valid_from: date = date.min
    valid_to: date = date.max


_G, _S, _I, _N = AgencyKind.GOVERNMENT, AgencyKind.STATUTORY, AgencyKind.IGO, AgencyKind.NGO
_U, _C, _O = AgencyKind.UNIT, AgencyKind.COURT, AgencyKind.OTHER
_PUBLISHES: Final = True

_ROWS: Final = (
    Agency("council", "Anti-Trafficking in Persons Council", "Consejo contra la Trata de Personas", _G, _PUBLISHES),
    Agency("dhs", "Department of Human Services", "Departamento de Servicios Humanos", _G, _PUBLISHES),
    Agency("bpd", "Belize Police Department", "Departamento de Policía de Belice", _G, _PUBLISHES),
    Agency("labour", "Labour Department", "Departamento de Trabajo", _G, _PUBLISHES),
    Agency("immigration", "Immigration Department", "Departamento de Inmigración", _G, _PUBLISHES),
    Agency("customs", "Customs and Excise Department", "Departamento de Aduanas e Impuestos", _G, _PUBLISHES),
    Agency("odpp", "Office of the Director of Public Prosecutions", "Fiscalía General", _G, _PUBLISHES),
    Agency("agm", "Attorney General's Ministry", "Ministerio del Procurador General", _G, _PUBLISHES),
    Agency("btb", "Belize Tourism Board", "Junta de Turismo de Belice", _S, _PUBLISHES),
    Agency(
        "ncfc", "National Commission for Families and Children", "Comisión Nacional de Familias y Niñez", _S, _PUBLISHES
    ),
    Agency("yes", "Youth Enhancement Services", "Servicios de Desarrollo Juvenil", _N, _PUBLISHES),
    Agency(
        "nopcan",
        "National Organization for the Prevention of Child Abuse and Neglect",
        "Organización Nacional para la Prevención del Abuso y Abandono Infantil",
        _N,
        _PUBLISHES,
    ),
    Agency("sib", "Statistical Institute of Belize", "Instituto de Estadística de Belice", _S, _PUBLISHES),
    Agency("mofa", "Ministry of Foreign Affairs", "Ministerio de Relaciones Exteriores", _G, _PUBLISHES),
    Agency("mohw", "Ministry of Health and Wellness", "Ministerio de Salud y Bienestar", _G, _PUBLISHES),
    Agency(
        "iom",
        "International Organization for Migration",
        "Organización Internacional para las Migraciones",
        _I,
        _PUBLISHES,
    ),
    Agency("unicef", "United Nations Children's Fund", "Fondo de las Naciones Unidas para la Infancia", _I, _PUBLISHES),
    Agency("hti", "Human Trafficking Institute", "Instituto contra la Trata de Personas", _N, _PUBLISHES),
    Agency("cdf", "Child Development Foundation", "Fundación para el Desarrollo Infantil", _N, _PUBLISHES),
    Agency("ret", "RET International", "RET International", _N, _PUBLISHES),
    Agency("love_foundation", "Love Foundation", "Love Foundation", _N, _PUBLISHES),
    Agency("hppbz", "Humana People to People Belize", "Humana People to People Belice", _N, _PUBLISHES),
    Agency(
        "atips_pu",
        "Anti-Trafficking in Persons Police Unit",
        "Unidad Policial contra la Trata de Personas",
        _U,
        parent="bpd",
    ),
    Agency(
        "pitcu",
        "Police Information, Technology and Cyber Unit",
        "Unidad Policial de Información, Tecnología y Cibernética",
        _U,
        parent="bpd",
    ),
    Agency(
        "tip_care_unit",
        "Trafficking in Persons Care Unit",
        "Unidad de Atención a Víctimas de Trata",
        _U,
        parent="dhs",
    ),
    Agency("alternative_care_unit", "Alternative Care Unit", "Unidad de Cuidado Alternativo", _U, parent="dhs"),
    Agency("bdf", "Belize Defence Force", "Fuerza de Defensa de Belice", _G),
    Agency("bcg", "Belize Coast Guard", "Guardia Costera de Belice", _G),
    Agency("moe", "Ministry of Education", "Ministerio de Educación", _G),
    Agency("mod", "Ministry of Defence", "Ministerio de Defensa", _G),
    Agency("nwc", "National Women's Commission", "Comisión Nacional de la Mujer", _S),
    Agency("local_gov", "Local Government", "Gobierno Local", _G),
    Agency("ub", "University of Belize", "Universidad de Belice", _O),
    Agency("cso_coalition", "Civil Society Organizations Coalition", "Coalición de la Sociedad Civil", _N),
    Agency("crime_stoppers", "Crime Stoppers", "Crime Stoppers", _O, _PUBLISHES),
    Agency("interpol", "INTERPOL", "INTERPOL", _I),
    Agency("ilo", "International Labour Organization", "Organización Internacional del Trabajo", _I),
    Agency("oas", "Organization of American States", "Organización de los Estados Americanos", _I),
    Agency("rcm", "Regional Conference on Migration", "Conferencia Regional sobre Migración", _I),
    Agency(
        "regional_coalition",
        "Regional Coalition against Human Trafficking and Human Smuggling",
        "Coalición Regional contra la Trata de Personas y el Tráfico de Migrantes",
        _I,
    ),
    Agency(
        "caricom_impacs",
        "CARICOM Implementation Agency for Crime and Security",
        "Agencia de CARICOM para el Crimen y la Seguridad",
        _I,
    ),
    Agency(
        "ccccc",
        "Caribbean Community Climate Change Centre",
        "Centro de Cambio Climático de la Comunidad del Caribe",
        _I,
    ),
    Agency("magistrates_court", "Magistrates' Court", "Tribunal de Magistrados", _C),
    Agency("high_court", "High Court", "Tribunal Superior", _C),
    Agency("channel5", "Channel 5", "Canal 5", _O),
)

AGENCIES: Final[Mapping[str, Agency]] = MappingProxyType({row.code: row for row in _ROWS})
_BELONGS_TO: Final = {row.code: row.parent for row in _ROWS if row.parent is not None}
PUBLISHING: Final = tuple(row.code for row in _ROWS if row.publishes)
SERVICES: Final = ("intake", "referral", "case_tracker", "reporting")
"""Our services, which publish too, each on its own inbound topic. Fields of events never name them."""

AUTHORS: Final = frozenset({*PUBLISHING, *SERVICES})
"""Authors of events: the possible first halves of `source`."""

PARTNERS: Final = ("iom", "unicef", "hti", "cdf", "ret", "love_foundation", "hppbz")
PARTNERSHIPS: Final = tuple(map(Term, ("iom", "unicef", "hti", "cdf", "ret", "love_foundation")))
"""Partners in the Council's own table. It lacks `hppbz`, whose project another partner funds."""

SEATS: Final[Mapping[str, tuple[Term, ...]]] = MappingProxyType(
    {
        "operations": tuple(map(Term, ("dhs", "bpd", "labour", "immigration", "odpp", "customs"))),
        "iec": tuple(map(Term, ("labour", "immigration", "agm", "btb", "ncfc", "yes", "nopcan"))),
        "m_and_e": tuple(map(Term, ("sib", "mofa", "mohw"))),
    }
)
"""Seats by committee, with the days on which each holds."""

COMMITTEES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {committee: tuple(seat.code for seat in seats if seat.valid_to == date.max) for committee, seats in SEATS.items()}
)
"""Codes of the bodies with a seat in each committee, by the rows without a last day."""

FORMER: Final[tuple[Agency, ...]] = ()
"""Earlier rows of bodies, with another name or kind. Each has its last day."""


def agency_on(code: str, day: date | None, former: Iterable[Agency] = FORMER) -> Agency | None:
    """Return the row of a body on a day, the newest one without a day; None for an unknown code.

    `former`: earlier rows, of which the first that had not ended by then holds.
    """
    rows = () if day is None else (row for row in former if row.code == code and day <= row.valid_to)
    return min(rows, key=lambda row: row.valid_to, default=AGENCIES.get(code))


def agency_of(agency: str) -> str:
    """Return the agency that a unit belongs to; the code itself for a body that is no unit."""
    return _BELONGS_TO.get(agency, agency)
