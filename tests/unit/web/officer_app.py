"""The pages of officers over a real database, with intake's door in memory."""

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2

from schemas.service_decisions import Entered
from services.client.receipt_and_errors import Receipt, Refusal
from services.client.referral_state import MoveEffect, Referral
from services.web.api.app import application
from services.web.api.dependencies import Parts
from services.web.domain.account_rules import Account
from services.web.intake_client import IntakeUnavailable, KeyRefused, NoKey
from tests.support.database import Server
from tests.support.stopped_clock import StoppedClock
from tests.unit.referral.sample import PERSON
from tests.unit.web.doubles import Charts, Figures
from tests.unit.web.officers_database import Seen, opened

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
BASE = "http://pages.test"


@dataclass
class MemoryIntake:
    """Intake's door in memory: what was sent, by agency, and what is in an inbox."""

    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    kept: bool = True
    away: bool = False
    ended: bool = False
    effect: MoveEffect | None = None
    stands: Referral | None = None

    def has_key_of(self, _: str) -> bool:
        return self.kept

    async def send(self, agency: str, events: Sequence[dict[str, Any]]) -> list[Receipt]:
        self._open()
        [event] = events
        assert event["source"] == f"{agency}/console"
        again = self.sent.get(event["id"])
        assert again is None or again == event
        self.sent[event["id"]] = event
        return [Receipt("accepted" if again is None else "duplicate", event["id"], n=7)]

    async def inbox(self, agency: str) -> list[tuple[int, dict[str, Any]]]:
        self._open()
        return self.messages.get(agency, [])

    async def latest(self, _: str, __: int) -> list[Receipt]:
        return []

    async def refused(self, _: str, __: int) -> tuple[list[Refusal], bool]:
        return [], False

    async def referral(self, _: str, __: str) -> Referral | None:
        self._open()
        return self.stands

    async def outcome(self, _: str, event_id: str) -> Receipt | None:
        self._open()
        return Receipt("accepted", event_id, n=6, accepted_at=int(NOW.timestamp() * 1000))

    async def decided(self, _: str, referral: str, move: str, __: float) -> Referral | None:
        effect = self.effect or MoveEffect(move, "in_effect")
        effect = MoveEffect(move, effect.effect, effect.reason, effect.missing)
        return Referral(referral, "accepted", "dhs", "bpd", "dhs", PERSON, "urgent", (effect,))

    def _open(self) -> None:
        if not self.kept:
            raise NoKey
        if self.ended:
            raise KeyRefused
        if self.away:
            raise IntakeUnavailable


class Passwords:
    """The password of everybody is "right"."""

    async def matches(self, _: str | None, password: str) -> bool:
        return password == "right"


@dataclass
class Office:
    """The pages over one database."""

    seen: Seen
    parts: Parts
    door: MemoryIntake
    clock: StoppedClock

    def client(self, account: Account) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(application(self.parts), raise_app_exceptions=True)
        return httpx2.AsyncClient(
            transport=transport,
            base_url=BASE,
            cookies={self.parts.cookie: account.name},
            headers={"sec-fetch-site": "same-origin"},
        )


@asynccontextmanager
async def opened_office(server: Server, folder: Path, case: Sequence[Entered] | None = None) -> AsyncIterator[Office]:
    """Open the pages over a database of their own. `case`: the case's log, where another one is wanted."""
    async with opened(server, folder, NOW, case) as seen:
        clock, door, numbers = StoppedClock(NOW), MemoryIntake(), itertools.count()
        figures: Any = Figures()
        charts: Any = Charts()
        parts = Parts(
            figures,
            charts,
            seen.store,
            seen.officers,
            door,  # type: ignore[arg-type] # a double
            Passwords(),  # type: ignore[arg-type] # a double
            clock,
            lambda: f"form {next(numbers)}",
            secure=False,
        )
        yield Office(seen, parts, door, clock)
