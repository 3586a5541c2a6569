"""Section on several years together: the tables and medians that a public release has for them."""

from collections.abc import Iterator, Sequence
from typing import Final

from schemas.times import Period
from services.presentation import declaration_terms
from services.presentation.bilingual_text import Language, Words
from services.presentation.figure_titles import TITLES
from services.presentation.labels import label_in
from services.report.domain.breakdown_blocks import capital, cell
from services.report.domain.document import Block, Paragraph, ReportTable, TableCell
from services.report.domain.figure_values import FigureValue
from services.report.domain.grammar import unit_of
from services.report.domain.report_input import ReportSource
from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.disclosure.policy import OTHERS
from services.reporting.domain.figures.all_figures import FIGURES

_WHY: Final = Words(
    "In one year most of these numbers are so small that somebody could be recognised. So they are told of several "
    "years together. A row is withheld where it is small, where it is zero, or where it would give such a number away.",
    "En un año la mayoría de estos números son tan pequeños que podría reconocerse a alguien. Por eso se dan de varios "
    "años juntos. Una fila se reserva si es pequeña, si es cero o si delataría un número así.",
)
_SPAN: Final = Words("{first} to {last}", "de {first} a {last}")
_TITLE: Final = Words("{title}: {by}, {span}", "{title}: {by}, {span}")
_MEDIANS: Final = Words("Medians of durations, {span}", "Medianas de duraciones, {span}")
_ROUNDED: Final = Words(
    "Medians are rounded. Where few durations came or went since an earlier release, the median stands as it was told "
    "there.",
    "Las medianas están redondeadas. Si desde una publicación anterior entraron o salieron pocas duraciones, la "
    "mediana queda como se dio allí.",
)
_EARLIER: Final = Words(
    "Where few persons came or went since an earlier release, the table stands as it was told there.",
    "Si desde una publicación anterior entraron o salieron pocas personas, la tabla queda como se dio allí.",
)
_OTHERS: Final = Words("All others", "Todos los demás")
_ALL: Final = Words("Total", "Total")
_FIGURE: Final = Words("Figure", "Cifra")
_UNIT: Final = Words("Unit", "Unidad")


def pooled_values(source: ReportSource) -> list[FigureValue]:
    """Return the values that cover several years, in the order of the release."""
    return [each for each in source.values if ".." in each.period]


def pooled(lang: Language, source: ReportSource) -> Iterator[Block]:
    """Yield an explanation, a table for each breakdown and a table of medians for each span of years.

    Yields nothing if there are no values of several years.
    """
    values = pooled_values(source)
    if not values:
        return
    yield Paragraph(_WHY.of(lang))
    medians: dict[str, list[FigureValue]] = {}
    tables: dict[tuple[str, str, str], list[FigureValue]] = {}
    for each in values:
        if FIGURES[each.number].reader is Reader.QUANTILE:
            medians.setdefault(each.period, []).append(each)
        for name in each.dimensions:
            tables.setdefault((each.number, each.period, name), []).append(each)
    for (number, period, name), rows in tables.items():
        yield _table(lang, name, rows, source.values.whole(number, period))
    for period, rows in medians.items():
        yield _medians(lang, period, rows)


def _table(lang: Language, name: str, rows: Sequence[FigureValue], whole: FigureValue | None) -> ReportTable:
    """Return the table of a breakdown: a row for each value, the row of all others included, and the total."""
    number, period = rows[0].number, rows[0].period
    by = declaration_terms.word(declaration_terms.DIMENSIONS, name, lang.value)
    title = _TITLE.of(lang).format(title=TITLES[number].of(lang), by=by, span=_span(lang, period))
    lines = [(TableCell(_value(lang, each, name)), cell(lang, each)) for each in rows]
    if whole is not None:
        lines.append((TableCell(_ALL.of(lang)), cell(lang, whole)))
    return ReportTable(title, (capital(by), unit_of(lang, number)), (False, True), tuple(lines), _EARLIER.of(lang))


def _value(lang: Language, value: FigureValue, name: str) -> str:
    code = value.dimensions[name]
    return _OTHERS.of(lang) if code == OTHERS else label_in(value.period, value.number, name, code).of(lang)


def _medians(lang: Language, period: str, values: Sequence[FigureValue]) -> ReportTable:
    title = _MEDIANS.of(lang).format(span=_span(lang, period))
    rows = [
        (TableCell(TITLES[each.number].of(lang)), TableCell(unit_of(lang, each.number)), cell(lang, each))
        for each in values
    ]
    heads = (_FIGURE.of(lang), _UNIT.of(lang), capital(_span(lang, period)))
    return ReportTable(title, heads, (False, False, True), tuple(rows), _ROUNDED.of(lang))


def _span(lang: Language, period: str) -> str:
    years = Period.parse(period)
    return _SPAN.of(lang).format(first=years.first.year, last=years.last.year)
