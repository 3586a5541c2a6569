"""Table of a soak: work, speed and cost, one row for each part of the pipeline."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.table import Table

from tests.soak.processes import Usage


@dataclass(slots=True)
class Stage:
    """Work of one part: how many of what, in how many seconds, with which CPU and memory."""

    of: str
    done: int = 0
    seconds: float = 0.0
    usage: Usage = field(default_factory=Usage)


def tabled(title: str, stages: Mapping[str, Stage]) -> Table:
    """The rows, with rates and the CPU for each."""
    table = Table("part", "done", "", "s", "per s", "CPU s", "CPU per 1000", "largest process", title=title)
    for name, stage in stages.items():
        if not stage.done:
            continue
        cpu = stage.usage.cpu_seconds
        table.add_row(
            name,
            str(stage.done),
            stage.of,
            f"{stage.seconds:.0f}",
            f"{stage.done / stage.seconds:.0f}" if stage.seconds else "",
            f"{cpu:.0f}" if cpu else "",
            f"{cpu / stage.done * 1e3:.3f} s" if cpu else "",
            f"{stage.usage.largest / 1e6:.0f} MB" if cpu else "",
        )
    return table
