"""The Council's policy on referrals: time limits, agencies that may accept or are informed of lateness, and notices.

An operator writes it as a YAML table. An error names the wrong line. Every decision has the policy's version.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Annotated, Final, Self

from pydantic import AwareDatetime, Field, field_validator, model_validator

from schemas.agencies import PUBLISHING, agency_of
from schemas.catalogue import CATALOGUE
from schemas.codebook.consent import ConsentPurpose
from schemas.codebook.protection import ServiceType
from schemas.codebook.referral import Urgency
from schemas.fields import AgencyCode
from schemas.pydantic_errors import data_class_of
from schemas.referral.sender_events import ReferralSent
from schemas.sight import Duty, sees_every_file
from schemas.yaml_table import read
from services.referral.domain.on_call import OnCall, PolicyPart, Shift, agencies_in_list, on_call_at
from services.referral.domain.time_limits import Limit, LimitsByUrgency, OfficeHours

_VERSION_LENGTH: Final = 16
_OF_DUTY: Final = frozenset({ConsentPurpose.PROTECTION_SERVICES, ConsentPurpose.HEALTH_CARE})
_MAY_ACCEPT: Final = CATALOGUE["bz.atips.referral.accepted.v1"].authors


class RequiredReferral(PolicyPart):
    """Row of `opens`: an event of type `on` requires a referral to an agency, for services, within so many hours."""

    on: str
    to: AgencyCode
    service_types: Annotated[tuple[ServiceType, ...], Field(min_length=1)]
    within_hours: Annotated[int, Field(ge=1, le=24 * 30)]

    @model_validator(mode="after")
    def _can_be_sent(self) -> Self:
        _check_type(self.on)
        _check_receivers((self.to,))
        return self


class ServiceRow(PolicyPart):
    """Row of `services`: agencies beside the receiver that may accept a service (`second`), and purpose of sharing."""

    second: tuple[AgencyCode, ...] = ()
    purpose: ConsentPurpose

    @model_validator(mode="after")
    def _can_be_told(self) -> Self:
        _check_receivers(self.second)
        return self


class DutyToReport(PolicyPart):
    """Row of `duty`: an agency that is informed of a child without consent, for protection or health care only."""

    to: AgencyCode
    purposes: Annotated[tuple[ConsentPurpose, ...], Field(min_length=1)]
    emergency_only: bool = False

    @model_validator(mode="after")
    def _is_for_protection_or_health(self) -> Self:
        if not set(self.purposes) <= _OF_DUTY:
            message = "a duty to report is for protection_services and health_care alone: leave out other purposes"
            raise ValueError(message)
        _check_recipients((self.to,))
        return self


class NoticeRule(PolicyPart):
    """Row of `notify`: event types about a suspect of which carers of a linked victim, and `also`, get a notice."""

    on: Annotated[tuple[str, ...], Field(min_length=1)]
    also: tuple[AgencyCode, ...] = ()

    @model_validator(mode="after")
    def _can_happen(self) -> Self:
        for each in self.on:
            _check_type(each)
            if not {"person", "victims"} <= set(data_class_of(CATALOGUE[full_type_name(each)].model).model_fields):
                message = f"{each} does not name a suspect and victims: notices are only for types that do"
                raise ValueError(message)
        _check_recipients(self.also)
        _of_office(self.also)
        return self


class Policy(PolicyPart):
    """The whole policy, with the keys of the table."""

    owner: AgencyCode
    review_on: date
    working_hours: OfficeHours
    answer: LimitsByUrgency
    start: LimitsByUrgency
    """Limits for work to begin after a referral was accepted."""
    hold: LimitsByUrgency
    """Limits for work to be on hold."""
    silence: LimitsByUrgency
    """Limits for the agency that works on a referral to publish nothing about the person."""
    child_may_refuse: bool
    """Whether a refusal by a child ends waits about the child. A person of unknown age is treated as a child."""
    acknowledge_within_hours: Annotated[int, Field(ge=1, le=24 * 30)]
    missing_move_within_hours: Annotated[int, Field(ge=1, le=24 * 30)]
    """Hours that a move may wait for the one before it, before others are informed."""
    learnt_late_minutes: Annotated[int, Field(ge=0, le=24 * 60)]
    """Minutes that an agency has for a matter that was late when it became known, before others are informed."""
    on_call: Mapping[AgencyCode, tuple[OnCall, ...]]
    """By receiver, agencies informed beside it: of an emergency at once, and of late matters. Always, or by shifts."""
    late: tuple[AgencyCode, ...]
    """Agencies informed of late matters, beside sender, receiver and those on call."""
    second_after_percent: Annotated[int, Field(ge=1, le=100)]
    """Percentage of the time to answer after which other agencies that may accept the referral are informed."""
    consent_since: AwareDatetime
    """Time from which the present rules of consent apply. Decisions on referrals accepted before are not changed."""
    duty: Annotated[tuple[DutyToReport, ...], Field(min_length=1)]
    """Agencies that are informed without consent of a child, or of a person of unknown age."""
    services: Mapping[ServiceType, ServiceRow]
    opens: tuple[RequiredReferral, ...] = ()
    notify: tuple[NoticeRule, ...] = ()

    @field_validator("on_call", mode="after")
    @classmethod
    def _somebody_is_on_call(
        cls, on_call: Mapping[AgencyCode, tuple[OnCall, ...]]
    ) -> Mapping[AgencyCode, tuple[OnCall, ...]]:
        lacking = sorted(each for each in _MAY_ACCEPT if not _is_always_covered(on_call.get(each, ()), each))
        if lacking:
            message = (
                f"at some time nobody else is on call for an emergency of {', '.join(lacking)}: list another agency"
            )
            raise ValueError(message)
        return on_call

    @field_validator("late", mode="after")
    @classmethod
    def _see_all_cases(cls, late: tuple[AgencyCode, ...]) -> tuple[AgencyCode, ...]:
        return _of_office(late)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        missing = sorted(each.value for each in ServiceType if each not in self.services)
        if missing:
            message = f"services has no row for {', '.join(missing)}: add one"
            raise ValueError(message)
        _check_recipients(
            (*self.late, *self.on_call, *(each for list_ in self.on_call.values() for each in agencies_in_list(list_)))
        )
        return self

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """The duty to report, in the form in which `schemas.sight` takes it."""
        return tuple(Duty(each.to, frozenset(each.purposes), each.emergency_only) for each in self.duty)

    @cached_property
    def version(self) -> str:
        """Hash of the policy's content: 16 hexadecimal digits, which do not depend on the table's layout."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:_VERSION_LENGTH]

    @cached_property
    def notices(self) -> Mapping[str, tuple[NoticeRule, ...]]:
        """Rules of notices, by full name of the event type."""
        types = dict.fromkeys(each for row in self.notify for each in row.on)
        return {full_type_name(each): tuple(row for row in self.notify if each in row.on) for each in types}

    def answer_of(self, urgency: Urgency) -> Limit:
        """Return the limit for answering a referral. An unknown urgency counts as urgent."""
        return self.answer.of(urgency)

    def on_call_at(self, agency: str, moment: datetime) -> tuple[str, ...]:
        """Return the agencies on call for `agency` at a time, in the order of the file."""
        return on_call_at(self.on_call.get(agency, ()), moment)

    def on_call_for(
        self, asks: ReferralSent, moment: datetime, may: frozenset[str], kept_out: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Return the agencies of `may` that are on call for an emergency at a time.

        The sender is not on call for its own referral, nor is an agency that the case keeps out (`kept_out`). If only
        such agencies would be on call, the first agency in the file that may accept the referral is. Without one, the
        agencies that learn of all late matters are.
        """
        unable, rota = {agency_of(asks.from_agency), *kept_out}, self.on_call_at(asks.to_agency, moment)
        found = tuple(agency for agency in rota if agency in may - unable)
        if found or unable.isdisjoint(rota):
            return found
        others = may - unable - {agency_of(asks.to_agency)}
        taking = tuple(agency for agency in self.seconds(asks.service_types) if agency in others)
        return taking[:1] or tuple(agency for agency in self.late if agency in others)

    def seconds(self, service_types: tuple[ServiceType, ...]) -> tuple[str, ...]:
        """Return the agencies that may accept a request beside its addressee, in the order of the file."""
        return tuple(dict.fromkeys(agency for each in service_types for agency in self.services[each].second))

    def invited(self, service_types: tuple[ServiceType, ...]) -> frozenset[str]:
        """Return the agencies that may accept a request beside its addressee."""
        return frozenset(self.seconds(service_types))

    def learnt_late(self) -> timedelta:
        """Return the time that an agency has for a matter that is late already when it becomes known."""
        return timedelta(minutes=self.learnt_late_minutes)


def parse_policy(text: str) -> Policy:
    """Return the policy in YAML text. Raises `schemas.yaml_table.WrongTable` with the wrong line."""
    return read(text, Policy)


def _is_always_covered(listed: Sequence[OnCall], agency: str) -> bool:
    """Whether an agency other than `agency` is always on call: between the shifts, and in each shift."""
    between = {each for each in listed if isinstance(each, str)} - {agency}
    shifts = (each.agencies for each in listed if isinstance(each, Shift))
    return bool(between) and all(set(each) - {agency} for each in shifts)


def full_type_name(name: str) -> str:
    """Return the full name of an event type, such as `bz.atips.referral.sent.v1` for `referral.sent`."""
    return f"bz.atips.{name}.v1"


def _check_type(name: str) -> None:
    if full_type_name(name) not in CATALOGUE:
        message = f"there is no event type {name}: take a name from the catalogue"
        raise ValueError(message)


def _check_recipients(agencies: tuple[str, ...]) -> None:
    for agency in agencies:
        if agency not in PUBLISHING:
            message = f"{agency} cannot be notified, because it has no topic for messages: name another agency"
            raise ValueError(message)


def _check_receivers(agencies: tuple[str, ...]) -> None:
    for agency in agencies:
        if agency not in _MAY_ACCEPT:
            message = f"{agency} may not accept referrals: name an agency that may"
            raise ValueError(message)


def _of_office(agencies: tuple[str, ...]) -> tuple[str, ...]:
    """Return these agencies, which learn of every person, if each may see the file of every case.

    Raises `ValueError` if one may not.
    """
    for agency in agencies:
        if not sees_every_file(agency):
            message = (
                f"{agency} does not see every case, but would be told of every person: name an agency that sees all"
            )
            raise ValueError(message)
    return agencies
