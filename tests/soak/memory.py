"""The memory of a replay at three sizes: four times the events of the same entities cost next to nothing."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from confluent_kafka.admin import AdminClient
from rich.table import Table

from infra.local.cluster import Cluster
from tests.soak.progress_board import Board
from tests.soak.replaying import replayed
from tests.soak.run import Plan, Soak
from tests.support.generator import PLAUSIBLE, Mix

_TIMES: Final = 4
ALLOWED: Final = 1.25
"""How much more the same entities may cost when they have four times the events."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The smallest number of events, and the seed."""

    events: int
    seed: int


def rarer(mix: Mix, times: int) -> Mix:
    """Return a mix with so many times the events, and as many entities and changes as before."""
    return replace(
        mix,
        new=mix.new / times,
        corrections=mix.corrections / times,
        retractions=mix.retractions / times,
        merges=mix.merges / times,
        cycles=mix.cycles / times,
        unseen=mix.unseen / times,
    )


async def memory(
    cluster: Cluster, admin: AdminClient, folder: Path, sizes: Sizes, board: Board
) -> tuple[Table, list[str]]:
    """Measure the three; gives the table, and what does not hold."""
    few, many = sizes.events, sizes.events * _TIMES
    table = Table("replay of", "events", "copies", "entities", "largest process", "all processes", title="Memory")
    sentences: list[str] = []
    needed: dict[str, int] = {}
    for number, (name, events, mix) in enumerate(
        (
            ("some events", few, PLAUSIBLE),
            ("more events, the same entities", many, rarer(PLAUSIBLE, _TIMES)),
            ("more events, more entities", many, PLAUSIBLE),
        )
    ):
        logs = folder / f"memory-{number}"
        await asyncio.to_thread(logs.mkdir)
        soak = await Soak.make(cluster, admin, logs, Plan(events=events, seed=sizes.seed, kills=0, mix=mix), board)
        try:
            await soak.flow()
            found = await replayed(soak.pipeline, board)
        finally:
            soak.close()
        sentences += found.wrong(events)
        needed[name] = found.usage.largest
        report = found.report
        table.add_row(
            name,
            *(str(report.get(each, "")) for each in ("events", "copies", "entities")),
            *(f"{each / 1e6:.0f} MB" for each in (found.usage.largest, found.usage.together)),
        )
    small, same, _ = needed.values()
    if same > small * ALLOWED:
        sentences.append(
            f"memory: {_TIMES} times the events of the same entities need {same / small:.2f} times as much"
        )
    return table, sentences
