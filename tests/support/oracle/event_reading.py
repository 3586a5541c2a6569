"""Content of an accepted event, read off its bytes."""

import sys
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final, TypeAlias

import orjson

BELIZE: Final = timezone(timedelta(hours=-6))
_PAST: Final = datetime(1, 1, 2, tzinfo=BELIZE)
_CORRECTED: Final = "event.corrected"
_RETRACTED: Final = "event.retracted"

NAMES: Final = (
    "person", "case", "activity", "suspect", "victim", "screening", "session", "inspection", "meeting", "conference",
    "asset", "report", "tenure", "dataset", "operation", "output", "project", "strategy", "policy", "legislation",
    "finding",
)  # fmt: skip
"""The fields that name one entity."""
LISTS: Final = ("persons", "linked_victims", "victims", "names", "cases")
"""The fields that name several."""
_NEEDED: Final = frozenset(
    {
        *NAMES, *LISTS, "same_as", "status", "decided_by", "role", "sex", "new_or_carried_over", "exploitation",
        "arrest", "charge", "charges", "offence", "outcome", "counts_n", "kinds", "custodial_months", "fine_cents",
        "confiscated_cents",
        "sentence", "restitution", "payment", "amount_cents", "appeal", "bail", "hearing", "next_on", "reason",
        "referral", "from_agency", "to_agency", "need", "previous_referral", "next_referral", "service_types",
        "refused_by", "move", "holder", "service", "service_type", "provider", "partners", "funders", "placement",
        "population", "operator", "nationalities", "requested_by", "count", "count_basis", "focus", "programmes",
        "audience", "topic", "district", "organisers", "participants_n", "female_n", "male_n", "form", "channel",
        "created_in", "campaign", "activities_n", "activities_text", "reach_n", "kind", "created_by", "outputs_n",
        "outputs_text", "institutions_n", "name", "led_by", "runs_to", "law", "stage", "orgs", "groups", "country",
        "attendees_n", "attendee_group", "delegates_n", "held_to", "unit", "rank", "headcount", "first_year",
        "last_year", "areas_n", "objectives_n", "area", "objective", "progress", "agency", "period", "number",
        "dimensions", "document", "needs", "age_group", "citizenship", "minor_at_exploitation", "means", "control",
        "recruiter_relation", "identified_by", "due_at", "recipients", "consent",
        "standing", "answered_n", "code", "records", "sector", "trigger", "announced", "tip_indicators", "violations_n",
        "destination", "court", "suspected_offence", "objective_id", "indicator", "level", "baseline", "target",
        "planned_cents", "spent_cents", "return_kind", "exploiter_relation", "recruitment_methods", "sectors",
        "sexual_exploitation_forms", "exploitation_countries", "scope", "perpetrator_roles", "suspect_kind",
        "public_office", "on_warrant", "operation", "reviewer", "referral_source", "victim_status_at_time", "scheme",
        "programme_year", "shelter_form", "activities", "lead", "anonymous", "facilitators", "project", "body",
        "recipient", "policy", "offence_from", "offence_to",
    }
)  # fmt: skip
STAGES: Final[Mapping[str, int]] = {
    "person.merged": 5, "case.merged": 5, "activity.merged": 5, "report.received": 8, "screening.completed": 10,
    "operation.conducted": 10, "training.session_delivered": 10, "labour.inspection_completed": 10,
    "awareness.activity_held": 10, "awareness.media_published": 10, "project.registered": 10, "output.published": 10,
    "coordination.meeting_held": 10, "coordination.conference_attended": 10, "strategy.adopted": 10,
    "objective.progress_reported": 10, "policy.milestone_reached": 10, "legislation.milestone_reached": 10,
    "role.held": 10, "dataset.shared": 10, "unit.staffing_reported": 10, "case.opened": 15, "case.linked": 16,
    "case.party_added": 17, "case.party_removed": 18, "case.access_restricted": 19, "victim.identified": 20,
    "victim.counted_anonymously": 20, "suspect.identified": 20, "victim.status_changed": 22,
    "person.profile_recorded": 25, "consent.recorded": 27, "consent.withdrawn": 28, "consent.acknowledged": 29,
    "consent.sight_changed": 49,
    "need.assessed": 30, "investigation.opened": 30, "plan.approved": 32, "referral.sent": 33, "referral.received": 34,
    "victim_suspect.linked": 35, "case.review_provided": 35, "referral.cancelled": 35, "victim_suspect.unlinked": 36,
    "referral.accepted": 36, "referral.rejected": 36, "referral.assigned": 37, "referral.started": 38,
    "referral.put_on_hold": 39, "arrest.made": 40, "referral.resumed": 40, "service.provided": 42,
    "service.declined": 42, "shelter.placement_started": 42, "shelter.placement_ended": 43,
    "repatriation.completed": 43, "immigration.status_granted": 43, "immigration.status_refused": 43,
    "arrest.released": 45, "referral.completed": 45, "referral.failed": 45, "referral.handed_back": 45,
    "referral.referred_onward": 45, "referral.entered_in_error": 46, "referral.escalated": 47,
    "referral.move_refused": 48, "charge.filed": 50, "charge.amended": 52, "charge.withdrawn": 54, "bail.granted": 56,
    "bail.varied": 57, "bail.breached": 58, "bail.revoked": 59, "court.hearing_scheduled": 60,
    "court.hearing_held": 61, "court.adjourned": 62, "court.committed": 65, "indictment.filed": 68,
    "trial.started": 70, "verdict.returned": 80, "sentence.imposed": 82, "restitution.ordered": 83,
    "restitution.paid": 84, "investigation.status_changed": 85, "figure.claimed": 85, "investigation.closed": 86,
    "appeal.filed": 86, "figure.contested": 86, "appeal.decided": 87, "figure.resolved": 87,
    "person.deceased_recorded": 88, "case.closed": 90, "period.closed": 90, "case.reopened": 91,
    "report.published": 92, "finding.opened": 93, "finding.closed": 94, "finding.ruled": 94, "event.corrected": 95,
    "event.retracted": 95, "access.viewed": 96, "person.erased": 97, "key.registered": 2, "key.revoked": 3,
}  # fmt: skip
"""Order of events of one time, by type. It has every type, since merged entities may have events of several."""


Rank: TypeAlias = tuple[datetime, str, str]
"""When it was recorded, by whom, under which id: what decides between statements that are otherwise alike."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Content of one event. It happened between the Belize days `first` and `last`; None if unknown."""

    name: str
    said: Mapping[str, Any]
    first: date | None
    last: date | None
    order: tuple[datetime, int, Rank]
    speaker: str
    end: datetime
    """The first moment that no longer belongs to it; where it begins, for what is known to the instant."""
    names: frozenset[str] = frozenset()
    """By what others speak of it: the event that it began with, and whatever was to change that."""

    @property
    def start(self) -> datetime:
        """When it began; long ago, where nobody knows."""
        return self.order[0]

    @property
    def recorded(self) -> date:
        """The day on which it was written down."""
        return self.order[2][0].astimezone(BELIZE).date()

    @property
    def publisher(self) -> str:
        """Return the publisher, for itself or for the speaker."""
        return self.order[2][1].partition("/")[0]

    @property
    def ref(self) -> str:
        """By what others name the event that says so."""
        _, source, event = self.order[2]
        return f"{source}/{event}"


@dataclass(frozen=True, slots=True)
class Heard:
    """An accepted event: `fact` is what it says (None for a retraction), `ref` and `target` as others name it."""

    ref: str
    target: str | None
    rank: Rank
    fact: Fact | None = field(repr=False)


def _day(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(BELIZE).date()


def _days(event: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """The Belize days between which it happened, both included."""
    if event.get("time") is None:
        return None, None
    precision = event.get("occurredprecision") or "instant"
    first, last = _day(event["time"]), _day(event.get("occurredto") or event["time"])
    if precision == "month":
        last = last.replace(day=monthrange(last.year, last.month)[1])
    elif precision == "year":
        last = last.replace(month=12, day=31)
    elif precision == "instant" and event.get("occurredto"):
        # The end is the first moment that no longer belongs to it.
        begin, end = (datetime.fromisoformat(event[name]).astimezone(BELIZE) for name in ("time", "occurredto"))
        if end > begin:
            last = (end - timedelta(microseconds=1)).date()
    return first, last


def hear(raw: bytes) -> Heard:
    """Read one accepted event."""
    event = orjson.loads(raw)
    source, kind, data = sys.intern(event["source"]), event["type"], event["data"]
    rank = datetime.fromisoformat(event["recordedtime"]), source, event["id"]
    heard = Heard(f"{source}/{event['id']}", event.get("supersedes"), rank, None)
    if kind == f"bz.atips.{_RETRACTED}.v1":
        return heard
    if kind == f"bz.atips.{_CORRECTED}.v1":
        kind, data = data["type"], data["data"]
    first, last = _days(event)
    start = _PAST if event.get("time") is None else datetime.fromisoformat(event["time"])
    said = {sys.intern(name): _shared(value) for name, value in data.items() if name in _NEEDED and value is not None}
    speaker = event.get("onbehalfof") or source.partition("/")[0]
    name = sys.intern(kind.removeprefix("bz.atips.").removesuffix(".v1"))
    order = start, STAGES[name], rank
    end = _end(event, start, last)
    return replace(heard, fact=Fact(name, said, first, last, order, sys.intern(speaker), end))


def _end(event: Mapping[str, Any], start: datetime, last: date | None) -> datetime:
    if last is None:
        return start
    if (event.get("occurredprecision") or "instant") == "instant":
        return datetime.fromisoformat(event["occurredto"]) if event.get("occurredto") else start
    return datetime(last.year, last.month, last.day, tzinfo=BELIZE) + timedelta(days=1)


def _shared(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """One copy of what is said over and over: a million events are held at once."""
    if isinstance(value, str):
        return sys.intern(value)
    return [sys.intern(item) for item in value] if isinstance(value, list) else value
