"""The victims of the cases opened in a period: the cohort of O1a, by what each case's events say of its victims.

A case knows what names it: of a person, the identifications, statuses and profiles that name the case, and whether the
person was added to its parties or removed from them. A victim of several cases of the period is one.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.case import CasePartyAddedV1, CasePartyRemovedV1
from schemas.codebook.case import PartyRole
from schemas.codebook.identification import VictimStatus
from schemas.identification import PersonProfileRecordedV1, VictimIdentifiedV1, VictimStatusChangedV1
from schemas.ids import Kind
from schemas.justice.investigation import InvestigationOpenedV1
from schemas.times import Interval
from services.reporting.domain.figure import MENDED, PERSON, Area, Counted, Days, Figure, Reader, Unit
from services.reporting.domain.part import Part, having, touched
from services.reporting.domain.parts.identified import state
from services.reporting.domain.parts.identified.state import Identified
from services.reporting.domain.statuses import Decision, counting, is_victim
from services.reporting.domain.turns import during, turns

_UNWEIGHED: Final = -1
"""Weight of a victim party in a case. Any statement on the status weighs more."""


class Member(Struct, frozen=True):
    """A person of the case: what is said of them as a victim, and since when they are a party or no longer one."""

    identified: Identified = Identified()
    party: tuple[tuple[Interval | None, bool], ...] = ()

    def held(self) -> Iterator[tuple[Days, str]]:
        """The days on which the person is held as a victim of the case, with the status then in force."""
        victim = [(days, each.status) for days, each in counting(self.identified.decisions) if is_victim(each.status)]
        for days, inside in turns(self.party):
            if inside:
                yield from during(days, victim)


class Cohort(Struct, frozen=True):
    """When investigations into the case were opened, and its persons by their ids."""

    openings: tuple[Interval | None, ...] = ()
    members: Mapping[str, Member] = field(default_factory=dict)

    def having(self, person: str, member: Member) -> "Cohort":
        """Copy the cohort with one person's present state."""
        return replace(self, members=having(self.members, person, member))


def _opened(case: str, cohort: Cohort, event: InvestigationOpenedV1) -> Cohort:
    return replace(cohort, openings=(*cohort.openings, event.occurred)) if event.data.case == case else cohort


def _victim(case: str, cohort: Cohort, event: VictimIdentifiedV1 | VictimStatusChangedV1) -> Cohort:
    person = event.data.person
    if event.data.case != case:
        return cohort
    member = cohort.members.get(person, Member())
    if isinstance(event, VictimIdentifiedV1):
        identified = state.victim_identified(person, member.identified, event)
    else:
        identified = state.status_changed(person, member.identified, event)
    return cohort.having(person, replace(member, identified=identified, party=(*member.party, (event.occurred, True))))


def _profile(case: str, cohort: Cohort, event: PersonProfileRecordedV1) -> Cohort:
    person = event.data.person
    if event.data.case != case:
        return cohort
    member = cohort.members.get(person, Member())
    identified = state.profile_recorded(person, member.identified, event)
    return cohort if identified is member.identified else cohort.having(person, replace(member, identified=identified))


def _added(case: str, cohort: Cohort, event: CasePartyAddedV1) -> Cohort:
    data = event.data
    if data.case != case or data.role is not PartyRole.VICTIM:
        return cohort
    member = cohort.members.get(data.person, Member())
    decision = Decision(event.occurred, _UNWEIGHED, VictimStatus.SUSPECTED.value)
    identified = replace(member.identified, decisions=(*member.identified.decisions, decision))
    party = (*member.party, (event.occurred, True))
    return cohort.having(data.person, Member(identified, party))


def _removed(case: str, cohort: Cohort, event: CasePartyRemovedV1) -> Cohort:
    data = event.data
    if data.case != case or data.role not in {None, PartyRole.VICTIM} or data.person not in cohort.members:
        return cohort
    member = cohort.members[data.person]
    return cohort.having(data.person, replace(member, party=(*member.party, (event.occurred, False))))


def victims_of_cases_opened(cohort: Cohort) -> Iterator[Counted]:
    """Each victim for each opening and status: the case is of the period of the one, the status of its end."""
    for person, member in cohort.members.items() if cohort.openings else ():
        held = list(member.held())
        dims = {**member.identified.dims(), PERSON: (person,)}
        ways = [each.dims() for each in member.identified.identifications] or [{}]
        undated = not held and any(
            is_victim(each.status) and each.since is None for each in member.identified.decisions
        )
        for opened in cohort.openings:
            for way in ways:
                if opened is None or undated:
                    yield Counted(None, dims={**dims, **way})
                    continue
                for days, status in held:
                    yield Counted(touched(opened), dims={**dims, **way, "status": (status,)}, asof=days)


_ALSO: Final = ("sex", "district", "identified_by", "status")


def _figure(number: str, name: str, en: str, es: str, *breakdowns: tuple[str, ...]) -> Figure[Cohort]:
    """A figure of the victims of the cases opened in a period, which differ in what they are asked for by."""
    return Figure(
        number=number,
        name=name,
        en=f"Victims of the cases of O1a, opened in the period, {en} A victim of several of these cases counts once. "
        "Counted is what the case’s own events say; anyone not held as its victim at the period’s end is left out.",
        es=f"Víctimas de los casos de O1a, abiertos en el período, {es} La víctima de varios de estos casos cuenta una "
        "vez. Se cuenta lo que dicen los eventos del caso; no se incluye a quien no se considera su víctima al final "
        "del período.",
        entity=Kind.CASE,
        unit=Unit.PERSONS,
        reader=Reader.DISTINCT,
        counted=victims_of_cases_opened,
        area=Area.PROTECTION,
        breakdowns=((), *breakdowns),
        over=PERSON,
        distinct=True,
        version=2,
        valid_from=MENDED,
    )


def _with_each(*dimensions: str) -> tuple[tuple[str, ...], ...]:
    """The dimensions by themselves, each with each of the further ones, and these by themselves."""
    pairs = tuple(tuple(sorted((each, also))) for each in dimensions for also in _ALSO)
    return (*((each,) for each in dimensions), *((also,) for also in _ALSO), *pairs)


FIGURES: Final[tuple[Figure[Cohort], ...]] = (
    _figure(
        "O3",
        "victims_minors_and_adults",
        "by whether they were minors when they were exploited; the age group is of when the profile was recorded.",
        "según si eran menores de edad cuando fueron explotadas; el grupo de edad es el del momento en que se registró "
        "el perfil.",
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
        "by how they were exploited: in every row that applies, or by one type each, which is mixed for several.",
        "por forma de explotación: en cada fila que corresponda, o por un solo tipo, que es mixto si hubo varias.",
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
    name="cohort",
    kind=Kind.CASE,
    empty=Cohort(),
    folds={
        "bz.atips.investigation.opened.v1": _opened,
        "bz.atips.victim.identified.v1": _victim,
        "bz.atips.victim.status_changed.v1": _victim,
        "bz.atips.person.profile_recorded.v1": _profile,
        "bz.atips.case.party_added.v1": _added,
        "bz.atips.case.party_removed.v1": _removed,
    },
    figures=FIGURES,
)
