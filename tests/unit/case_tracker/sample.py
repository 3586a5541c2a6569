"""Invented logs of one case: each call adds an event, in the order in which the log holds them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import Kind, derive
from schemas.service_decisions import Entered
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.decide import CaseOutcome, decide, examine_case
from services.case_tracker.domain.decision_values import ClosedFinding, StandingFinding

START = datetime(2024, 3, 1, 18, tzinfo=UTC)


def an_id(kind: Kind, name: str) -> str:
    return derive(kind, "case tests", name)


CASE, OTHER_CASE = sorted(an_id(Kind.CASE, name) for name in ("one", "two"))
VICTIM, SUSPECT, GUARDIAN = (an_id(Kind.PERSON, name) for name in ("victim", "suspect", "guardian"))
ARREST, CHARGE, BAIL = an_id(Kind.ARREST, "a"), an_id(Kind.CHARGE, "c"), an_id(Kind.BAIL, "b")
HEARING, PLACEMENT = an_id(Kind.HEARING, "h"), an_id(Kind.PLACEMENT, "p")

_OF_CASES = ("case.", "investigation.", "victim_suspect.")

Said = dict[str, Any]
"""Content of an event; names with `_` before them are of its envelope."""


def made(agency: str, name: str, said: Said, at: datetime) -> Event:
    """An event; what it says decides its id, so that the same call gives the same event."""
    data = {key: value for key, value in said.items() if not key.startswith("_") and value is not None}
    document: Said = {
        "specversion": "1.0",
        "source": f"{agency}/desk",
        "type": f"bz.atips.{name}.v1",
        "time": at.isoformat(),
        "recordedtime": at.isoformat(),
        "subject": said.get("finding") or (said.get("case") if name.startswith(_OF_CASES) else said.get("person")),
        "data": data,
        **{key[1:]: value for key, value in said.items() if key.startswith("_")},
    }
    document = {key: value for key, value in document.items() if value is not None}
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    document["id"] = f"{digest[:8]}-{digest[8:12]}-7{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"
    return decode(json.dumps(document).encode())


def day(text: str) -> Said:
    """When something happened that is known to the day."""
    return {"_time": f"{text}T00:00:00-06:00", "_occurredprecision": "day"}


def month(text: str) -> Said:
    """When something happened that is known to the month."""
    return {"_time": f"{text}-01T00:00:00-06:00", "_occurredprecision": "month"}


NOBODY_KNOWS = {"_time": None, "_occurredprecision": "unknown"}


@dataclass
class Log:
    """One case's log, an event a minute unless it is said otherwise."""

    now: datetime = START
    case: str = CASE
    entries: list[Entered] = field(default_factory=list)

    def add(self, agency: str, name: str, said: Said, *, after: timedelta = timedelta(minutes=1)) -> Event:
        self.now += after
        event = made(agency, name, said, self.now)
        self.entries.append(Entered(len(self.entries) + 1, self.now, event))
        return event

    def says(self, agency: str, name: str, **said: Any) -> Event:  # noqa: ANN401
        """Something of the suspect, in the case, unless it is said otherwise."""
        after = said.pop("after", timedelta(minutes=1))
        return self.add(agency, name, {"person": SUSPECT, "case": self.case, **said}, after=after)

    def arrested(self, **said: Any) -> Event:  # noqa: ANN401
        return self.says("bpd", "arrest.made", **{"arrest": ARREST, **said})

    def charged(self, **said: Any) -> Event:  # noqa: ANN401
        return self.says("bpd", "charge.filed", **{"charge": CHARGE, "offence": "tip_sex", **said})

    def identified(self, **said: Any) -> Event:  # noqa: ANN401
        return self.says("bpd", "victim.identified", **{"person": VICTIM, "status": "suspected", **said})

    def linked(self, relationship: str | None = "employer", **said: Any) -> Event:  # noqa: ANN401
        data = {"case": self.case, "victim": VICTIM, "suspect": SUSPECT, "relationship": relationship, **said}
        return self.add("bpd", "victim_suspect.linked", data)

    def retracts(self, event: Event) -> Event:
        said = {"reason": "entry_error", "_subject": event.concerns()[0], "_supersedes": event.ref}
        return self.add(event.agency, "event.retracted", said)

    def corrects(self, event: Event, again: Event | None = None, **change: Any) -> Event:  # noqa: ANN401
        """The whole again, with a change; `again` is the correction of it that this one corrects."""
        whole = event.data.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        said = {"reason": "entry_error", "type": event.type, "data": whole | change}
        envelope = {"_subject": event.concerns()[0], "_supersedes": (again or event).ref}
        return self.add(event.agency, "event.corrected", said | envelope)

    def rules(self, finding: str, ruling: str = "no_contradiction") -> Event:
        said = {"finding": finding, "ruling": ruling, "names": [self.case]}
        return self.add("odpp", "finding.ruled", said)

    def outcome(self) -> CaseOutcome:
        """Decide about all of it, each event as it came."""
        return decide(self.case, (), self.entries)

    def standing(self) -> list[StandingFinding]:
        return list(examine_case(spine(self.case, self.entries), len(self.entries)).values())

    def codes(self) -> list[str]:
        """Return the findings that stand, by code."""
        return [each.code.value for each in self.standing()]


def told(outcome: CaseOutcome) -> list[tuple[str, str]]:
    """Each decision as what became of which code."""
    return [
        (each.reason.value if isinstance(each, ClosedFinding) else "opened", each.standing.code.value)
        for each in outcome.decisions
    ]


def story() -> Log:
    """A charge without an arrest, which comes later."""
    log = Log()
    log.charged()
    log.arrested(_time=(START - timedelta(days=1)).isoformat())
    return log


def entries_of(events: Sequence[Event]) -> list[Entered]:
    """The events in this order of arrival, a second apart."""
    return [Entered(n, START + timedelta(seconds=n), each) for n, each in enumerate(events, start=1)]
