"""`python -m tests.bench.scale BENCH.json [EVENTS_A_DAY]`: what a larger day would need, from what a bench measured.

Minute by minute: three times the mean at noon, entities of very unequal weight spread over partitions by a hash. A
worker and a process that judges are as fast as their CPU allows. The line, held while the database works, is as fast as
measured. A stage has enough of them when nothing ever waits longer than a second.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from math import cos, pi
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from rich.console import Console
from rich.table import Table

DAY: Final = 1_000_000_000
_MINUTES: Final = 24 * 60
_PEAK: Final = 3.0
_ENTITIES: Final = 200_000
_WEIGHT: Final = 0.5
"""The n-th busiest entity has 1/n^0.5 of the busiest one's events."""
_WAIT_SECONDS: Final = 1.0
_MOST: Final = 1 << 16
_BUSY: Final = 0.6
"""How much of a machine is meant to be busy at the peak."""
_CORES: Final = 16


class Need(NamedTuple):
    """How many of what a stage needs, the longest wait then, and how many, or how many cores, are busy at the peak."""

    stage: str
    microseconds: float
    of: str
    least: int
    wait: float
    busy: float


def rates(events: int) -> Iterator[float]:
    """Events a second in each minute of a day whose noon is the peak: a power of a raised cosine."""
    for minute in range(_MINUTES):
        yield events / 86_400 * _PEAK * _raised(minute) ** _POWER


def _raised(minute: int) -> float:
    return (1 - cos(2 * pi * minute / _MINUTES)) / 2


def _power() -> float:
    """The exponent with which the peak is that many times the mean."""
    low, high = 0.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        mean = sum(_raised(minute) ** middle for minute in range(_MINUTES)) / _MINUTES
        low, high = (middle, high) if mean > 1 / _PEAK else (low, middle)
    return low


_POWER: Final = _power()


def shares(parts: int) -> list[float]:
    """Return the share of all events that each partition gets."""
    dice, weights = Random(1), [0.0] * parts
    for number in range(1, _ENTITIES + 1):
        weights[dice.randrange(parts)] += number**-_WEIGHT
    whole = sum(weights)
    return [weight / whole for weight in weights]


def longest_wait(day: Sequence[float], share: float, microseconds: float) -> float:
    """Seconds that an event waits at worst for a server that gets this share of the day."""
    capacity, waiting, worst = 1e6 / microseconds, 0.0, 0.0
    for rate in day:
        waiting = max(0.0, waiting + (rate * share - capacity) * 60)
        worst = max(worst, waiting / capacity)
    return worst


def least(day: Sequence[float], microseconds: float, busiest: Callable[[int], float]) -> tuple[int, float]:
    """The least power of two of servers with which nothing waits too long, and the wait then."""
    for exponent in count():
        servers = 1 << exponent
        wait = longest_wait(day, busiest(servers), microseconds)
        if wait <= _WAIT_SECONDS or servers >= _MOST:
            return servers, wait
    raise AssertionError


def needs(bench: dict[str, Any], events: int) -> list[Need]:
    """Return the needs of each stage, from a bench's JSON."""
    costs, day = bench["cpu_seconds_per_1000"], list(rates(events))
    copies = _times(day, bench["rows_per_event"])
    decided: dict[str, float] = bench["decided_per_event"]

    def evenly(servers: int) -> float:
        return 1 / servers

    def by_key(servers: int) -> float:
        return max(shares(servers))

    found = []
    for stage, microseconds, of, arrivals, busiest in (
        ("judged, numbered, routed", costs["intake"]["python"] * 1e3, "processes that judge and number", day, evenly),
        ("the line alone", 1e6 / bench["rates"]["line"], "acceptance lines, judged elsewhere", day, evenly),
        ("counted", costs["live_1"]["python"] * 1e3, "partitions of a topic, a worker each", copies, by_key),
        *(
            (f"decided: {name}", costs[name]["python"] * 1e3, "partitions, a worker each", _times(day, each), by_key)
            for name, each in decided.items()
        ),
    ):
        servers, wait = least(arrivals, microseconds, busiest)
        found.append(Need(stage, microseconds, of, servers, wait, max(arrivals) * microseconds / 1e6))
    for stage, part, of in (("all tables", "postgres", "PostgreSQL nodes"), ("the log", "kafka", "brokers")):
        of_event = costs["intake"][part] + sum(costs[name][part] * each for name, each in decided.items())
        microseconds = (of_event / bench["rows_per_event"] + costs["live_1"][part]) * 1e3
        cores = max(copies) * microseconds / 1e6
        found.append(Need(stage, microseconds, f"{of} of {_CORES} cores", -int(-cores // (_CORES * _BUSY)), 0.0, cores))
    return found


def _times(day: Sequence[float], each: float) -> list[float]:
    return [rate * each for rate in day]


def main(place: str, events: int) -> None:
    """Print it."""
    table = Table("", "μs each", "least", "of", "longest wait", "busy at the peak", title=f"{events:,} events a day")
    for need in needs(json.loads(Path(place).read_text(encoding="utf-8")), events):
        numbers = f"{need.microseconds:.0f}", str(need.least), need.of, f"{need.wait:.1f} s", f"{need.busy:.1f}"
        table.add_row(need.stage, *numbers)
    Console(highlight=False, width=140).print(table)


if __name__ == "__main__":
    main(sys.argv[1], int(float(sys.argv[2])) if len(sys.argv) > 2 else DAY)
