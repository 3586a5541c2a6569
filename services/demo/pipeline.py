"""The demo's use of the pipeline: it publishes with the agencies' rights and reads with a reader's."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from datetime import time as time_of_day
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, Self

from confluent_kafka import KafkaException

from infra.local import access
from infra.local.cluster import Cluster
from infra.local.folder import Folder
from schemas.times import BELIZE
from services.case_tracker import queries as tracked
from services.case_tracker.queries import FindingRow
from services.console import health, lag, local
from services.console.case.within import FindingLine as Listed
from services.console.case.within import lines, merged
from services.console.database import connected
from services.console.knowing import ledger, made
from services.console.publish import wire
from services.demo.book import BookEntry
from services.presentation.printed.beside import PERIOD, ComparedLine, beside, wanted
from services.presentation.rates import needed
from services.reporting.council_tables import expectations
from services.reporting.domain.rates import Rate, Variant, rate
from services.reporting.domain.rules import Finding
from services.reporting.read import findings as evaluation
from services.reporting.read import queries
from services.reporting.read.queries import Edition
from services.reporting.read.silence import SilenceQuestion
from services.runtime.postgres import Connection, acquired
from services.sheet import lines as read
from services.sheet.post import NotReachedError
from services.sheet.verdict import Verdict

Progress = Callable[[str], None]

# The longest silence from intake that is waited out.
RECEIPT_SECONDS: Final = 60.0
# From the last receipt to the last figure; milliseconds when all is well.
COUNT_SECONDS: Final = 60.0
_STEP_SECONDS: Final = 0.05
_SWEEPING: Final = ("referral", "case_tracker")
_SWEEPS: Final = 2
"""Of two sweeps that ended since a moment, one began since."""

# What librdkafka would write to the terminal (a first connection tried again); what fails is raised besides.
_SILENT: Final = 0


class TooLateError(Exception):
    """Something that should have happened by now has not; the message says how far it came."""


@dataclass(slots=True)
class Watch:
    """Seconds of each stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Take the time of the body."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(time.monotonic() - begun, 2)


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """The figures beside the report's, and what they are complete to."""

    lines: Sequence[ComparedLine]
    complete_to: int
    withheld: int
    findings: tuple[Finding, ...] = ()
    """Between figures."""
    within: tuple[FindingRow, ...] = ()
    """Within cases, by the last word on each."""
    rates: tuple[Rate, ...] = ()
    at: datetime | None = None
    """As of when it was known; None for what is known now."""

    @property
    def listed(self) -> list[Listed]:
        """Give the findings as `atips findings` lists them."""
        return merged(self.findings, lines(self.within, PERIOD, self.at, settled=False))


class Offices:
    """The agencies' connections, each made when it first sends and kept for the next time; agencies send side by side.

    Left in order they are closed. On a Ctrl-C nobody waits for who still sends.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._deployment = access.deployment(cluster.data_dir)
        self._wires: dict[str, wire.InboundTopic] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            for each in self._wires.values():
                each.close()

    def publish(self, entries: Sequence[BookEntry], progress: Progress) -> list[Verdict]:
        """Send each agency's entries in their order, as that agency and to its own topic.

        Gives the verdicts in the order of the entries. Raises `TooLateError` when a receipt does not come.
        """
        by_agency: dict[str, list[tuple[int, BookEntry]]] = {}
        for position, entry in enumerate(entries):
            by_agency.setdefault(entry.agency, []).append((position, entry))
        answers: SimpleQueue[Verdict | NotReachedError] = SimpleQueue()
        for agency, own in by_agency.items():
            # Daemons: a Ctrl-C is not to wait for receipts.
            Thread(target=self._send, args=(agency, own, answers), name=f"agency-{agency}", daemon=True).start()
        verdicts: dict[int, Verdict] = {}
        while len(verdicts) < len(entries):
            progress(f"publishing: {len(verdicts)} of {len(entries)} answered")
            verdict = _next(answers)
            verdicts[verdict.line] = verdict
        answered = [verdicts[position] for position in range(len(entries))]
        if missing := sum(verdict.n is None for verdict in answered):
            message = f"{missing} of {len(entries)} submissions have no receipt after {RECEIPT_SECONDS:.0f} s"
            raise TooLateError(message)
        return answered

    def _send(
        self, agency: str, own: Sequence[tuple[int, BookEntry]], answers: "SimpleQueue[Verdict | NotReachedError]"
    ) -> None:
        records = [read.FileLine(position, entry.value) for position, entry in own]
        try:
            if agency not in self._wires:
                config = {**access.client(self._cluster.data_dir, agency), "log_level": _SILENT}
                self._wires[agency] = wire.InboundTopic(config, self._deployment, agency, timeout=RECEIPT_SECONDS)
            for verdict in self._wires[agency].publish(records):
                answers.put(verdict)
        except NotReachedError as error:
            answers.put(error)

    def live_through(self, entries: Sequence[BookEntry], ends: Sequence[str], progress: Progress) -> list[Verdict]:
        """Publish quarter by quarter, the services' clock standing at each one's end, so that it can be asked later.

        The clock moves on when the services have decided all that is due by it. Raises `TooLateError`.
        `ends` are instants in order (RFC 3339); every entry leaves its office before the last of them.
        """
        folder = Folder(self._cluster.data_dir)
        verdicts: list[Verdict] = []
        begun = 0
        for end in ends:
            reached = begun + sum(entry.leaves_at <= datetime.fromisoformat(end) for entry in entries[begun:])
            folder.set_clock(end)
            if reached > begun:
                verdicts += self.publish(entries[begun:reached], progress)
                settled(self._cluster, max(verdict.n or 0 for verdict in verdicts))
            begun = reached
        return verdicts


def _next(answers: "SimpleQueue[Verdict | NotReachedError]") -> Verdict:
    try:
        answer = answers.get(timeout=wire.CONNECT_SECONDS + RECEIPT_SECONDS)
    except Empty:
        message = f"no receipt in {RECEIPT_SECONDS:.0f} s"
        raise TooLateError(message) from None
    if isinstance(answer, NotReachedError):
        raise answer
    return answer


def count(cluster: Cluster, day: str) -> DemoOutcome:
    """Read the figures and findings on a day, as a reader."""
    outcome = asyncio.run(_counted(Folder(cluster.data_dir), date.fromisoformat(day)))
    return replace(outcome, within=tuple(asyncio.run(_within(cluster))))


def settled(cluster: Cluster, last_n: int) -> None:
    """Wait until no service has anything to do. Decisions are events too, and some are due by time alone.

    Raises `TooLateError`.
    """
    ports = local.admin_ports(cluster.data_dir)
    deadline = time.monotonic() + COUNT_SECONDS
    before: tuple[int, dict[str, float]] | None = None
    while True:
        behind = _behind(cluster)
        complete_to = asyncio.run(_complete_to(Folder(cluster.data_dir)))
        swept = {name: health.sweeps(ports[name]) for name in _SWEEPING}
        if behind or complete_to < last_n:
            before = None
        elif before is None or complete_to != before[0]:
            before = (complete_to, swept)
        elif all(swept[name] >= before[1][name] + _SWEEPS for name in _SWEEPING):
            return
        if time.monotonic() > deadline:
            message = (
                f"the figures are complete to event {complete_to} of {last_n}; behind: {', '.join(behind) or 'none'}"
            )
            raise TooLateError(message)
        time.sleep(_STEP_SECONDS)


def _behind(cluster: Cluster) -> list[str]:
    """Give the services that have something to read; all of them while the broker does not answer."""
    try:
        return [name for name in lag.READS if lag.lag(cluster, name)]
    except KafkaException:
        return list(lag.READS)


async def _complete_to(folder: Folder) -> int:
    async with connected(folder, "officer", "reporting") as connection:
        return (await queries.figures(connection, PERIOD, (), ())).complete_to


async def _within(cluster: Cluster) -> Sequence[FindingRow]:
    async with connected(Folder(cluster.data_dir), "officer", "case_tracker") as connection:
        return await tracked.findings(connection)


def known(cluster: Cluster, day: str) -> DemoOutcome:
    """Read all of it as it was known at the end of a day: an edition, made now from what was accepted by then."""
    outcome = asyncio.run(_known(cluster, date.fromisoformat(day)))
    return replace(outcome, within=tuple(asyncio.run(_within(cluster))))


async def _known(cluster: Cluster, day: date) -> DemoOutcome:
    at = datetime.combine(day, time_of_day.max, BELIZE)
    async with ledger(cluster.data_dir) as pool:
        [edition] = await made(pool, cluster.data_dir, [at], lambda _done, _of: None)
        async with acquired(pool) as connection:
            return replace(await _read(connection, edition, day), at=at)


async def _counted(folder: Folder, day: date) -> DemoOutcome:
    async with connected(folder, "officer", "reporting") as connection:
        return await _read(connection, None, day)


async def _read(connection: Connection, edition: Edition | None, day: date) -> DemoOutcome:
    reports = [await queries.figures(connection, PERIOD, by, numbers, edition=edition) for by, numbers in wanted()]
    readings = [reading for report in reports for reading in report.figures]
    found = await evaluation.findings(connection, SilenceQuestion(PERIOD, expectations(), day), edition=edition)
    whole = {reading.number: reading for reading in readings if not reading.dimensions}
    shares = tuple(rate(each, *(whole[number] for number in needed(each))) for each in Variant)
    return DemoOutcome(beside(readings), reports[0].complete_to, reports[0].withheld, found.findings, rates=shares)
