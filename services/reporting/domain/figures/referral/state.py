"""State of a person's referrals: attempts, needs, plans, services provided and declined, withdrawals of consent."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.codebook.identification import VictimStatus
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import with_entry
from services.reporting.domain.declaration.figure import Days
from services.reporting.domain.facts.victim_status_decisions import StatusGiven, counting
from services.reporting.domain.figures.referral.attempt import AttemptCourse, ReferralAttempt

NOTHING: Final = ReferralAttempt()
"""The state of an attempt before any event."""


class ServiceOnReferral(Struct, frozen=True):
    """A provided service, as its provider last published it, or a witness while the provider has not.

    `need`, `referral`: ids of the need and the referral that the event names, if any.
    """

    when: Interval | None
    service_type: str
    need: str | None
    referral: str | None
    by_witness: bool


class DeclinedService(Struct, frozen=True):
    """A service that was offered and declined. `by_person`: the person declined it, not the provider."""

    by_person: bool
    by_witness: bool


class CarePlan(Struct, frozen=True):
    """An individual plan: the time of approval, the ids of its needs, and its kinds of service."""

    approved: Interval | None
    needs: tuple[str, ...]
    service_types: tuple[str, ...]


class ReportedWithdrawal(Struct, frozen=True):
    """A withdrawal of consent that `agency` reported, in the event with the reference `ref`.

    `publisher`: the agency that published the event, perhaps on behalf of `agency`. `recipients`: the agencies from
    which consent is withdrawn; empty: all. `consent`: the reference of the one consent that is withdrawn, or None.
    """

    ref: str
    when: Interval | None
    agency: str
    publisher: str
    recipients: tuple[str, ...]
    consent: str | None = None


class ReportedAcknowledgement(Struct, frozen=True):
    """An agency's acknowledgement of a consent or a withdrawal. `what`: the reference of that event."""

    agency: str
    what: str
    when: Interval | None


class PendingMoves(Struct, frozen=True):
    """The last published state of a finding of the referral service about moves that wait for an earlier move.

    `moves`: references of the moves that wait, none if the finding is closed. `answered_n`: the number on the log up to
    which the service had read.
    """

    answered_n: int
    moves: tuple[str, ...] = ()


class ReferralRecord(Struct, frozen=True):
    """Record of a person's referrals. Mappings are by ids, tuples in the order in which things happened.

    `assessed`: the kinds of service that meet a need, as last assessed, by the need's id. `waiting`: findings about
    moves that wait, by the finding's id.
    """

    attempts: Mapping[str, ReferralAttempt] = field(default_factory=dict)
    services: Mapping[str, ServiceOnReferral] = field(default_factory=dict)
    declined: Mapping[str, DeclinedService] = field(default_factory=dict)
    assessed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plans: tuple[CarePlan, ...] = ()
    identified: tuple[Interval | None, ...] = ()
    decisions: tuple[StatusGiven, ...] = ()
    deaths: tuple[Interval | None, ...] = ()
    consents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Recipients of each recorded consent or refusal, by the reference of its event."""
    withdrawals: tuple[ReportedWithdrawal, ...] = ()
    acknowledged: tuple[ReportedAcknowledgement, ...] = ()
    waiting: Mapping[str, PendingMoves] = field(default_factory=dict)

    def changed(self, referral: str, change: Callable[[ReferralAttempt], ReferralAttempt]) -> "ReferralRecord":
        """Return the record with one attempt replaced by the result of `change`, which gets `NOTHING` for a new one."""
        return replace(self, attempts=with_entry(self.attempts, referral, change(self.attempts.get(referral, NOTHING))))

    def kept(self) -> frozenset[str]:
        """Return the references of moves that have no effect until the move before each is published."""
        return frozenset(move for each in self.waiting.values() for move in each.moves)

    def courses(self) -> list[AttemptCourse]:
        """Return the courses of attempts that have effect: not entered in error, not refused for lack of consent."""
        kept = self.kept()
        found = (AttemptCourse.of(referral, attempt, kept) for referral, attempt in self.attempts.items())
        return [each for each in found if each is not None]

    def services_on(self, course: AttemptCourse) -> Iterator[ServiceOnReferral]:
        """Yield the services on a referral.

        A service is on the referral that it names. If it names none, it is on a referral for its need. If the service
        or the referral names no need, it is on a referral that asked for its kind of service.
        """
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
        """Return the status in force now: the last one of `victim_statuses.counting`. None without a decision."""
        held = [each.status for _, each in counting(self.decisions)]
        return held[-1] if held else None

    def no_victim_days(self) -> Iterator[Days]:
        """Yield the spans of days on which the person is held not to be a victim."""
        return (days for days, each in counting(self.decisions) if each.status == VictimStatus.NOT_A_VICTIM)

    def no_longer(self) -> Iterator[Interval | None]:
        """Yield the times after which nothing more is due for the person: found not to be a victim, or died."""
        none = [each.since for each in self.decisions if each.status == VictimStatus.NOT_A_VICTIM]
        if none:
            held = [each.since for _, each in counting(self.decisions) if each.status == VictimStatus.NOT_A_VICTIM]
            yield from held or (each for each in none if each is None)
        yield from self.deaths
