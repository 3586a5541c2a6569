"""Figures of late referrals, by the statements of the referral service, which applies the Council's deadlines."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from schemas.codebook.referral import EscalationReason
from schemas.ids import Kind
from services.reporting.domain.declaration.entity_state_part import certain_days
from services.reporting.domain.declaration.figure import (
    NEVER,
    VERSION_2_FROM,
    Area,
    Counted,
    Days,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.figures.referral.attempt import AttemptCourse
from services.reporting.domain.figures.referral.attempt_courses import LATE, Courses, LateReferral, each_of
from services.reporting.domain.figures.referral.shared_declarations import AS_SENT, flow
from services.reporting.domain.figures.referral.state import ReferralRecord

_DAY: Final = timedelta(days=1)


def _first_due(course: AttemptCourse) -> dict[str, date | None]:
    """Return the first due day by reason of lateness. A value is None if no due day is known for the reason."""
    found: dict[str, date | None] = {}
    for each in course.late:
        before = found.get(each.reason)
        found[each.reason] = each.due if before is None else min(before, each.due or before)
    return found


def referrals_late(course: AttemptCourse) -> Iterator[Counted]:
    """Yield one item for each reason for which a referral was late, on the due day."""
    for reason, due in _first_due(course).items():
        when = None if due is None else Days(due, due)
        yield Counted(when, dims={**course.dims, "reason": (reason,)})


def referrals_late_unanswered(late: LateReferral) -> Iterator[Counted]:
    """Yield the days from the due day of an answer to the day before the answer, cancellation or end of a referral.

    A death ends them too. The days on which the person is held to be no victim are left out. Yields nothing if the
    referral service never stated that the answer was late.
    """
    course = late.course
    reasons = _first_due(course)
    if EscalationReason.NOT_ANSWERED not in reasons:
        return
    due = reasons[EscalationReason.NOT_ANSWERED]
    moves = [each.when for each in (course.answer, course.cancelled, course.end) if each is not None]
    ends = [*moves, *late.deaths]
    if due is None or None in ends:
        yield Counted(None, dims=course.dims)
        return
    until = min((each.first_day for each in ends if each is not None), default=NEVER)
    for none in late.no_victim:
        if (days := certain_days(due, min(none.first, until))) is not None:
            yield Counted(days, dims=course.dims)
        if none.last == NEVER:
            return
        due = max(due, none.last + _DAY)
    if (days := certain_days(due, until)) is not None:
        yield Counted(days, dims=course.dims)


FIGURES: Final[tuple[Figure[ReferralRecord], ...]] = (
    flow(
        number="R25a",
        name="referrals_late",
        en="Referrals of which the referral service said that something was late, by the day on which it was due; one "
        "for each thing: its receipt, an answer, a start, to go on after a pause, or word of the work.",
        es="Remisiones de las que el servicio de remisiones informó que algo se retrasó, según el día en que vencía; "
        "una por cada cosa: la recepción, la respuesta, el inicio, la reanudación tras una pausa o noticias de cómo "
        "va.",
        counted=each_of(LATE, referrals_late),
        breakdowns=(*AS_SENT, ("reason",), ("reason", "to_agency"), ("reason", "urgency")),
    ),
    Figure(
        number="R25b",
        name="referrals_late_unanswered",
        en="Referrals that are late and still unanswered at the end of the period, unless the person died or is held "
        "to be no victim.",
        es="Remisiones vencidas y aún sin respuesta al final del período, salvo que la persona haya fallecido o no se "
        "considere víctima.",
        entity=Kind.PERSON,
        unit=Unit.REFERRALS,
        nature=Nature.STOCK,
        reader=Reader.RUNNING_SUM,
        counted=each_of(Courses.late_referrals, referrals_late_unanswered),
        area=Area.PROTECTION,
        breakdowns=((), ("to_agency",), ("urgency",), ("to_agency", "urgency")),
        version=2,
        valid_from=VERSION_2_FROM,
    ),
)
