"""Functions that declare figures of suspects. Most figures count persons, each once in any period."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.figure import (
    FIRST_REPORT,
    Area,
    Counted,
    DateRole,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.figures.justice.suspect.state import ChargeSpell, Suspect

BY_PERSON: Final[tuple[tuple[str, ...], ...]] = ((), ("sex",), ("citizenship",), ("district",))


def flow(
    *,
    number: str,
    name: str,
    en: str,
    es: str,
    counted: Callable[[Suspect], Iterable[Counted]],
    unit: Unit = Unit.PERSONS,
    date_role: DateRole = DateRole.OCCURRED,
    breakdowns: tuple[tuple[str, ...], ...] = BY_PERSON,
    part_of: str | None = None,
    version: int = 1,
    valid_from: date = FIRST_REPORT,
) -> Figure[Suspect]:
    """Declare a flow figure. With the unit PERSONS, a person counts once in a period; else every item counts."""
    return Figure(
        number=number,
        name=name,
        en=en,
        es=es,
        entity=Kind.PERSON,
        unit=unit,
        date_role=date_role,
        counted=counted,
        area=Area.PROSECUTION,
        breakdowns=breakdowns,
        distinct=unit is Unit.PERSONS,
        part_of=part_of,
        version=version,
        valid_from=valid_from,
    )


def stock(
    *,
    number: str,
    name: str,
    en: str,
    es: str,
    counted: Callable[[Suspect], Iterable[Counted]],
    breakdowns: tuple[tuple[str, ...], ...],
    reader: Reader = Reader.RUNNING_SUM,
    part_of: str | None = None,
    version: int = 1,
    valid_from: date = FIRST_REPORT,
) -> Figure[Suspect]:
    """Declare a figure of persons in a state at the end of a period or, with the reader ACTIVE, at any time in it."""
    return Figure(
        number=number,
        name=name,
        en=en,
        es=es,
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        nature=Nature.STOCK,
        reader=reader,
        counted=counted,
        area=Area.PROSECUTION,
        breakdowns=breakdowns,
        distinct=True,
        part_of=part_of,
        version=version,
        valid_from=valid_from,
    )


def waiting(
    suspect: Suspect, spells: Iterable[ChargeSpell], **dims: Callable[[ChargeSpell], tuple[str, ...]]
) -> Iterator[Counted]:
    """Yield one item for each spell in which a charge waits, with the dimensions of the suspect and of the charge.

    `dims`: for each dimension of the charge, a function of the spell that returns the values.
    """
    profile = suspect.profile.dims()
    for spell in spells:
        of_charge = {name: value(spell) for name, value in dims.items()}
        yield Counted(spell.days, dims={**profile, **of_charge})
