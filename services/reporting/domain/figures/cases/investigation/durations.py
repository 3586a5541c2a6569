"""Durations of cases: from the offence to the investigation (T20), and from the investigation to a verdict (T16)."""

from collections.abc import Iterator
from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.durations import after, duration, duration_items, earliest
from services.reporting.domain.declaration.entity_state_part import certain_days
from services.reporting.domain.declaration.figure import (
    NEVER,
    VERSION_2_FROM,
    Area,
    Counted,
    DateRole,
    Days,
    Figure,
    Unit,
)
from services.reporting.domain.declaration.values_over_time import join_spans
from services.reporting.domain.figures.cases.investigation.state import Investigation


def investigation_to_verdict(investigation: Investigation) -> Iterator[Counted]:
    """Yield the days from the first opening to the first verdict after it; without one, the days under way.

    The duration is under way on the days on which the case is certainly active.
    """
    if not investigation.openings:
        return
    start, dims = earliest(each.opened for each in investigation.openings), investigation.openings[0].dims()
    decided = after(start, investigation.verdicts)
    if decided:
        yield from duration_items(start, decided, Unit.DAYS, dims)
        return
    for days in _active(investigation):
        yield Counted(days, dims=dims, under_way=True)


def offence_to_investigation(investigation: Investigation) -> Iterator[Counted]:
    """Yield the days from the end of the offence, the earliest that an opening states, to the first opening."""
    if not investigation.openings:
        return
    offence = earliest(each.offence for each in investigation.openings)
    opened = [each.opened for each in investigation.openings]
    yield from duration_items(offence, opened, Unit.DAYS, investigation.openings[0].dims())


def _active(investigation: Investigation) -> list[Days | None]:
    """Return the spans of days on which the case is certainly active, joined; `[None]` if no beginning is known."""
    spells = list(investigation.spells(lambda step: step.active))
    if all(each.begins is None for each in spells):
        return [None]
    ends = [(each.begins, NEVER if each.ends is None else each.ends.first_day) for each in spells]
    return [*join_spans(filter(None, (certain_days(begins.last_day, until) for begins, until in ends if begins)))]


FIGURES: Final[tuple[Figure[Investigation], ...]] = (
    duration(
        number="T16",
        name="investigation_to_verdict",
        en="Days from the opening of the first investigation into a case to the first verdict that a court returned "
        "in it, by the day of the verdict: the median; active cases without a verdict are beside it.",
        es="Días desde la apertura de la primera investigación de un caso hasta el primer veredicto de un tribunal "
        "en él, según el día del veredicto: la mediana; los casos activos sin veredicto figuran aparte.",
        entity=Kind.CASE,
        unit=Unit.DAYS,
        counted=investigation_to_verdict,
        area=Area.PROSECUTION,
        date_role=DateRole.DECIDED,
        breakdowns=((), ("suspected_offence",)),
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    duration(
        number="T20",
        name="offence_to_investigation",
        en="Days from the last day of the offence to the opening of the first investigation into its case, by the day "
        "of the opening: the median; cases in which either day is not known exactly are beside it.",
        es="Días desde el último día del delito hasta la apertura de la primera investigación de su caso, según el día "
        "de la apertura: la mediana; los casos en que no se conoce con exactitud alguno de los dos días figuran "
        "aparte.",
        entity=Kind.CASE,
        unit=Unit.DAYS,
        counted=offence_to_investigation,
        area=Area.PROSECUTION,
        breakdowns=((), ("suspected_offence",)),
    ),
)
