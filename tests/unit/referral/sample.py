"""Invented logs of one person: each call adds an event, in the order in which the log holds them."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from schemas.agencies import PUBLISHING
from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import Kind, derive
from schemas.service_decisions import Entered
from services.referral.domain.decide import PersonOutcome, decide
from services.referral.domain.policy import Policy, parse_policy

EXAMPLES = Path(__file__).parents[3] / "schemas/examples"
# A Friday, in the middle of the day in Belize.
START = datetime(2024, 3, 1, 18, tzinfo=UTC)


def an_id(kind: Kind, name: str) -> str:
    return derive(kind, "referral tests", name)


def limits(emergency: int, urgent: int, soon: int, *, routine: int) -> dict[str, dict[str, int]]:
    """Lay out limits as the policy file does: hours by urgency, and working days for routine."""
    hours = {"emergency": emergency, "urgent": urgent, "soon": soon}
    return {name: {"hours": each} for name, each in hours.items()} | {"routine": {"working_days": routine}}


PERSON, OTHER, SUSPECT, GUARDIAN = (an_id(Kind.PERSON, name) for name in ("person", "other", "suspect", "guardian"))
CASE = an_id(Kind.CASE, "case")
REFERRAL = an_id(Kind.REFERRAL, "one")


DEADLINES = {
    "answer": limits(1, 3, 24, routine=3),
    "start": limits(4, 24, 72, routine=5),
    "hold": limits(24, 72, 168, routine=20),
    "silence": limits(24, 72, 168, routine=20),
}
"""Deadlines of these tests. The Council may choose others, and no test of a rule changes."""


@cache
def shipped() -> Policy:
    """Read the policy that the service has."""
    return parse_policy((files("services.referral") / "policy.yaml").read_text())


@cache
def as_written() -> Policy:
    """Give the policy that the service has, with the deadlines of these tests."""
    return Policy.model_validate(shipped().model_dump(mode="json") | DEADLINES)


@cache
def policy() -> Policy:
    """A policy whose duty to report names everybody, for tests that are not about who may be told of whom."""
    said = as_written().model_dump(mode="json")
    purposes = ["protection_services", "health_care"]
    everybody = [{"to": agency, "purposes": purposes} for agency in PUBLISHING]
    return Policy.model_validate(said | {"duty": everybody})


def made(agency: str, name: str, data: dict[str, Any], at: datetime, **envelope: Any) -> Event:  # noqa: ANN401
    """An event; what it says decides its id, so that the same call gives the same event."""
    said = {
        "specversion": "1.0",
        "source": f"{agency}/desk",
        "type": f"bz.atips.{name}.v1",
        "time": at.isoformat(),
        "recordedtime": at.isoformat(),
        "subject": data.get("person"),
        "data": {key: value for key, value in data.items() if value is not None},
        **envelope,
    }
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    said["id"] = f"{digest[:8]}-{digest[8:12]}-7{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"
    return decode(json.dumps(said).encode())


@dataclass
class Log:
    """One person's log, an event a minute unless it is said otherwise."""

    now: datetime = START
    entries: list[Entered] = field(default_factory=list)
    policy: Policy = field(default_factory=policy)

    def add(self, agency: str, name: str, data: dict[str, Any], *, after: timedelta | None = None, **how: Any) -> Event:  # noqa: ANN401
        self.now += timedelta(minutes=1) if after is None else after
        at = how.pop("at", self.now)
        event = made(agency, name, data, at, **how)
        self.entries.append(Entered(len(self.entries) + 1, self.now, event))
        return event

    def adult(self) -> Event:
        data = {"person": PERSON, "role": "victim", "age_group": "adult_24_26"}
        return self.add("dhs", "person.profile_recorded", data)

    def consents(self, *recipients: str, agency: str = "bpd", **said: Any) -> Event:  # noqa: ANN401
        purposes = ["protection_services", "health_care", "legal_help"]
        data = {"person": PERSON, "basis": "given", "purposes": purposes, "recipients": list(recipients), **said}
        return self.add(agency, "consent.recorded", data)

    def sends(self, sender: str = "bpd", to: str = "dhs", *, referral: str = REFERRAL, **said: Any) -> Event:  # noqa: ANN401
        how = {name: said.pop(name) for name in ("after", "at", "consentref", "occurredprecision") if name in said}
        data = {"person": PERSON, "case": CASE, "referral": referral, "from_agency": sender, "to_agency": to}
        return self.add(sender, "referral.sent", {**data, "service_types": ["shelter"], **said}, **how)

    def moves(self, agency: str, move: str, *, referral: str = REFERRAL, **said: Any) -> Event:  # noqa: ANN401
        how = {name: said.pop(name) for name in ("after", "at") if name in said}
        return self.add(agency, f"referral.{move}", {"person": PERSON, "referral": referral, **said}, **how)

    def retracts(self, event: Event) -> Event:
        data = {"reason": "entry_error"}
        return self.add(event.agency, "event.retracted", data, subject=event.concerns()[0], supersedes=event.ref)

    def corrects(
        self, event: Event, change: dict[str, Any], *, again: Event | None = None, at: datetime | None = None
    ) -> Event:
        """The whole again, with a change; `again` is the correction of it that this one corrects."""
        whole = {key: value for key, value in event.data.model_dump(mode="json").items() if value not in (None, [])}
        said = {"reason": "entry_error", "type": event.type, "data": whole | change}
        how: dict[str, Any] = {} if at is None else {"at": at}
        return self.add(
            event.agency, "event.corrected", said, subject=event.concerns()[0], supersedes=(again or event).ref, **how
        )

    def merges(self, one: str, other: str) -> Event:
        return self.add("bpd", "person.merged", {"person": one, "same_as": other, "reason": "same_record"})

    def outcome(self) -> PersonOutcome:
        """Decide about all of it, each event as it came."""
        return decide(PERSON, (), self.entries, self.policy)


def happens(log: Log, name: str, **said: Any) -> str:  # noqa: ANN401
    """Something about a suspect, as the published example of such an event says it; it names no victim by itself."""
    example = json.loads((EXAMPLES / f"bz.atips.{name}.v1.json").read_text())
    data = {key: value for key, value in example["data"].items() if key not in {"victims", "linked_victims"}}
    agency = example["source"].partition("/")[0]
    return log.add(agency, name, data | {"person": SUSPECT, "case": CASE, **said}).ref
