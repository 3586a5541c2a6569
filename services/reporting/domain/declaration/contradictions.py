"""Contradictions within what is known of one entity, as a figure: each counts once, and names its records.

A finding must name the records that cannot both be right; so their references are a dimension of these cells.
"""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from schemas.codebook.governance import FindingCode
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.figure import JUSTICE, Area, Counted, Figure, SeenBy, Unit
from services.reporting.domain.declaration.part import possible_days

S = TypeVar("S")

EACH: Final = ("code", "records")
"""The breakdown in which every contradiction stands by itself."""

_BETWEEN: Final = " "


def contradiction(code: FindingCode, happened: Interval | None, *records: str) -> Counted:
    """Yield one contradiction between the records of these references, at the time of the fact that caused it."""
    return Counted(possible_days(happened), dims={"code": (code.value,), "records": (_BETWEEN.join(records),)})


def records_of(text: str) -> tuple[str, ...]:
    """The references in a value of the dimension `records`."""
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
    """The figure that counts the contradictions of one kind of entity."""
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
