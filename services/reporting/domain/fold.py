"""The pure fold: one entity's events, in the order of what happened, to its state.

Any order of arrival and any repetition give the same state. What a type says is looked up in one literal table;
an event that says nothing about this entity, or nothing that a figure needs, leaves the state as it was.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar, assert_never

from schemas.catalogue import order_key
from schemas.codebook.identification import PersonRole
from schemas.codebook.shared import CountBasis
from schemas.envelope import Event
from schemas.identification import PersonProfileRecordedV1, ScreeningCompletedV1
from schemas.ids import kind_of
from schemas.justice import ArrestMadeV1, ChargeFiledV1, InvestigationOpenedV1, VerdictReturnedV1
from schemas.prevention import LabourInspectionCompletedV1, TrainingSessionDeliveredV1
from services.reporting.domain.state import (
    EMPTY,
    ActivityState,
    CaseState,
    Charge,
    Inspection,
    Opening,
    PersonState,
    Profile,
    Screening,
    Session,
    State,
    Verdict,
    having,
)

_T = TypeVar("_T", Screening, Session)


def fold(entity_id: str, events: Iterable[Event]) -> State:
    """The state of one entity after all of its events, in whatever order and however often they are given."""
    state = EMPTY[kind_of(entity_id)]
    for event in in_order(events):
        state = evolve(entity_id, state, event)
    return state


def in_order(events: Iterable[Event]) -> list[Event]:
    """Each event once, by (source, id), in the order in which things happened."""
    return sorted({(event.source, event.id): event for event in events}.values(), key=order_key)


def evolve(entity_id: str, state: State, event: Event) -> State:
    """The state after one more event, which must not stand before any that the state already holds."""
    match state:
        case PersonState():
            of_person = _OF_PERSON.get(event.type)
            return state if of_person is None else of_person(entity_id, state, event)
        case CaseState():
            of_case = _OF_CASE.get(event.type)
            return state if of_case is None else of_case(entity_id, state, event)
        case ActivityState():
            of_activity = _OF_ACTIVITY.get(event.type)
            return state if of_activity is None else of_activity(entity_id, state, event)
        case _:
            assert_never(state)


def speaker(event: Event) -> str:
    """The agency whose statement it is: the one that it was published for, else the publisher."""
    return event.onbehalfof or event.agency


# ---- persons


def _profile_recorded(person: str, state: PersonState, event: PersonProfileRecordedV1) -> PersonState:
    data = event.data
    if data.person != person or data.role is not PersonRole.SUSPECT:
        return state
    return replace(state, suspect=Profile(_code(data.sex), tuple(data.citizenship), _code(data.district)))


def _arrest_made(person: str, state: PersonState, event: ArrestMadeV1) -> PersonState:
    data = event.data
    if data.person == person:
        return replace(state, arrests=having(state.arrests, data.arrest, event.occurred))
    if person in data.linked_victims:
        return replace(state, named_by=having(state.named_by, (data.person, data.arrest), event.occurred))
    return state


def _charge_filed(person: str, state: PersonState, event: ChargeFiledV1) -> PersonState:
    data = event.data
    if data.person != person:
        return state
    return replace(state, charges=having(state.charges, data.charge, Charge(event.occurred, str(data.offence))))


def _verdict_returned(person: str, state: PersonState, event: VerdictReturnedV1) -> PersonState:
    data = event.data
    if data.person != person:
        return state
    verdict = Verdict(event.occurred, str(data.outcome), data.counts_n, _codes(data.exploitation))
    return replace(state, verdicts=having(state.verdicts, data.charge, verdict))


# ---- cases


def _investigation_opened(case: str, state: CaseState, event: InvestigationOpenedV1) -> CaseState:
    data = event.data
    if data.case != case:
        return state
    opening = Opening(event.occurred, _code(data.suspected_offence), _codes(data.exploitation), _code(data.district))
    return replace(state, openings=(*state.openings, opening))


# ---- activities


def _screening_completed(activity: str, state: ActivityState, event: ScreeningCompletedV1) -> ActivityState:
    data = event.data
    if data.screening != activity:
        return state
    counted = data.count if data.count_basis is CountBasis.PERSONS else None
    screening = Screening(
        happened=event.occurred,
        persons_n=counted if data.count is not None else len(data.persons),
        nationalities=tuple(data.nationalities),
        requested_by=data.requested_by,
        outcome=_code(data.outcome),
        # Whoever performed the screening counts; who asked for it only saw it.
        by_witness=speaker(event) == data.requested_by,
    )
    return replace(state, screening=_owned(state.screening, screening))


def _session_delivered(activity: str, state: ActivityState, event: TrainingSessionDeliveredV1) -> ActivityState:
    data = event.data
    if data.session != activity:
        return state
    session = Session(
        happened=event.occurred,
        audience=_code(data.audience),
        participants_n=data.participants_n,
        programmes=_codes(data.programmes),
        # The organiser's number counts; others publish the same session beside it.
        by_witness=bool(data.organisers) and speaker(event) not in data.organisers,
    )
    return replace(state, session=_owned(state.session, session))


def _inspection_completed(activity: str, state: ActivityState, event: LabourInspectionCompletedV1) -> ActivityState:
    data = event.data
    if data.inspection != activity:
        return state
    counted = data.count if data.count_basis is CountBasis.INSPECTIONS else None
    inspection = Inspection(
        happened=event.occurred,
        inspections_n=counted if data.count is not None else 1,
        focus=_codes(data.focus),
        district=_code(data.district),
        sector=_code(data.sector),
        trigger=_code(data.trigger),
    )
    return replace(state, inspection=inspection)


def _owned(before: _T | None, said: _T) -> _T:
    """The later of two statements, unless only the earlier one comes from the owner of the fact."""
    return before if before is not None and said.by_witness and not before.by_witness else said


def _code(code: str | None) -> str | None:
    return None if code is None else str(code)


def _codes(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(code) for code in codes)


_OfPerson: TypeAlias = Callable[[str, PersonState, Any], PersonState]
_OfCase: TypeAlias = Callable[[str, CaseState, Any], CaseState]
_OfActivity: TypeAlias = Callable[[str, ActivityState, Any], ActivityState]

_OF_PERSON: Final[Mapping[str, _OfPerson]] = MappingProxyType(
    {
        "bz.atips.person.profile_recorded.v1": _profile_recorded,
        "bz.atips.arrest.made.v1": _arrest_made,
        "bz.atips.charge.filed.v1": _charge_filed,
        "bz.atips.verdict.returned.v1": _verdict_returned,
    }
)
_OF_CASE: Final[Mapping[str, _OfCase]] = MappingProxyType(
    {
        "bz.atips.investigation.opened.v1": _investigation_opened,
    }
)
_OF_ACTIVITY: Final[Mapping[str, _OfActivity]] = MappingProxyType(
    {
        "bz.atips.screening.completed.v1": _screening_completed,
        "bz.atips.training.session_delivered.v1": _session_delivered,
        "bz.atips.labour.inspection_completed.v1": _inspection_completed,
    }
)

FOLDED: Final = frozenset((*_OF_PERSON, *_OF_CASE, *_OF_ACTIVITY))
"""Types that move a figure."""

UNUSED: Final = frozenset(
    {
        "bz.atips.victim.identified.v1",
        "bz.atips.suspect.identified.v1",
        "bz.atips.period.closed.v1",
        # What these change is settled before the fold: it is given the events in effect.
        "bz.atips.event.corrected.v1",
        "bz.atips.event.retracted.v1",
        "bz.atips.person.merged.v1",
        "bz.atips.case.merged.v1",
        "bz.atips.activity.merged.v1",
    }
)
"""Types that move no figure by themselves; a test holds the two sets against the catalogue."""
