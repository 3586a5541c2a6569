"""A figure asked of a few events by the pure path, and a rule shown to be needed."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from schemas.codec import decode
from schemas.envelope import Event as Envelope
from schemas.times import Interval, Period, belize_day
from services.reporting.domain.cells.counted_items import cached_cells
from services.reporting.domain.declaration.durations import earliest
from services.reporting.domain.declaration.entity_state_part import possible_days, speaker
from services.reporting.domain.declaration.figure import Days
from services.reporting.domain.declaration.values_over_time import turns
from services.reporting.domain.facts import victim_status_decisions
from services.reporting.domain.facts.fact_owner import CountedStatement, FactStatements
from services.reporting.domain.facts.victim_status_decisions import StatusGiven
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.amounts_from_cells import read
from services.reporting.domain.read.reading import Reading
from tests.unit.reporting.samples import raw
from tests.unit.reporting.test_fold import all_cells

When = str | Mapping[str, Any]
Event = tuple[str, Mapping[str, Any], When]
Said = Event | tuple[str, Mapping[str, Any], When, str]
"""A type, what it says, when it happened; and which agency says so, where that is not everybody's."""


def readings(number: str, period: str, *events: Said, by: tuple[str, ...] = (), agency: str = "bpd") -> list[Reading]:
    payloads = [
        raw(name, index, data, when, agency=by_whom[0] if by_whom else agency)
        for index, (name, data, when, *by_whom) in enumerate(events)
    ]
    return read(FIGURES[number], all_cells([decode(each) for each in payloads]), Period.parse(period), by)


def reading(number: str, period: str, *events: Said) -> Reading:
    (found,) = readings(number, period, *events)
    return found


def by(found: list[Reading]) -> dict[tuple[str, ...], int]:
    return {tuple(each.dimensions.values()): each.amount for each in found}


def holds_only_by(rule: tuple[object, str], without: object, check: Callable[[], None]) -> None:
    """The check holds, and no longer where the rule, a name of a module, is something else."""
    check()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(*rule, without)
        _forgotten()
        with pytest.raises(AssertionError):
            check()
    _forgotten()


def _forgotten() -> None:
    """Forget remembered days and cells: those of one rule do not hold under the other."""
    for each in (belize_day, possible_days, cached_cells, victim_status_decisions._counting):
        each.cache_clear()


def first_to_begin(times: Iterable[Interval | None]) -> Days | None:
    """The days of the one that may have begun first, as if it surely had."""
    return possible_days(earliest(times))


def told_by_name(event: Envelope, *agencies: str) -> bool:
    """Whether an agency stated the event, if a unit were an agency of its own."""
    return speaker(event) in agencies


def last_of_all(statements: FactStatements[object], *_: object) -> CountedStatement[object]:
    """The last statement of a fact, as if everybody owned it."""
    return CountedStatement(statements.told[-1][1], by_witness=False)


def unweighed(decisions: Iterable[StatusGiven]) -> list[tuple[Days, StatusGiven]]:
    """Decisions in turn as if everybody's word weighed the same."""
    return turns((each.since, each) for each in decisions)


def told(number: str, period: str, *said: tuple[str, Event]) -> Reading:
    """The reading of what several agencies tell, each of its own and each a minute after the one before."""
    payloads = [
        raw(name, n, data, when, agency=agency, recordedtime=f"2025-02-01T09:{n:02}:00-06:00")
        for n, (agency, (name, data, when)) in enumerate(said)
    ]
    (found,) = read(FIGURES[number], all_cells([decode(each) for each in payloads]), Period.parse(period))
    return found
