"""Part of an activity: the national strategy, with its numbers of areas, objectives and years.

Of several strategies in force on one day, the one that came into force last counts: it replaces the others.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Final, TypeAlias

from msgspec import Struct

from schemas.coordination import StrategyAdoptedV1
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import Part, until_next
from services.reporting.domain.declaration.figure import (
    EVERY_COMMITTEE,
    VERSION_2_FROM,
    Area,
    Counted,
    Days,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.declaration.values_over_time import values_during

_SINCE: Final = "since"
"""Dimension that orders strategies by when they came into force."""


class Strategy(Struct, frozen=True):
    """The national strategy, as one event publishes it. `id`: the id of the strategy."""

    id: str
    adopted: Interval | None
    first_year: int
    last_year: int
    areas_n: int | None
    objectives_n: int | None


Strategies: TypeAlias = tuple[Strategy, ...]
"""Adoptions of one strategy, in order. Each holds until the next, so a later one changes no earlier year."""


def _adopted(activity: str, told: Strategies, event: StrategyAdoptedV1) -> Strategies:
    data = event.data
    if data.strategy != activity:
        return told
    adopted = Strategy(activity, event.occurred, data.first_year, data.last_year, data.areas_n, data.objectives_n)
    return (*told, adopted)


def _in_force(told: Strategies) -> Iterator[tuple[Days | None, Strategy]]:
    """Yield the strategy with its days in force, from the last possible day of an adoption to the end of its last year.

    A strategy that is adopted early is in force from its first year. None if the time of its adoption is unknown.
    """
    for days, strategy in until_next([(each.adopted, each) for each in told]):
        if days is None:
            yield None, strategy
        else:
            planned = Days(date(strategy.first_year, 1, 1), date(strategy.last_year, 12, 31))
            yield from values_during(planned, [(days, strategy)])


def _since(days: Days | None, strategy: Strategy) -> Mapping[str, tuple[str, ...]]:
    """Return the dimension by which a later strategy replaces an earlier one. It is empty without a known day.

    The first day in force decides, then the first year, then the id.
    """
    return {} if days is None else {_SINCE: (f"{days.first} {strategy.first_year} {strategy.id}",)}


def areas(told: Strategies) -> Iterator[Counted]:
    """Yield the number of areas of the strategy, on the days on which it is in force."""
    for days, strategy in _in_force(told):
        yield Counted(days, strategy.areas_n, _since(days, strategy))


def objectives(told: Strategies) -> Iterator[Counted]:
    """Yield the number of objectives of the strategy, on the days on which it is in force."""
    for days, strategy in _in_force(told):
        yield Counted(days, strategy.objectives_n, _since(days, strategy))


def years_planned(told: Strategies) -> Iterator[Counted]:
    """Yield the number of years that the strategy covers, on the days on which it is in force."""
    for days, strategy in _in_force(told):
        yield Counted(days, strategy.last_year - strategy.first_year + 1, _since(days, strategy))


def year_reached(told: Strategies) -> Iterator[Counted]:
    """Yield for each calendar year in force the number of the year in the strategy (1, 2, 3 …) as the amount."""
    for in_force, strategy in _in_force(told):
        if in_force is None:
            yield Counted(None)
            continue
        for number, year in enumerate(range(strategy.first_year, strategy.last_year + 1), start=1):
            first, last = max(in_force.first, date(year, 1, 1)), min(in_force.last, date(year, 12, 31))
            if first <= last:
                yield Counted(Days(first, last), number, _since(in_force, strategy))


# Arguments that all figures of the strategy share.
_figure = partial(
    Figure,
    entity=Kind.ACTIVITY,
    nature=Nature.STOCK,
    reader=Reader.LATEST,
    over=_SINCE,
    area=Area.PARTNERSHIP,
    seen_by=EVERY_COMMITTEE,
    version=2,
    valid_from=VERSION_2_FROM,
)

FIGURES: Final[tuple[Figure[Strategies], ...]] = (
    _figure(
        number="P1a",
        name="areas_of_the_strategy",
        en="Priority areas of the national strategy in force at the period’s end. Of several, the one "
        "that came into force last counts.",
        es="Áreas prioritarias de la estrategia nacional vigente al final del período. De varias, cuenta la "
        "última que entró en vigor.",
        unit=Unit.AREAS,
        counted=areas,
    ),
    _figure(
        number="P1b",
        name="objectives_of_the_strategy",
        en="Objectives of the national strategy in force at the period’s end. Of several, the one "
        "that came into force last counts.",
        es="Objetivos de la estrategia nacional vigente al final del período. De varias, cuenta la "
        "última que entró en vigor.",
        unit=Unit.OBJECTIVES,
        counted=objectives,
    ),
    _figure(
        number="P1c",
        name="year_of_the_strategy",
        en="Which year of the national strategy the period ends in: the first is 1. Of several, the one "
        "that came into force last counts.",
        es="En qué año de la estrategia nacional termina el período: el primero es 1. De varias, cuenta la "
        "última que entró en vigor.",
        unit=Unit.YEARS,
        nature=Nature.GAUGE,
        counted=year_reached,
    ),
    _figure(
        number="P1d",
        name="years_of_the_strategy",
        en="Years that the national strategy in force at the period’s end was made for. Of several, the one "
        "that came into force last counts.",
        es="Años para los que se elaboró la estrategia nacional vigente al final del período. De varias, cuenta la "
        "última que entró en vigor.",
        unit=Unit.YEARS,
        nature=Nature.GAUGE,
        counted=years_planned,
    ),
)

PART: Final[Part[Strategies]] = Part(
    name="adopted_strategy",
    kind=Kind.ACTIVITY,
    empty=(),
    folds={"bz.atips.strategy.adopted.v1": _adopted},
    figures=FIGURES,
)
