"""Breakdowns and cohorts as tables and charts. Each chart comes with the table of its data."""

from collections.abc import Mapping, Sequence
from typing import Final

from services.charts.domain import DISTRICTS, Chart, bars, dots, tiles
from services.presentation import declaration_terms
from services.presentation.bilingual_text import Language, Words
from services.presentation.figure_titles import TITLES
from services.presentation.labels import label_in
from services.report.domain.content.entry_kinds import BreakdownEntry, ChartForm, CohortEntry, FigureTableEntry
from services.report.domain.document import Block, Paragraph, Picture, ReportTable, TableCell
from services.report.domain.figure_values import FigureValue
from services.report.domain.grammar import cell_text, unit_of
from services.report.domain.report_input import ReportSource, YearBefore
from services.report.domain.sentences import has_changed_definition
from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.figures.all_figures import FIGURES

_ADDING: Final = frozenset({Reader.SUM, Reader.RUNNING_SUM, Reader.LATEST, Reader.ACTIVE, Reader.COHORT})
"""Readers whose rows a person might add up."""

_ALL: Final = Words("Total", "Total")
_TITLE: Final = Words("{title}: {by}, {year}", "{title}: {by}, {year}")
_AND: Final = Words(" and ", " y ")
_OVERLAP: Final = Words(
    "Somebody or something that is in several rows counts once in the total.",
    "Quien o lo que está en varias filas cuenta una vez en el total.",
)
_NO_ROWS: Final = Words("{title}: nothing to show for {year}.", "{title}: nada que mostrar de {year}.")
_LEFT_OUT: Final = Words("{title}: not in this release.", "{title}: no está en esta publicación.")
_FIGURE: Final = Words("Figure", "Cifra")
_UNIT: Final = Words("Unit", "Unidad")
_MEDIAN: Final = Words("{median} (median of {n})", "{median} (mediana de {n})")


def breakdown_block(lang: Language, source: ReportSource, entry: BreakdownEntry) -> Block:
    """Return the block of a breakdown: a chart with its table, a table, or a sentence if there is no row."""
    name = _caption(lang, source, entry)
    rows = [each for each in source.values.rows(entry.number, source.period, entry.by) if not _empty(each)]
    if not rows:
        words = _LEFT_OUT if source.values.lacking else _NO_ROWS
        return Paragraph(words.of(lang).format(title=name.rpartition(",")[0], year=source.year))
    if entry.form is not ChartForm.TABLE:
        rows.sort(key=lambda each: -(each.amount or 0))
    if entry.form is ChartForm.TILES:
        rows += _districts_without_row(source, entry, rows)
    table = _table(lang, source, entry, rows)
    chart = _chart(lang, source, entry, table.title, rows)
    return table if chart is None else Picture(f"{entry.number}-{'-'.join(entry.by)}".lower(), chart, table)


def cascade(lang: Language, source: ReportSource, entry: CohortEntry) -> Block:
    """Return the block of a cohort: a dot chart with a row for each step and its table, or the table alone.

    There is no chart if an amount is unknown or the cohort is too large for dots.
    """
    values = [source.values.whole(number, source.period) for number in entry.numbers]
    table = levels(lang, source, FigureTableEntry(entry.title, entry.numbers))
    known = [
        (step.of(lang), each.amount)
        for each, step in zip(values, entry.steps, strict=True)
        if each is not None and each.amount is not None and not each.unknown
    ]
    drawn = dots(lang, table.title, known) if len(known) == len(values) else None
    return table if drawn is None else Picture(f"cascade-{entry.numbers[0]}".lower(), drawn, table)


def levels(lang: Language, source: ReportSource, entry: FigureTableEntry) -> ReportTable:
    """Return one table of several figures, a row for each, with the year before if it can be compared."""
    with_before = [
        source.before is YearBefore.COMPARED and not has_changed_definition(each, source.year) for each in entry.numbers
    ]
    heads = [_FIGURE.of(lang), _UNIT.of(lang), source.period]
    if any(with_before):
        heads.append(source.period_before)
    rows = []
    for number, compared in zip(entry.numbers, with_before, strict=True):
        row = [TableCell(TITLES[number].of(lang)), TableCell(unit_of(lang, number))]
        row.append(cell(lang, source.values.whole(number, source.period)))
        if any(with_before):
            before = source.values.whole(number, source.period_before) if compared else None
            row.append(cell(lang, before) if compared else TableCell(""))
        rows.append(tuple(row))
    title = f"{entry.title.of(lang)}, {source.year}"
    return ReportTable(title, tuple(heads), (False, False, *[True] * (len(heads) - 2)), tuple(rows))


def cell(lang: Language, value: FigureValue | None) -> TableCell:
    """Return the cell of a value. A median's text has the number of its durations too."""
    text = cell_text(lang, value)
    if value is None:
        return TableCell(text)
    if value.ended:
        text = _MEDIAN.of(lang).format(median=text, n=value.ended)
    return TableCell(text, value.amount, value)


def _districts_without_row(
    source: ReportSource, entry: BreakdownEntry, rows: Sequence[FigureValue]
) -> list[FigureValue]:
    """Return a row of 0 for each district without a row. Of a release, table and tile say that it is not in there."""
    [name] = entry.by
    shown = {each.dimensions[name] for each in rows}
    return [FigureValue(entry.number, source.period, {name: code}, 0) for code in DISTRICTS if code not in shown]


def _empty(value: FigureValue) -> bool:
    return value.amount == 0 and not (value.unknown or value.undated or value.cut)


def _by(lang: Language, names: Sequence[str]) -> str:
    words = [declaration_terms.word(declaration_terms.DIMENSIONS, name, lang.value) for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}{_AND.of(lang)}{words[-1]}"


def _caption(lang: Language, source: ReportSource, entry: BreakdownEntry) -> str:
    title = TITLES[entry.number].of(lang)
    if entry.titled:
        return f"{title}, {source.year}"
    return _TITLE.of(lang).format(title=title, by=_by(lang, entry.by), year=source.year)


def _table(lang: Language, source: ReportSource, entry: BreakdownEntry, rows: Sequence[FigureValue]) -> ReportTable:
    compared = source.before is YearBefore.COMPARED and not has_changed_definition(entry.number, source.year)
    heads = [capital(declaration_terms.word(declaration_terms.DIMENSIONS, name, lang.value)) for name in entry.by]
    heads.append(f"{source.period} ({unit_of(lang, entry.number)})")
    if compared:
        heads.append(source.period_before)
    lines = [_line(lang, source, entry, each.dimensions, compared=compared) for each in _ordered(source, entry, rows)]
    whole = source.values.whole(entry.number, source.period)
    if whole is not None:
        blank = [TableCell(_ALL.of(lang)), *[TableCell("")] * (len(entry.by) - 1), cell(lang, whole)]
        if compared:
            blank.append(cell(lang, source.values.whole(entry.number, source.period_before)))
        lines.append(tuple(blank))
    numeric = [False] * len(entry.by) + [True] * (len(heads) - len(entry.by))
    note = _OVERLAP.of(lang) if _overlaps(whole, rows) else ""
    return ReportTable(_caption(lang, source, entry), tuple(heads), tuple(numeric), tuple(lines), note)


def _ordered(source: ReportSource, entry: BreakdownEntry, rows: Sequence[FigureValue]) -> list[FigureValue]:
    """Return the rows of the year, then those that only the year before has."""
    if source.before is not YearBefore.COMPARED or has_changed_definition(entry.number, source.year):
        return list(rows)
    mine = [each.dimensions for each in rows]
    earlier = source.values.rows(entry.number, source.period_before, entry.by)
    return [*rows, *(each for each in earlier if each.dimensions not in mine and not _empty(each))]


def _line(
    lang: Language, source: ReportSource, entry: BreakdownEntry, dimensions: Mapping[str, str], *, compared: bool
) -> tuple[TableCell, ...]:
    labels = [TableCell(label_in(source.period, entry.number, name, dimensions[name]).of(lang)) for name in entry.by]
    periods = [source.period, *([source.period_before] if compared else [])]
    return *labels, *(cell(lang, source.values.row(entry.number, each, dimensions)) for each in periods)


def _overlaps(whole: FigureValue | None, rows: Sequence[FigureValue]) -> bool:
    if whole is None or whole.amount is None or FIGURES[whole.number].reader not in _ADDING:
        return False
    return sum(each.amount or 0 for each in rows) > whole.amount


def _chart(
    lang: Language, source: ReportSource, entry: BreakdownEntry, title: str, rows: Sequence[FigureValue]
) -> Chart | None:
    if entry.form is ChartForm.TABLE:
        return None
    if entry.form is ChartForm.TILES:
        shown = {
            each.dimensions[entry.by[0]]: source.values.row(each.number, each.period, each.dimensions) for each in rows
        }
        told = {code: ((each and each.amount) or 0, cell_text(lang, each)) for code, each in shown.items()}
        return tiles(lang, title, told)
    named = [
        (
            ", ".join(label_in(each.period, entry.number, name, each.dimensions[name]).of(lang) for name in entry.by),
            each,
        )
        for each in rows
    ]
    return bars(lang, title, [(name, each.amount or 0, cell_text(lang, each)) for name, each in named])


def capital(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]
