"""The strategy and its progress, laws, policies and the strength of units, counted over everything that was said."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from tests.support.oracle.counting import Count, Item, at, summed
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, by, last_of, within
from tests.support.oracle.units_of_agencies import house


def _in_force(known: Known, last: date) -> list[Fact]:
    """List the strategy in force on a day, if any: the last that began of those in whose years the day lies."""
    held = []
    for told in _told_of(known.of("strategy.adopted"), "strategy").values():
        come = [each for each in told if by(each, last)]
        if come and come[-1].said["first_year"] <= last.year <= come[-1].said["last_year"]:
            held.append(come[-1])
    return sorted(held, key=_began)[-1:]


def _began(told: Fact) -> tuple[date, int, str]:
    """Say when a strategy came into force: when it was adopted, but not before its first year."""
    first_year = told.said["first_year"]
    assert told.last is not None
    return max(told.last, date(first_year, 1, 1)), first_year, told.said["strategy"]


def _told_of(facts: Iterable[Fact], *names: str) -> Mapping[tuple[Any, ...], list[Fact]]:
    found: dict[tuple[Any, ...], list[Fact]] = {}
    for each in facts:
        found.setdefault(tuple(each.said.get(name) for name in names), []).append(each)
    return found


def _adopted(amount: Callable[[Fact, date], int]) -> Count:
    return lambda known, _, last: sum(amount(each, last) for each in _in_force(known, last))


def _levels(facts: Iterable[Fact], *names: str) -> list[list[Fact]]:
    """The dated reports of each level, in the order of what happened."""
    found: dict[tuple[Any, ...], list[Fact]] = {}
    for each in facts:
        if each.last is not None:
            found.setdefault(tuple(each.said.get(name) for name in names), []).append(each)
    return list(found.values())


def _at(reports: Iterable[Fact], day: date) -> Fact | None:
    """Return the last report of a level by a day: one report holds, never two."""
    known = [each for each in reports if each.last is not None and each.last <= day]
    return known[-1] if known else None


def progress(known: Known, last: date, *, objectives: bool) -> list[Fact]:
    """List what was last reported by a day of each objective, or of each area as a whole."""
    told: dict[tuple[Any, ...], list[Fact]] = {}
    for each in known.of("objective.progress_reported"):
        named = objective(each)
        of_all = named is None and "indicator" not in each.said
        if each.last is not None and (named is not None if objectives else of_all):
            told.setdefault((each.said["first_year"], each.said["area"], named), []).append(each)
    held = (_at(reports, last) for reports in told.values())
    return _of_the_last_strategy((each for each in held if each is not None), last)


def _of_the_last_strategy(reports: Iterable[Fact], last: date) -> list[Fact]:
    """List the reports on one strategy: of those whose first year has come, the one with the latest."""
    begun = [each for each in reports if each.said["first_year"] <= last.year]
    latest = max((each.said["first_year"] for each in begun), default=None)
    return [each for each in begun if each.said["first_year"] == latest]


def _progress(*, objectives: bool) -> Count:
    return lambda known, _, last: len(progress(known, last, objectives=objectives))


def objective(each: Fact) -> str | None:
    """By the plan's own numbering, else by its number."""
    number = each.said.get("objective")
    return str(each.said["objective_id"]) if "objective_id" in each.said else None if number is None else str(number)


def last_of_indicators(known: Known, last: date) -> list[Fact]:
    """List the last report by a day of each indicator. The plan numbers its indicators."""
    held = (_at(reports, last) for reports in _of_indicators(known).values())
    return _of_the_last_strategy((each for each in held if each is not None), last)


def objective_of_indicator(known: Known, told: Fact) -> str | None:
    """Say which objective an indicator is under: that of its last report that named one."""
    (reports,) = (reports for reports in _of_indicators(known).values() if told in reports)
    named = [objective(each) for each in reports[: reports.index(told) + 1]]
    return next((each for each in reversed(named) if each is not None), None)


def _of_indicators(known: Known) -> Mapping[tuple[Any, ...], list[Fact]]:
    told = (each for each in known.of("objective.progress_reported") if "indicator" in each.said)
    return _told_of(told, "first_year", "area", "indicator")


def indicators(known: Known, _: date, last: date) -> int:
    """Each indicator of which anything was reported by then."""
    return len(last_of_indicators(known, last))


def budgets(known: Known, field: str, first: date, last: date) -> list[tuple[Fact, int]]:
    """List the money planned, or spent, in a period, each with what it comes to beside the parts that are told apart.

    Of each area, objective and time the last report holds. A year has its months in it, and an area its objectives.
    """
    held: dict[tuple[Any, ...], Fact] = {}
    for each in known.of("objective.progress_reported"):
        if field in each.said:
            of = each.said["first_year"], each.said["area"], objective(each)
            held[(*of, each.start, each.end, each.first, each.last)] = each
    told = sorted(held.values(), key=_width)
    parts: dict[str, list[Fact]] = {}
    for place, each in enumerate(told):
        for whole in told[place + 1 :]:
            if _is_part(each, whole):
                parts.setdefault(whole.ref, []).append(each)
                break
    come_to: dict[str, int] = {}
    found = []
    for each in told:
        within_it = sum(come_to[part.ref] for part in parts.get(each.ref, ()))
        come_to[each.ref] = max(int(each.said[field]), within_it)
        if within(each, first, last):
            found.append((each, come_to[each.ref] - within_it))
    return found


def _width(each: Fact) -> tuple[Any, ...]:
    """By how much time it is for, and an objective before an area."""
    if each.first is None:
        return timedelta.max, 0, "", ""
    return each.end - each.start, objective(each) is None, each.said["area"], str(objective(each)), each.start


def _is_part(each: Fact, whole: Fact) -> bool:
    if each.first is None or whole.first is None:
        return False
    of_one = all(each.said[name] == whole.said[name] for name in ("first_year", "area"))
    return (
        of_one and objective(whole) in {None, objective(each)} and whole.start <= each.start and each.end <= whole.end
    )


def _money(field: str) -> Count:
    return lambda known, first, last: sum(amount for _, amount in budgets(known, field, first, last))


def officers(known: Known, last: date) -> list[Fact]:
    """List for each rank of the police unit the report that holds on a day."""
    told = (each for each in known.of("unit.staffing_reported") if each.said["unit"] == "atips_pu")
    held = (_at(reports, last) for reports in _levels(told, "rank"))
    return [each for each in held if each is not None]


def o8(known: Known, _: date, last: date) -> int:
    return sum(each.said["headcount"] for each in officers(known, last))


def social_workers(known: Known, _: date, last: date) -> int:
    """Of each unit of human services the number that was last reported."""
    told = (each for each in known.of("unit.staffing_reported") if each.said["rank"] == "social_worker")
    ours = (each for each in told if house(each.said["unit"]) == "dhs")
    held = (_at(reports, last) for reports in _levels(ours, "unit"))
    return sum(each.said["headcount"] for each in held if each is not None)


def _stages(name: str, what: str) -> Count:
    """A stage that is told again is the same one."""

    def items(known: Known) -> Iterator[Item]:
        for each in last_of(known.of(name), what, "stage").values():
            yield from at(None, each)

    return summed(items)


COUNTS: Final[Mapping[str, Count]] = {
    "O8": o8,
    "R6c": social_workers,
    "P1a": _adopted(lambda each, _: int(each.said.get("areas_n", 0))),
    "P1b": _adopted(lambda each, _: int(each.said.get("objectives_n", 0))),
    "P1c": _adopted(lambda each, last: last.year - int(each.said["first_year"]) + 1),
    "P1d": _adopted(lambda each, _: int(each.said["last_year"]) - int(each.said["first_year"]) + 1),
    "P1e": _progress(objectives=False),
    "P1f": _progress(objectives=True),
    "P11a": indicators,
    "P11b": _money("planned_cents"),
    "P11c": _money("spent_cents"),
    "P6c": _stages("legislation.milestone_reached", "legislation"),
    "P10": _stages("policy.milestone_reached", "policy"),
}
