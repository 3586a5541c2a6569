"""Figures that count contradictions between the records of one entity. Each contradiction is one item.

A finding must name the records that cannot all be right. Therefore their references are a dimension of these cells.
"""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from schemas.codebook.governance import FindingCode
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import possible_days
from services.reporting.domain.declaration.figure import JUSTICE, Area, Counted, Figure, SeenBy, Unit

S = TypeVar("S")

EACH: Final = ("code", "records")
"""Breakdown with one row for each contradiction: its `FindingCode` and the references of its records."""

_BETWEEN: Final = " "


def contradiction(code: FindingCode, happened: Interval | None, *records: str) -> Counted:
    """Return the item of one contradiction. `happened`: the time of the fact that caused it; `records`: `Event.ref`."""
    return Counted(possible_days(happened), dims={"code": (code.value,), "records": (_BETWEEN.join(records),)})


def records_of(text: str) -> tuple[str, ...]:
    """Split a value of the dimension `records` into the references of the single records."""
    return tuple(text.split(_BETWEEN))


def figure_of(
    letter: str,
    kind: Kind,
    found: Callable[[S], Iterable[Counted]],
    *,
    en: str,
    es: str,
    seen_by: tuple[SeenBy, ...] = JUSTICE,
) -> Figure[S]:
    """Declare the figure `G4<letter>` that counts the contradictions of one kind of entity, as `found` yields them."""
    return Figure(
        number=f"G4{letter}",
        name=f"contradictions_{kind.name.lower()}",
        en=en,
        es=es,
        entity=kind,
        unit=Unit.CONTRADICTIONS,
        counted=found,
        area=Area.PARTNERSHIP,
        seen_by=seen_by,
        breakdowns=((), ("code",), EACH),
    )
