"""Part of a case: the openings of investigations. They decide in which period's cohort the case's victims count."""

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from schemas.ids import Kind
from schemas.justice.investigation import InvestigationOpenedV1
from schemas.times import Interval
from services.reporting.domain.cells.cells_from_items import GROUP
from services.reporting.domain.declaration.entity_state_part import Part, possible_days
from services.reporting.domain.declaration.figure import MEMBER, Counted, Figure, Reader, Unit
from services.reporting.domain.figures.protection import victims_of_opened_cases


class Openings(Struct, frozen=True):
    """The id of a case, and the times at which investigations into it were opened."""

    case: str = ""
    times: tuple[Interval | None, ...] = ()


def _opened(case: str, opened: Openings, event: InvestigationOpenedV1) -> Openings:
    return Openings(case, (*opened.times, event.occurred)) if event.data.case == case else opened


def cases_opened(opened: Openings) -> Iterator[Counted]:
    """Yield one item for each opening of the case."""
    for each in opened.times:
        yield Counted(possible_days(each), dims={MEMBER: (opened.case,)})


def _groups(figure: Figure[Any]) -> Figure[Openings]:
    """Declare the figure that counts the cases for a cohort figure of their victims.

    Nobody can ask for it: the reader COHORT uses its cells. They have the dimensions of the victims' cells, because
    hashes are equal within cells of the same dimensions only. It has this one breakdown.
    """
    return Figure(
        number=figure.number + GROUP,
        name=figure.name,
        en=figure.en,
        es=figure.es,
        entity=Kind.CASE,
        unit=Unit.CASES,
        reader=Reader.NONZERO,
        counted=cases_opened,
        area=figure.area,
        breakdowns=(tuple(sorted(figure.dimensions - {MEMBER})),),
        over=MEMBER,
        distinct=True,
    )


PART: Final = Part(
    name="case_openings_for_cohorts",
    kind=Kind.CASE,
    empty=Openings(),
    folds={"bz.atips.investigation.opened.v1": _opened},
    figures=(),
    beside=tuple(map(_groups, victims_of_opened_cases.FIGURES)),
)
