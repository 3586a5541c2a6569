"""The promises I1 to I4, checked against what was submitted: from tables and topics, by other means than ours.

Each check gives sentences about what is broken; a test demands none, or for a planted bug, some.
"""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from schemas.catalogue import may_publish
from schemas.codec import decode, decode_strict
from schemas.errors import BadMessage
from schemas.ids import ENTITY_KINDS, from_bits
from schemas.required_copies import required
from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import CellKey, add_changes
from services.reporting.domain.ledger.entity import empty_entity, with_rows
from services.reporting.domain.ledger.event_row import LedgerRow
from services.reporting.read.queries import figures
from services.runtime.postgres import Connection
from tests.support import oracle
from tests.support.pipeline import Pipeline, awaited

if TYPE_CHECKING:
    from uuid import UUID


def judged(submitted: list[tuple[str, bytes]]) -> tuple[dict[tuple[str, str], bytes], int]:
    """Return the accepted submissions by (source, id), with their digests, and the number of refused ones."""
    accepted: dict[tuple[str, str], bytes] = {}
    refused = 0
    for agency, raw in submitted:
        try:
            decoded = decode_strict(raw)
        except BadMessage:
            refused += 1
            continue
        key = (decoded.event.source, str(decoded.event.id))
        happened = decoded.event.recordedtime < datetime.now(UTC) + timedelta(hours=24)
        allowed = happened and decoded.event.agency == agency and may_publish(decoded.event)
        if not allowed or accepted.setdefault(key, decoded.digest) != decoded.digest:
            refused += 1
    return accepted, refused


async def settled(pipeline: Pipeline, seconds: float = 45.0) -> None:
    """Wait until everything submitted has its number and the figures are complete to the last one."""
    accepted, refused = judged(pipeline.submitted)
    last = len(accepted) + refused
    doors = [pipeline.deployment.inbound(each) for each in pipeline.deployment.publishers]
    inbound = sum(pipeline.ends(doors).values())
    connection = await pipeline.connect()

    async def complete() -> bool:
        row = await connection.fetchrow(
            "SELECT (SELECT last_n FROM intake.line) AS given, (SELECT last_n FROM intake.relay) AS relayed, "
            "(SELECT coalesce(max(complete_to), 0) FROM reporting.figure_status) AS complete, "
            "(SELECT coalesce(sum(next_offset), 0) FROM intake.position) AS judged"
        )
        return (
            row is not None and row["judged"] >= inbound and min(row["given"], row["relayed"], row["complete"]) >= last
        )

    try:
        await awaited(complete, f"complete to {last}", seconds)
    finally:
        await connection.close()


async def broken(pipeline: Pipeline) -> list[str]:
    """Every promise that does not hold, as a sentence; call it when all is settled."""
    connection = await pipeline.connect()
    try:
        return [
            *await _nothing_disappears(pipeline, connection),
            *await copies(connection),
            *await folded(connection),
            *await _counted(pipeline, connection),
            *await _by_oracle(pipeline, connection),
            *await positions(pipeline, connection),
        ]
    finally:
        await connection.close()


async def _nothing_disappears(pipeline: Pipeline, connection: Connection) -> list[str]:
    """I1, I2 and the gapless n: what was submitted is accepted once, or in quarantine."""
    accepted, refused = judged(pipeline.submitted)
    found = {
        (row["source"], str(row["id"])): row["digest"]
        for row in await connection.fetch("SELECT source, id, digest FROM intake.inbox")
    }
    quarantined = await connection.fetchval("SELECT count(*) FROM intake.quarantine")
    numbers = [
        row["n"]
        for row in await connection.fetch("SELECT n FROM intake.inbox UNION ALL SELECT n FROM intake.quarantine")
    ]
    sentences = []
    if found != accepted:
        sentences.append(f"I1: {len(accepted.keys() - found.keys())} accepted events are missing from the inbox")
    if quarantined != refused:
        sentences.append(f"I1: {quarantined} in quarantine, {refused} refused")
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        sentences.append("I4: n has gaps or comes twice")
    return sentences


async def copies(connection: Connection) -> list[str]:
    """I1, I2 and routing: the ledger has one row for every event and entity under which it must stand, and no other."""
    accepted = {
        row["n"]: decode(row["payload"]) for row in await connection.fetch("SELECT n, payload FROM intake.inbox")
    }
    wanted = Counter((n, entity) for n, entities in required(accepted).items() for entity in entities)
    found = Counter(
        (row["n"], from_bits(ENTITY_KINDS[row["topic"]], row["ent"]))
        for row in await connection.fetch("SELECT n, topic, ent FROM reporting.ledger")
    )
    sentences = []
    if missing := wanted - found:
        sentences.append(f"I1: {missing.total()} copies are missing from the ledger")
    if surplus := found - wanted:
        sentences.append(f"I2: {surplus.total()} copies too many in the ledger")
    return sentences


async def folded(connection: Connection) -> list[str]:
    """I3: the cells are the pure fold of the ledger, per partition."""
    entities: dict[tuple[int, int, UUID], list[LedgerRow]] = {}
    for record in await connection.fetch(
        "SELECT n, topic, part, off, ent, name, id, primary_copy, accepted_at, payload "
        "FROM reporting.ledger JOIN reporting.source USING (src)"
    ):
        row = LedgerRow(*record)
        entities.setdefault((row.topic, row.part, row.entity), []).append(row)
    wanted: dict[tuple[int, int], dict[CellKey, int]] = {}
    for (topic, part, ent), rows in entities.items():
        entity = with_rows(empty_entity(from_bits(ENTITY_KINDS[topic], ent)), rows)
        add_changes(wanted.setdefault((topic, part), {}), entity.cells)
    found: dict[tuple[int, int], dict[CellKey, int]] = {}
    for cell in await connection.fetch(
        "SELECT topic, part, figure, on_from, on_to, again, dims, amount "
        "FROM reporting.cell JOIN reporting.served USING (version)"
    ):
        dims = tuple(sorted(json.loads(cell["dims"]).items()))
        key = CellKey(cell["figure"], cell["on_from"], cell["on_to"], cell["again"], dims)
        found.setdefault((cell["topic"], cell["part"]), {})[key] = cell["amount"]
    if {place: cells for place, cells in wanted.items() if cells} != found:
        return ["I3: the cells are not the fold of the ledger"]
    return []


async def _counted(pipeline: Pipeline, connection: Connection) -> list[str]:
    """I3: a few figures equal plain SQL."""
    return [
        f"I3: {number} is {cells}, SQL counts {sql}"
        for number, cells, sql in await _by_sql(pipeline, connection)
        if cells != sql
    ]


async def _by_sql(pipeline: Pipeline, connection: Connection) -> list[tuple[str, int, int]]:
    """Figures over all time, as read and as a count over what was accepted, without any code of ours.

    Only while nothing was changed afterwards: what stands then is the oracle's to say.
    """
    if await connection.fetchval("SELECT count(*) FROM intake.inbox WHERE type ~ '(corrected|retracted|merged)'"):
        return []
    counts = {
        "O27a": "SELECT count(*) FROM event WHERE type = 'bz.atips.labour.inspection_completed.v1'",
        "O27b": "SELECT count(*) FROM event WHERE type = 'bz.atips.labour.inspection_completed.v1' "
        "AND body #> '{data,focus}' ? 'child_labour'",
        "M1": "SELECT coalesce(sum((body #>> '{data,participants_n}')::bigint), 0) FROM event "
        "WHERE type = 'bz.atips.training.session_delivered.v1'",
        "O9": "SELECT count(DISTINCT body #>> '{data,person}') FROM event WHERE type = 'bz.atips.arrest.made.v1'",
        "O1a": "SELECT count(DISTINCT body #>> '{data,case}') FROM event "
        "WHERE type = 'bz.atips.investigation.opened.v1'",
    }
    officer = await pipeline.connect("officer")
    try:
        report = await figures(officer, Period.parse("1900..2199"), numbers=counts)
    finally:
        await officer.close()
    cells = {reading.figure.number: reading.amount + reading.undated for reading in report.figures}
    found = []
    for number, sql in counts.items():
        counted = await connection.fetchval(
            f"WITH event AS (SELECT type, convert_from(payload, 'UTF8')::jsonb AS body FROM intake.inbox) {sql}"
        )
        found.append((number, cells.get(number, 0), int(counted)))
    return found


async def _by_oracle(pipeline: Pipeline, connection: Connection) -> list[str]:
    """I3: a year's figures are those that the accepted bytes give to somebody who knows no routing, fold or cell."""
    payloads = [row["payload"] for row in await connection.fetch("SELECT payload FROM intake.inbox ORDER BY n")]
    period = Period.parse("2024")
    wanted = oracle.figures(payloads, period.first, period.last)
    reader = await pipeline.connect("officer")
    try:
        report = await figures(reader, period, numbers=wanted)
    finally:
        await reader.close()
    found = {reading.figure.number: reading.amount for reading in report.figures}
    return [
        f"I3: {number} is {found.get(number)}, the oracle counts {amount}"
        for number, amount in wanted.items()
        if found.get(number) != amount
    ]


async def positions(pipeline: Pipeline, connection: Connection) -> list[str]:
    """I4: positions stand at the ends of the topics, and never went back or skipped on the way."""
    sentences = []
    for schema, topics in {
        "intake": [pipeline.deployment.inbound(each) for each in pipeline.deployment.publishers],
        "reporting": list(pipeline.deployment.logs),
    }.items():
        rows = await connection.fetch(f"SELECT topic, part, next_offset FROM {schema}.position")
        stored = {(row["topic"], row["part"]): row["next_offset"] for row in rows}
        if stored != pipeline.ends(topics):
            sentences.append(f"I4: positions of {schema} are not at the ends of its topics")
    reached: dict[tuple[str, UUID, int], int] = {}
    for step in await connection.fetch("SELECT reader, topic_id, part, before, after FROM watch.step ORDER BY seq"):
        key = (step["reader"], step["topic_id"], step["part"])
        if step["before"] != reached.get(key, step["before"]) or step["after"] < step["before"]:
            sentences.append(f"I4: a position of {step['reader']} went back or skipped")
        reached[key] = step["after"]
    return sentences
