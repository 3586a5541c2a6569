"""Referrals of the present day: after the two acts, officers have work whose deadlines lie ahead.

Nothing here is of 2024 or 2025, so that no figure of the report moves.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from infra.local.cluster import Cluster
from infra.local.folder import Folder
from schemas.ids import Kind
from services.console import local_cluster
from services.console.database import connected
from services.demo.agency_registers import BELIZE_OFFSET, AgencyRegisters, RegisterEntry, instant
from services.demo.offices import Offices
from services.referral import queries
from services.sheet.verdict import VerdictStatus

OFFICER: Final = "bpd"
"""The agency of the demo's officer."""

_BEGAN: Final = timedelta(minutes=20)
"""From the first record until now. It is shorter than the shortest time to answer here, three hours."""


class NotTakenError(Exception):
    """Intake refused a record of the worklist; the message says for what reason."""


@dataclass(frozen=True, slots=True)
class _Need:
    """One referral: from whom to whom, what is asked, by when, and whether the receiver accepted it already."""

    sender: str
    receiver: str
    service: str
    purpose: str
    urgency: str
    sex: str
    citizenship: str
    accepted: bool = False


_NEEDS: Final = (
    _Need("immigration", "dhs", "shelter", "protection_services", "urgent", "female", "HN"),
    _Need("dhs", OFFICER, "witness_transport", "investigation_and_prosecution", "soon", "female", "BZ"),
    _Need(OFFICER, "hti", "legal_information", "legal_help", "soon", "male", "GT"),
    _Need(
        "labour", OFFICER, "witness_transport", "investigation_and_prosecution", "routine", "male", "SV", accepted=True
    ),
)


@dataclass(slots=True)
class Worklist:
    """Entries in two rounds. The second is published when the first has receipts, since it answers the first."""

    sent: list[RegisterEntry] = field(default_factory=list)
    accepted: list[RegisterEntry] = field(default_factory=list)


def worklist(now: datetime) -> Worklist:
    """Write the referrals of an instant: each of an adult who consented. The same instant gives the same bytes."""
    local_now = now.astimezone(BELIZE_OFFSET).replace(tzinfo=None)
    # The instant is in the register's numbers, so that those of two demonstrations in one folder differ.
    book = AgencyRegisters(int(now.timestamp()), series=f"D{local_now:%m%d%H%M%S}/")
    at = [f"{local_now - _BEGAN * part / 4:%Y-%m-%dT%H:%M:%S}" for part in (4, 3, 2, 1)]
    found = Worklist()
    for need in _NEEDS:
        *sent, accepted = _written(book, need, at)
        found.sent += sent
        found.accepted += [accepted] if need.accepted else []
    return found


def _written(book: AgencyRegisters, need: _Need, at: list[str]) -> Iterator[RegisterEntry]:
    """Yield what the sender writes (who it is, consent, the referral), and then the receiver's acceptance."""
    person, referral = book.id(Kind.PERSON), book.id(Kind.REFERRAL)
    profile = {
        "person": person,
        "role": "victim",
        "sex": need.sex,
        "age_group": "adult_24_26",
        "citizenship": [need.citizenship],
    }
    consent = {
        "person": person,
        "basis": "given",
        "purposes": [need.purpose],
        "recipients": [need.receiver],
        "given_by": "person",
    }
    asked = {
        "person": person,
        "referral": referral,
        "from_agency": need.sender,
        "to_agency": need.receiver,
        "attempt_no": 1,
        "service_types": [need.service],
        "urgency": need.urgency,
        "reason": "assessed_need",
        "risk_level": "medium",
    }
    said: tuple[tuple[str, str, Mapping[str, object]], ...] = (
        (need.sender, "person.profile_recorded", profile),
        (need.sender, "consent.recorded", consent),
        (need.sender, "referral.sent", asked),
        (need.receiver, "referral.accepted", {"person": person, "referral": referral}),
    )
    for moment, (agency, name, data) in zip(at, said, strict=True):
        yield book.write(agency, name, instant(moment), data, subject=person, recorded=moment)


def publish(cluster: Cluster, offices: Offices) -> bool:
    """Send the referrals of now; False where the officer's agency has work ahead already and nothing is sent.

    Raises `NotTakenError` when intake refuses one, and what `Offices.publish` raises.
    """
    now = local_cluster.now(cluster.data_dir)
    if asyncio.run(_is_awaited(Folder(cluster.data_dir), now)):
        return False
    made = worklist(now)
    for entries in (made.sent, made.accepted):
        for verdict in offices.publish(entries, lambda _: None):
            if verdict.status is VerdictStatus.REFUSED:
                message = f"intake refused a referral of today: {verdict.reason} at {verdict.pointer or 'the record'}"
                raise NotTakenError(message)
    return True


async def _is_awaited(folder: Folder, now: datetime) -> bool:
    """Whether something waits for the officer's agency whose deadline lies ahead."""
    async with connected(folder, "officer", "referral") as connection:
        return any(each.due_at > now for each in await queries.waits(connection, OFFICER, late=False, now=now))
