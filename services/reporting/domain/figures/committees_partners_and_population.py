"""Figures of the registry. They count no events: committees and partners come from tables, population from censuses.

Every row of these tables has a first and last day, so that a later change does not alter past years.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from schemas.agencies import AGENCIES, FORMER, PARTNERSHIPS, SEATS, Term
from services.reporting.domain.cells.cells_from_items import Cells, cells_of
from services.reporting.domain.declaration.entity_state_part import day_before
from services.reporting.domain.declaration.figure import (
    EVERY_COMMITTEE,
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
from services.reporting.domain.declaration.values_over_time import join_spans, values_during


@dataclass(frozen=True, slots=True)
class Census:
    """The number of persons who lived in the households of Belize on a day.

    `valid_from`: first day on which it counts; None means its own day. A census is published after its day, maybe in
    another year. It then counts from the day of publication on, so that the population of a past year stays.
    """

    day: date
    population: int
    valid_from: date | None = None

    @property
    def first_day(self) -> date:
        """First day on which the census counts."""
        return self.day if self.valid_from is None else self.valid_from


CENSUSES: Final[tuple[Census, ...]] = (Census(date(2022, 5, 12), 397_483),)
"""Censuses in order of their first days; each counts until the next. Source: Statistical Institute, 8 April 2024."""


def census_on(day: date) -> Census | None:
    """Return the census that counts on a day. None before the first."""
    return next((each for each in reversed(CENSUSES) if each.first_day <= day), None)


def committees(_: None) -> Iterator[Counted]:
    """Yield each committee, on the days on which it has a member."""
    for committee, terms in SEATS.items():
        for days in join_spans(map(_days, terms)):
            yield Counted(days, dims={"committee": (committee,)})


def seats(_: None) -> Iterator[Counted]:
    """Yield each seat in a committee, on the days on which it is held."""
    for committee, terms in SEATS.items():
        for term in terms:
            yield Counted(_days(term), dims={"committee": (committee,)})


def bodies_with_seats(_: None) -> Iterator[Counted]:
    """Yield each body on the days on which it sits in any committee."""
    terms = [term for committee in SEATS.values() for term in committee]
    for body in _different(term.code for term in terms):
        for days in join_spans(_days(term) for term in terms if term.code == body):
            yield from _by_kind(body, days)


def population(_: None) -> Iterator[Counted]:
    """Yield the population that a census counted, until the next census."""
    nexts = [*(day_before(each.first_day) for each in CENSUSES[1:]), NEVER]
    for census, last in zip(CENSUSES, nexts, strict=True):
        yield Counted(Days(census.first_day, last), census.population)


def partners(_: None) -> Iterator[Counted]:
    """Yield each partner, on the days of its partnership."""
    for term in PARTNERSHIPS:
        yield from _by_kind(term.code, _days(term))


def _different(bodies: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(bodies)


def _days(term: Term) -> Days:
    return Days(term.valid_from, term.valid_to)


def _by_kind(body: str, days: Days) -> Iterator[Counted]:
    """Yield a body on some days, once for each kind that it was of on these days."""
    rows = [*(row for row in FORMER if row.code == body), AGENCIES[body]]
    for turn, kind in values_during(days, [(Days(row.valid_from, row.valid_to), row.kind.value) for row in rows]):
        yield Counted(turn, dims={"kind": (kind,)})


# Arguments that all figures of the registry share.
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
        en="Persons in the households of Belize on the day of the last census by the period’s end, as the Statistical "
        "Institute counted them; the same in every period until the next census. The last one was of 12 May 2022.",
        es="Personas en los hogares de Belice el día del último censo anterior al final del período, según el "
        "Instituto de Estadística; la misma en todo período hasta el censo siguiente. El último fue del 12 de mayo "
        "de 2022.",
        unit=Unit.PERSONS,
        counted=population,
    ),
)

CELLS: Final[Cells] = {
    key: amount for figure in FIGURES for key, amount in cells_of(figure, figure.counted(None)).items()
}
"""Cells of all figures of the registry, for every period."""
