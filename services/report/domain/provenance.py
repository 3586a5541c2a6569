"""Provenance of the numbers: who published, what is contested, what was corrected, what each figure counts."""

from collections.abc import Iterator, Sequence
from typing import Final

from schemas.agencies import AGENCIES
from schemas.catalogue import CATALOGUE
from schemas.times import BELIZE
from services.presentation import terms
from services.presentation.labels import label
from services.presentation.titles import TITLES
from services.presentation.words import Language, Words
from services.report.domain.document import Block, Heading, Paragraph, ReportTable, TableCell
from services.report.domain.forms import counted, day, told
from services.report.domain.sentences import title
from services.report.domain.source import ReportSource
from services.report.domain.value import FigureValue
from services.reporting.domain.claims import NUMBER as CLAIMS
from services.reporting.domain.claims import Claimed
from services.reporting.domain.figures import FIGURES
from services.reporting.domain.grid import AgencyMonth, AgencyRow, MonthState

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
_SPAN: Final = Words("Of", "De")
_DUE: Final = Words("Due by", "Plazo")
_NONE_LACKING: Final = Words("No expected report is missing.", "No falta ningún informe esperado.")
_WHO: Final = Words("Who published what", "Quién publicó qué")

_CONTESTED: Final = Words("Contested figures", "Cifras en disputa")
_CONTESTED_TEXT: Final = Words(
    "Some documents state another number than the events give, or two documents disagree. Both stand here; none is "
    "chosen for the reader.",
    "Algunos documentos declaran otro número que los eventos, o dos documentos no concuerdan. Aquí están ambos; no se "
    "elige ninguno en lugar de quien lee.",
)
_NO_CONTEST: Final = Words(
    "No document states another number than the events give.",
    "Ningún documento declara otro número que los eventos.",
)
_SIDES: Final = Words("Figures and what documents state", "Cifras y lo que declaran los documentos")
_COUNTED: Final = Words("Counted from events", "Contado de los eventos")
_STATED: Final = Words("Stated", "Declarado")
_BY: Final = Words("By", "Por")
_IN: Final = Words("In", "En")
_STANDING: Final = Words("Standing", "Situación")
_IN_WORDS: Final = Words("in words", "en palabras")
_FIGURE: Final = Words("Figure", "Cifra")
_CONTRADICTIONS: Final = Words("What does not agree between figures", "Lo que no concuerda entre las cifras")
_NO_CONTRADICTION: Final = Words("Nothing contradicts itself.", "Nada se contradice.")

_CORRECTIONS: Final = Words("Corrections", "Correcciones")
_NO_EARLIER: Final = Words(
    "No earlier state of these figures was named, so that no correction is listed.",
    "No se indicó un estado anterior de estas cifras, por lo que no se listan correcciones.",
)
_SAME: Final = Words(
    "No figure of this report differs from what was known on {on} (event {n}).",
    "Ninguna cifra de este informe difiere de lo que se sabía el {on} (evento {n}).",
)
_SINCE: Final = Words("Figures that differ since {on} (event {n})", "Cifras que difieren desde el {on} (evento {n})")
_THEN: Final = Words("Then", "Antes")
_NOW: Final = Words("Now", "Ahora")
_PERIOD: Final = Words("Year", "Año")

_DEFINITIONS: Final = Words("What each figure counts", "Qué cuenta cada cifra")
_NO: Final = Words("No.", "N.º")
_COUNTS: Final = Words("What it counts", "Qué cuenta")
_UNIT: Final = Words("Unit", "Unidad")
_VERSION: Final = Words("Version", "Versión")


def published(lang: Language, source: ReportSource) -> Iterator[Block]:
    """Yield the grid of who published what, and the reports that are missing."""
    if not source.published:
        return
    yield Heading(_WHO.of(lang))
    rows = [_published_row(lang, each) for each in source.published]
    initials = _MONTHS.of(lang).split()
    months = [initials[each.month.first.month - 1] for each in source.published[0].months]
    heads = (_AGENCY.of(lang), *months, _ALL.of(lang))
    numeric = (False, *[True] * (len(heads) - 1))
    yield ReportTable(_GRID.of(lang).format(year=source.year), heads, numeric, tuple(rows), _LEGEND.of(lang))
    lacking = [
        _texts(agency_name(lang, row.agency), _type(lang, due.type), str(due.span), str(due.by))
        for row in source.published
        for month in row.months
        for due in month.of(MonthState.MISSING)
    ]
    if not lacking:
        yield Paragraph(_NONE_LACKING.of(lang))
        return
    named = (_AGENCY.of(lang), _REPORT.of(lang), _SPAN.of(lang), _DUE.of(lang))
    yield ReportTable(_LACKING.of(lang), named, (False, False, False, False), tuple(lacking))


def _texts(*texts: str) -> tuple[TableCell, ...]:
    return tuple(TableCell(each) for each in texts)


def agency_name(lang: Language, code: str) -> str:
    """Give an agency's name."""
    found = AGENCIES.get(code)
    return code if found is None else found.name_es if lang is Language.ES else found.name_en


def _published_row(lang: Language, row: AgencyRow) -> tuple[TableCell, ...]:
    months = [TableCell(_month(each), each.events or None) for each in row.months]
    return TableCell(agency_name(lang, row.agency)), *months, TableCell(counted(row.events), row.events)


def _month(month: AgencyMonth) -> str:
    standing = month.standing
    if standing is MonthState.MISSING:
        return f"{month.events} {_MISSING_MARK}" if month.events else _MISSING_MARK
    if month.events:
        return counted(month.events)
    return {MonthState.ZERO: "0", MonthState.NOT_DUE: "~"}.get(standing, "–")


def _type(lang: Language, name: str) -> str:
    found = CATALOGUE.get(name)
    return name if found is None else found.es if lang is Language.ES else found.en


def contested(lang: Language, source: ReportSource) -> Iterator[Block]:
    """Yield what documents state beside what the events give, and what does not agree between figures."""
    yield Heading(_CONTESTED.of(lang))
    rows = [_side(lang, source, each) for each in disputed(source)]
    if rows:
        yield Paragraph(_CONTESTED_TEXT.of(lang))
        heads = tuple(each.of(lang) for each in (_FIGURE, _COUNTED, _STATED, _BY, _IN, _STANDING))
        yield ReportTable(_SIDES.of(lang), heads, (False, True, True, False, False, False), tuple(rows))
    else:
        yield Paragraph(_NO_CONTEST.of(lang))
    yield Heading(_CONTRADICTIONS.of(lang))
    if not source.findings:
        yield Paragraph(_NO_CONTRADICTION.of(lang))
    for each in source.findings:
        yield Paragraph(each.es if lang is Language.ES else each.en)


def disputed(source: ReportSource) -> list[Claimed]:
    """Give the claims of figures of the year of which some document states another number than the events give."""
    of_year = [each for each in source.claims if each.period == source.period and each.number in FIGURES]
    moved = {(each.number, each.of) for each in of_year if not _agrees(source, each)}
    return [each for each in of_year if (each.number, each.of) in moved]


def dimensions_of(claim: Claimed) -> dict[str, str]:
    """Give the dimensions that a claim is of, from their text: `audience=police`."""
    return dict(pair.split("=", 1) for pair in claim.of.split(",") if "=" in pair)


def _agrees(source: ReportSource, claim: Claimed) -> bool:
    value = source.values.row(claim.number, source.period, dimensions_of(claim))
    return claim.amount is None or value is None or value.amount == claim.amount


def _side(lang: Language, source: ReportSource, claim: Claimed) -> tuple[TableCell, ...]:
    dimensions = dimensions_of(claim)
    value = source.values.row(claim.number, source.period, dimensions)
    unit = FIGURES[claim.number].unit.value
    name = title(lang, FigureValue(claim.number, source.period, dimensions))
    stated = _IN_WORDS.of(lang) if claim.amount is None else counted(claim.amount)
    return (
        TableCell(name),
        TableCell(told(lang, value, unit), None if value is None else value.amount, value),
        TableCell(stated, claim.amount),
        TableCell(agency_name(lang, claim.agency)),
        TableCell(label(CLAIMS, "document", claim.document).of(lang)),
        TableCell(label(CLAIMS, "standing", claim.standing.value).of(lang)),
    )


def corrections(lang: Language, source: ReportSource) -> Iterator[Block]:
    """Yield what differs since an earlier state of the figures."""
    yield Heading(_CORRECTIONS.of(lang))
    earlier = source.earlier
    if earlier is None:
        yield Paragraph(_NO_EARLIER.of(lang))
        return
    since = {"on": day(lang, earlier.at.astimezone(BELIZE).date()), "n": counted(earlier.known_at)}
    if not earlier.corrected:
        yield Paragraph(_SAME.of(lang).format(**since))
        return
    rows = []
    for each in earlier.corrected:
        unit = FIGURES[each.now.number].unit.value
        sides = [TableCell(told(lang, side, unit), side.amount, side) for side in (each.then, each.now)]
        rows.append((TableCell(each.now.number), TableCell(title(lang, each.now)), TableCell(each.now.period), *sides))
    heads = tuple(each.of(lang) for each in (_NO, _FIGURE, _PERIOD, _THEN, _NOW))
    yield ReportTable(_SINCE.of(lang).format(**since), heads, (False, False, False, True, True), tuple(rows))


def definitions(lang: Language, numbers: Sequence[str]) -> ReportTable:
    """Give what each figure of the report counts, in the order of the table of figures."""
    rows = []
    for number, figure in FIGURES.items():
        if number not in numbers:
            continue
        counts = figure.es if lang is Language.ES else figure.en
        unit = terms.word(terms.UNITS, figure.unit, lang.value)
        version = TableCell(str(figure.version), figure.version)
        rows.append((*_texts(number, TITLES[number].of(lang), counts, unit), version))
    heads = tuple(each.of(lang) for each in (_NO, _FIGURE, _COUNTS, _UNIT, _VERSION))
    return ReportTable(_DEFINITIONS.of(lang), heads, (False, False, False, False, True), tuple(rows))
