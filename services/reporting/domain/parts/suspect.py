"""A person as a suspect: arrests, charges and verdicts. An arrest is not a charge, and a charge is not a verdict."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from schemas.codebook.identification import PersonRole
from schemas.codebook.justice import ChargeOutcome
from schemas.identification import PersonProfileRecordedV1
from schemas.ids import Kind
from schemas.justice.charges import ChargeFiledV1, VerdictReturnedV1
from schemas.justice.police import ArrestMadeV1
from schemas.times import Interval
from services.reporting.domain.figure import (
    FIRST_REPORT,
    JUSTICE,
    NEVER,
    Area,
    Counted,
    DateRole,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.part import Part, code, codes, having, surely, touched, values


@dataclass(frozen=True, slots=True)
class Profile:
    """Who a suspect is, as last said; None where the author did not speak of it."""

    sex: str | None = None
    citizenship: tuple[str, ...] = ()
    district: str | None = None

    def dims(self) -> dict[str, tuple[str, ...]]:
        """The profile as dimensions."""
        return {"sex": values(self.sex), "citizenship": self.citizenship, "district": values(self.district)}


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge as last filed."""

    filed: Interval | None
    offence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A charge's outcome as last returned."""

    returned: Interval | None
    outcome: str
    counts_n: int | None
    exploitation: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suspect:
    """Arrests, charges and verdicts by their own ids, so that a repeated statement replaces the earlier one."""

    profile: Profile = Profile()
    arrests: Mapping[str, Interval | None] = field(default_factory=dict)
    charges: Mapping[str, Charge] = field(default_factory=dict)
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)


def _profile_recorded(person: str, suspect: Suspect, event: PersonProfileRecordedV1) -> Suspect:
    data = event.data
    if data.person != person or data.role is not PersonRole.SUSPECT:
        return suspect
    return replace(suspect, profile=Profile(code(data.sex), tuple(data.citizenship), code(data.district)))


def _arrest_made(person: str, suspect: Suspect, event: ArrestMadeV1) -> Suspect:
    if event.data.person != person:
        return suspect
    return replace(suspect, arrests=having(suspect.arrests, event.data.arrest, event.occurred))


def _charge_filed(person: str, suspect: Suspect, event: ChargeFiledV1) -> Suspect:
    data = event.data
    if data.person != person:
        return suspect
    return replace(suspect, charges=having(suspect.charges, data.charge, Charge(event.occurred, str(data.offence))))


def _verdict_returned(person: str, suspect: Suspect, event: VerdictReturnedV1) -> Suspect:
    data = event.data
    if data.person != person:
        return suspect
    verdict = Verdict(event.occurred, str(data.outcome), data.counts_n, codes(data.exploitation))
    return replace(suspect, verdicts=having(suspect.verdicts, data.charge, verdict))


def persons_arrested(suspect: Suspect) -> Iterator[Counted]:
    """One for each of the person's arrests."""
    dims = suspect.profile.dims()
    for arrested in suspect.arrests.values():
        yield Counted(touched(arrested), dims=dims)


def _convictions(suspect: Suspect) -> Iterable[Verdict]:
    return (verdict for verdict in suspect.verdicts.values() if verdict.outcome == ChargeOutcome.CONVICTED)


def persons_convicted(suspect: Suspect) -> Iterator[Counted]:
    """One for each charge of which the person was convicted."""
    dims = suspect.profile.dims()
    for verdict in _convictions(suspect):
        yield Counted(touched(verdict.returned), dims={**dims, "exploitation": verdict.exploitation})


def counts_convicted(suspect: Suspect) -> Iterator[Counted]:
    """The counts of each charge of which the person was convicted."""
    for verdict in _convictions(suspect):
        yield Counted(touched(verdict.returned), verdict.counts_n, {"exploitation": verdict.exploitation})


def persons_charged(suspect: Suspect) -> Iterator[Counted]:
    """The days on which each of the person's charges surely is open: from its filing to the day before its verdict."""
    dims = suspect.profile.dims()
    for charge_id, charge in suspect.charges.items():
        verdict = suspect.verdicts.get(charge_id)
        of_charge = {**dims, "offence": (charge.offence,)}
        if charge.filed is None or (verdict is not None and verdict.returned is None):
            yield Counted(None, dims=of_charge)
            continue
        closed = NEVER if verdict is None or verdict.returned is None else verdict.returned.first_day
        days = surely(charge.filed.last_day, closed)
        if days is not None:
            yield Counted(days, dims=of_charge)


FIGURES: Final[tuple[Figure[Suspect], ...]] = (
    Figure(
        number="O9",
        name="persons_arrested",
        en="Persons arrested in the period; somebody arrested twice counts once.",
        es="Personas detenidas en el período; quien fue detenido dos veces cuenta una vez.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        nature=Nature.FLOW,
        date_role=DateRole.OCCURRED,
        reader=Reader.SUM,
        counted=persons_arrested,
        area=Area.PROSECUTION,
        seen_by=JUSTICE,
        breakdowns=((), ("sex",), ("citizenship",), ("district",), ("citizenship", "sex")),
        distinct=True,
        valid_from=FIRST_REPORT,
    ),
    Figure(
        number="O13a",
        name="persons_convicted",
        en="Persons convicted as charged, on at least one charge, by a verdict returned in the period.",
        es="Personas condenadas según lo imputado, por al menos un cargo, con veredicto emitido en el período.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        nature=Nature.FLOW,
        date_role=DateRole.DECIDED,
        reader=Reader.SUM,
        counted=persons_convicted,
        area=Area.PROSECUTION,
        seen_by=JUSTICE,
        breakdowns=((), ("exploitation",), ("sex",), ("citizenship",), ("exploitation", "sex", "citizenship")),
        distinct=True,
        valid_from=FIRST_REPORT,
    ),
    Figure(
        number="O13b",
        name="counts_convicted",
        en="Counts of which persons were convicted as charged by verdicts returned in the period.",
        es="Número de delitos por los que hubo condena según lo imputado, con veredicto emitido en el período.",
        entity=Kind.PERSON,
        unit=Unit.COUNTS,
        nature=Nature.FLOW,
        date_role=DateRole.DECIDED,
        reader=Reader.SUM,
        counted=counts_convicted,
        area=Area.PROSECUTION,
        seen_by=JUSTICE,
        breakdowns=((), ("exploitation",)),
        valid_from=FIRST_REPORT,
    ),
    Figure(
        number="O16",
        name="persons_charged",
        en="Persons with a charge before the Magistrates’ Court or beyond, still undecided at the end of the period.",
        es="Personas con un cargo ante el Tribunal de Magistrados o superior, aún sin decidir al final del período.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        nature=Nature.STOCK,
        date_role=DateRole.OCCURRED,
        reader=Reader.RUNNING_SUM,
        counted=persons_charged,
        area=Area.PROSECUTION,
        seen_by=JUSTICE,
        breakdowns=((), ("offence",), ("sex",), ("citizenship",), ("offence", "sex", "citizenship")),
        distinct=True,
        valid_from=FIRST_REPORT,
    ),
)

PART: Final = Part(
    name="suspect",
    kind=Kind.PERSON,
    empty=Suspect(),
    folds={
        "bz.atips.person.profile_recorded.v1": _profile_recorded,
        "bz.atips.arrest.made.v1": _arrest_made,
        "bz.atips.charge.filed.v1": _charge_filed,
        "bz.atips.verdict.returned.v1": _verdict_returned,
    },
    figures=FIGURES,
)
