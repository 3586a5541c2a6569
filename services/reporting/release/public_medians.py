"""Medians of durations in the public's edition, and which of them a revision may not show anew."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.disclosure.policy import DisclosurePolicy
from services.reporting.domain.disclosure.release_cells import WHOLE, CellRow
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import Reading
from services.reporting.release.artefact import Artefact, ReleaseRow, RowMark

RowKey: TypeAlias = tuple[str, str, CellRow]
"""Key of a row in a release: figure, period, dimensions sorted by name."""


def is_median(row: ReleaseRow) -> bool:
    """Whether a row shows a median of durations."""
    return FIGURES[row.figure].reader is Reader.QUANTILE


def median_key(reading: Reading) -> RowKey:
    """Return the key of the row that shows the median of a reading."""
    return reading.number, str(reading.period), WHOLE


@dataclass(frozen=True, slots=True)
class HeldDurations:
    """Medians of a release. `anew`: keys of those that it showed anew. `counts`: number of each duration, by key."""

    anew: frozenset[RowKey]
    counts: Mapping[RowKey, Mapping[int, int]]


def carried_durations(
    policy: DisclosurePolicy, durations: Iterable[Reading], before: Iterable[HeldDurations]
) -> set[RowKey]:
    """Return the keys of the medians that a revision shows unchanged, as an earlier release showed them.

    `before`: the earlier releases of the year. One late duration can move a median and would disclose that person's
    course. So a median stays until `smallest` durations were added or removed since each release that showed it anew,
    as a number or as withheld. It stays too if such a release did not store its durations.
    """
    stand = set()
    for reading in durations:
        key = median_key(reading)
        telling = [each.counts.get(key) for each in before if key in each.anew]
        if any(then is None or _durations_moved(then, reading.durations) < policy.smallest for then in telling):
            stand.add(key)
    return stand


def _durations_moved(then: Mapping[int, int], now: Mapping[int, int]) -> int:
    """Return how many durations were added or removed. A corrected duration counts as one removed and one added."""
    return sum(abs(now.get(length, 0) - then.get(length, 0)) for length in {*then, *now})


def held_durations(artefact: Artefact, protected: Mapping[str, Any]) -> HeldDurations:
    """Return the medians of an artefact. A release from before durations were stored has no `counts`."""
    medians = [row for row in artefact.rows if is_median(row)]
    counts = {
        (figure, period, WHOLE): {int(length): often for length, often in durations.items()}
        for figure, period, durations in protected.get("durations", ())
    }
    return HeldDurations(frozenset(row.key for row in medians if RowMark.EARLIER not in row.marks), counts)
