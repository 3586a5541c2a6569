"""Part of a person: the cases and victims that a suspect is tied to, and the suspects that a victim is tied to."""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.case_events import CasePartyAddedV1, CasePartyRemovedV1
from schemas.codebook.case import PartyRole
from schemas.identification import SuspectIdentifiedV1, VictimIdentifiedV1
from schemas.ids import Kind
from schemas.justice.charges import ChargeAmendedV1, ChargeFiledV1, ChargeWithdrawnV1, VerdictReturnedV1
from schemas.justice.police import ArrestMadeV1
from schemas.justice.victim_suspect_links import VictimSuspectLinkedV1, VictimSuspectUnlinkedV1
from schemas.times import Interval, surely_before
from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.durations import DURATION, duration
from services.reporting.domain.declaration.entity_state_part import Part, first_of, owners_statement, with_entry
from services.reporting.domain.declaration.figure import Area, Counted, Days, Figure, Unit
from services.reporting.domain.facts.charges_filed_again import EndedCharges, is_filed_again, with_end, with_former
from services.reporting.domain.facts.fact_owner import WitnessedFact, charge_by_witness


class SuspicionTies(Struct, frozen=True):
    """Ties of a person. `suspected`: times of suspicion, by id of the arrest or charge or reference of the event.

    `cases`: ids of the cases in which the person is a suspect. `victims`: ids of persons whom the person is suspected
    of having exploited. `identified`: times at which the person was identified as a victim. `suspects`: ids of persons
    suspected of having exploited the person. `ended`: charges that may be filed again.
    """

    suspected: Mapping[str, WitnessedFact] = field(default_factory=dict)
    cases: frozenset[str] = frozenset()
    victims: frozenset[str] = frozenset()
    identified: tuple[Interval | None, ...] = ()
    suspects: frozenset[str] = frozenset()
    ended: EndedCharges = field(default_factory=dict)
    unlinked: Mapping[tuple[str, str], tuple[Interval | None, ...]] = field(default_factory=dict)
    """Times at which ties were ended, by (victim, suspect). An end also ends ties that may have begun before or after
    it."""

    def first_suspected(self) -> Days | None:
        """Return the days on which the person may first have come under suspicion. None if undated."""
        return first_of(each.happened for each in self.suspected.values())

    def tied(self, victim: str, suspect: str, when: Interval | None) -> bool:
        """Whether a tie that began at `when` holds: each end of a tie between the two surely lies before `when`.

        Always False for a person and herself or himself.
        """
        ends = self.unlinked.get((victim, suspect), ())
        return victim != suspect and all(surely_before(end, when) for end in ends)


def _suspect_identified(person: str, ties: SuspicionTies, event: SuspectIdentifiedV1) -> SuspicionTies:
    data = event.data
    return _suspected(ties, event.ref, WitnessedFact(event.occurred), data.case) if data.person == person else ties


def _victim_identified(person: str, ties: SuspicionTies, event: VictimIdentifiedV1) -> SuspicionTies:
    return replace(ties, identified=(*ties.identified, event.occurred)) if event.data.person == person else ties


def _arrest_made(person: str, ties: SuspicionTies, event: ArrestMadeV1) -> SuspicionTies:
    data = event.data
    if data.person == person:
        suspected = _suspected(ties, data.arrest, WitnessedFact(event.occurred), data.case)
        return _tied(person, suspected, data.linked_victims, event.occurred)
    return _harmed(person, ties, data.person, event.occurred) if person in data.linked_victims else ties


def _charge_filed(person: str, ties: SuspicionTies, event: ChargeFiledV1) -> SuspicionTies:
    data = event.data
    if data.person == person:
        if is_filed_again(ties.ended, event):
            before, ended = with_former(ties.suspected, ties.ended, data.charge)
            ties = replace(ties, suspected=before, ended=ended)
        suspected = _suspected(ties, data.charge, WitnessedFact(event.occurred, charge_by_witness(event)), data.case)
        return _tied(person, suspected, data.victims, event.occurred)
    return _harmed(person, ties, data.person, event.occurred) if person in data.victims else ties


def _charge_ended(person: str, ties: SuspicionTies, event: ChargeWithdrawnV1 | VerdictReturnedV1) -> SuspicionTies:
    return ties if event.data.person != person else replace(ties, ended=with_end(ties.ended, event))


def _charge_amended(person: str, ties: SuspicionTies, event: ChargeAmendedV1) -> SuspicionTies:
    """Add an amended charge whose filing is not known, without a date."""
    data = event.data
    if data.person != person or data.charge in ties.suspected:
        return ties
    return _suspected(ties, data.charge, WitnessedFact(None, by_witness=True), data.case)


def _linked(person: str, ties: SuspicionTies, event: VictimSuspectLinkedV1) -> SuspicionTies:
    data = event.data
    if data.suspect == person:
        ties = _tied(person, replace(ties, cases=ties.cases | {data.case}), (data.victim,), event.occurred)
    return _harmed(person, ties, data.suspect, event.occurred) if data.victim == person else ties


def _unlinked(person: str, ties: SuspicionTies, event: VictimSuspectUnlinkedV1) -> SuspicionTies:
    """End every tie between two persons that does not surely begin later."""
    pair = event.data.victim, event.data.suspect
    if person not in pair:
        return ties
    victim, suspect = pair
    return replace(
        ties,
        victims=ties.victims - {victim} if suspect == person else ties.victims,
        suspects=ties.suspects - {suspect} if victim == person else ties.suspects,
        unlinked=with_entry(ties.unlinked, pair, (*ties.unlinked.get(pair, ()), event.occurred)),
    )


def _party_added(person: str, ties: SuspicionTies, event: CasePartyAddedV1) -> SuspicionTies:
    data = event.data
    of_suspect = data.person == person and data.role is PartyRole.SUSPECT
    return replace(ties, cases=ties.cases | {data.case}) if of_suspect else ties


def _party_removed(person: str, ties: SuspicionTies, event: CasePartyRemovedV1) -> SuspicionTies:
    data = event.data
    of_suspect = data.person == person and data.role in {None, PartyRole.SUSPECT}
    return replace(ties, cases=ties.cases - {data.case}) if of_suspect else ties


def _suspected(ties: SuspicionTies, by: str, told: WitnessedFact, case: str | None) -> SuspicionTies:
    cases = ties.cases if case is None else ties.cases | {case}
    return replace(
        ties, suspected=with_entry(ties.suspected, by, owners_statement(ties.suspected.get(by), told)), cases=cases
    )


def _tied(person: str, ties: SuspicionTies, victims: tuple[str, ...], when: Interval | None) -> SuspicionTies:
    return replace(ties, victims=ties.victims.union(each for each in victims if ties.tied(each, person, when)))


def _harmed(person: str, ties: SuspicionTies, suspect: str, when: Interval | None) -> SuspicionTies:
    return replace(ties, suspects=ties.suspects | {suspect}) if ties.tied(person, suspect, when) else ties


def _a_suspect(ties: SuspicionTies) -> tuple[SuspicionTies, ...]:
    """Return a tuple of the person's ties, or an empty tuple if the person was never a suspect."""
    return (ties,) if ties.suspected else ()


def cases_per_suspect(ties: SuspicionTies) -> Iterator[Counted]:
    """Yield the number of a suspect's cases as a "duration", so that the reader QUANTILE gives its median.

    Yields nothing for a suspect without cases.
    """
    if ties.cases:
        yield Counted(ties.first_suspected(), dims={DURATION: (str(len(ties.cases)),)})


def suspects_in_several_cases(ties: SuspicionTies) -> Iterator[Counted]:
    """Yield a person who is a suspect in more than one case."""
    return _suspect(ties, chosen=len(ties.cases) > 1)


def suspects_without_victim(ties: SuspicionTies) -> Iterator[Counted]:
    """Yield a person who is a suspect and linked to no victim."""
    return _suspect(ties, chosen=not ties.victims)


def _suspect(ties: SuspicionTies, *, chosen: bool) -> Iterator[Counted]:
    if chosen:
        yield Counted(ties.first_suspected())


def victims_without_suspect(ties: SuspicionTies) -> Iterator[Counted]:
    """Yield a person who was identified as a victim and is linked to no suspect."""
    if ties.identified and not ties.suspects:
        yield Counted(first_of(ties.identified))


_FIRST_SUSPECTED: Final[tuple[str, str]] = (
    "Of the persons who first came under suspicion in the period, those",
    "De las personas que pasaron a ser sospechosas en el período, las",
)
_TIED: Final[tuple[str, str]] = ("by an arrest, a charge or a link", "por detención, cargo o vínculo")


FIGURES: Final[tuple[Figure[SuspicionTies], ...]] = (
    duration(
        number="R8a",
        name="cases_per_suspect",
        en="Cases known so far of each person who first came under suspicion in the period: the median, of those with "
        "any.",
        es="Casos conocidos hasta ahora de cada persona que pasó a ser sospechosa en el período: la mediana, entre "
        "las que tienen alguno.",
        entity=Kind.PERSON,
        unit=Unit.CASES,
        counted=EachCounted(_a_suspect, cases_per_suspect),
        area=Area.PROSECUTION,
    ),
    Figure(
        number="R8b",
        name="suspects_in_several_cases",
        en=f"{_FIRST_SUSPECTED[0]} who are suspects in more than one case so far.",
        es=f"{_FIRST_SUSPECTED[1]} que hasta ahora son sospechosas en más de un caso.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        counted=EachCounted(_a_suspect, suspects_in_several_cases),
        area=Area.PROSECUTION,
        distinct=True,
        part_of="R10a",
    ),
    Figure(
        number="R8c",
        name="suspects_without_victim",
        en=f"{_FIRST_SUSPECTED[0]} tied to no victim so far, {_TIED[0]}.",
        es=f"{_FIRST_SUSPECTED[1]} que hasta ahora no están ligadas a ninguna víctima, {_TIED[1]}.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        counted=EachCounted(_a_suspect, suspects_without_victim),
        area=Area.PROSECUTION,
        distinct=True,
        part_of="R10a",
    ),
    Figure(
        number="R8d",
        name="victims_without_suspect",
        en=f"Of the persons first identified as victims in the period, those tied to no suspect so far, {_TIED[0]}.",
        es="De las personas identificadas por primera vez como víctimas en el período, las que hasta ahora no están "
        f"ligadas a ningún sospechoso, {_TIED[1]}.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        counted=victims_without_suspect,
        area=Area.PROSECUTION,
        distinct=True,
        part_of="R1a",
    ),
)

PART: Final = Part(
    name="suspect_and_victim_ties",
    kind=Kind.PERSON,
    empty=SuspicionTies(),
    folds={
        "bz.atips.suspect.identified.v1": _suspect_identified,
        "bz.atips.victim.identified.v1": _victim_identified,
        "bz.atips.arrest.made.v1": _arrest_made,
        "bz.atips.charge.filed.v1": _charge_filed,
        "bz.atips.charge.amended.v1": _charge_amended,
        "bz.atips.charge.withdrawn.v1": _charge_ended,
        "bz.atips.verdict.returned.v1": _charge_ended,
        "bz.atips.victim_suspect.linked.v1": _linked,
        "bz.atips.victim_suspect.unlinked.v1": _unlinked,
        "bz.atips.case.party_added.v1": _party_added,
        "bz.atips.case.party_removed.v1": _party_removed,
    },
    figures=FIGURES,
)
