"""The openings of investigations into a case. They decide in which period's cohort its victims are."""

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from schemas.ids import Kind
from schemas.justice.investigation import InvestigationOpenedV1
from schemas.times import Interval
from services.reporting.domain.cells.algebra import GROUP
from services.reporting.domain.declaration.figure import MEMBER, Counted, Figure, Reader, Unit
from services.reporting.domain.declaration.part import Part, possible_days
from services.reporting.domain.figures.protection import cohort


class Openings(Struct, frozen=True):
    """A case, and the times at which investigations into it were opened."""

    case: str = ""
    times: tuple[Interval | None, ...] = ()


def _opened(case: str, opened: Openings, event: InvestigationOpenedV1) -> Openings:
    return Openings(case, (*opened.times, event.occurred)) if event.data.case == case else opened


def cases_opened(opened: Openings) -> Iterator[Counted]:
    """Give each opening of the case."""
    for each in opened.times:
        yield Counted(possible_days(each), dims={MEMBER: (opened.case,)})


def _groups(figure: Figure[Any]) -> Figure[Openings]:
    """Declare how the cases are counted within which a figure counts persons, in each of its breakdowns."""
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
        breakdowns=figure.breakdowns,
        over=MEMBER,
        distinct=True,
    )


PART: Final = Part(
    name="case_openings",
    kind=Kind.CASE,
    empty=Openings(),
    folds={"bz.atips.investigation.opened.v1": _opened},
    figures=(),
    beside=tuple(map(_groups, cohort.FIGURES)),
)
