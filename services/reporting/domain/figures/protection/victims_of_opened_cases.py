"""Part of a person: membership in cases as a victim. It counts the victims of the cases opened in a period.

An identification or a status in a case makes a person its victim. So does being added to its parties as a victim, until
removed from them. Statements that name the case, or no case, count, and all profiles. A victim of several cases of a
period counts once. The reader COHORT joins the cases' openings, from the part `case_openings`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from schemas.case_events import CasePartyAddedV1, CasePartyRemovedV1
from schemas.codebook.case import PartyRole
from schemas.codebook.identification import PersonRole, VictimStatus
from schemas.identification import PersonProfileRecordedV1, VictimIdentifiedV1, VictimStatusChangedV1
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import Part
from services.reporting.domain.declaration.figure import (
    BETWEEN,
    MEMBER,
    VERSION_2_FROM,
    Area,
    Counted,
    Days,
    Figure,
    Reader,
    Unit,
)
from services.reporting.domain.declaration.values_over_time import turns, values_during
from services.reporting.domain.facts.victim_status_decisions import StatusGiven, counting, is_victim
from services.reporting.domain.figures.protection.identified import state
from services.reporting.domain.figures.protection.identified.state import Identified, VictimProfile

_UNWEIGHED: Final = -1
"""Rank of being added to a case as a victim. Any statement on the person's status has a higher rank."""


class VictimStatement(Struct, frozen=True):
    """One event's statement on the person as a victim: the case that it is about, and `said`, its content.

    `case`: None if the event names none, or records a profile. `profile`: None unless the event records a profile.
    """

    case: str | None
    said: Identified
    profile: VictimProfile | None = None


class CaseMembership(Struct, frozen=True):
    """From `since` on, the person is (`inside`) or is no longer among the victims of a case."""

    case: str
    since: Interval | None
    inside: bool


class CohortPerson(Struct, frozen=True):
    """A person's victim statements and places in cases, each in the order in which they happened."""

    person: str = ""
    words: tuple[VictimStatement, ...] = ()
    places: tuple[CaseMembership, ...] = ()

    def cases(self) -> Iterator[str]:
        """Yield the id of each case of which the person ever was a victim, once."""
        yield from dict.fromkeys(each.case for each in self.places)

    def by_case(self) -> Iterator[tuple[str, Identified, list[CaseMembership]]]:
        """Yield for each case its id, all statements that name it or no case, joined, and the person's places in it.

        Statements and places are sorted by case once, so that a person of many cases is not scanned for each.
        """
        words: dict[str | None, list[tuple[int, VictimStatement]]] = defaultdict(list)
        for number, word in enumerate(self.words):
            words[word.case].append((number, word))
        places: dict[str, list[CaseMembership]] = defaultdict(list)
        for place in self.places:
            places[place.case].append(place)
        for case, there in places.items():
            said = sorted([*words.get(None, ()), *words.get(case, ())], key=itemgetter(0))
            yield case, _together([word for _, word in said]), there


def held(places: Sequence[CaseMembership], identified: Identified) -> Iterator[tuple[Days, str]]:
    """Yield the days on which a person with these places in one case is held as a victim, with the status in force."""
    victim = [(days, each.status) for days, each in counting(identified.decisions) if is_victim(each.status)]
    for days, inside in turns((each.since, each.inside) for each in places):
        if inside:
            yield from values_during(days, victim)


def _together(words: Sequence[VictimStatement]) -> Identified:
    """Join several statements, given in order, into one. The last profile counts."""
    profiles = [each.profile for each in words if each.profile is not None]
    return Identified(
        profiles[-1] if profiles else Identified().profile,
        tuple(chain.from_iterable(each.said.identifications for each in words)),
        tuple(chain.from_iterable(each.said.decisions for each in words)),
        ages=tuple(chain.from_iterable(each.said.ages for each in words)),
    )


def _victim(person: str, member: CohortPerson, event: VictimIdentifiedV1 | VictimStatusChangedV1) -> CohortPerson:
    case = event.data.case
    if event.data.person != person:
        return member
    if isinstance(event, VictimIdentifiedV1):
        said = state.victim_identified(person, Identified(), event)
    else:
        said = state.status_changed(person, Identified(), event)
    return _having(
        person,
        member,
        VictimStatement(case, said),
        None if case is None else CaseMembership(case, event.occurred, inside=True),
    )


def _profile(person: str, member: CohortPerson, event: PersonProfileRecordedV1) -> CohortPerson:
    if event.data.person != person or event.data.role is not PersonRole.VICTIM:
        return member
    told = state.profile_recorded(person, Identified(), event)
    # A profile is of the person in every case, whichever case the event names.
    return _having(person, member, VictimStatement(None, Identified(ages=told.ages), told.profile), None)


def _added(person: str, member: CohortPerson, event: CasePartyAddedV1) -> CohortPerson:
    data = event.data
    if data.person != person or data.role is not PartyRole.VICTIM:
        return member
    party = StatusGiven(event.occurred, _UNWEIGHED, VictimStatus.SUSPECTED.value, data.case)
    said = Identified(decisions=(party,))
    return _having(
        person, member, VictimStatement(data.case, said), CaseMembership(data.case, event.occurred, inside=True)
    )


def _removed(person: str, member: CohortPerson, event: CasePartyRemovedV1) -> CohortPerson:
    data = event.data
    if data.person != person or data.role not in {None, PartyRole.VICTIM} or data.case not in member.cases():
        return member
    return replace(member, places=(*member.places, CaseMembership(data.case, event.occurred, inside=False)))


def _having(person: str, member: CohortPerson, word: VictimStatement, place: CaseMembership | None) -> CohortPerson:
    return CohortPerson(person, (*member.words, word), member.places if place is None else (*member.places, place))


def victims_of_cases(member: CohortPerson) -> Iterator[Counted]:
    """Yield each status and age group that the person has in a case, on the days on which it certainly holds.

    Each way of identification has an item of its own.
    """
    for case, identified, places in member.by_case():
        spells = list(held(places, identified))
        dims = {**identified.dims(), MEMBER: (case + BETWEEN + member.person,)}
        ways = [each.dims() for each in identified.identifications] or [{}]
        if not spells and any(is_victim(each.status) and each.since is None for each in identified.decisions):
            yield from (Counted(None, dims={**dims, **way}) for way in ways)
        ages = identified.ages_over_time()
        aged = [(part, status, age) for days, status in spells for part, age in values_during(days, ages)]
        for days, status, age in aged:
            yield from (Counted(days, dims={**dims, **way, "status": (status,), "age_group": age}) for way in ways)


_ALSO: Final = ("sex", "district", "identified_by", "status")


def _figure(number: str, name: str, en: str, es: str, *breakdowns: tuple[str, ...]) -> Figure[CohortPerson]:
    """Declare a figure of the victims of the cases opened in a period. Such figures differ only in their breakdowns."""
    return Figure(
        number=number,
        name=name,
        en=f"Victims of the cases of O1a, opened in the period, {en} A victim of several of these cases counts once. "
        "Counted is what events say that name the case, or no case, and the person’s profile. Anyone not held as its "
        "victim at the period’s end is left out.",
        es=f"Víctimas de los casos de O1a, abiertos en el período, {es} La víctima de varios de estos casos cuenta una "
        "vez. Se cuenta lo que dicen los eventos que nombran el caso o ninguno, y el perfil de la persona. No se "
        "incluye a quien no se considera su víctima al final del período.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        reader=Reader.COHORT,
        counted=victims_of_cases,
        area=Area.PROTECTION,
        breakdowns=((), *breakdowns),
        over=MEMBER,
        distinct=True,
        version=2,
        valid_from=VERSION_2_FROM,
    )


def _with_each(*dimensions: str) -> tuple[tuple[str, ...], ...]:
    """Return breakdowns: each of `dimensions` alone, each of `_ALSO` alone, and each pair of one from both."""
    pairs = tuple(tuple(sorted((each, also))) for each in dimensions for also in _ALSO)
    return (*((each,) for each in dimensions), *((also,) for also in _ALSO), *pairs)


FIGURES: Final[tuple[Figure[CohortPerson], ...]] = (
    _figure(
        "O3",
        "victims_minors_and_adults",
        "by whether they were minors when they were exploited. The age group is the last one recorded by the period’s "
        "end, or the first one after it.",
        "según si eran menores de edad cuando fueron explotadas. El grupo de edad es el último registrado al final del "
        "período, o el primero posterior.",
        *_with_each("minor_at_exploitation"),
        ("age_group",),
    ),
    _figure(
        "O4",
        "victims_by_country",
        "by citizenship; somebody with two is in both rows.",
        "por ciudadanía; quien tiene dos está en ambas filas.",
        *_with_each("citizenship"),
    ),
    _figure(
        "O5",
        "victims_by_exploitation",
        "by how they were exploited. A victim is in every row that applies, or has one type for each case, which is "
        "mixed for several.",
        "por forma de explotación. Una víctima está en cada fila que corresponda, o tiene un solo tipo en cada caso, "
        "que es mixto si hubo varias.",
        *_with_each("exploitation", "trafficking_type"),
    ),
    _figure(
        "O28",
        "victims_trends",
        "by what the report’s trends speak of: girls, recruiters in the family, citizenship.",
        "según las tendencias del informe: niñas, captadores de la familia, ciudadanía.",
        ("recruiter_relation",),
        ("minor_at_exploitation", "sex"),
        ("exploitation", "minor_at_exploitation", "sex"),
        ("minor_at_exploitation", "recruiter_relation"),
        ("citizenship",),
    ),
)

PART: Final = Part(
    name="victims_of_opened_cases",
    kind=Kind.PERSON,
    empty=CohortPerson(),
    folds={
        "bz.atips.victim.identified.v1": _victim,
        "bz.atips.victim.status_changed.v1": _victim,
        "bz.atips.person.profile_recorded.v1": _profile,
        "bz.atips.case.party_added.v1": _added,
        "bz.atips.case.party_removed.v1": _removed,
    },
    figures=FIGURES,
)
