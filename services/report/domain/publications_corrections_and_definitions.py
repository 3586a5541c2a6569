"""Section on the origin of the numbers: publications by agency, corrections, and definitions of figures."""

from collections.abc import Iterator, Sequence
from typing import Final

from schemas.catalogue import CATALOGUE
from schemas.times import BELIZE
from services.presentation.bilingual_text import Language, Words
from services.presentation.figure_titles import TITLES
from services.presentation.label_functions import agency
from services.presentation.labels import last_day
from services.report.domain.document import Block, Heading, Paragraph, ReportTable, TableCell
from services.report.domain.figure_values import FigureValue
from services.report.domain.grammar import cell_text, counted, day, unit_of
from services.report.domain.report_input import EarlierFigures, ReportSource
from services.report.domain.sentences import title
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.completeness_grid import AgencyMonth, AgencyRow, MonthState

_MONTHS: Final = Words("J F M A M J J A S O N D", "E F M A M J J A S O N D")
_GRID: Final = Words("Facts published for each month of {year}", "Hechos publicados de cada mes de {year}")
_AGENCY: Final = Words("Agency", "Institución")
_ALL: Final = Words("Year", "Año")
_MISSING_MARK: Final = "×"
_LEGEND: Final = Words(
    "A number: facts of the month. 0: the agency said that there was nothing. ×: a report was expected and is missing. "
    "~: expected and not due yet. –: nothing was expected. Silence is not zero. The year also has facts of no single "
    "month.",
    "Un número: hechos del mes. 0: la institución dijo que no hubo nada. ×: se esperaba un informe y falta. ~: se "
    "espera, aún dentro del plazo. –: no se esperaba nada. El silencio no es cero. El año incluye hechos de ningún mes "
    "en particular.",
)
_LACKING: Final = Words("Reports that are missing", "Informes que faltan")
_REPORT: Final = Words("Report", "Informe")
_SPANS: Final = Words("Missing of", "Faltan de")
_HOW_MANY: Final = Words("Reports", "Informes")
_NONE_LACKING: Final = Words("No expected report is missing.", "No falta ningún informe esperado.")
_WHO: Final = Words("Who published what", "Quién publicó qué")
FIGURE: Final = Words("Figure", "Cifra")
_CORRECTIONS: Final = Words("Corrections", "Correcciones")
_NO_EARLIER: Final = Words(
    "No earlier state of these figures was named, so that no correction is listed.",
    "No se indicó un estado anterior de estas cifras, por lo que no se listan correcciones.",
)
_SAME: Final = Words(
    "No figure of this report differs from {since}.",
    "Ninguna cifra de este informe difiere de {since}.",
)
_SINCE: Final = Words("Figures that differ from {since}", "Cifras que difieren de {since}")
_OF_RELEASE: Final = Words("release {release}", "la publicación {release}")
_OF_RELEASE_AT: Final = Words(
    "release {release}, which knew the events up to {n}", "la publicación {release}, que conocía hasta el evento {n}"
)
_OF_DAY: Final = Words("what was known on {on}, at event {n}", "lo que se sabía el {on}, al evento {n}")
_OF_EVENT: Final = Words("what was known at event {n}", "lo que se sabía al evento {n}")
_THEN: Final = Words("Then", "Antes")
_NOW: Final = Words("Now", "Ahora")
_PERIOD: Final = Words("Year", "Año")
_DEFINITIONS: Final = Words("What each figure counts", "Qué cuenta cada cifra")
_NO: Final = Words("No.", "N.º")
_COUNTS: Final = Words("What it counts", "Qué cuenta")
_UNIT: Final = Words("Unit", "Unidad")
_VERSION: Final = Words("Version", "Versión")


def publishing_grid_blocks(lang: Language, source: ReportSource) -> Iterator[Block]:
    """Yield the grid of publications by agency and month, and the missing reports.

    For the report of a release, nothing is yielded.
    """
    if not source.published:
        return
    yield Heading(_WHO.of(lang))
    rows = [_published_row(lang, each, source.period) for each in source.published]
    initials = _MONTHS.of(lang).split()
    months = [initials[each.month.first.month - 1] for each in source.published[0].months]
    heads = (_AGENCY.of(lang), *months, _ALL.of(lang))
    numeric = (False, *[True] * (len(heads) - 1))
    yield ReportTable(_GRID.of(lang).format(year=source.year), heads, numeric, tuple(rows), _LEGEND.of(lang))
    lacking: dict[tuple[str, str], list[str]] = {}
    for row in source.published:
        for due in (each for month in row.months for each in month.of(MonthState.MISSING)):
            lacking.setdefault((row.agency, due.type), []).append(str(due.span))
    if not lacking:
        yield Paragraph(_NONE_LACKING.of(lang))
        return
    named = (_AGENCY.of(lang), _REPORT.of(lang), _SPANS.of(lang), _HOW_MANY.of(lang))
    lines = [
        (
            *_texts(agency_name(lang, code, source.period), event_type(lang, kind), ", ".join(spans)),
            TableCell(str(len(spans)), len(spans)),
        )
        for (code, kind), spans in lacking.items()
    ]
    yield ReportTable(_LACKING.of(lang), named, (False, False, False, True), tuple(lines))


def _texts(*texts: str) -> tuple[TableCell, ...]:
    return tuple(TableCell(each) for each in texts)


def agency_name(lang: Language, code: str, period: str) -> str:
    """Return an agency's name at the period's end; the code itself for an unknown agency."""
    found = agency(code, last_day(period))
    return code if found is None else found.of(lang)


def _published_row(lang: Language, row: AgencyRow, period: str) -> tuple[TableCell, ...]:
    months = [TableCell(_month(each), each.events or None) for each in row.months]
    return TableCell(agency_name(lang, row.agency, period)), *months, TableCell(counted(row.events), row.events)


def _month(month: AgencyMonth) -> str:
    standing = month.standing
    if standing is MonthState.MISSING:
        return f"{month.events} {_MISSING_MARK}" if month.events else _MISSING_MARK
    if month.events:
        return counted(month.events)
    return {MonthState.ZERO: "0", MonthState.NOT_DUE: "~"}.get(standing, "–")


def event_type(lang: Language, name: str) -> str:
    """Return the name of an event type; the type itself if it is unknown."""
    found = CATALOGUE.get(name)
    return name if found is None else found.es if lang is Language.ES else found.en


def corrections(lang: Language, source: ReportSource) -> Iterator[Block]:
    """Yield the table of values that differ from an earlier state of the figures, or a sentence if none does."""
    yield Heading(_CORRECTIONS.of(lang))
    earlier = source.earlier
    if earlier is None:
        yield Paragraph(_NO_EARLIER.of(lang))
        return
    since = _since(lang, earlier)
    if not earlier.corrected:
        yield Paragraph(_SAME.of(lang).format(since=since))
        return
    rows = []
    for each in earlier.corrected:
        value, sides = each.value, [_of_side(lang, side) for side in (each.then, each.now)]
        rows.append((*_texts(value.number, title(lang, value), value.period), *sides))
    heads = tuple(each.of(lang) for each in (_NO, FIGURE, _PERIOD, _THEN, _NOW))
    yield ReportTable(_SINCE.of(lang).format(since=since), heads, (False, False, False, True, True), tuple(rows))


def _of_side(lang: Language, side: FigureValue | None) -> TableCell:
    if side is None:
        return TableCell(cell_text(lang, None))
    return TableCell(cell_text(lang, side), side.amount, side)


def _since(lang: Language, earlier: EarlierFigures) -> str:
    n = counted(earlier.known_at)
    if earlier.release is not None:
        words = _OF_RELEASE_AT if earlier.known_at else _OF_RELEASE
        return words.of(lang).format(release=earlier.release, n=n)
    if earlier.at is None:
        return _OF_EVENT.of(lang).format(n=n)
    return _OF_DAY.of(lang).format(on=day(lang, earlier.at.astimezone(BELIZE).date()), n=n)


def definitions(lang: Language, numbers: Sequence[str]) -> ReportTable:
    """Return the table of definitions of the figures `numbers`, in the order of `FIGURES`."""
    rows = []
    for number, figure in FIGURES.items():
        if number not in numbers:
            continue
        counts = figure.es if lang is Language.ES else figure.en
        version = TableCell(str(figure.version), figure.version)
        rows.append((*_texts(number, TITLES[number].of(lang), counts, unit_of(lang, number)), version))
    heads = tuple(each.of(lang) for each in (_NO, FIGURE, _COUNTS, _UNIT, _VERSION))
    return ReportTable(_DEFINITIONS.of(lang), heads, (False, False, False, False, True), tuple(rows))
