"""Report of a bench: rates, the ratios that matter, latency, CPU; as a table and as JSON."""

import os
import platform
from collections.abc import Mapping, Sequence
from statistics import quantiles
from typing import Any, Final, NamedTuple

from rich.table import Table

from tests.bench.measure import Measured


class Ratio(NamedTuple):
    """One rate over another of the same run, and what we mean to reach."""

    rate: str
    limit: str
    aim: float


RATIOS: Final[Mapping[str, Ratio]] = {
    "faust_worker": Ratio("faust_worker", "faust_table", 1.0),
    "live_1": Ratio("live_1", "raw_landing", 0.35),
    "live_2": Ratio("live_2", "raw_landing", 0.35),
    "live_lru": Ratio("live_lru", "raw_landing", 0.22),
    "replay_2": Ratio("replay_2", "raw_consume", 0.30),
    "pipeline": Ratio("pipeline", "raw_landing", 0.10),
}


FACTS: Final = "plain facts"
"""The mix beside which others are held."""


def found(
    rows: Mapping[str, Measured],
    waits: Mapping[str, Sequence[float]],
    least: Mapping[str, Sequence[float]],
    rows_per_event: float,
    decided_per_event: Mapping[str, float],
) -> dict[str, Any]:
    """Give the result as a program reads it."""
    return {
        "rows_per_event": round(rows_per_event, 3),
        "decided_per_event": {name: round(copies, 3) for name, copies in decided_per_event.items()},
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        "rates": {name: round(row.rate, 1) for name, row in rows.items()},
        "ratios": {
            name: round(rows[ratio.rate].rate / rows[ratio.limit].rate, 4)
            for name, ratio in RATIOS.items()
            if ratio.rate in rows and ratio.limit in rows
        },
        "cpu_seconds_per_1000": {
            name: {
                part: round(seconds / row.whole * 1e3, 4)
                for part, seconds in (("python", row.python), ("postgres", row.postgres), ("kafka", row.kafka))
            }
            for name, row in rows.items()
        },
        "memory_mb": {name: round(row.memory / 1e6) for name, row in rows.items()},
        "latency_ms": latency(waits["first"]) if "first" in waits else {},
        "latency_ms_at": {name: latency(each) for name, each in waits.items() if name != "first"},
        "latency_ms_of_landing_at": {name: latency(each) for name, each in least.items()},
    }


def by_mix(mixes: Mapping[str, Mapping[str, Measured]], cells: Mapping[str, float]) -> dict[str, Any]:
    """Give what one costs all in, of each kind of events, in each stage that all kinds have.

    `cells`: how many a copy moves, by the kind. A CPU second moves so many where one worker counts.
    """
    facts = mixes[FACTS]
    stages = [name for name in facts if all(name in rows for rows in mixes.values())]
    return {
        "mixes": {
            name: {
                mix: {
                    "cpu_ms": round(rows[name].all_in, 4),
                    "times": round(rows[name].all_in / facts[name].all_in, 2),
                    "memory_mb": round(rows[name].memory / 1e6),
                }
                for mix, rows in mixes.items()
            }
            for name in stages
        },
        "cells_moved_by_a_copy": {mix: round(count, 1) for mix, count in cells.items()},
        "cells_moved_by_a_cpu_second": {mix: round(cells[mix] / mixes[mix]["live_1"].all_in * 1e3) for mix in mixes},
    }


def latency(waits: Sequence[float]) -> dict[str, float]:
    """Give the median, the last hundredth and the longest."""
    cuts = quantiles(waits, n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p99": round(cuts[98], 1), "max": round(max(waits), 1)}


def tables(rows: Mapping[str, Measured], result: Mapping[str, Any]) -> list[Table]:
    """Give the same for a person."""
    rates = Table("", "per s", "of", "CPU s per 1000: ours", "PostgreSQL", "Kafka", "largest process", title="Rates")
    for name, row in rows.items():
        cpu = result["cpu_seconds_per_1000"][name]
        parts = [f"{cpu[part]:.3f}" for part in ("python", "postgres", "kafka")]
        rates.add_row(name, f"{row.rate:,.0f}", row.of, *parts, f"{row.memory / 1e6:.0f} MB")
    ratios = Table("", "ratio", "aim", "of", title="Ratios within this run")
    for name, value in result["ratios"].items():
        ratio = RATIOS[name]
        ratios.add_row(name, f"{value:.3f}", f"{ratio.aim:.2f}", ratio.limit)
    waits = Table("events/s", "p50 ms", "p99 ms", "max ms", title="From produce to committed figure")
    landing = {f"landing alone, {name}": each for name, each in result["latency_ms_of_landing_at"].items()}
    for name, each in {"50, the first events": result["latency_ms"], **result["latency_ms_at"], **landing}.items():
        if each:
            waits.add_row(name, *(f"{each[part]:.1f}" for part in ("p50", "p99", "max")))
    return [rates, ratios, waits, *_costs(result)]


def _costs(result: Mapping[str, Any]) -> list[Table]:
    """Give costs by what kind of events there are, by what an entity has already, and of nothing at all."""
    mixes = Table("", *result["cells_moved_by_a_copy"], title="CPU ms for one, all in (times that of plain facts)")
    for stage, found in result["mixes"].items():
        mixes.add_row(
            stage, *(f"{each['cpu_ms']:.3f} ({each['times']:.2f}) {each['memory_mb']} MB" for each in found.values())
        )
    mixes.add_row("cells moved by a copy", *(f"{cells:.1f}" for cells in result["cells_moved_by_a_copy"].values()))
    mixes.add_row(
        "cells moved by a CPU second", *(f"{rate:,.0f}" for rate in result["cells_moved_by_a_cpu_second"].values())
    )
    more = Table("", "10", "100", "1,000", title="CPU ms of one more event for a person with so many")
    for name, sizes in result["one_more_event_ms"].items():
        more.add_row(name, *(f"{milliseconds:.2f}" for milliseconds in sizes.values()))
    still = Table(*result["idle_percent_of_a_core"], title="Percent of a core while nothing happens")
    still.add_row(*(f"{percent:.1f}" for percent in result["idle_percent_of_a_core"].values()))
    return [mixes, more, still]
