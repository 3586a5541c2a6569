"""Rule about missing reports: an expected report is late, and the agency has not stated that there was nothing."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from schemas.catalogue import CATALOGUE
from schemas.codebook.governance import FindingCode, FindingSeverity
from services.reporting.domain.read.completeness_grid import AgencyRow, MonthState
from services.reporting.domain.read.expected_reports import DueReport
from services.reporting.domain.rules.agency_and_type_names import agency_name
from services.reporting.domain.rules.finding_rule import ContradictionRule, FigureContradiction, Readings

_EN: Final = "{en_agency}: for {span} nothing was published of {en_types}, and nobody said that there was nothing."
_ES: Final = "{es_agency}: para {span} no se publicó nada de {es_types}, ni se dijo que no hubo nada."


def nothing_published(rows: Iterable[AgencyRow]) -> ContradictionRule:
    """Return a rule that finds the missing reports in the rows of a grid: one finding for each agency and span."""
    missing = [each for row in rows for cell in row.months for each in cell.of(MonthState.MISSING)]

    def judge(_: Readings) -> Iterator[FigureContradiction]:
        for _place, group in groupby(sorted(missing, key=_place_of), key=_place_of):
            yield _found(list(group))

    return ContradictionRule(FindingCode.NOTHING_PUBLISHED, FindingSeverity.WARNING, _EN, _ES, (), judge)


def _place_of(report: DueReport) -> tuple[str, str]:
    return report.agency, str(report.span)


def _found(reports: list[DueReport]) -> FigureContradiction:
    agency, span = _place_of(reports[0])
    name = agency_name(agency, reports[0].span)
    types = [CATALOGUE[each.type] for each in reports]
    said = {
        "span": span,
        "en_agency": name.en,
        "es_agency": name.es,
        "en_types": ", ".join(f"“{each.en}”" for each in types),
        "es_types": ", ".join(f"«{each.es}»" for each in types),
    }
    return FigureContradiction(tuple(f"{agency}:{each.type}:{span}" for each in reports), said)
