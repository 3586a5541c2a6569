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
    """Steps of a release, in their order. Only `WITHDRAWN` may follow after any of the others."""

    PREPARED = "prepared"
    APPROVED = "approved"
    SENT = "sent"
    """The event of the publication is stored and may have been sent."""
    PUBLISHED = "published"
    """Intake accepted the event, as number `n`."""
    WITHDRAWN = "withdrawn"


class StepRefused(ValueError):
    """Raised if the step may not follow the steps taken so far, or if the account that prepared would also approve."""


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step that an account took. `SENT` has the `event` to publish, and `PUBLISHED` has that event's number `n`."""

    step: ReleaseStep
    account: str
    at: datetime
    reason: str | None = None
    event: Mapping[str, Any] | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class KeptRelease:
    """A release in the registry. `document`: the artefact's bytes. `sha256`: their hash when they were frozen, in hex.

    `protected`: exact amounts behind the release, as `read_truth` decodes them.
    """

    number: int
    document: bytes
    sha256: str
    protected: Mapping[str, Any]
    steps: tuple[TakenStep, ...] = field(default=())

    @property
    def artefact(self) -> Artefact:
        """Parse the document. Raises `WrongArtefact` if it is not in canonical form."""
        return load(self.document)

    @property
    def unchanged(self) -> bool:
        """Whether the document still has the hash that it had when it was frozen."""
        return sha256(self.document).hexdigest() == self.sha256

    @property
    def state(self) -> ReleaseStep:
        """Return the last step that the release has taken."""
        taken = {each.step for each in self.steps}
        return next(each for each in reversed(ReleaseStep) if each in taken)

    def taken(self, step: ReleaseStep) -> TakenStep | None:
        """Return a step that the release has taken; None if it has not."""
        return next((each for each in self.steps if each.step is step), None)

    @property
    def held_outside(self) -> bool:
        """Whether outsiders may hold the release: a public one with the step `SENT`, withdrawn or not."""
        return self.artefact.head.edition is ReleaseEdition.PUBLIC and self.taken(ReleaseStep.SENT) is not None


class ReleaseRegistry:
    """Reads and adds releases, over a connection of the role `reporting`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def exclusive_transaction(self) -> AsyncIterator[None]:
        """Open a transaction with a lock: as long as it is open, no other process takes a step of any release."""
        async with self._connection.transaction():
            await self._connection.execute(_LOCK)
            yield

    async def next_number(self) -> int:
        """Return the number of the next release. Inside `exclusive_transaction` no other process gets it."""
        number: int = await self._connection.fetchval(_NEXT)
        return number

    async def add(self, artefact: Artefact, protected: Mapping[str, Any], account: str, at: datetime) -> None:
        """Store a release, and the step `PREPARED` of an account. Raises `StepRefused` if the database refuses it."""
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
        """Store a step of a release. Raises `StepRefused` if the database does not allow it."""
        event = None if step.event is None else orjson.dumps(step.event).decode()
        try:
            async with self._connection.transaction():
                await self._connection.execute(
                    _STEP, number, step.step.value, step.account, step.at, step.reason, event, step.n
                )
        except (asyncpg.CheckViolationError, asyncpg.UniqueViolationError) as error:
            raise StepRefused(str(error)) from None

    async def all(self) -> list[KeptRelease]:
        """Return every release with its steps, in the order of their numbers."""
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
