"""Invented dangers of a person: who is a victim by whose word, and what was found."""

from typing import Any, Final

from schemas.ids import Kind
from services.referral.domain.decision import DangerFound, DangerPast
from tests.unit.referral.sample import CASE, PERSON, Log, an_id

OTHER_CASE: Final = an_id(Kind.CASE, "other")
ARREST: Final = an_id(Kind.ARREST, "a")
CHARGE: Final = an_id(Kind.CHARGE, "c")
RETRIAL: dict[str, Any] = {
    "appeal": an_id(Kind.APPEAL, "retrial"),
    "charges": [CHARGE],
    "court": "court_of_appeal",
    "outcome": "retrial_ordered",
}


def victim(log: Log, agency: str = "dhs", status: str = "confirmed", case: str | None = CASE) -> None:
    name = "victim.status_changed" if status in {"not_a_victim", "undetermined"} else "victim.identified"
    log.add(agency, name, {"person": PERSON, "case": case, "status": status})


def found(log: Log) -> list[tuple[str, str]]:
    """Return the findings and their outcomes, in this order, by code."""
    return [
        ("found" if isinstance(each, DangerFound) else each.reason.value, each.danger.code.value)
        for each in log.outcome().findings
        if isinstance(each, DangerFound | DangerPast)
    ]
