"""Figures of the outcomes of referrals sent in a period (R3). An outcome counts whenever it happens."""

from collections.abc import Callable, Sequence
from typing import Final

from services.reporting.domain.declaration.counting_each_thing import EachInView
from services.reporting.domain.declaration.figure import Counted, Figure
from services.reporting.domain.figures.referral.attempt import COMPLETED, HANDED_BACK, ONWARD, REJECTED, AttemptCourse
from services.reporting.domain.figures.referral.attempt_courses import (
    ANSWERED,
    ENDED,
    EVERY,
    AcceptedReferral,
    Courses,
    each_of,
)
from services.reporting.domain.figures.referral.moves_in_period import answered, ended
from services.reporting.domain.figures.referral.shared_declarations import AS_SENT, flow
from services.reporting.domain.figures.referral.state import ReferralRecord


def unanswered(course: AttemptCourse) -> bool:
    """Whether the referral has no answer, no cancellation and no end."""
    return course.answer is None and course.cancelled is None and course.end is None


def in_hand(course: AttemptCourse) -> bool:
    """Whether the referral was accepted and has not ended."""
    return course.accepted is not None and course.end is None


def _sent_and(
    reached: Callable[[AttemptCourse], bool], among: Callable[[Courses], Sequence[AttemptCourse]]
) -> EachInView[ReferralRecord, Courses, AttemptCourse]:
    def counted(course: AttemptCourse) -> tuple[Counted, ...]:
        return course.as_sent if reached(course) else ()

    return each_of(among, counted)


def sent_and_served(accepted: AcceptedReferral) -> tuple[Counted, ...]:
    """Return one item, on the day of the sending, if an accepted referral led to a service."""
    return accepted.course.as_sent if accepted.served else ()


def _became(
    letter: str,
    name: str,
    en: str,
    es: str,
    reached: Callable[[AttemptCourse], bool],
    *,
    among: Callable[[Courses], Sequence[AttemptCourse]] = EVERY,
) -> Figure[ReferralRecord]:
    """Declare the figure of referrals sent in a period for which `reached` is true.

    `among`: returns the referrals to test. It may leave out referrals for which `reached` is false, to save time.
    """
    return flow(
        number=f"R3{letter}",
        name=f"sent_cohort_{name}",
        en=f"Of the referrals sent in the period, {en}",
        es=f"De las remisiones enviadas en el período, {es}",
        counted=_sent_and(reached, among),
        breakdowns=AS_SENT,
        part_of="R2a",
    )


FIGURES: Final[tuple[Figure[ReferralRecord], ...]] = (
    _became("a", "accepted", "those accepted so far.", "las aceptadas hasta ahora.",
            lambda each: each.accepted is not None, among=ANSWERED),
    _became("b", "rejected", "those rejected so far.", "las rechazadas hasta ahora.",
            lambda each: answered(REJECTED)(each) is not None, among=ANSWERED),
    _became("c", "completed", "those completed so far.", "las completadas hasta ahora.",
            lambda each: ended(COMPLETED)(each) is not None, among=ENDED),
    _became("d", "handed_back", "those accepted and handed back so far.", "las aceptadas y devueltas hasta ahora.",
            lambda each: each.accepted is not None and ended(HANDED_BACK)(each) is not None, among=ENDED),
    _became("e", "sent_onward", "those accepted and sent onward so far.",
            "las aceptadas y remitidas a otra entidad hasta ahora.",
            lambda each: each.accepted is not None and ended(ONWARD)(each) is not None, among=ENDED),
    _became("f", "unanswered", "those still unanswered.", "las que siguen sin respuesta.", unanswered),
    _became("g", "in_hand", "those accepted that are not at an end yet.",
            "las aceptadas que aún no terminan.", in_hand, among=ANSWERED),
    _became("h", "open", "those still unanswered, and those accepted that are not at an end yet.",
            "las que siguen sin respuesta y las aceptadas que aún no terminan.",
            lambda each: unanswered(each) or in_hand(each)),
    flow(
        number="R3i",
        name="sent_cohort_served",
        en="Of the referrals sent in the period, those accepted on which a service was provided so far: one that names "
        "the referral or its need, or names neither and is of a kind that was asked for.",
        es="De las remisiones enviadas en el período, las aceptadas por las que hasta ahora se prestó un servicio: el "
        "que menciona la remisión o su necesidad o, sin mencionar ninguna, es de un tipo solicitado.",
        counted=each_of(Courses.accepted, sent_and_served),
        part_of="R2a",
    ),
)  # fmt: skip
