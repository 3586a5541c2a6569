"""The rule about what was not said: an expected report that is late, and no word that there was nothing."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from schemas.agencies import AGENCIES
from schemas.catalogue import CATALOGUE
from schemas.codebook.governance import FindingCode, FindingSeverity
from services.reporting.domain.expectations import Due
from services.reporting.domain.grid import Row, Standing
from services.reporting.domain.rules.rule import Found, Readings, Rule

_EN: Final = "{en_agency}: for {span} nothing was published of {en_types}, and nobody said that there was nothing."
_ES: Final = "{es_agency}: para {span} no se publicó nada de {es_types}, ni se dijo que no hubo nada."


def nothing_published(rows: Iterable[Row]) -> Rule:
    """The rule over a grid: one finding for each agency and span with all that is missing of it."""
    missing = [each for row in rows for cell in row.months for each in cell.of(Standing.MISSING)]

    def judge(_: Readings) -> Iterator[Found]:
        for _place, group in groupby(sorted(missing, key=_place_of), key=_place_of):
            yield _found(list(group))

    return Rule(FindingCode.NOTHING_PUBLISHED, FindingSeverity.WARNING, _EN, _ES, (), judge)


def _place_of(report: Due) -> tuple[str, str]:
    return report.agency, str(report.span)


def _found(reports: list[Due]) -> Found:
    agency, span = _place_of(reports[0])
    types = [CATALOGUE[each.type] for each in reports]
    said = {
        "span": span,
        "en_agency": AGENCIES[agency].name_en,
        "es_agency": AGENCIES[agency].name_es,
        "en_types": ", ".join(f"“{each.en}”" for each in types),
        "es_types": ", ".join(f"«{each.es}»" for each in types),
    }
    return Found(tuple(f"{agency}:{each.type}:{span}" for each in reports), said)
