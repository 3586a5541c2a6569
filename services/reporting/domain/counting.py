"""What each figure counts in one entity's state: pure functions, one per figure, named in the table of figures."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from schemas.codebook.justice import ChargeOutcome
from schemas.codebook.prevention import Audience, InspectionFocus, Programme
from schemas.times import Interval
from services.reporting.domain.figure import NEVER, Counted, Days
from services.reporting.domain.state import (
    ActivityState,
    CaseState,
    Inspection,
    Opening,
    PersonState,
    Session,
    Verdict,
)

_DAY: Final = timedelta(days=1)


def touched(interval: Interval | None) -> Days | None:
    """The Belize days that a fact may lie on."""
    return None if interval is None else Days(interval.first_day, interval.last_day)


def surely(opened: date, closed: date) -> Days | None:
    """The days from one to the day before the other; None where there are none."""
    last = closed if closed == NEVER else closed - _DAY
    return Days(opened, last) if opened <= last else None


def _values(code: str | None) -> tuple[str, ...]:
    return () if code is None else (code,)


# ---- cases


def _of_opening(opening: Opening) -> dict[str, tuple[str, ...]]:
    return {
        "district": _values(opening.district),
        "suspected_offence": _values(opening.suspected_offence),
        "exploitation": opening.exploitation,
    }


def investigations_opened(state: CaseState) -> Iterator[Counted]:
    """One for each investigation opened into the case."""
    for opening in state.openings:
        yield Counted(touched(opening.opened), dims=_of_opening(opening))


def investigations_active(state: CaseState) -> Iterator[Counted]:
    """From when to when the case surely is under investigation: each opening to the next closing, both days included.

    Of an imprecise spell the first day may lie after the last: it is active only in periods that hold both.
    """
    closed = sorted((each for each in state.closings if each is not None), key=lambda each: each.last_day)
    for opening in state.openings:
        dims = _of_opening(opening)
        opened = opening.opened
        if opened is None or None in state.closings:
            yield Counted(None, dims=dims)
            continue
        until = next((each.first_day for each in closed if each.last_day >= opened.first_day), NEVER)
        yield Counted(Days(opened.last_day, until), dims=dims)


# ---- persons


def _of_suspect(state: PersonState) -> dict[str, tuple[str, ...]]:
    profile = state.suspect
    return {
        "sex": _values(profile.sex),
        "citizenship": profile.citizenship,
        "district": _values(profile.district),
    }


def persons_arrested(state: PersonState) -> Iterator[Counted]:
    """One for each of the person's arrests."""
    dims = _of_suspect(state)
    for arrested in state.arrests.values():
        yield Counted(touched(arrested), dims=dims)


def suspects_of_victim(state: PersonState) -> Iterator[Counted]:
    """How many arrested persons are linked to this victim, from the day on which the number surely is reached."""
    reached: dict[str, date] = {}
    for (suspect, _), arrested in state.named_by.items():
        day = NEVER if arrested is None else arrested.last_day
        reached[suspect] = min(day, reached.get(suspect, NEVER))
    days = sorted(day for day in reached.values() if day != NEVER)
    for number, day in enumerate(days, start=1):
        until = surely(day, days[number] if number < len(days) else NEVER)
        if until is not None:
            yield Counted(until, dims={"suspects": (str(number),)})
    if len(days) < len(reached):
        yield Counted(None, len(reached) - len(days), {"suspects": (str(len(reached)),)})


def _convictions(state: PersonState) -> Iterable[Verdict]:
    return (verdict for verdict in state.verdicts.values() if verdict.outcome == ChargeOutcome.CONVICTED)


def persons_convicted(state: PersonState) -> Iterator[Counted]:
    """One for each charge of which the person was convicted."""
    dims = _of_suspect(state)
    for verdict in _convictions(state):
        yield Counted(touched(verdict.returned), dims={**dims, "exploitation": verdict.exploitation})


def counts_convicted(state: PersonState) -> Iterator[Counted]:
    """The counts of each charge of which the person was convicted."""
    for verdict in _convictions(state):
        yield Counted(touched(verdict.returned), verdict.counts_n, {"exploitation": verdict.exploitation})


def persons_charged(state: PersonState) -> Iterator[Counted]:
    """The days on which each of the person's charges surely is open: from its filing to the day before its verdict."""
    dims = _of_suspect(state)
    for charge_id, charge in state.charges.items():
        verdict = state.verdicts.get(charge_id)
        of_charge = {**dims, "offence": (charge.offence,)}
        if charge.filed is None or (verdict is not None and verdict.returned is None):
            yield Counted(None, dims=of_charge)
            continue
        closed = NEVER if verdict is None or verdict.returned is None else verdict.returned.first_day
        days = surely(charge.filed.last_day, closed)
        if days is not None:
            yield Counted(days, dims=of_charge)


# ---- activities


def persons_screened(state: ActivityState) -> Iterator[Counted]:
    """The persons of one screening; a person screened twice is counted twice."""
    screening = state.screening
    if screening is not None:
        dims = {"requested_by": _values(screening.requested_by), "outcome": _values(screening.outcome)}
        yield Counted(touched(screening.happened), screening.persons_n, dims)


def nationalities_screened(state: ActivityState) -> Iterator[Counted]:
    """Each nationality that was among the persons of one screening."""
    screening = state.screening
    if screening is not None and screening.nationalities:
        dims = {"requested_by": _values(screening.requested_by), "nationality": screening.nationalities}
        yield Counted(touched(screening.happened), dims=dims)


def _inspections(inspection: Inspection) -> Counted:
    dims = {
        "district": _values(inspection.district),
        "sector": _values(inspection.sector),
        "trigger": _values(inspection.trigger),
    }
    return Counted(touched(inspection.happened), inspection.inspections_n, dims)


def inspections(state: ActivityState) -> Iterator[Counted]:
    """Labour inspections, one or a batch."""
    if state.inspection is not None:
        yield _inspections(state.inspection)


def inspections_on_child_labour(state: ActivityState) -> Iterator[Counted]:
    """Labour inspections that looked for child labour."""
    if state.inspection is not None and InspectionFocus.CHILD_LABOUR in state.inspection.focus:
        yield _inspections(state.inspection)


def _participations(
    session: Session | None, programme: Programme, audience: Audience | None = None
) -> Iterator[Counted]:
    if session is None or programme not in session.programmes:
        return
    if audience is None or session.audience == audience:
        yield Counted(touched(session.happened), session.participants_n, {"audience": _values(session.audience)})


def trained_in_iec_plan(state: ActivityState) -> Iterator[Counted]:
    """Participations in one session of the IEC plan."""
    return _participations(state.session, Programme.IEC_PLAN)


def teachers_trained(state: ActivityState) -> Iterator[Counted]:
    """Teachers' participations in one session of the IEC plan."""
    return _participations(state.session, Programme.IEC_PLAN, Audience.TEACHERS)


def police_trained(state: ActivityState) -> Iterator[Counted]:
    """Police officers' participations in one session of HTI and the Police Department."""
    return _participations(state.session, Programme.HTI_BPD, Audience.POLICE)


def liquor_boards_trained(state: ActivityState) -> Iterator[Counted]:
    """Liquor board members' participations in one session of HTI and Local Government."""
    return _participations(state.session, Programme.HTI_LOCAL_GOV, Audience.LIQUOR_BOARDS_REGULATORS)
