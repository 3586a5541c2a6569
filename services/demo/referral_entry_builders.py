"""Functions that add entries for a referral: `referral.sent`, and the later events by receiver and sender."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schemas.ids import Kind
from services.demo.protection_entry_builders import ServedPerson, consent
from services.demo.register_entries import AgencyRegisters, RegisterEntry, instant


@dataclass(frozen=True, slots=True)
class RegisteredReferral:
    """A referral that was sent: attempt number `attempt`, from 1, to have a need met.

    `id`: of the referral. `need`: id of the need; None if it was not stated. `sender`, `receiver`: codes of agencies.
    """

    who: ServedPerson
    id: str
    need: str | None
    sender: str
    receiver: str
    attempt: int


def sent(
    book: AgencyRegisters,
    who: ServedPerson,
    sender: str,
    receiver: str,
    at: str,
    *types: str,
    urgency: str = "soon",
    need: str | None = None,
    after: RegisteredReferral | None = None,
    for_child: bool = False,
    also: Sequence[str] = (),
) -> RegisteredReferral:
    """Add a referral and, if needed, the consent before it. `at`: local time. `types`: service types.

    `after`: the earlier attempt for the same need. `also`: other agencies that the consent names. `for_child`: Human
    Services consent as legal guardian, and the child's own wish is recorded. Consent is added for a referral by Human
    Services, and for every attempt but the first. An agency that identified the person has recorded consent before.
    """
    attempt = 1 if after is None else after.attempt + 1
    made = RegisteredReferral(
        who, book.id(Kind.REFERRAL), need or (after.need if after else None), sender, receiver, attempt
    )
    data = {
        **_named(made),
        "from_agency": sender,
        "to_agency": receiver,
        "need": made.need,
        "attempt_no": attempt,
        "previous_referral": after and after.id,
        "service_types": list(types),
        "urgency": urgency,
        "reason": "mandatory_report" if urgency == "emergency" else "assessed_need",
        "risk_level": "high" if urgency == "emergency" else "medium",
    }
    if attempt > 1 or sender == "dhs":  # an identifying agency has recorded consent before
        hour = at[:13]
        agreed = instant(f"{hour}:01")
        by: dict[str, Any] = {"recipients": sorted([receiver, *also]), "recorded": f"{hour}:58"}
        if for_child:
            by["more"] = {"wish": "agrees"}
        basis, given_by = ("guardian", "state_guardian") if for_child else ("given", "person")
        consent(book, who, sender, agreed, basis=basis, given_by=given_by, **by)
    _write(book, sender, "sent", at, data)
    return made


def moved(book: AgencyRegisters, referral: RegisteredReferral, move: str, at: str, **said: Any) -> RegisterEntry:  # noqa: ANN401
    """Add an event `referral.{move}` of the receiver at a local time. `said`: other fields of the event's data."""
    return _write(book, referral.receiver, move, at, _named(referral) | said)


def taken(book: AgencyRegisters, referral: RegisteredReferral, received: str, accepted: str) -> None:
    """Add three events of the receiver: `received` at one local time, `accepted` and `started` at the other."""
    moved(book, referral, "received", received)
    moved(book, referral, "accepted", accepted, expected_start_on=accepted[:10])
    moved(book, referral, "started", accepted)


def taken_back(book: AgencyRegisters, referral: RegisteredReferral, move: str, at: str, reason: str) -> None:
    """Add an event of the sender at a local time. `move`: `cancelled` or `entered_in_error`."""
    data = {**_named(referral), "from_agency": referral.sender, "reason": reason}
    _write(book, referral.sender, move, at, data)


def accepted_beside(
    book: AgencyRegisters, referral: RegisteredReferral, agency: str, at: str, *, recorded: str
) -> None:
    """Add an acceptance by an agency other than the receiver. `recorded`: local time of its recording."""
    data = _named(referral)
    book.write(agency, "referral.accepted", instant(at), data, subject=data["person"], recorded=recorded)


def _named(referral: RegisteredReferral) -> dict[str, Any]:
    return {**referral.who.named, "referral": referral.id}


def _write(book: AgencyRegisters, agency: str, move: str, at: str, data: dict[str, Any]) -> RegisterEntry:
    # A move is recorded at minute 59 of its hour.
    recorded = f"{at[:13]}:59"
    return book.write(agency, f"referral.{move}", instant(at), data, subject=data["person"], recorded=recorded)
