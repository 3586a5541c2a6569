"""Courses of a person's referrals, computed once for all figures that count referrals, needs or persons."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Final, Self, TypeVar

from msgspec import Struct

from schemas.times import Interval
from services.reporting.domain.declaration.counting_each_thing import EachInView
from services.reporting.domain.declaration.durations import after
from services.reporting.domain.declaration.figure import Counted, Days
from services.reporting.domain.figures.referral.attempt import AttemptCourse, AttemptMove
from services.reporting.domain.figures.referral.state import ReferralRecord

T = TypeVar("T")


class AcceptedReferral(Struct, frozen=True):
    """A referral that was accepted at `when`, and `served`: the times of services on it since.

    `deaths`: times of the person's death.
    """

    course: AttemptCourse
    when: Interval | None
    served: list[Interval | None]
    deaths: tuple[Interval | None, ...]


class LateReferral(Struct, frozen=True):
    """A late referral, the times of the person's death, and the days on which the person is held to be no victim."""

    course: AttemptCourse
    deaths: tuple[Interval | None, ...]
    no_victim: tuple[Days, ...]


class Courses(Struct, frozen=True):
    """A person's referrals that have effect (`every`), and the subsets of those answered, ended, and late."""

    referred: ReferralRecord
    every: list[AttemptCourse]
    answered: list[AttemptCourse]
    ended: list[AttemptCourse]
    late: list[AttemptCourse]

    @classmethod
    def of(cls, referred: ReferralRecord) -> Self:
        """Compute the courses of a person's referrals."""
        every = referred.courses()
        return cls(
            referred,
            every,
            [each for each in every if each.answer is not None],
            [each for each in every if each.end is not None],
            [each for each in every if each.late],
        )

    def accepted(self) -> list[AcceptedReferral]:
        """Return the referrals that were accepted, with the services on each since."""
        return [
            AcceptedReferral(course, course.accepted.when, self._served(course, course.accepted), self.referred.deaths)
            for course in self.answered
            if course.accepted is not None
        ]

    def late_referrals(self) -> list[LateReferral]:
        """Return the late referrals, with the facts that end the wait for an answer without one."""
        if not self.late:  # the usual case
            return []
        none = tuple(self.referred.no_victim_days())
        return [LateReferral(course, self.referred.deaths, none) for course in self.late]

    def _served(self, course: AttemptCourse, accepted: AttemptMove) -> list[Interval | None]:
        return after(accepted.when, (each.when for each in self.referred.services_on(course)))


EVERY: Final[Callable[[Courses], Sequence[AttemptCourse]]] = attrgetter("every")
ANSWERED: Final[Callable[[Courses], Sequence[AttemptCourse]]] = attrgetter("answered")
ENDED: Final[Callable[[Courses], Sequence[AttemptCourse]]] = attrgetter("ended")
LATE: Final[Callable[[Courses], Sequence[AttemptCourse]]] = attrgetter("late")


def each_of(
    things: Callable[[Courses], Sequence[T]], counted: Callable[[T], Iterable[Counted]]
) -> EachInView[ReferralRecord, Courses, T]:
    """Return the way of counting things that `things` finds in the courses of a person's referrals."""
    return EachInView(Courses.of, things, counted)
