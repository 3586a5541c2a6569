"""Rows of the tables `definition`, `exact_value` and `protected_value`, in the order of their columns."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple

from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.rates import RATES
from services.reporting.titles import TITLES
from services.reporting.values.stored_figures_and_rules import KEPT, KEPT_RATES
from services.reporting.values.stored_value import ExactValue, NamedPeriod, ValueKey
from services.reporting.values.suppression import decide_displays
from services.reporting.values.value_display_rules import (
    DisplayRules,
    ExactValues,
    ShownValue,
    ShownValues,
    ValueDisplay,
    ValueDisplays,
)

_SHARE_UNIT: Final = "share"
_RATIO_UNIT: Final = "ratio"
"""Unit of a rate whose part is no part of the whole; its name tells for how many of the whole it is."""
_RATE_VERSION: Final = 1

EXACT: Final = (
    "figure",
    "period",
    "first_day",
    "last_day",
    "dimension",
    "code",
    "value",
    "undated",
    "cut",
    "unknown",
    "twice",
)
PROTECTED: Final = (
    "figure",
    "period",
    "first_day",
    "last_day",
    "dimension",
    "code",
    "value",
    "shown",
    "status",
    "marks",
    "marks_en",
    "marks_es",
    "known_at",
)
DEFINITION: Final = (
    "figure",
    "title_en",
    "title_es",
    "counts_en",
    "counts_es",
    "unit",
    "nature",
    "reader",
    "version",
    "valid_from",
)


class ValueMark(NamedTuple):
    """Mark beside a value: its sign, such as [c], and its meaning in English and Spanish."""

    sign: str
    en: str
    es: str


REVISED: Final = ValueMark("[r]", "revised", "revisado")
CONFIDENTIAL: Final = ValueMark("[c]", "confidential", "confidencial")
BREAK: Final = ValueMark("[b]", "break in the definition", "ruptura en la definición")
NOT_AVAILABLE: Final = ValueMark("[x]", "not available", "no disponible")


def definitions() -> list[tuple[Any, ...]]:
    """Return the rows of the table `definition`, with the columns of `DEFINITION`."""
    rows: list[tuple[Any, ...]] = [_definition(each) for each in KEPT]
    for variant in KEPT_RATES:
        each = RATES[variant]
        names = (each.name_en, each.name_es, each.en, each.es)
        valid_from = max(FIGURES[each.part].valid_from, FIGURES[each.whole].valid_from)
        unit = _SHARE_UNIT if each.per is None else _RATIO_UNIT
        rows.append((variant.value, *names, unit, "rate", "rate", _RATE_VERSION, valid_from))
    return rows


def _definition(figure: Figure[Any]) -> tuple[Any, ...]:
    title = TITLES[figure.number]
    said = (figure.number, title.en, title.es, figure.en, figure.es)
    return *said, figure.unit.value, figure.nature.value, figure.reader.value, figure.version, figure.valid_from


def exact_value_rows(
    values: Mapping[ValueKey, ExactValue], periods: Mapping[str, NamedPeriod]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the table `exact_value`, with the columns of `EXACT`. `periods`: by the name in the keys."""
    for key, each in values.items():
        yield *_placed(key, periods), each.value, each.undated, each.cut, each.unknown, each.twice


class ReaderView(NamedTuple):
    """Inputs that decide how `me_read` sees values.

    `audit`: function that hides further values in its second argument; None for no audit. `released`: exact values of
    public releases in force; a value that differs is marked as revised.
    """

    rules: DisplayRules
    audit: Callable[[ExactValues, ValueDisplays], None] | None
    released: Mapping[ValueKey, float]


def shown_values(
    values: Mapping[ValueKey, ExactValue], periods: Mapping[str, NamedPeriod], view: ReaderView
) -> dict[ValueKey, ShownValue]:
    """Return how `me_read` sees each value if late facts are not gathered. Months and omitted rows are left out."""
    quarterly = {key: each for key, each in values.items() if not periods[key.period].monthly}
    return {
        key: ShownValue(display, values[key].value if display is ValueDisplay.SHOWN else None)
        for key, display in decide_displays(quarterly, view.rules, view.audit).items()
        if display is not ValueDisplay.OMITTED
    }


def protected_value_rows(
    shown: ShownValues, periods: Mapping[str, NamedPeriod], view: ReaderView
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the table `protected_value`, with the columns of `PROTECTED`."""
    for key, (display, value, known_at) in shown.items():
        marks = list(_marks(key, display, periods[key.period]))
        if value is not None and view.released.get(key, value) != value:
            marks.append(REVISED)
        yield (
            *_placed(key, periods),
            value,
            *_shown(display, value, view.rules),
            " ".join(each.sign for each in marks),
            ", ".join(each.en for each in marks),
            ", ".join(each.es for each in marks),
            known_at,
        )


def _shown(display: ValueDisplay, value: float | None, rules: DisplayRules) -> tuple[str, str]:
    """Return the columns `shown` (text) and `status` of a value."""
    match display:
        case ValueDisplay.MISSING:
            return NOT_AVAILABLE.sign, "not_available"
        case ValueDisplay.BAND:
            return rules.band, "confidential"
        case ValueDisplay.SHOWN if value is not None:
            return f"{value:.0f}" if value.is_integer() else f"{value:.4f}", "shown"
        case _:
            return CONFIDENTIAL.sign, "confidential"


def _marks(key: ValueKey, display: ValueDisplay, period: NamedPeriod) -> Iterator[ValueMark]:
    if display is ValueDisplay.MISSING:
        yield NOT_AVAILABLE
    elif display is not ValueDisplay.SHOWN:
        yield CONFIDENTIAL
    figure = FIGURES.get(key.figure)
    span = period.period
    if figure is not None and figure.version > 1 and span.first <= figure.valid_from <= span.last + timedelta(days=1):
        yield BREAK


def _placed(key: ValueKey, periods: Mapping[str, NamedPeriod]) -> tuple[Any, ...]:
    span = periods[key.period].period
    return key.figure, key.period, span.first, span.last, key.dimension, key.code
