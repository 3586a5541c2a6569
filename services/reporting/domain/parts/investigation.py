"""A case as an investigation: when it was opened and closed. A case is neither a victim nor a suspect."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from schemas.ids import Kind
from schemas.justice.investigation import InvestigationOpenedV1
from schemas.times import Interval
from services.reporting.domain.figure import (
    FIRST_REPORT,
    JUSTICE,
    NEVER,
    Area,
    Counted,
    DateRole,
    Days,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.part import Part, code, codes, touched, values


@dataclass(frozen=True, slots=True)
class Opening:
    """An investigation opened into a case."""

    opened: Interval | None
    suspected_offence: str | None
    exploitation: tuple[str, ...]
    district: str | None

    def dims(self) -> dict[str, tuple[str, ...]]:
        """What was said at the opening, as dimensions."""
        return {
            "district": values(self.district),
            "suspected_offence": values(self.suspected_offence),
            "exploitation": self.exploitation,
        }


@dataclass(frozen=True, slots=True)
class Investigation:
    """`closings` stays empty until a type closes an investigation; the spells take it into account."""

    openings: tuple[Opening, ...] = ()
    closings: tuple[Interval | None, ...] = ()


def _investigation_opened(case: str, investigation: Investigation, event: InvestigationOpenedV1) -> Investigation:
    data = event.data
    if data.case != case:
        return investigation
    opening = Opening(event.occurred, code(data.suspected_offence), codes(data.exploitation), code(data.district))
    return replace(investigation, openings=(*investigation.openings, opening))


def investigations_opened(investigation: Investigation) -> Iterator[Counted]:
    """One for each investigation opened into the case."""
    for opening in investigation.openings:
        yield Counted(touched(opening.opened), dims=opening.dims())


def investigations_active(investigation: Investigation) -> Iterator[Counted]:
    """From when to when the case surely is under investigation: each opening to the next closing, both days included.

    Of an imprecise spell the first day may lie after the last: it is active only in periods that hold both.
    """
    closed = sorted((each for each in investigation.closings if each is not None), key=lambda each: each.last_day)
    for opening in investigation.openings:
        opened = opening.opened
        if opened is None or None in investigation.closings:
            yield Counted(None, dims=opening.dims())
            continue
        until = next((each.first_day for each in closed if each.last_day >= opened.first_day), NEVER)
        yield Counted(Days(opened.last_day, until), dims=opening.dims())


FIGURES: Final[tuple[Figure[Investigation], ...]] = (
    Figure(
        number="O1a",
        name="cases_opened",
        en="Suspected cases into which an investigation was opened in the period; a case counts once.",
        es="Casos sospechosos cuya investigación se abrió en el período; cada caso cuenta una vez.",
        entity=Kind.CASE,
        unit=Unit.CASES,
        nature=Nature.FLOW,
        date_role=DateRole.OCCURRED,
        reader=Reader.SUM,
        counted=investigations_opened,
        area=Area.PROSECUTION,
        seen_by=JUSTICE,
        breakdowns=((), ("district",), ("suspected_offence",), ("exploitation",)),
        distinct=True,
        valid_from=FIRST_REPORT,
    ),
    Figure(
        number="O1b",
        name="cases_active",
        en="Suspected cases under investigation at any time in the period, whenever they were opened.",
        es="Casos sospechosos bajo investigación en algún momento del período, sin importar cuándo se abrieron.",
        entity=Kind.CASE,
        unit=Unit.CASES,
        nature=Nature.STOCK,
        date_role=DateRole.OCCURRED,
        reader=Reader.ACTIVE,
        counted=investigations_active,
        area=Area.PROSECUTION,
        seen_by=JUSTICE,
        breakdowns=((), ("district",), ("suspected_offence",), ("exploitation",)),
        distinct=True,
        valid_from=FIRST_REPORT,
    ),
)

PART: Final = Part(
    name="investigation",
    kind=Kind.CASE,
    empty=Investigation(),
    folds={"bz.atips.investigation.opened.v1": _investigation_opened},
    figures=FIGURES,
)
