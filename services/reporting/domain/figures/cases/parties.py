"""Part of a case: its victims and suspects, by events that name the case. A case may have neither.

An event may add a party to the case or remove one. Persons who are identified, arrested or charged in the case are
parties too.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.case_events import CaseOpenedV1, CasePartyAddedV1, CasePartyRemovedV1
from schemas.codebook.case import PartyRole
from schemas.codebook.identification import PersonRole
from schemas.identification import (
    PersonProfileRecordedV1,
    SuspectIdentifiedV1,
    VictimIdentifiedV1,
    VictimStatusChangedV1,
)
from schemas.ids import Kind
from schemas.justice.charges import ChargeFiledV1
from schemas.justice.investigation import InvestigationOpenedV1
from schemas.justice.police import ArrestMadeV1
from schemas.justice.victim_suspect_links import VictimSuspectLinkedV1
from schemas.times import Interval
from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.durations import DURATION, duration
from services.reporting.domain.declaration.entity_state_part import Part, first_of, with_entry
from services.reporting.domain.declaration.figure import FIRST_REPORT, VERSION_2_FROM, Area, Counted, Figure, Unit
from services.reporting.domain.facts.victim_status_decisions import is_victim, speaker_weight


class Parties(Struct, frozen=True):
    """The openings of a case, and the ids of its victims and suspects.

    `weights`: for each person the rank of the highest statement on the person's status: (has a date, rank of agency).
    """

    opened: tuple[Interval | None, ...] = ()
    victims: frozenset[str] = frozenset()
    suspects: frozenset[str] = frozenset()
    weights: Mapping[str, tuple[bool, int]] = field(default_factory=dict)

    def having(self, victims: tuple[str, ...] = (), suspects: tuple[str, ...] = ()) -> "Parties":
        """Return the parties with these victims and suspects added, or the same object if all are known."""
        after = replace(self, victims=self.victims.union(victims), suspects=self.suspects.union(suspects))
        return self if after == self else after


def _opened(case: str, parties: Parties, event: CaseOpenedV1 | InvestigationOpenedV1) -> Parties:
    return replace(parties, opened=(*parties.opened, event.occurred)) if event.data.case == case else parties


def _status(case: str, parties: Parties, event: VictimIdentifiedV1 | VictimStatusChangedV1) -> Parties:
    """Add or remove a victim by the person's status. A statement of lower rank than an earlier one changes nothing."""
    person, weight = event.data.person, (event.occurred is not None, speaker_weight(event))
    if event.data.case != case or weight < parties.weights.get(person, weight):
        return parties
    after = replace(parties, weights=with_entry(parties.weights, person, weight))
    if not is_victim(event.data.status):
        return replace(after, victims=after.victims - {person})
    return after.having((person,))


def _suspect(case: str, parties: Parties, event: SuspectIdentifiedV1) -> Parties:
    return parties.having((), (event.data.person,)) if event.data.case == case else parties


def _profile(case: str, parties: Parties, event: PersonProfileRecordedV1) -> Parties:
    data = event.data
    if data.case != case:
        return parties
    return _as(parties, data.role is PersonRole.VICTIM, data.role is PersonRole.SUSPECT, data.person)


def _arrest(case: str, parties: Parties, event: ArrestMadeV1) -> Parties:
    data = event.data
    return parties.having(data.linked_victims, (data.person,)) if data.case == case else parties


def _charge(case: str, parties: Parties, event: ChargeFiledV1) -> Parties:
    data = event.data
    return parties.having(data.victims, (data.person,)) if data.case == case else parties


def _linked(case: str, parties: Parties, event: VictimSuspectLinkedV1) -> Parties:
    data = event.data
    return parties.having((data.victim,), (data.suspect,)) if data.case == case else parties


def _party_added(case: str, parties: Parties, event: CasePartyAddedV1) -> Parties:
    data = event.data
    if data.case != case:
        return parties
    return _as(parties, data.role is PartyRole.VICTIM, data.role is PartyRole.SUSPECT, data.person)


def _party_removed(case: str, parties: Parties, event: CasePartyRemovedV1) -> Parties:
    """Remove a person from the role that the event names, or from both. A later event may add the person again."""
    data = event.data
    if data.case != case:
        return parties
    gone = {data.person}
    return replace(
        parties,
        victims=parties.victims - gone if data.role in {None, PartyRole.VICTIM} else parties.victims,
        suspects=parties.suspects - gone if data.role in {None, PartyRole.SUSPECT} else parties.suspects,
    )


def _as(parties: Parties, victim: bool, suspect: bool, person: str) -> Parties:  # noqa: FBT001 - by role
    return parties.having((person,) if victim else (), (person,) if suspect else ())


def without_victim(parties: Parties) -> bool:
    """Whether the case has no known victim."""
    return not parties.victims


def without_suspect(parties: Parties) -> bool:
    """Whether the case has no known suspect."""
    return not parties.suspects


def _opened_first(parties: Parties) -> tuple[Parties, ...]:
    """Return a tuple of the case, or an empty tuple if no opening of it is known."""
    return (parties,) if parties.opened else ()


def victims_per_case(parties: Parties) -> Iterator[Counted]:
    """Yield the number of the case's victims as a "duration", so that the reader QUANTILE gives its median."""
    yield Counted(first_of(parties.opened), dims={DURATION: (str(len(parties.victims)),)})


def _cohort(letter: str, name: str, en: str, es: str, chosen: Callable[[Parties], bool]) -> Figure[Parties]:
    def counted(parties: Parties) -> Iterator[Counted]:
        if chosen(parties):
            yield Counted(first_of(parties.opened))

    return Figure(
        number=f"R7{letter}",
        name=name,
        en=f"Of the cases first opened in the period, as an agency’s file or as an investigation, {en}",
        es=f"De los casos abiertos por primera vez en el período, como expediente o como investigación, {es}",
        entity=Kind.CASE,
        unit=Unit.CASES,
        counted=EachCounted(_opened_first, counted),
        area=Area.PROSECUTION,
        distinct=True,
        part_of=None if letter == "a" else "R7a",
        version=2 if chosen is without_victim else 1,
        valid_from=VERSION_2_FROM if chosen is without_victim else FIRST_REPORT,
    )


FIGURES: Final[tuple[Figure[Parties], ...]] = (
    _cohort("a", "cases_first_opened", "all.", "todos.", lambda _: True),
    _cohort("b", "cases_without_victim", "those in which nobody is known as a victim so far.",
            "aquellos en los que hasta ahora no se conoce ninguna víctima.", without_victim),
    _cohort("c", "cases_without_suspect", "those in which nobody is known as a suspect so far.",
            "aquellos en los que hasta ahora no se conoce ningún sospechoso.", without_suspect),
    duration(
        number="R7d",
        name="victims_per_case",
        en="Victims known so far in each case first opened in the period, by what names the case: the median. Who is "
        "not held as one by whoever’s word counts, or is no longer party to the case, is left out.",
        es="Víctimas conocidas hasta ahora en cada caso abierto por primera vez en el período, por lo que nombra el "
        "caso: la mediana. No incluye a quien no se considera víctima según la institución que prevalece, ni a quien "
        "ya no es parte del caso.",
        entity=Kind.CASE,
        unit=Unit.PERSONS,
        counted=EachCounted(_opened_first, victims_per_case),
        area=Area.PROSECUTION,
        version=2,
        valid_from=VERSION_2_FROM,
    ),
)  # fmt: skip

PART: Final = Part(
    name="parties",
    kind=Kind.CASE,
    empty=Parties(),
    folds={
        "bz.atips.case.opened.v1": _opened,
        "bz.atips.investigation.opened.v1": _opened,
        "bz.atips.victim.identified.v1": _status,
        "bz.atips.victim.status_changed.v1": _status,
        "bz.atips.suspect.identified.v1": _suspect,
        "bz.atips.person.profile_recorded.v1": _profile,
        "bz.atips.arrest.made.v1": _arrest,
        "bz.atips.charge.filed.v1": _charge,
        "bz.atips.victim_suspect.linked.v1": _linked,
        "bz.atips.case.party_added.v1": _party_added,
        "bz.atips.case.party_removed.v1": _party_removed,
    },
    figures=FIGURES,
)
