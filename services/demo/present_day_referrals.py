"""Referrals dated to the present day, so that the demo's officer has tasks whose deadlines are still ahead.

They are not of 2024 or 2025, so that no figure of the report changes.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from schemas.ids import Kind
from services.console import local_cluster
from services.console.database import connected
from services.demo.agency_publishing import Offices
from services.demo.register_entries import BELIZE_OFFSET, AgencyRegisters, RegisterEntry, instant
from services.referral import queries
from services.sheet.verdict import VerdictStatus

OFFICER: Final = "bpd"
"""Code of the agency of the demo's officer."""

_BEGAN: Final = timedelta(minutes=20)
"""Time between the first record and now. It is less than three hours, the shortest deadline of these referrals."""


class NotTakenError(Exception):
    """Intake refused an entry of the worklist. The message has the reason and the place."""


@dataclass(frozen=True, slots=True)
class _Need:
    """Data of one referral: agencies, service, consent's purpose, urgency, the person, and whether it is accepted."""

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
    """Entries of the worklist: referrals with profiles and consents (`sent`), and acceptances (`accepted`).

    Acceptances are published after the receipts of the referrals that they answer.
    """

    sent: list[RegisterEntry] = field(default_factory=list)
    accepted: list[RegisterEntry] = field(default_factory=list)


def worklist(now: datetime) -> Worklist:
    """Return the referrals for the time `now`, each of an adult who consented. Equal times give equal bytes."""
    local_now = now.astimezone(BELIZE_OFFSET).replace(tzinfo=None)
    # Register numbers contain the time, so that two demonstrations in one folder have different numbers.
    book = AgencyRegisters(int(now.timestamp()), series=f"D{local_now:%m%d%H%M%S}/")
    at = [f"{local_now - _BEGAN * part / 4:%Y-%m-%dT%H:%M:%S}" for part in (4, 3, 2, 1)]
    found = Worklist()
    for need in _NEEDS:
        *sent, accepted = _written(book, need, at)
        found.sent += sent
        found.accepted += [accepted] if need.accepted else []
    return found


def _written(book: AgencyRegisters, need: _Need, at: list[str]) -> Iterator[RegisterEntry]:
    """Yield the sender's entries (profile, consent, referral), then the receiver's acceptance."""
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
    """Publish the worklist. Return False, without publishing, if the officer's agency already has a task ahead.

    Returns True after publishing. A task is ahead if its deadline has not passed. Raises `NotTakenError` if intake
    refuses an entry, and the errors of `Offices.publish`.
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
    """Whether the officer's agency has a waiting task whose deadline is after `now`."""
    async with connected(folder, "officer", "referral") as connection:
        return any(each.due_at > now for each in await queries.read_waits(connection, OFFICER, late=False, now=now))
