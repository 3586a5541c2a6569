"""The registry of releases in PostgreSQL: frozen artefacts, and the steps that accounts took. Rows are only added."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

import asyncpg
import orjson

from services.reporting.release.artefact import Artefact, ReleaseEdition, load
from services.runtime.postgres import Connection

_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('reporting.release'))"
_NEXT: Final = "SELECT coalesce(max(number), 0) + 1 FROM release"
_ADD: Final = "INSERT INTO release VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb)"
_STEP: Final = "INSERT INTO release_step VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7)"
_ALL: Final = "SELECT number, artefact, sha256, protected::text AS protected FROM release ORDER BY number"
_STEPS: Final = (
    "SELECT release, step, account, at, reason, event::text AS event, n FROM release_step ORDER BY release, at, step"
)


class ReleaseStep(StrEnum):
    """A step of a release, in the order in which they are taken; a release is withdrawn at any time."""

    PREPARED = "prepared"
    APPROVED = "approved"
    SENT = "sent"
    """The event is kept and may be on its way."""
    PUBLISHED = "published"
    """Intake accepted the event, as number `n`."""
    WITHDRAWN = "withdrawn"


class StepRefused(ValueError):
    """The step does not follow from those that were taken, or one account would be both persons."""


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step that an account took. `event`: what is published of it; `n`: the number that intake gave to that."""

    step: ReleaseStep
    account: str
    at: datetime
    reason: str | None = None
    event: Mapping[str, Any] | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class KeptRelease:
    """A release as it is kept: its bytes, their hash when they were frozen, its steps, and what must be protected."""

    number: int
    document: bytes
    sha256: str
    protected: Mapping[str, Any]
    steps: tuple[TakenStep, ...] = field(default=())

    @property
    def artefact(self) -> Artefact:
        """Give the artefact. Raises `WrongArtefact`."""
        return load(self.document)

    @property
    def unchanged(self) -> bool:
        """Whether the bytes are those that were frozen."""
        return sha256(self.document).hexdigest() == self.sha256

    @property
    def state(self) -> ReleaseStep:
        """Give the last step that the release has taken."""
        taken = {each.step for each in self.steps}
        return next(each for each in reversed(ReleaseStep) if each in taken)

    def taken(self, step: ReleaseStep) -> TakenStep | None:
        """Give a step, if the release has taken it."""
        return next((each for each in self.steps if each.step is step), None)

    @property
    def held_outside(self) -> bool:
        """Whether somebody outside may hold it: the public's edition from the moment of sending, withdrawn or not."""
        return self.artefact.head.edition is ReleaseEdition.PUBLIC and self.taken(ReleaseStep.SENT) is not None


class ReleaseRegistry:
    """Reads and adds releases, over a connection of the role `reporting`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Open a transaction in which nobody else takes a step of any release."""
        async with self._connection.transaction():
            await self._connection.execute(_LOCK)
            yield

    async def next_number(self) -> int:
        """Give the number of the next release. Inside `alone` no other process gets it."""
        number: int = await self._connection.fetchval(_NEXT)
        return number

    async def add(self, artefact: Artefact, protected: Mapping[str, Any], account: str, at: datetime) -> None:
        """Keep a release that an account prepared."""
        document = artefact.document()
        head = artefact.head
        await self._connection.execute(
            _ADD,
            head.release,
            head.edition.value,
            head.period,
            head.known_at,
            document,
            sha256(document).digest(),
            orjson.dumps(protected).decode(),
        )
        await self.take(head.release, TakenStep(ReleaseStep.PREPARED, account, at))

    async def take(self, number: int, step: TakenStep) -> None:
        """Note a step. Raises `StepRefused` where the database does not allow it."""
        event = None if step.event is None else orjson.dumps(step.event).decode()
        try:
            async with self._connection.transaction():
                await self._connection.execute(
                    _STEP, number, step.step.value, step.account, step.at, step.reason, event, step.n
                )
        except (asyncpg.CheckViolationError, asyncpg.UniqueViolationError) as error:
            raise StepRefused(str(error)) from None

    async def all(self) -> list[KeptRelease]:
        """Give every release with its steps, in the order of their numbers."""
        steps: dict[int, list[TakenStep]] = {}
        for row in await self._connection.fetch(_STEPS):
            event = None if row["event"] is None else orjson.loads(row["event"])
            steps.setdefault(row["release"], []).append(
                TakenStep(ReleaseStep(row["step"]), row["account"], row["at"], row["reason"], event, row["n"])
            )
        return [
            KeptRelease(
                row["number"],
                bytes(row["artefact"]),
                bytes(row["sha256"]).hex(),
                orjson.loads(row["protected"]),
                tuple(steps.get(row["number"], ())),
            )
            for row in await self._connection.fetch(_ALL)
        ]
