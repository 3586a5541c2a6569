"""What courts decided in a period, by persons and by charges: the wholes of two conviction rates."""

from collections.abc import Iterator
from typing import Final

from services.reporting.domain.figure import Counted, DateRole, Figure, Unit
from services.reporting.domain.part import touched
from services.reporting.domain.parts.suspect.declared import flow
from services.reporting.domain.parts.suspect.record import Suspect


def persons_decided(suspect: Suspect) -> Iterator[Counted]:
    """One for each verdict of a court on the person."""
    dims = suspect.profile.dims()
    for verdict in suspect.verdicts.values():
        if verdict.by_court:
            yield Counted(touched(verdict.returned), dims=dims)


def charges_decided(suspect: Suspect) -> Iterator[Counted]:
    """One for each verdict of a court on a charge."""
    for (charge, _), verdict in suspect.verdicts.items():
        if verdict.by_court:
            yield Counted(touched(verdict.returned), dims=_offence(suspect, charge))


def charges_convicted(suspect: Suspect) -> Iterator[Counted]:
    """One for each conviction as charged."""
    for (charge, _), verdict in suspect.verdicts.items():
        if verdict.convicted:
            yield Counted(touched(verdict.returned), dims=_offence(suspect, charge))


def _offence(suspect: Suspect, charge: str) -> dict[str, tuple[str, ...]]:
    return {"offence": (suspect.charges[charge].offence,) if charge in suspect.charges else ()}


FIGURES: Final[tuple[Figure[Suspect], ...]] = (
    flow(
        number="R12",
        name="persons_decided",
        en="Persons on whom a court returned a verdict in the period: guilty, guilty of less, acquitted or dismissed.",
        es="Personas sobre las que un tribunal emitió veredicto en el período: de condena, de condena por un delito "
        "menor, de absolución o de desestimación.",
        counted=persons_decided,
        date_role=DateRole.DECIDED,
        breakdowns=((), ("sex",), ("citizenship",)),
    ),
    flow(
        number="R13a",
        name="charges_decided",
        en="Charges on which a court returned a verdict in the period; a charge of several counts is one.",
        es="Cargos sobre los que un tribunal emitió veredicto en el período; un cargo con varias imputaciones es uno.",
        counted=charges_decided,
        unit=Unit.CHARGES,
        date_role=DateRole.DECIDED,
        breakdowns=((), ("offence",)),
    ),
    flow(
        number="R13b",
        name="charges_convicted",
        en="Charges that ended in a conviction as charged, by a verdict returned in the period.",
        es="Cargos que terminaron en condena según lo imputado, con veredicto emitido en el período.",
        counted=charges_convicted,
        unit=Unit.CHARGES,
        date_role=DateRole.DECIDED,
        breakdowns=((), ("offence",)),
        part_of="R13a",
    ),
)
