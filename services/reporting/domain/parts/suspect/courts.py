"""Where charges wait, and what courts decide: persons, counts, charges and cases are never one another."""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from schemas.codebook.identification import Exploitation
from schemas.codebook.justice import LAWS, Offence
from services.reporting.domain.each import Each
from services.reporting.domain.figure import Counted, DateRole, Figure, Reader, Unit
from services.reporting.domain.part import touched, values
from services.reporting.domain.parts.suspect.declared import BY_PERSON, flow, stock, waiting
from services.reporting.domain.parts.suspect.record import Suspect, Verdict, above, at_any_time, below

LABOUR: Final = frozenset(
    {Exploitation.FORCED_LABOUR, Exploitation.CHILD_LABOUR, Exploitation.SERVITUDE, Exploitation.DOMESTIC_SERVITUDE}
)
"""Purposes that the report's word “Labour” stands for."""


class Conviction(Struct, frozen=True):
    """A verdict of guilty as charged, and on whom it was returned."""

    verdict: Verdict
    dims: Mapping[str, tuple[str, ...]]


def _convictions(suspect: Suspect) -> list[Conviction]:
    dims = suspect.profile.dims()
    return [Conviction(verdict, dims) for verdict in suspect.convictions()]


def _of_labour(suspect: Suspect) -> list[Conviction]:
    """Those whose purpose was labour."""
    return [each for each in _convictions(suspect) if LABOUR & set(each.verdict.exploitation)]


def persons_convicted(conviction: Conviction) -> Iterator[Counted]:
    """One for each charge of which a person was convicted."""
    verdict = conviction.verdict
    yield Counted(touched(verdict.returned), dims={**conviction.dims, "exploitation": verdict.exploitation})


def counts_convicted(conviction: Conviction) -> Iterator[Counted]:
    """The counts of each such charge."""
    yield counts_of(conviction.verdict)


def counts_of(verdict: Verdict) -> Counted:
    """The counts of a verdict; a number that was not stated is unknown, neither one nor nought."""
    return Counted(touched(verdict.returned), verdict.counts_n, {"exploitation": verdict.exploitation})


def at_magistrates(suspect: Suspect) -> Iterator[Counted]:
    """The days on which each of the person's charges surely is before the Magistrates' Court."""

    def offence(charge: str) -> tuple[str, ...]:
        return (suspect.charges[charge].offence,)

    def iccs(charge: str) -> tuple[str, ...]:
        return values(LAWS[Offence(suspect.charges[charge].offence)].iccs)

    return waiting(suspect, below(suspect), offence=offence, iccs=iccs)


def awaiting_trial(suspect: Suspect) -> Iterator[Counted]:
    """The days on which each of the person's charges surely is before the High Court, undecided."""

    def offence(charge: str) -> tuple[str, ...]:
        return (suspect.charges[charge].offence,) if charge in suspect.charges else ()

    return waiting(suspect, above(suspect), offence=offence)


def awaiting_trial_at_any_time(suspect: Suspect) -> Iterator[Counted]:
    """When each of them surely is there at some time, though it may not be known on which day."""
    return waiting(suspect, above(suspect, at_any_time))


FIGURES: Final[tuple[Figure[Suspect], ...]] = (
    flow(
        number="O13a",
        name="persons_convicted",
        en="Persons convicted as charged, on at least one charge, by a verdict returned in the period.",
        es="Personas condenadas según lo imputado, por al menos un cargo, con veredicto emitido en el período.",
        counted=Each(_convictions, persons_convicted),
        date_role=DateRole.DECIDED,
        breakdowns=((), ("exploitation",), ("sex",), ("citizenship",), ("exploitation", "sex", "citizenship")),
    ),
    flow(
        number="O13b",
        name="counts_convicted",
        en="Counts on which persons were convicted as charged, by verdicts returned in the period; one charge "
        "may hold several counts.",
        es="Imputaciones (counts) por las que hubo condena según el cargo, con veredicto emitido en el período; "
        "un cargo puede contener varias.",
        counted=Each(_convictions, counts_convicted),
        unit=Unit.COUNTS,
        date_role=DateRole.DECIDED,
        breakdowns=((), ("exploitation",)),
    ),
    flow(
        number="O14a",
        name="persons_convicted_of_labour_trafficking",
        en="Of the persons convicted, those whose conviction is of trafficking for labour or servitude.",
        es="De las personas condenadas, las que lo fueron por trata con fines laborales o de servidumbre.",
        counted=Each(_of_labour, persons_convicted),
        date_role=DateRole.DECIDED,
        part_of="O13a",
    ),
    flow(
        number="O14b",
        name="counts_convicted_of_labour_trafficking",
        en="Of the counts with a conviction, those of trafficking for labour or servitude.",
        es="De las imputaciones con condena, las de trata con fines laborales o de servidumbre.",
        counted=Each(_of_labour, counts_convicted),
        unit=Unit.COUNTS,
        date_role=DateRole.DECIDED,
        breakdowns=((),),
        part_of="O13b",
    ),
    stock(
        number="O15a",
        name="persons_awaiting_trial",
        en="Persons alive at the end of the period with a charge that has gone up to the High Court and is still "
        "undecided.",
        es="Personas vivas cuyo cargo pasó al Tribunal Superior y sigue sin decidir al final del período.",
        counted=awaiting_trial,
        breakdowns=(*BY_PERSON, ("offence",)),
    ),
    stock(
        number="O15b",
        name="persons_awaiting_trial_at_any_time",
        en="Persons whose charge was before the High Court and undecided at any time in the period.",
        es="Personas cuyo cargo estuvo ante el Tribunal Superior sin decidir en algún momento del período.",
        counted=awaiting_trial_at_any_time,
        breakdowns=BY_PERSON,
        reader=Reader.ACTIVE,
    ),
    stock(
        number="O16",
        name="persons_charged",
        en="Living persons with a charge that is still before the Magistrates’ Court at the end of the period: "
        "neither decided nor gone up to the High Court.",
        es="Personas vivas con un cargo que al final del período sigue ante el Tribunal de Magistrados: "
        "ni decidido ni remitido al Tribunal Superior.",
        counted=at_magistrates,
        breakdowns=((), ("offence",), ("sex",), ("citizenship",), ("offence", "sex", "citizenship"), ("iccs",)),
    ),
)
