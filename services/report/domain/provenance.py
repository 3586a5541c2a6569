"""Provenance of the numbers: who published, what is contested, what was corrected, what each figure counts."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from schemas.agencies import AGENCIES
from schemas.catalogue import CATALOGUE
from schemas.codebook.governance import FindingCode
from schemas.times import BELIZE
from services.presentation.labels import label
from services.presentation.titles import TITLES
from services.presentation.words import Language, Words
from services.report.domain.document import Block, Heading, Paragraph, ReportTable, TableCell
from services.report.domain.grammar import counted, day, told, unit_of
from services.report.domain.sentences import title
from services.report.domain.source import EarlierFigures, ReportSource
from services.report.domain.value import FigureValue
from services.reporting.domain.figures.table import FIGURES
from services.reporting.domain.read.claims import NUMBER as CLAIMS
from services.reporting.domain.read.claims import Claimed
from services.reporting.domain.read.grid import AgencyMonth, AgencyRow, MonthState

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
_COUNTED: Final = Words("Counted", "Contado")
_STATED: Final = Words("Stated", "Declarado")
_BY: Final = Words("By", "Por")
_IN: Final = Words("In", "En")
_STANDING: Final = Words("Standing", "Situación")
_IN_WORDS: Final = Words("in words", "en palabras")
_FIGURE: Final = Words("Figure", "Cifra")
_CONTRADICTIONS: Final = Words("What does not agree between figures", "Lo que no concuerda entre las cifras")
_SHOWN_ABOVE: Final = frozenset({FindingCode.CLAIMS_DIFFER, FindingCode.NOTHING_PUBLISHED})
"""Findings of which the tables above say as much."""
_TYPE: Final = re.compile(r"bz\.atips\.[a-z_.]+\.v[0-9]+")
_FIRST_WORD: Final = re.compile(r"^[a-z_]+(?= )")
_NO_CONTRADICTION: Final = Words("Nothing contradicts itself.", "Nada se contradice.")

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
            *_texts(agency_name(lang, agency), _type(lang, kind), ", ".join(spans)),
            TableCell(str(len(spans)), len(spans)),
        )
        for (agency, kind), spans in lacking.items()
    ]
    yield ReportTable(_LACKING.of(lang), named, (False, False, False, True), tuple(lines))


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
    if source.claims is None:
        return
    yield Heading(_CONTESTED.of(lang))
    rows = [_side(lang, source, each) for each in disputed(source)]
    if rows:
        yield Paragraph(_CONTESTED_TEXT.of(lang))
        heads = tuple(each.of(lang) for each in (_FIGURE, _COUNTED, _STATED, _BY, _IN, _STANDING))
        yield ReportTable(_SIDES.of(lang), heads, (False, True, True, False, False, False), tuple(rows))
    else:
        yield Paragraph(_NO_CONTEST.of(lang))
    yield Heading(_CONTRADICTIONS.of(lang))
    found = [each for each in source.findings or () if each.code not in _SHOWN_ABOVE]
    if not found:
        yield Paragraph(_NO_CONTRADICTION.of(lang))
    for each in found:
        yield Paragraph(_in_words(lang, each.es if lang is Language.ES else each.en))


def _in_words(lang: Language, text: str) -> str:
    """Give a finding's text with the names of event types and agencies in place of their codes."""
    named = _TYPE.sub(lambda found: f"“{_type(lang, found[0])}”", text)
    return _FIRST_WORD.sub(lambda found: agency_name(lang, found[0]), named)


def disputed(source: ReportSource) -> list[Claimed]:
    """Give the claims of figures of the year of which some document states another number than the events give."""
    of_year = [each for each in source.claims or () if each.period == source.period and each.number in FIGURES]
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
    name = title(lang, FigureValue(claim.number, source.period, dimensions))
    stated = _IN_WORDS.of(lang) if claim.amount is None else counted(claim.amount)
    return (
        TableCell(name),
        TableCell(told(lang, value), None if value is None else value.amount, value),
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
    since = _since(lang, earlier)
    if not earlier.corrected:
        yield Paragraph(_SAME.of(lang).format(since=since))
        return
    rows = []
    for each in earlier.corrected:
        value, sides = each.value, [_of_side(lang, side) for side in (each.then, each.now)]
        rows.append((*_texts(value.number, title(lang, value), value.period), *sides))
    heads = tuple(each.of(lang) for each in (_NO, _FIGURE, _PERIOD, _THEN, _NOW))
    yield ReportTable(_SINCE.of(lang).format(since=since), heads, (False, False, False, True, True), tuple(rows))


def _of_side(lang: Language, side: FigureValue | None) -> TableCell:
    if side is None:
        return TableCell(told(lang, None))
    return TableCell(told(lang, side), side.amount, side)


def _since(lang: Language, earlier: EarlierFigures) -> str:
    n = counted(earlier.known_at)
    if earlier.release is not None:
        words = _OF_RELEASE_AT if earlier.known_at else _OF_RELEASE
        return words.of(lang).format(release=earlier.release, n=n)
    if earlier.at is None:
        return _OF_EVENT.of(lang).format(n=n)
    return _OF_DAY.of(lang).format(on=day(lang, earlier.at.astimezone(BELIZE).date()), n=n)


def definitions(lang: Language, numbers: Sequence[str]) -> ReportTable:
    """Give what each figure of the report counts, in the order of the table of figures."""
    rows = []
    for number, figure in FIGURES.items():
        if number not in numbers:
            continue
        counts = figure.es if lang is Language.ES else figure.en
        version = TableCell(str(figure.version), figure.version)
        rows.append((*_texts(number, TITLES[number].of(lang), counts, unit_of(lang, number)), version))
    heads = tuple(each.of(lang) for each in (_NO, _FIGURE, _COUNTS, _UNIT, _VERSION))
    return ReportTable(_DEFINITIONS.of(lang), heads, (False, False, False, False, True), tuple(rows))
