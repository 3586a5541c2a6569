"""Figures of arrests, and of committals and deaths that followed them.

Rows of the report overlap: one person may count in several of them.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from schemas.times import Interval
from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.entity_state_part import possible_days, values
from services.reporting.domain.declaration.figure import VERSION_2_FROM, Counted, Days, Figure
from services.reporting.domain.facts import offence_groups
from services.reporting.domain.facts.fact_owner import WitnessedFact
from services.reporting.domain.figures.justice.suspect.shared_declarations import BY_PERSON, flow
from services.reporting.domain.figures.justice.suspect.state import Arrest, Suspect, arrested


def persons_arrested(suspect: Suspect) -> Iterator[Counted]:
    """Yield one item for each of the person's arrests for an offence that counts as trafficking."""
    return _each(suspect, filter(for_trafficking, suspect.arrests.values()))


def arrested_for_other(suspect: Suspect) -> Iterator[Counted]:
    """Yield one item for each of the person's arrests for another offence."""
    return _each(suspect, (arrest for arrest in suspect.arrests.values() if not for_trafficking(arrest)))


def _each(suspect: Suspect, arrests: Iterable[Arrest]) -> Iterator[Counted]:
    dims = suspect.profile.dims()
    for arrest in arrests:
        law = values(offence_groups.group(arrest.offence, arrest.made))
        of = {"on_warrant": values(arrest.on_warrant), offence_groups.LAW: law}
        yield Counted(possible_days(arrest.made), dims={**dims, **of})


def for_trafficking(arrest: Arrest) -> bool:
    """Whether the arrest is for an offence that counts as trafficking, or for an unknown offence."""
    return offence_groups.is_counted_offence(arrest.offence, arrest.made)


def arrested_in_operations(suspect: Suspect) -> Iterator[Counted]:
    """Yield one item for each arrest in a police operation for an offence that counts as trafficking."""
    dims = suspect.profile.dims()
    for arrest in filter(in_operation, filter(for_trafficking, suspect.arrests.values())):
        yield Counted(possible_days(arrest.made), dims=dims)


def in_operation(arrest: Arrest) -> bool:
    """Whether the arrest names a police operation."""
    return arrest.in_operation


def arrested_and_committed(suspect: Suspect) -> Iterator[Counted]:
    """Yield one item for each pair of an arrest and a committal for trafficking that may have followed it."""
    return _followed(
        suspect, [told.happened for charge, told in suspect.committals.items() if _counts(suspect, charge, told)]
    )


def _counts(suspect: Suspect, charge: str, committed: WitnessedFact) -> bool:
    """Whether the charge named an offence that counts as trafficking, or an unknown one, when it was committed."""
    filed, when = suspect.charges.get(charge), committed.happened
    return filed is None or offence_groups.is_counted_offence(filed.offence_at(when), when)


def arrested_and_deceased(suspect: Suspect) -> Iterator[Counted]:
    """Yield one item for each arrest that the person's death may have followed."""
    return _followed(suspect, [] if suspect.death is None else [suspect.death.happened])


def _followed(suspect: Suspect, later: Iterable[Interval | None]) -> Iterator[Counted]:
    dims = suspect.profile.dims()
    for then in later:
        for arrest in filter(for_trafficking, suspect.arrests.values()):
            if arrest.made is None or then is None:
                yield Counted(None, dims=dims)
            elif may_follow(then, arrest.made):
                yield Counted(both(arrest.made, then), dims=dims)


def may_follow(then: Interval, made: Interval) -> bool:
    """Whether an event at `then` may have happened on or after the first possible day of an arrest at `made`."""
    return then.last_day >= made.first_day


def both(made: Interval, then: Interval) -> Days:
    """Return the days that a period must contain so that the arrest and the later event surely lie in it."""
    return Days(made.first_day, max(made.last_day, then.last_day))


FIGURES: Final[tuple[Figure[Suspect], ...]] = (
    flow(
        number="O9",
        name="persons_arrested",
        en="Persons arrested in the period for what the Council counts as trafficking. That is trafficking itself, "
        "commercial sexual exploitation of children, or an offence that nobody named. Somebody arrested twice counts "
        "once.",
        es="Personas detenidas en el período por lo que el Consejo cuenta como trata. Esto es la trata misma, la "
        "explotación sexual comercial de menores, o un delito que nadie indicó. Quien fue detenido dos veces cuenta "
        "una vez.",
        counted=EachCounted(arrested, persons_arrested),
        breakdowns=(*BY_PERSON, ("citizenship", "sex"), ("on_warrant",), (offence_groups.LAW,)),
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    flow(
        number="R28a",
        name="persons_arrested_for_other_offences",
        en="Persons arrested in the period for an offence that the Council does not count as trafficking.",
        es="Personas detenidas en el período por un delito que el Consejo no cuenta como trata.",
        counted=EachCounted(arrested, arrested_for_other),
        valid_from=VERSION_2_FROM,
    ),
    flow(
        number="O10",
        name="arrested_and_committed",
        en="Of the persons arrested in the period (O9), those committed to the High Court by its end. The committal "
        "came after the arrest, on a charge of what the Council counts as trafficking.",
        es="De las personas detenidas en el período (O9), las remitidas al Tribunal Superior antes de que terminara. "
        "La remisión fue después de la detención, por un cargo de lo que el Consejo cuenta como trata.",
        counted=EachCounted(arrested, arrested_and_committed),
        part_of="O9",
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    flow(
        number="O11",
        name="arrested_and_deceased",
        en="Of the persons arrested in the period, those who died before its end; their charges abate.",
        es="De las personas detenidas en el período, las fallecidas antes de que terminara; sus cargos se extinguen.",
        counted=EachCounted(arrested, arrested_and_deceased),
        part_of="O9",
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    flow(
        number="O25b",
        name="arrested_in_operations",
        en="Persons arrested in the period in an operation; they are among all persons arrested.",
        es="Personas detenidas en un operativo durante el período; forman parte de todas las detenidas.",
        counted=EachCounted(arrested, arrested_in_operations),
        part_of="O9",
        version=2,
        valid_from=VERSION_2_FROM,
    ),
)
