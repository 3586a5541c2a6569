"""Section on doubts about the numbers: figures that documents contest, and figures that contradict each other."""

from collections.abc import Iterator
from typing import Final

from schemas.codebook.governance import FindingCode
from services.presentation.bilingual_text import Language, Words
from services.presentation.contradicting_figures import sentence
from services.presentation.labels import label
from services.report.domain.document import Block, Heading, Paragraph, ReportTable, TableCell
from services.report.domain.figure_values import FigureValue
from services.report.domain.grammar import cell_text, counted
from services.report.domain.publications_corrections_and_definitions import FIGURE, agency_name
from services.report.domain.report_input import ReportSource
from services.report.domain.sentences import title
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.claims_beside_figures import NUMBER as CLAIMS
from services.reporting.domain.read.claims_beside_figures import ClaimBeside

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
_CONTRADICTIONS: Final = Words("What does not agree between figures", "Lo que no concuerda entre las cifras")

_SHOWN_ABOVE: Final = frozenset({FindingCode.CLAIMS_DIFFER, FindingCode.NOTHING_PUBLISHED})
"""Findings that other tables of the report already show."""
_NO_CONTRADICTION: Final = Words("Nothing contradicts itself.", "Nada se contradice.")


def contested(lang: Language, source: ReportSource) -> Iterator[Block]:
    """Yield blocks with a table of contested figures and a sentence for each contradiction.

    For the report of a release, nothing is yielded.
    """
    if source.claims is None:
        return
    yield Heading(_CONTESTED.of(lang))
    rows = [_side(lang, source, each) for each in disputed(source)]
    if rows:
        yield Paragraph(_CONTESTED_TEXT.of(lang))
        heads = tuple(each.of(lang) for each in (FIGURE, _COUNTED, _STATED, _BY, _IN, _STANDING))
        yield ReportTable(_SIDES.of(lang), heads, (False, True, True, False, False, False), tuple(rows))
    else:
        yield Paragraph(_NO_CONTEST.of(lang))
    yield Heading(_CONTRADICTIONS.of(lang))
    found = [each for each in source.findings or () if each.code not in _SHOWN_ABOVE]
    if not found:
        yield Paragraph(_NO_CONTRADICTION.of(lang))
    for each in found:
        yield Paragraph(sentence(each, lang))


def disputed(source: ReportSource) -> list[ClaimBeside]:
    """Return all claims of the year on contested figures.

    A figure, with its dimensions, is contested if at least one document states another number than the events give.
    """
    of_year = [each for each in source.claims or () if each.period == source.period and each.number in FIGURES]
    moved = {(each.number, each.of) for each in of_year if not _agrees(source, each)}
    return [each for each in of_year if (each.number, each.of) in moved]


def _agrees(source: ReportSource, claim: ClaimBeside) -> bool:
    value = source.values.row(claim.number, source.period, claim.dimensions)
    return claim.amount is None or value is None or value.amount == claim.amount


def _side(lang: Language, source: ReportSource, claim: ClaimBeside) -> tuple[TableCell, ...]:
    dimensions = claim.dimensions
    value = source.values.row(claim.number, source.period, dimensions)
    name = title(lang, FigureValue(claim.number, source.period, dimensions))
    stated = _IN_WORDS.of(lang) if claim.amount is None else counted(claim.amount)
    return (
        TableCell(name),
        TableCell(cell_text(lang, value), None if value is None else value.amount, value),
        TableCell(stated, claim.amount),
        TableCell(agency_name(lang, claim.agency, source.period)),
        TableCell(label(CLAIMS, "document", claim.document).of(lang)),
        TableCell(label(CLAIMS, "standing", claim.standing.value).of(lang)),
    )
