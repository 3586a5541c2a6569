"""Figures of a cohort of identified victims, counted at each step from identification to service (R1).

A cohort is the persons first identified in a period. Later steps count whenever they happen.
"""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from schemas.codebook.identification import VictimStatus
from schemas.times import Interval
from services.reporting.domain.declaration.counting_each_thing import EachInView
from services.reporting.domain.declaration.durations import after, earliest
from services.reporting.domain.declaration.entity_state_part import first_of
from services.reporting.domain.declaration.figure import Counted, Figure, Unit
from services.reporting.domain.figures.referral.attempt import AttemptCourse
from services.reporting.domain.figures.referral.attempt_courses import Courses, each_of
from services.reporting.domain.figures.referral.shared_declarations import flow
from services.reporting.domain.figures.referral.state import ReferralRecord, ServiceOnReferral


class VictimPath(Struct, frozen=True):
    """A person identified as a victim, computed once for all steps. `identified`: time of the first identification.

    `status`: the status in force now.
    """

    identified: Interval | None
    status: str | None
    courses: list[AttemptCourse]
    referred: ReferralRecord
    counted: tuple[Counted]
    """Item of the person, which each figure counts whose step the person has reached."""


def member(courses: Courses) -> tuple[VictimPath, ...]:
    """Return a tuple of the person, or an empty tuple if the person was never identified as a victim."""
    referred = courses.referred
    when = referred.identified
    if not when:
        return ()
    counted = Counted(first_of(when))
    return (VictimPath(earliest(when), referred.status(), courses.every, referred, (counted,)),)


def confirmed(member: VictimPath) -> bool:
    """Whether the person's present status is CONFIRMED."""
    return member.status == VictimStatus.CONFIRMED


def found_to_be_none(member: VictimPath) -> bool:
    """Whether the person's present status is NOT_A_VICTIM."""
    return member.status == VictimStatus.NOT_A_VICTIM


def was_referred(member: VictimPath) -> bool:
    """Whether the person was ever referred, without referrals entered in error or refused for lack of consent."""
    return any(course.sent is not None for course in member.courses)


def was_accepted(member: VictimPath) -> bool:
    """Whether any referral of the person was accepted."""
    return any(course.accepted is not None for course in member.courses)


def was_served(member: VictimPath) -> bool:
    """Whether any service was provided to the person, on a referral or not."""
    return bool(member.referred.services)


def only_declined(member: VictimPath) -> bool:
    """Whether the person declined a service, and no service was provided."""
    referred = member.referred
    return not referred.services and any(each.by_person for each in referred.declined.values())


def was_assessed(member: VictimPath) -> bool:
    """Whether an assessment of needs named any kind of service."""
    return any(member.referred.assessed.values())


def all_taken_on(member: VictimPath) -> bool:
    """Whether every kind of service in the person's assessments was taken on by a referral that asked for it.

    A referral that names a need and no kind of service asks for all kinds that were assessed for the need.
    """
    if not was_assessed(member):
        return False
    assessed = member.referred.assessed
    taken = set[str]()
    for course in member.courses:
        if course.sent is not None and course.taken_on() is not None:
            taken.update(course.sent.service_types or assessed.get(course.sent.need or "", ()))
    return taken.issuperset(set().union(*assessed.values()))


def has_a_plan(member: VictimPath) -> bool:
    """Whether an individual plan for the person was approved."""
    return bool(member.referred.plans)


def plan_completed(member: VictimPath) -> bool:
    """Whether since the last plan each kind of service in it, and a service for each of its needs, was provided."""
    referred = member.referred
    if not referred.plans:
        return False
    plan = referred.plans[-1]
    since = [each for each in referred.services.values() if after(plan.approved, [each.when])]
    kinds = {each.service_type for each in since}
    named = bool(plan.service_types or plan.needs)
    met = all(any(_is_for(need, each, referred) for each in since) for need in plan.needs)
    return named and met and kinds.issuperset(plan.service_types)


def _is_for(need: str, service: ServiceOnReferral, referred: ReferralRecord) -> bool:
    """Whether a service meets the need.

    The service or its referral names the need; or neither names any, and the service is of a kind for the need.
    """
    if service.need is None and service.referral is None:
        return service.service_type in referred.assessed.get(need, ())
    attempt = referred.attempts.get(service.referral or "")
    return need in {service.need, None if attempt is None or attempt.sent is None else attempt.sent.need}


def _of_cohort(reached: Callable[[VictimPath], bool]) -> EachInView[ReferralRecord, Courses, VictimPath]:
    def counted(member: VictimPath) -> tuple[Counted, ...]:
        return member.counted if reached(member) else ()

    return each_of(member, counted)


def _step(letter: str, name: str, en: str, es: str, reached: Callable[[VictimPath], bool]) -> Figure[ReferralRecord]:
    return flow(
        number=f"R1{letter}",
        name=f"victim_cohort_{name}",
        en=f"Of the persons first identified as victims in the period, {en}",
        es=f"De las personas identificadas por primera vez como víctimas en el período, {es}",
        counted=_of_cohort(reached),
        unit=Unit.PERSONS,
        breakdowns=((),),
        part_of=None if letter == "a" else "R1a",
    )


FIGURES: Final[tuple[Figure[ReferralRecord], ...]] = (
    _step("a", "identified", "all: the cohort of the steps below.", "todas: la cohorte de los pasos siguientes.",
          lambda _: True),
    _step("b", "confirmed", "those confirmed so far, where that still holds.",
          "las confirmadas hasta ahora, si eso sigue en pie.", confirmed),
    _step("c", "no_victims", "those found so far not to be victims; for them the steps below may end.",
          "las que hasta ahora resultaron no ser víctimas; para ellas pueden terminar los pasos siguientes.",
          found_to_be_none),
    _step("d", "referred", "those referred to anybody so far.", "las remitidas a alguna entidad hasta ahora.",
          was_referred),
    _step("e", "accepted", "those whom anybody took on so far.", "las que alguna entidad ha aceptado hasta ahora.",
          was_accepted),
    _step("f", "served", "those who were given at least one service so far, on a referral or not.",
          "las que han recibido al menos un servicio hasta ahora, por remisión o no.", was_served),
    _step("g", "only_declined", "those who did not want a service so far and were given none.",
          "las que hasta ahora no aceptaron algún servicio y no han recibido ninguno.", only_declined),
    _step("h", "assessed", "those of whom it was assessed so far which services they need.",
          "aquellas de las que hasta ahora se evaluó qué servicios necesitan.", was_assessed),
    _step("i", "all_taken_on",
          "those for whom each kind of service that they were assessed to need was taken on so far, on a referral that "
          "was accepted and not given away again.",
          "aquellas para quienes cada tipo de servicio que se evaluó que necesitan ha sido asumido hasta ahora, por "
          "una remisión aceptada que no volvió a entregarse.", all_taken_on),
    _step("j", "planned", "those for whom an individual plan was approved so far.",
          "aquellas para quienes se ha aprobado hasta ahora un plan individual.", has_a_plan),
    _step("k", "plan_completed",
          "those whose last plan is completed so far: since then each kind of service that it names was provided, and "
          "for each need that it names one that names it, or names none and is of a kind assessed for it. A plan that "
          "names neither is never completed.",
          "aquellas cuyo último plan se ha cumplido hasta ahora: desde entonces se prestó cada tipo de servicio que "
          "nombra y, por cada necesidad que nombra, uno que la menciona o que no menciona ninguna y es de un tipo "
          "evaluado para ella. El plan que no nombra ninguno nunca se da por cumplido.",
          plan_completed),
)  # fmt: skip
