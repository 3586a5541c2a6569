"""The promises that must hold on the deployment after every fault, each as sentences about what is broken.

They read the tables of whichever database is the primary, and know what the offices were told.
"""

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from services.runtime.postgres import Connection
from tests.cluster.deployment import Deployment
from tests.cluster.publishing import Offices
from tests.support.promises import copies, folded

DATABASE: Final = "atips"
READERS: Final = ("referral", "case_tracker", "reporting")
"""Schemas of the services that read the log."""
SETTLE_SECONDS: Final = 120.0
_CONNECT_SECONDS: Final = 15.0
_CLOSE_SECONDS: Final = 5.0

_UNREAD: Final = """
SELECT coalesce(sum(o.off + 1 - p.next_offset), 0)::bigint
FROM intake.relay_offset AS o JOIN {schema}.position AS p USING (topic, part)
WHERE p.next_offset <= o.off
"""
"""Records of the log that a service has not read."""


@asynccontextmanager
async def connected(deployment: Deployment) -> AsyncIterator[Connection]:
    """Connect to the primary as its administrator, over TLS."""
    trusted = deployment.trusted()
    trusted.check_hostname = False  # by its address: the name is known inside the deployment only
    trusted.verify_mode = ssl.CERT_REQUIRED
    connection = await asyncpg.connect(
        host=deployment.address(deployment.primary(), "store"),
        user="postgres",
        password=deployment.file("keys-postgres-1", "superuser.password").read_text(encoding="ascii").strip(),
        database=DATABASE,
        ssl=trusted,
        timeout=_CONNECT_SECONDS,
    )
    try:
        yield connection
    finally:
        try:
            await connection.close(timeout=_CLOSE_SECONDS)
        except TimeoutError:  # a connection whose other end has gone without a word
            connection.terminate()


async def missing(connection: Connection, acknowledged: Mapping[tuple[str, str], bytes]) -> list[str]:
    """I1: every acknowledged event is accepted, or in quarantine."""
    rows = await connection.fetch(
        "SELECT source, id::text AS id FROM intake.inbox UNION SELECT source, id::text FROM intake.quarantine"
    )
    lost = acknowledged.keys() - {(row["source"], row["id"]) for row in rows}
    return [f"I1: {len(lost)} of {len(acknowledged)} acknowledged events are missing"] if lost else []


async def numbered(connection: Connection) -> list[str]:
    """I2 and I4: each event has one number, and the numbers have no gaps."""
    numbers = [
        row["n"]
        for row in await connection.fetch("SELECT n FROM intake.inbox UNION ALL SELECT n FROM intake.quarantine")
    ]
    repeated = await connection.fetchval(
        "SELECT count(*) FROM (SELECT 1 FROM intake.inbox GROUP BY source, id HAVING count(*) > 1) AS twice"
    )
    sentences = [f"I2: {repeated} events were accepted twice"] if repeated else []
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        sentences.append("I4: n has gaps or comes twice")
    return sentences


def replayed(deployment: Deployment) -> list[str]:
    """I3: a replay of the topics gives the figures that are served, and the copies that must be there."""
    command = ("atips", "replay", "--compare", "--json", "--data-dir", "/data", "--processes", "1")
    text = deployment.execute("provision", *command, check=False, seconds=300)
    try:
        report: dict[str, Any] = json.loads(text)
    except ValueError:
        return [f"I3: no answer from the replay: {text[-500:]}"]
    return [] if report["equal"] else [f"I3: the replay differs: {_differences(report)}"]


def _differences(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a replay's report says is wrong, at most three of each kind."""
    kinds = ("different", "withheld", "ledger", "routing")
    found = {kind: report[kind][:3] for kind in kinds if report.get(kind)}
    found |= {name: each["different"][:3] for name, each in report.get("decisions", {}).items() if each["different"]}
    numbers = ("digest", "live_digest", "audited_to", "said", "unsettled", "unread", "unsaid")
    return found | {name: report.get(name) for name in numbers}


@dataclass(frozen=True, slots=True)
class Line:
    """How far the line, its relay and the figures are, and how many inbound records are still to be judged."""

    given: int
    relayed: int
    complete: int
    accepted: int

    @property
    def is_whole(self) -> bool:
        """Whether the figures are complete to the end of the line."""
        return self.given == self.relayed == self.complete


async def line(connection: Connection) -> Line:
    """Read how far everything is."""
    row = await connection.fetchrow(
        "SELECT (SELECT last_n FROM intake.line) AS given, (SELECT last_n FROM intake.relay) AS relayed,"
        " (SELECT coalesce(max(complete_to), 0) FROM reporting.figure_status) AS complete,"
        " (SELECT count(*) FROM intake.inbox) AS accepted"
    )
    assert row is not None
    return Line(**row)


async def unread(connection: Connection) -> dict[str, int]:
    """Return how many records of the log each service has still to read; services that have read all are left out."""
    counts = {schema: await connection.fetchval(_UNREAD.format(schema=schema)) for schema in READERS}
    return {schema: count for schema, count in counts.items() if count}


async def settled(deployment: Deployment, offices: Offices, seconds: float = SETTLE_SECONDS) -> Line:
    """Wait until all that was acknowledged is accepted and counted, and nothing more comes: lag is zero."""
    deadline = time.monotonic() + seconds
    async with connected(deployment) as connection:
        while True:
            found = await line(connection)
            behind = await unread(connection)
            if found.is_whole and not behind and not await missing(connection, offices.acknowledged()):
                return found
            if time.monotonic() > deadline:
                lost = await missing(connection, offices.acknowledged())
                message = f"not settled within {seconds:.0f} s: {found}, unread {behind}, {lost}"
                raise AssertionError(message)
            await asyncio.sleep(0.1)


async def broken_in_tables(deployment: Deployment, offices: Offices) -> list[str]:
    """Give every promise that the tables do not keep; call it when all is settled."""
    async with connected(deployment) as connection:
        return [
            *await missing(connection, offices.acknowledged()),
            *await numbered(connection),
            *await copies(connection),
            *await folded(connection),
        ]


async def broken(deployment: Deployment, offices: Offices) -> list[str]:
    """Give every promise that does not hold, in tables or in a replay; call it when all is settled."""
    return [*await broken_in_tables(deployment, offices), *replayed(deployment)]
