"""Every peer in turn on the log of one bench, and what came of it as a table and as JSON."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from tests.bench.measure import Measured, Meter
from tests.bench.peers.debezium import Debezium
from tests.bench.peers.flink_sql import FlinkSql
from tests.bench.peers.kafka_streams import KafkaStreams
from tests.bench.peers.peer import Outcome, Peer, Site, expected, measured
from tests.bench.workload import Sent


def every() -> Sequence[Peer]:
    """Give one of each."""
    return (
        KafkaStreams("exactly_once_v2", "serving the figure"),
        KafkaStreams("at_least_once", "serving the figure, and what a crash counts twice, which it does not tell"),
        FlinkSql("figure", "one figure, into PostgreSQL", "finding the right checkpoint after a crash", "raw_consume"),
        FlinkSql("landing", "every record as it is, into PostgreSQL", "reading events, and all figures", "raw_landing"),
        Debezium(),
    )


async def held(meter: Meter, sent: Iterable[Sent], copies: int, peers: Sequence[Peer]) -> list[Outcome]:
    """Have each read the whole log, one after the other."""
    wanted, outcomes = expected(sent) if peers else {}, list[Outcome]()
    for peer in peers:
        with tempfile.TemporaryDirectory(prefix=f"{peer.name}-", dir=meter.pipeline.folder) as folder:
            outcomes.append(await measured(peer, Site(meter, Path(folder), copies), wanted))
    return outcomes


def found(outcomes: Iterable[Outcome], rows: Mapping[str, Measured]) -> dict[str, Any]:
    """Give it as a program reads it."""
    return {outcome.peer.name: _plain(outcome, rows) for outcome in outcomes}


def _plain(outcome: Outcome, rows: Mapping[str, Measured]) -> dict[str, Any]:
    peer, row = outcome.peer, outcome.row
    plain: dict[str, Any] = {"does": peer.does, "lacks": peer.lacks, "settings": dict(peer.settings)}
    if row is None:
        return plain | {"left_out": outcome.left_out}
    return plain | {
        "per_second": round(row.rate, 1),
        "from_first_seen": outcome.from_first_seen and round(outcome.from_first_seen, 1),
        "with_start": round(outcome.with_start, 1),
        "ratio": round(row.rate / rows[peer.limit].rate, 4),
        "of": peer.limit,
        "cpu_seconds_per_1000": {
            part: round(seconds / row.whole * 1e3, 4) if row.whole else 0.0
            for part, seconds in (("peer", row.python), ("postgres", row.postgres), ("kafka", row.kafka))
        },
        "rss_mb": round(row.memory / 1e6),
        "exact": outcome.exact,
    }


def table(outcomes: Sequence[Outcome], rows: Mapping[str, Measured]) -> Table:
    """Give it for a person."""
    heads = ("", "records/s", "with start", "from the first seen", "ratio", "of", "CPU s per 1000", "memory", "figure")
    shown = Table(*heads, title="Peers, on the same log", caption_justify="left")
    notes = ["A peer's records/s are from when it says that it runs; with start, from the start of its process."]
    notes += ["The log holds nothing twice, for intake saw to it; none of these would find a second event of one id."]
    for name, plain in found(outcomes, rows).items():
        notes.append(f"{name}: {plain['does']}. It leaves to its user: {plain['lacks']}.")
        if "left_out" in plain:
            shown.add_row(name, "left out")
            notes.append(f"{name} was left out: {plain['left_out']}")
            continue
        rates = [
            "–" if plain[rate] is None else f"{plain[rate]:,.0f}"
            for rate in ("per_second", "with_start", "from_first_seen")
        ]
        used = [f"{plain['cpu_seconds_per_1000']['peer']:.3f}", f"{plain['rss_mb']} MB"]
        ratio = f"{plain['ratio']:.3f}", plain["of"]
        shown.add_row(name, *rates, *ratio, *used, "right" if plain["exact"] else "WRONG")
    shown.caption = "\n".join([*notes, "What each was told: tests/bench/peers/settings"])
    return shown
