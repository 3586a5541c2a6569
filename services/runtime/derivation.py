"""What a deciding service published held against its pure decisions over the same log, entity by entity.

Read by `assign`, in no group's name but ours to read; a partition's rows are held in memory, one partition at a time.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from schemas.deciding import Entered, Judged, Wrong
from services.runtime import spans
from services.runtime.broker import Config
from services.runtime.copies import Row, entered, row_of
from services.runtime.transaction import TopicPart

_BATCH: Final = 1_000
_PAUSE_SECONDS: Final = 0.2

Derive: TypeAlias = Callable[[str, Sequence[Entered], datetime], Judged]
"""(entity, its log, now) to what comes of making its decisions again."""


def judged(  # noqa: PLR0917 - where, as whom, what, by what, as of when, how long
    config: Config, group: str, places: Sequence[TopicPart], source: str, derive: Derive, now: datetime, patience: float
) -> Judged:
    """Judge every entity of these partitions, as the log stands now.

    What a service has not said yet may be on its way: it is waited for, for at most `patience` seconds in all. Raises
    what `spans.Log` does.
    """
    deadline = time.monotonic() + patience
    whole = Judged()
    for place in places:
        found = _partition(config, group, place, source, derive, now, deadline)
        whole = Judged(
            whole.decisions + sum(each.decisions for each in found),
            whole.by_another_policy + sum(each.by_another_policy for each in found),
            (*whole.differing, *(wrong for each in found for wrong in each.differing)),
        )
    return whole


def _partition(  # noqa: PLR0917
    config: Config, group: str, place: TopicPart, source: str, derive: Derive, now: datetime, deadline: float
) -> list[Judged]:
    """Judge what the partition holds now; of what comes meanwhile only what the service says is looked at."""
    begin, end = spans.bounds(config, group, [place])[place]
    logs: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(config, group, place, begin, end):
        logs[row.entity].append(row)
    found = {entity: derive(entity, _read(rows), now) for entity, rows in logs.items()}
    while _lacking(found) and time.monotonic() < deadline:
        time.sleep(_PAUSE_SECONDS)
        begin, end = end, spans.ends(config, group, [place])[place]
        for row in _rows(config, group, place, begin, end):
            if row.source == source and row.entity in logs:
                logs[row.entity].append(row)
        found |= {entity: derive(entity, _read(logs[entity]), now) for entity in _lacking(found)}
    return list(found.values())


def _lacking(found: dict[str, Judged]) -> list[str]:
    return [
        entity
        for entity, each in found.items()
        if any(differing.wrong is Wrong.MISSING for differing in each.differing)
    ]


def _rows(config: Config, group: str, place: TopicPart, begin: int, end: int) -> list[Row]:
    rows: list[Row] = []
    with spans.Log(config, group, {place: (begin, end)}) as log:
        while not log.done:
            rows += [row for record in log.batch(_BATCH) if (row := row_of(record)) is not None]
    return rows


def _read(rows: Sequence[Row]) -> list[Entered]:
    return [found for row in rows if (found := entered(row)) is not None]
