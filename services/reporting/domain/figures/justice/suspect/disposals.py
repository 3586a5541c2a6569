"""Figures of court decisions in a period, by persons and by charges. Two conviction rates divide by them."""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.entity_state_part import possible_days
from services.reporting.domain.declaration.figure import VERSION_2_FROM, Counted, DateRole, Days, Figure, Unit
from services.reporting.domain.facts import offence_groups
from services.reporting.domain.figures.justice.suspect.convictions_and_pending_charges import charged_with
from services.reporting.domain.figures.justice.suspect.shared_declarations import flow
from services.reporting.domain.figures.justice.suspect.state import ChargeVerdict, Suspect, in_turn


class ChargeDecided(Struct, frozen=True):
    """A verdict, the dimensions of the suspect, and the offence of the charge.

    `counts`: the offence charged, or the offence decided on, counts as trafficking. `guilty_counts`: the offence
    decided on does. `last_on`: days at whose end the charge counts by this verdict of a court (`in_turn`).
    """

    verdict: ChargeVerdict
    dims: Mapping[str, tuple[str, ...]]
    offence: tuple[str, ...]
    counts: bool
    guilty_counts: bool
    last_on: tuple[Days | None, ...]


def _decided(suspect: Suspect) -> list[ChargeDecided]:
    if not suspect.verdicts:  # the usual case
        return []
    dims = suspect.profile.dims()
    found = {}
    for trial, verdict in suspect.verdicts.items():
        charged = charged_with(suspect, trial[0], verdict)
        guilty = offence_groups.is_counted_offence(verdict.offence or charged, verdict.returned)
        counts = guilty or offence_groups.is_counted_offence(charged, verdict.returned)
        found[trial] = ChargeDecided(verdict, dims, () if charged is None else (charged,), counts, guilty, ())
    decided = {trial: each.verdict for trial, each in found.items() if each.verdict.by_court and each.counts}
    return [replace(each, last_on=days) for trial, days in in_turn(decided).items() for each in (found[trial],)]


def persons_decided(decided: ChargeDecided) -> Iterator[Counted]:
    """Yield one item for a court's verdict that counts as trafficking, with the person's dimensions."""
    yield Counted(possible_days(decided.verdict.returned), dims=decided.dims)


def charges_decided(decided: ChargeDecided) -> Iterator[Counted]:
    """Yield one item for a court's verdict that counts as trafficking, with the offence charged."""
    for days in decided.last_on:
        yield Counted(possible_days(decided.verdict.returned), dims={"offence": decided.offence}, asof=days)


def charges_convicted(decided: ChargeDecided) -> Iterator[Counted]:
    """Yield one item for a conviction as charged of an offence that counts as trafficking."""
    if decided.verdict.convicted and decided.guilty_counts:
        yield from charges_decided(decided)


FIGURES: Final[tuple[Figure[Suspect], ...]] = (
    flow(
        number="R12",
        name="persons_decided",
        en="Persons on whom a court returned a verdict in the period, on a charge of what the Council counts as "
        "trafficking: guilty, guilty of less, acquitted or dismissed.",
        es="Personas sobre las que un tribunal emitió veredicto en el período, por un cargo de lo que el Consejo "
        "cuenta como trata: de condena, de condena por un delito menor, de absolución o de desestimación.",
        counted=EachCounted(_decided, persons_decided),
        date_role=DateRole.DECIDED,
        breakdowns=((), ("sex",), ("citizenship",)),
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    flow(
        number="R13a",
        name="charges_decided",
        en="Charges of what the Council counts as trafficking on which a court returned a verdict in the period, each "
        "once by its last verdict; a charge of several counts is one.",
        es="Cargos de lo que el Consejo cuenta como trata sobre los que un tribunal emitió veredicto en el período, "
        "cada uno una vez por su último veredicto; un cargo con varias imputaciones es uno.",
        counted=EachCounted(_decided, charges_decided),
        unit=Unit.CHARGES,
        date_role=DateRole.DECIDED,
        breakdowns=((), ("offence",)),
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    flow(
        number="R13b",
        name="charges_convicted",
        en="Of these charges, those that ended in a conviction as charged of what the Council counts as trafficking.",
        es="De esos cargos, los que terminaron en condena según lo imputado por lo que el Consejo cuenta como trata.",
        counted=EachCounted(_decided, charges_convicted),
        unit=Unit.CHARGES,
        date_role=DateRole.DECIDED,
        breakdowns=((), ("offence",)),
        part_of="R13a",
        version=2,
        valid_from=VERSION_2_FROM,
    ),
)
