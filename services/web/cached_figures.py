"""Figures for the pages, read from the database and cached until the completeness of the figures changes."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from time import monotonic
from typing import Any, Final, NamedTuple, TypeVar, cast

import asyncpg
import structlog

from schemas.times import BELIZE, Period
from services.reporting.council_input_tables import expectations
from services.reporting.read import figure_findings as evaluation
from services.reporting.read import queries
from services.reporting.read.completeness_grid import PublishingGrid, PublishingGridQuestion, read_publishing_grid
from services.reporting.read.figure_findings import Findings
from services.reporting.read.queries import Edition, FigureReport, Question
from services.runtime.clock import Clock
from services.runtime.errors import Retryable
from services.runtime.postgres import Connection, borrow_connection

T = TypeVar("T")

POLL_SECONDS: Final = 1.0
_REST: Final = 20
"""Factor of `RestingCount`: after a count that took t seconds, the next one is made after _REST * t seconds."""
_MOST_KEPT: Final = 512
"""Largest number of cached answers; the largest answer has some hundred rows."""

_FRESHNESS: Final = "SELECT version, complete_to, withheld, accepted_to, accepted_at FROM freshness"
_REFUSED: Final = "SELECT open_refusals()"
_ASKED_EDITION: Final = "SELECT answered_at, known_at FROM reporting.asked_edition WHERE hash = $1 AND day = $2"
_ASK_EDITION: Final = "SELECT reporting.ask_edition($1, $2)"

_PROTECTED: Final = """
SELECT figure, code, value, shown, marks, marks_en, marks_es FROM reporting.figure_value
WHERE first_day = $1 AND last_day = $2 AND dimension = $3 AND figure = ANY ($4)
ORDER BY array_position($4, figure), code
"""
_PROTECTED_TO: Final = """
SELECT min(known_at) AS known_at, max(known_at) AS made_at FROM reporting.figure_value
WHERE first_day = $1 AND last_day = $2
"""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Freshness:
    """The completeness of the figures.

    `accepted_to`: number of the last accepted event. `complete_to`: number up to which every event is counted.
    `accepted_at`: when the last counted event was accepted. `refused`: open entries of the quarantine. `withheld`:
    entities left out of the figures. `version`: hash of the code that counted. `read_by`: hash of the code of these
    pages; None if nobody compares. `answers`: whether the database answered the last poll.
    """

    version: str | None = None
    complete_to: int = 0
    withheld: int = 0
    accepted_to: int = 0
    accepted_at: datetime | None = None
    refused: int = 0
    answers: bool = False
    read_by: str | None = None

    @property
    def by_another_version(self) -> bool:
        """Whether other code counted than these pages have. They may read what it counted as 0."""
        return self.read_by is not None and self.version not in {None, self.read_by}

    @property
    def waiting(self) -> int:
        """Number of events that are accepted and not counted yet."""
        return max(self.accepted_to - self.complete_to, 0)

    @property
    def is_fresh(self) -> bool:
        """Whether no event was accepted yet, neither counted nor waiting. False if the database does not answer."""
        return self.answers and not self.accepted_to and not self.complete_to

    @property
    def state(self) -> str:
        """Text that changes whenever a figure may have changed, for caches and entity tags."""
        return f"{(self.version or 'none')[:16]}-{self.complete_to}-{self.withheld}"


@dataclass(frozen=True, slots=True)
class EditionState:
    """State of a day's edition. `asked`: it was requested. `answered`: it was computed, or could not be.

    `edition`: None until it is computed, and if it could not be computed.
    """

    asked: bool
    answered: bool = False
    edition: Edition | None = None


class ProtectedValue(NamedTuple):
    """A figure's value as the role `me_read` sees it. `code`: value of the dimension; empty for the whole.

    `value`: None if withheld. `shown`: its text, such as 7, 0-4 or [c]. `marks`: signs that say why it is withheld.
    """

    figure: str
    code: str
    value: float | None
    shown: str
    marks: str
    marks_en: str
    marks_es: str

    @property
    def amount(self) -> int | None:
        """The value as a whole number; None if withheld."""
        return None if self.value is None else int(self.value)


class ProtectedValues(NamedTuple):
    """Values of a period as the role `me_read` sees them. All count every event up to number `known_at`.

    Some values keep an earlier state until they have changed by enough. The others count every event up to
    number `made_at`, at which the values were last made.
    """

    known_at: int
    values: Sequence[ProtectedValue]
    made_at: int = 0


class RestingCount:
    """Counts open refusals, and pauses after a slow count, which would otherwise keep the database busy."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._found = 0
        self._again = 0.0

    async def on(self, connection: Connection) -> int:
        """Return the present count, or the last one during a pause."""
        began = self._clock()
        if began >= self._again:
            self._found = await connection.fetchval(_REFUSED)
            ended = self._clock()
            self._again = ended + _REST * (ended - began)
        return self._found


class Figures:
    """Reads figures in the database role `web`. Its methods raise `Retryable` when the database is away."""

    def __init__(self, pool: asyncpg.Pool, clock: Clock, version: str) -> None:
        """`version`: hash of the code of these pages, to tell readers when other code counted."""
        self._version = version
        self._pool = pool
        self._clock = clock
        self._expected = expectations()
        self._kept: OrderedDict[Hashable, asyncio.Task[Any]] = OrderedDict()
        self._changed = asyncio.Event()
        self.freshness = Freshness()
        self._refusals = RestingCount()

    async def poll(self, stop: asyncio.Event) -> None:
        """Background task that reads the completeness once a second, and empties the cache when figures may change."""
        while not stop.is_set():
            try:
                found = replace(await self._freshness(), read_by=self._version)
            except Retryable:
                found = replace(self.freshness, answers=False)
            if found != self.freshness:
                if found.state != self.freshness.state:
                    self._kept.clear()
                self.freshness = found
                self._changed.set()
                self._changed = asyncio.Event()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), POLL_SECONDS)

    async def changes(self, seconds: float) -> AsyncIterator[Freshness]:
        """Yield the freshness now and whenever it changes, and at least every `seconds`."""
        while True:
            yield self.freshness
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), seconds)

    async def report(
        self, period: Period, by: Sequence[str] = (), numbers: Sequence[str] = (), edition: Edition | None = None
    ) -> FigureReport:
        """Return the report of figures of a period, as known now or from an edition.

        `by`: dimensions of the breakdown; empty for wholes. `numbers`: empty means all figures. Raises `UnknownFigure`
        and `UndeclaredBreakdown`.
        """
        [report] = await self.reports([Question(period, tuple(by), tuple(numbers))], edition)
        return report

    async def reports(self, questions: Sequence[Question], edition: Edition | None = None) -> Sequence[FigureReport]:
        """Return a report for each question, all from one snapshot. Raises `UnknownFigure`, `UndeclaredBreakdown`."""
        today = self._clock.now().astimezone(BELIZE).date()

        async def read() -> Sequence[FigureReport]:
            async with borrow_connection(self._pool) as connection:
                return await queries.reports(connection, questions, edition=edition, today=today)

        return await self._once(("reports", tuple(questions), edition, today), read)

    async def protected(self, period: Period, dimension: str, numbers: Sequence[str]) -> ProtectedValues | None:
        """Read protected values; None if the period is no year or quarter, or has not ended.

        `dimension`: name of the breakdown's dimension; empty for wholes.
        """
        async with borrow_connection(self._pool) as connection:
            to = await connection.fetchrow(_PROTECTED_TO, period.first, period.last)
            rows = await connection.fetch(_PROTECTED, period.first, period.last, dimension, list(numbers))
        values = [ProtectedValue(**dict(row)) for row in rows]
        if to is None or to["known_at"] is None:
            return None
        return ProtectedValues(to["known_at"], values, to["made_at"])

    async def known(self, day: date) -> EditionState:
        """Return the state of a day's edition, which has the figures as known at the day's end."""
        version = self.freshness.version
        async with borrow_connection(self._pool) as connection:
            row = await connection.fetchrow(_ASKED_EDITION, version, day)
        if row is None:
            return EditionState(asked=False)
        if row["answered_at"] is None:
            return EditionState(asked=True)
        edition = None if row["known_at"] is None else Edition(version or "", row["known_at"])
        return EditionState(asked=True, answered=True, edition=edition)

    async def ask_known(self, day: date) -> bool:
        """Request the edition of a day from the reporting service; False if too many are requested."""
        async with borrow_connection(self._pool) as connection:
            return bool(await connection.fetchval(_ASK_EDITION, self.freshness.version, day))

    async def publishing_grid(self, period: Period, day: date) -> PublishingGrid:
        """Return what each agency published in the months of a period, and what was due by `day` and is missing.

        Raises `NothingCounted` if no version of the figures has counted every partition yet.
        """

        async def read() -> PublishingGrid:
            async with (
                borrow_connection(self._pool) as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                return await read_publishing_grid(connection, PublishingGridQuestion(period, self._expected, day))

        return await self._once(("publishing_grid", str(period), day), read)

    async def findings(self, period: Period, day: date, edition: Edition | None = None) -> Findings:
        """Return the findings between figures of a period, as known now or from an edition.

        `day`: date on which lateness is judged. Raises `NothingCounted` if no version of the figures has counted every
        partition yet.
        """

        async def read() -> Findings:
            asked = PublishingGridQuestion(period, self._expected, day)
            async with borrow_connection(self._pool) as connection:
                return await evaluation.findings(connection, asked, edition=edition)

        return await self._once(("findings", str(period), day, edition), read)

    async def _freshness(self) -> Freshness:
        async with borrow_connection(self._pool) as connection:
            row = await connection.fetchrow(_FRESHNESS)
            refused = await self._refusals.on(connection)
        return Freshness(**({} if row is None else dict(row)), refused=refused, answers=True)

    async def _once(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """Return the cached answer of a key, or run `read` once for all callers. The cache is emptied on a change."""
        task = self._kept.get(key)
        if task is None:
            task = asyncio.ensure_future(read())
            self._kept[key] = task
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        try:
            return cast("T", await asyncio.shield(task))
        except Exception:
            if self._kept.get(key) is task:
                del self._kept[key]
            raise
