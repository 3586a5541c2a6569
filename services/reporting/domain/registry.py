"""Figures of the registry: committees and partners by the table of agencies, the population by the census; no events.

They stand from the first report on, or from the day of the census; they change with the code, and so does the version.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from itertools import chain
from typing import Final

from schemas.agencies import AGENCIES, COMMITTEES, COUNCIL_PARTNERS
from services.reporting.domain.algebra import Cells, cells_of
from services.reporting.domain.figure import (
    EVERY_COMMITTEE,
    FIRST_REPORT,
    NEVER,
    Area,
    Counted,
    DateRole,
    Days,
    Figure,
    Nature,
    Reader,
    Unit,
)

_SINCE: Final = Days(FIRST_REPORT, NEVER)

CENSUS_DAY: Final = date(2022, 5, 12)
POPULATION: Final = 397_483
"""The household population by the census of that day, as the Statistical Institute gave it on 8 April 2024."""


def committees(_: None) -> Iterator[Counted]:
    """One for each committee."""
    for committee in COMMITTEES:
        yield Counted(_SINCE, dims={"committee": (committee,)})


def seats(_: None) -> Iterator[Counted]:
    """One for each seat."""
    for committee, bodies in COMMITTEES.items():
        yield Counted(_SINCE, len(bodies), {"committee": (committee,)})


def bodies_with_seats(_: None) -> Iterator[Counted]:
    """One for each body, in however many committees it sits."""
    for body in _different(chain.from_iterable(COMMITTEES.values())):
        yield Counted(_SINCE, dims={"kind": (AGENCIES[body].kind.value,)})


def population(_: None) -> Iterator[Counted]:
    """Everybody whom the last census counted."""
    yield Counted(Days(CENSUS_DAY, NEVER), POPULATION)


def _different(bodies: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(bodies)


def partners(_: None) -> Iterator[Counted]:
    """One for each partner."""
    for partner in COUNCIL_PARTNERS:
        yield Counted(_SINCE, dims={"kind": (AGENCIES[partner].kind.value,)})


# What the figures of the registry have in common.
_figure = partial(
    Figure,
    entity=None,
    nature=Nature.REGISTRY,
    date_role=DateRole.RECORDED,
    reader=Reader.RUNNING_SUM,
    area=Area.PARTNERSHIP,
    seen_by=EVERY_COMMITTEE,
)

FIGURES: Final[tuple[Figure[None], ...]] = (
    _figure(
        number="P2a",
        name="committees",
        en="Committees of the Council, as the registry of agencies lists them.",
        es="Comités del Consejo, según el registro de entidades.",
        unit=Unit.COMMITTEES,
        counted=committees,
    ),
    _figure(
        number="P2b",
        name="committee_seats",
        en="Seats in the Council’s committees, by committee; a body that sits in two has two.",
        es="Puestos en los comités del Consejo, por comité; la entidad que integra dos comités tiene dos.",
        unit=Unit.SEATS,
        counted=seats,
        breakdowns=((), ("committee",)),
    ),
    _figure(
        number="P2c",
        name="bodies_in_committees",
        en="Different bodies that sit in the Council’s committees; one that sits in two is one.",
        es="Entidades distintas que integran los comités del Consejo; la que integra dos es una sola.",
        unit=Unit.BODIES,
        counted=bodies_with_seats,
        breakdowns=((), ("kind",)),
    ),
    _figure(
        number="P8",
        name="council_partners",
        en="Organizations in the Council’s table of partners, by kind.",
        es="Organizaciones en la lista de socios del Consejo, por tipo.",
        unit=Unit.BODIES,
        counted=partners,
        breakdowns=((), ("kind",)),
    ),
    _figure(
        number="R24",
        name="population",
        en="Persons in the households of Belize on the day of the last census, 12 May 2022, as the Statistical "
        "Institute counted them; the same in every period since then.",
        es="Personas en los hogares de Belice el día del último censo, 12 de mayo de 2022, según el Instituto de "
        "Estadística; la misma en todo período posterior.",
        unit=Unit.PERSONS,
        counted=population,
    ),
)

CELLS: Final[Cells] = {
    key: amount for figure in FIGURES for key, amount in cells_of(figure, figure.counted(None)).items()
}
"""What every period's amount is read from."""
