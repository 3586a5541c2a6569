"""Figures of cases: opened, under investigation, ended by outcome, still active."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from schemas.ids import Kind
from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.entity_state_part import certain_days, possible_days, values
from services.reporting.domain.declaration.figure import (
    NEVER,
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
from services.reporting.domain.figures.cases.investigation.state import Investigation, InvestigationOpening


def investigations_opened(investigation: Investigation) -> Iterator[Counted]:
    """Yield one item for each investigation opened into the case."""
    for opening in investigation.openings:
        yield Counted(possible_days(opening.opened), dims=opening.dims())


class Case(Struct, frozen=True):
    """A case with the days of each outcome (`Investigation.outcomes`), computed once for several figures."""

    investigation: Investigation
    outcomes: Sequence[tuple[Days, str | None]]


def _case(investigation: Investigation) -> tuple[Case, ...]:
    """Return a tuple of the case, or an empty tuple if nothing is known of an investigation or a charge."""
    known = investigation.openings or investigation.steps
    return (Case(investigation, investigation.outcomes()),) if known else ()


def investigations_active(investigation: Investigation) -> Iterator[Counted]:
    """Yield each span of days on which the case is certainly under investigation, both ends included.

    If the dates are imprecise, the first day may lie after the last. Only periods that contain both count such a span.
    """
    for spell in investigation.spells(lambda step: step.investigated):
        dims = spell.opening.dims()
        if spell.begins is None:
            yield Counted(None, dims=dims)
        else:
            until = NEVER if spell.ends is None else spell.ends.first_day
            yield Counted(Days(spell.begins.last_day, until), dims=dims)


def results(case: Case) -> Iterator[Counted]:
    """Yield one item for each pair of an opening and an outcome of the case.

    `when` is the days of the opening: the case counts in the period of its opening. `asof` is the days on which the
    outcome holds. An opening without a date yields one item without days, with the last outcome.
    """
    outcomes = case.outcomes
    for opening in case.investigation.openings:
        if opening.opened is None:
            yield Counted(None, dims={**opening.dims(), "outcome": values(outcomes[-1][1])})
            continue
        for days, outcome in outcomes:
            dims = {**opening.dims(), "outcome": values(outcome)}
            yield Counted(possible_days(opening.opened), dims=dims, asof=days)


def cases_going_on(case: Case) -> Iterator[Counted]:
    """Yield each span of days on which the case is certainly active, by the outcome in force.

    A case before a court is active. An active time whose beginning is unknown is yielded without days.
    """
    outcomes = case.outcomes
    opening = case.investigation.described()
    dims = {**opening.dims(), "opened_year": _year(opening)}
    for spell in case.investigation.spells(lambda step: step.active):
        if spell.begins is None:
            yield Counted(None, dims={**dims, "outcome": values(outcomes[-1][1])})
            continue
        days = certain_days(spell.begins.last_day, NEVER if spell.ends is None else spell.ends.first_day)
        for turn, outcome in values_during(days, outcomes) if days is not None else ():
            yield Counted(turn, dims={**dims, "outcome": values(outcome)})


def _year(opening: InvestigationOpening) -> tuple[str, ...]:
    if opening.opened is None or opening.opened.first_day.year != opening.opened.last_day.year:
        return ()
    return values(str(opening.opened.first_day.year))


_OPENING: Final = (("district",), ("suspected_offence",), ("exploitation",))

FIGURES: Final[tuple[Figure[Investigation], ...]] = (
    Figure(
        number="O1a",
        name="cases_opened",
        en="Suspected cases in which an investigation was opened in the period; a case counts once, however many "
        "victims or suspects it has.",
        es="Casos presuntos en los que se abrió una investigación en el período; cada caso cuenta una vez, sin "
        "importar cuántas víctimas o sospechosos tenga.",
        entity=Kind.CASE,
        unit=Unit.CASES,
        counted=investigations_opened,
        area=Area.PROSECUTION,
        breakdowns=((), *_OPENING),
        distinct=True,
    ),
    Figure(
        number="O1b",
        name="cases_active",
        en="Suspected cases under investigation at any time in the period, whenever they were opened.",
        es="Casos presuntos que estuvieron bajo investigación en algún momento del período, sin importar cuándo "
        "se abrieron.",
        entity=Kind.CASE,
        unit=Unit.CASES,
        nature=Nature.STOCK,
        reader=Reader.ACTIVE,
        counted=investigations_active,
        area=Area.PROSECUTION,
        breakdowns=((), *_OPENING),
        distinct=True,
    ),
    Figure(
        number="O2",
        name="results_of_cases_opened",
        en="The cases of O1a, opened in the period, by how far their investigation had come by the period’s end. A "
        "case is open if nothing more was said of it, or if it was taken up again. A case that was closed without a "
        "word on how has no result.",
        es="Los casos de O1a, abiertos en el período, según el avance de su investigación al final de este. Un caso "
        "está abierto si nada más se informó de él, o si se retomó. El que se cerró sin decir cómo no tiene resultado.",
        entity=Kind.CASE,
        unit=Unit.CASES,
        counted=EachCounted(_case, results),
        area=Area.PROSECUTION,
        breakdowns=((), ("outcome",), ("outcome", "suspected_offence"), ("district", "outcome")),
        distinct=True,
    ),
    Figure(
        number="O7",
        name="cases_active_at_end",
        en="Cases still active at the end of the period, whenever they were opened: under investigation, with the "
        "prosecution or before the court. A case ends when the police close it, or when every charge of it has a "
        "verdict, was withdrawn or abated by death; a new charge or a retrial makes it active again. A case of which "
        "nobody told the opening is active from its first charge on.",
        es="Casos aún activos al final del período, sin importar cuándo se abrieron: en investigación, en la fiscalía "
        "o ante el tribunal. Un caso termina cuando la policía lo cierra, o cuando todos sus cargos tienen veredicto, "
        "se retiraron o se extinguieron por muerte; un nuevo cargo o un nuevo juicio lo vuelve a activar. El caso cuya "
        "apertura nadie comunicó está activo desde su primer cargo.",
        entity=Kind.CASE,
        unit=Unit.CASES,
        nature=Nature.STOCK,
        reader=Reader.RUNNING_SUM,
        counted=EachCounted(_case, cases_going_on),
        area=Area.PROSECUTION,
        breakdowns=((), ("opened_year",), ("outcome",), ("opened_year", "outcome"), *_OPENING),
        distinct=True,
        version=2,
        valid_from=VERSION_2_FROM,
    ),
)
