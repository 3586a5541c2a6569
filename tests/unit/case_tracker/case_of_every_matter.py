"""A case with something of every matter, and what an agency sees of it."""

from datetime import datetime, timedelta

from schemas.codebook.governance import ViewPurpose
from schemas.envelope import Event
from schemas.ids import Kind
from services.case_tracker.domain.case_facts import spine
from tests.unit.case_tracker.case_sight import sight
from tests.unit.case_tracker.sample import (
    ARREST,
    CASE,
    PLACEMENT,
    START,
    VICTIM,
    Log,
    an_id,
)

SERVICE, REFERRAL = an_id(Kind.SERVICE, "s"), an_id(Kind.REFERRAL, "r")
OTHER_VICTIM, OTHER_REFERRAL = an_id(Kind.PERSON, "other"), an_id(Kind.REFERRAL, "other")
OF = {"person": VICTIM, "case": CASE}
ON = {**OF, "referral": REFERRAL}


def log() -> Log:
    """A case with something of every matter."""
    found = Log()
    found.identified()
    found.arrested(arrest=ARREST)
    found.add("bpd", "investigation.opened", {"case": CASE})
    found.says("dhs", "plan.approved", person=VICTIM)
    served = {**OF, "service": SERVICE, "provider": "dhs"}
    found.add("dhs", "service.provided", {**served, "service_type": "medical"})
    found.add("dhs", "shelter.placement_started", {**OF, "placement": PLACEMENT, "population": "victim"})
    return found


def referred(found: Log, to: str = "hti", **other: object) -> Log:
    sent = {**ON, "from_agency": "dhs", "to_agency": to, "service_types": ["counselling"]}
    found.add("dhs", "referral.sent", {**sent, **other})
    return found


def accepted(found: Log, agency: str = "hti", **other: object) -> Log:
    found.add(agency, "referral.accepted", {**ON, **other})
    return found


def adult(found: Log) -> Log:
    found.says("dhs", "person.profile_recorded", person=VICTIM, role="victim", age_group="adult_24_26")
    return found


def decided(found: Log, name: str, **said: object) -> None:
    """Return a decision of the referral service on it."""
    versions = {"code_version": "0" * 16, "policy_version": "0" * 16}
    by = {"answered_n": len(found.entries), "decided_at": found.now.isoformat(), **versions}
    found.add("referral", f"referral.{name}", {**ON, **by, **said})


def refused(found: Log, move: Event, reason: str) -> None:
    decided(found, "move_refused", move=move.ref, reason=reason)


def ended(found: Log, *moves: tuple[str, str]) -> Log:
    for agency, move in moves:
        of_sender = {"from_agency": agency} if agency == "dhs" else {}
        found.add(agency, f"referral.{move}", {**ON, **of_sender})
    return found


LATER = START + timedelta(days=1)
"""When somebody looks, unless it is said otherwise."""


def seen(found: Log, agency: str, purpose: ViewPurpose | None = None, now: datetime = LATER) -> set[str]:
    """Return what an agency sees for a purpose; None: for any of its role."""
    whole = spine(CASE, found.entries)
    sees = sight(whole, agency, purpose, now).sees
    return {each.name for each in whole.facts if sees(each)}


FILE, JUSTICE, INTELLIGENCE = "victim.identified", "arrest.made", "investigation.opened"
PROTECTION, HEALTH, PLACED = "plan.approved", "service.provided", "shelter.placement_started"
ALL = {FILE, JUSTICE, INTELLIGENCE, PROTECTION, HEALTH, PLACED}
