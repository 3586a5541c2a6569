"""The state of a person's referrals: attempts, needs, services provided and declined, withdrawn consent."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.codebook.identification import VictimStatus
from schemas.times import Interval
from services.reporting.domain.declaration.part import having
from services.reporting.domain.facts.statuses import StatusGiven, counting
from services.reporting.domain.figures.referral.attempt import AttemptCourse, ReferralAttempt

NOTHING: Final = ReferralAttempt()
"""The state of an attempt before any event."""


class ServiceOnReferral(Struct, frozen=True):
    """A service as last told by its provider, or by others as long as the provider does not speak."""

    when: Interval | None
    service_type: str
    need: str | None
    referral: str | None
    by_witness: bool


class DeclinedService(Struct, frozen=True):
    """A service that was offered and not taken. `by_person`: the person did not want it."""

    by_person: bool
    by_witness: bool


class CarePlan(Struct, frozen=True):
    """An individual plan: its needs and its kinds of service."""

    approved: Interval | None
    needs: tuple[str, ...]
    service_types: tuple[str, ...]


class ReportedWithdrawal(Struct, frozen=True):
    """Consent taken back by `agency`, for everybody or for some, and the event that says so.

    `publisher` is who published it: the agency, or who spoke for it.
    """

    ref: str
    when: Interval | None
    agency: str
    publisher: str
    recipients: tuple[str, ...]


class ReportedAcknowledgement(Struct, frozen=True):
    """An agency's acknowledgement of a consent or a withdrawal, by the name of that event."""

    agency: str
    what: str
    when: Interval | None


class PendingMoves(Struct, frozen=True):
    """A finding of the referral service, as last published: the moves that wait; none once it is closed.

    `answered_n` is the number on the log that this answers.
    """

    answered_n: int
    moves: tuple[str, ...] = ()


class ReferralRecord(Struct, frozen=True):
    """Attempts, services, needs and findings by their own ids, the rest in the order in which it happened.

    `assessed` are the kinds of service that meet a need, as last assessed.
    """

    attempts: Mapping[str, ReferralAttempt] = field(default_factory=dict)
    services: Mapping[str, ServiceOnReferral] = field(default_factory=dict)
    declined: Mapping[str, DeclinedService] = field(default_factory=dict)
    assessed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plans: tuple[CarePlan, ...] = ()
    identified: tuple[Interval | None, ...] = ()
    decisions: tuple[StatusGiven, ...] = ()
    deaths: tuple[Interval | None, ...] = ()
    withdrawals: tuple[ReportedWithdrawal, ...] = ()
    acknowledged: tuple[ReportedAcknowledgement, ...] = ()
    waiting: Mapping[str, PendingMoves] = field(default_factory=dict)

    def changed(self, referral: str, change: Callable[[ReferralAttempt], ReferralAttempt]) -> "ReferralRecord":
        """Copy the record with one attempt changed or added."""
        return replace(self, attempts=having(self.attempts, referral, change(self.attempts.get(referral, NOTHING))))

    def kept(self) -> frozenset[str]:
        """The moves that the referral service keeps until the one before each comes, by their events' names."""
        return frozenset(move for each in self.waiting.values() for move in each.moves)

    def courses(self) -> list[AttemptCourse]:
        """Give the courses of attempts that were neither entered in error nor refused for want of consent."""
        kept = self.kept()
        found = (AttemptCourse.of(referral, attempt, kept) for referral, attempt in self.attempts.items())
        return [each for each in found if each is not None]

    def services_on(self, course: AttemptCourse) -> Iterator[ServiceOnReferral]:
        """Yield the services on a referral. They name it or its need, or name neither and are of a requested type."""
        sent = course.sent
        for service in self.services.values():
            if service.referral is not None:
                named = service.referral == course.referral
            elif sent is None or service.need is None or sent.need is None:
                named = sent is not None and service.service_type in sent.service_types
            else:
                named = service.need == sent.need
            if named:
                yield service

    def status(self) -> str | None:
        """Give the status in force: the last decision of the agency whose word counts most."""
        held = [each.status for _, each in counting(self.decisions)]
        return held[-1] if held else None

    def no_longer(self) -> Iterator[Interval | None]:
        """Yield the times after which nothing more is due for a person: found not to be a victim, or died."""
        none = [each.since for each in self.decisions if each.status == VictimStatus.NOT_A_VICTIM]
        if none:
            held = [each.since for _, each in counting(self.decisions) if each.status == VictimStatus.NOT_A_VICTIM]
            yield from held or (each for each in none if each is None)
        yield from self.deaths
