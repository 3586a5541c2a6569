"""Medians of durations in the public's edition, and which of them a release may not show anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from schemas.times import Period
from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.disclosure.constraint_system import Solver
from services.reporting.domain.disclosure.median_audit import PooledMedian, medians_disclose
from services.reporting.domain.disclosure.policy import DisclosurePolicy, PublicDurations
from services.reporting.domain.disclosure.release_cells import WHOLE, CellRow
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import Reading
from services.reporting.release.artefact import Artefact, ReleaseRow, RowMark

RowKey: TypeAlias = tuple[str, str, CellRow]
"""Key of a row in a release: figure, period, dimensions sorted by name."""

_FINEST: Final = 5
"""Least step to which a policy may round medians."""


def is_median(row: ReleaseRow) -> bool:
    """Whether a row shows a median of durations."""
    return FIGURES[row.figure].reader is Reader.QUANTILE


def median_key(reading: Reading) -> RowKey:
    """Return the key of the row that shows the median of a reading."""
    return reading.number, str(reading.period), WHOLE


def rounded_median(median: int, rounded_to: int) -> int:
    """Return a median as the public's edition shows it."""
    return (median + rounded_to // 2) // rounded_to * rounded_to


@dataclass(frozen=True, slots=True)
class HeldDurations:
    """Medians of a release, and the durations behind them.

    `anew`: keys of the medians that it showed or withheld anew. `counts`: number of each duration, by key, also for
    each single year. `bounds`: by key, between which numbers an exact median lies that the release showed anew.
    `definitions`: version of the definition of each figure in `anew`, by the figure's number.
    """

    anew: frozenset[RowKey]
    counts: Mapping[RowKey, Mapping[int, int]]
    bounds: Mapping[RowKey, tuple[int, int]] = field(default_factory=dict)
    definitions: Mapping[str, int] = field(default_factory=dict)

    def pooled(self, key: RowKey) -> PooledMedian | None:
        """Return a median with its single years. None if the release did not store each year's durations."""
        years = {year: self.counts.get((key[0], str(year), WHOLE)) for year in _years(key)}
        known = {year: counts for year, counts in years.items() if counts is not None}
        whole = sum(self.counts.get(key, {}).values())
        if len(known) < len(years) or whole != sum(sum(counts.values()) for counts in known.values()):
            return None
        return PooledMedian(*self.bounds[key], known)


def _years(key: RowKey) -> range:
    period = Period.parse(key[1])
    return range(period.first.year, period.last.year + 1)


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


def disclosing_medians(
    policy: DisclosurePolicy, before: Sequence[HeldDurations], new: HeldDurations, solver: Solver
) -> set[RowKey]:
    """Return the keys of the medians in `new.bounds` that would disclose durations of a single year.

    A median of five years and that of five others share years, so that their difference is an amount too. `before`: all
    releases that outsiders hold, in their order. A median is returned too if it shares a year with one whose durations
    by year were not stored. So is one that shares a year with another version of the definition. Raises `Unsolved` if
    the solver gives no answer.
    """
    found = set()
    for key in new.bounds:
        earlier = [(each, own) for each in before for own in each.bounds if own[0] == key[0]]
        medians = [each.pooled(own) for each, own in (*earlier, (new, key))]
        shared = [
            None if each.definitions.get(key[0]) != new.definitions.get(key[0]) else median
            for median, (each, own) in zip(medians, earlier, strict=False)
            if set(_years(own)) & set(_years(key))
        ]
        known = [median for median in medians if median is not None]
        if None in shared or medians[-1] is None or medians_disclose(known, policy.narrowest, solver):
            found.add(key)
    return found


def durations_to_show(
    policy: DisclosurePolicy, durations: Iterable[Reading], by_year: Iterable[Reading], standing: set[RowKey]
) -> HeldDurations:
    """Return the medians that a release would show anew. `by_year`: the durations of each single year.

    A median of fewer than `smallest` durations has no bounds, nor has one of `standing`.
    """
    pooled = {median_key(each): each for each in durations}
    groups = {number: group for group in policy.public.durations for number in group.figures}
    bounds = {
        key: _bounds(rounded_median(each.amount, groups[each.number].rounded_to), groups[each.number].rounded_to)
        for key, each in pooled.items()
        if each.ended >= policy.smallest and key not in standing
    }
    counts = {median_key(each): each.durations for each in (*pooled.values(), *by_year)}
    definitions = {number: FIGURES[number].version for number, _, _ in pooled}
    return HeldDurations(frozenset(pooled.keys() - standing), counts, bounds, definitions)


def _bounds(shown: int, rounded_to: int) -> tuple[int, int]:
    """Return the least and the greatest median that is rounded to an amount."""
    least = shown - rounded_to // 2
    return least, least + rounded_to - 1


def held_durations(artefact: Artefact, protected: Mapping[str, Any]) -> HeldDurations:
    """Return the medians of an artefact. A release from before durations were stored has no `counts`.

    `protected`: value of the registry's column `protected`, as `written_durations` encodes its durations.
    """
    medians = [row for row in artefact.rows if is_median(row)]
    counts = {
        (figure, period, WHOLE): {int(length): often for length, often in durations.items()}
        for figure, period, durations in protected.get("durations", ())
    }
    rounded_to = protected.get("rounded_to", {})
    anew = [row for row in medians if RowMark.EARLIER not in row.marks]
    bounds = {row.key: _bounds(row.value, rounded_to.get(row.figure, _FINEST)) for row in anew if row.value is not None}
    definitions = {row.figure: row.version for row in anew}
    return HeldDurations(frozenset(row.key for row in anew), counts, bounds, definitions)


def written_durations(groups: Iterable[PublicDurations], readings: Iterable[Reading]) -> dict[str, Any]:
    """Encode the number of each duration, and how medians were rounded, for the registry's column `protected`."""
    return {
        "durations": [
            [each.number, str(each.period), {str(length): often for length, often in each.durations.items()}]
            for each in readings
        ],
        "rounded_to": {number: group.rounded_to for group in groups for number in group.figures},
    }
