"""Rows of the council's edition of a release, made from readings with exact amounts."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from schemas.times import Period
from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.disclosure.policy import CouncilPolicy
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import Question
from services.reporting.release.artefact import ReleaseRow, RowMark, ShownForm

_BESIDE: Final = ("undated", "cut", "unknown", "twice", "under_way", "ended")


def council_questions(policy: CouncilPolicy, period: Period) -> list[Question]:
    """Return the questions whose answers make the council's edition: every figure in every breakdown of the policy."""
    numbers: dict[tuple[str, ...], list[str]] = {}
    for figure in FIGURES.values():
        for by in breakdowns(policy, figure):
            numbers.setdefault(by, []).append(figure.number)
    return [Question(period, by, tuple(of)) for by, of in numbers.items()]


def breakdowns(policy: CouncilPolicy, figure: Figure[Any]) -> Iterator[tuple[str, ...]]:
    """Return the breakdowns of a figure in the council's edition, in the order in which the figure declares them."""
    without = set(policy.without)
    return (by for by in figure.breakdowns if len(by) <= policy.most_dimensions and without.isdisjoint(by))


def council_rows(readings: Iterable[Reading], known_at: int) -> tuple[ReleaseRow, ...]:
    """Return the rows of the council's edition, in the order of the report."""
    return in_order(_exact(reading, known_at) for reading in readings)


def in_order(rows: Iterable[ReleaseRow]) -> tuple[ReleaseRow, ...]:
    """Sort rows by the order of `FIGURES`, then by period and dimensions, so that equal rows give equal bytes."""
    place = {number: position for position, number in enumerate(FIGURES)}
    return tuple(sorted(rows, key=lambda row: (place[row.figure], row.period, len(row.dimensions), row.key)))


def _exact(reading: Reading, known_at: int) -> ReleaseRow:
    beside = {name: getattr(reading, name) for name in _BESIDE}
    if reading.ninth_decile is not None:
        beside["ninth_decile"] = reading.ninth_decile
    counted = reading.value is not None
    marks = ((RowMark.POSSIBLY_TWICE,) if reading.twice else ()) + (() if counted else (RowMark.NOT_AVAILABLE,))
    return ReleaseRow(
        form=ShownForm.EXACT if counted else ShownForm.UNKNOWN,
        value=reading.value,
        figure=reading.number,
        period=str(reading.period),
        dimensions=dict(reading.dimensions),
        unit=reading.unit.value,
        version=reading.figure.version,
        known_at=known_at,
        marks=marks,
        beside={name: number for name, number in beside.items() if number},
        each=tuple(reading.few_durations or ()),
    )
