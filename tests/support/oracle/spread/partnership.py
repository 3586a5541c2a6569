"""Meetings, roles, laws and the strategy by what the report tells apart (domain.md P1 to P10)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from tests.support.oracle import partnership, strategy
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, last_of, within
from tests.support.oracle.spread.rows import Said, Spread, Thing, Things, fields, summed, values


def _meetings(
    *kinds: str, chosen: Callable[[Fact], object] = lambda _: True, many: Callable[[Fact], int] = lambda _: 1
) -> Spread:
    def things(known: Known, first: date, last: date) -> Iterator[Thing]:
        for each in partnership.meetings(known, first, last, *kinds):
            if chosen(each):
                yield Thing(each.ref, fields(each, "kind", "country", "law"), many(each))

    return summed(things)


def _by_council(each: Fact) -> bool:
    return "council" in each.said.get("organisers", ())


def _with_labour(each: Fact) -> bool:
    return "labour" in {*each.said.get("organisers", ()), *each.said.get("orgs", ())}


def _presidencies(known: Known, first: date, last: date) -> Iterator[Thing]:
    for each in partnership.presidencies(known, first, last):
        yield Thing(each.ref, fields(each, "body"))


def _joined(known: Known, first: date, last: date) -> Iterator[Thing]:
    for each in partnership.roles(known, "membership"):
        if within(each, first, last):
            yield Thing(each.ref, fields(each, "body"))


def _shared(known: Known, first: date, last: date) -> Iterator[Thing]:
    for each in last_of(known.of("dataset.shared"), "dataset").values():
        if within(each, first, last):
            yield Thing(each.ref, fields(each, "recipient"))


def _stages(name: str, what: str, named_by: str, dimension: str) -> Things:
    """Stages by the last name of what reached them."""

    def things(known: Known, first: date, last: date) -> Iterator[Thing]:
        names = {of: values(every[-1].said[named_by]) for of, every in known.about(what, name).items()}
        for each in last_of(known.of(name), what, "stage").values():
            if within(each, first, last):
                yield Thing(each.ref, {**fields(each, "stage"), dimension: names[each.said[what]]})

    return things


def _objective(each: Fact) -> Said:
    named = strategy.objective(each)
    return {**fields(each, "area", "progress", "indicator", "baseline", "level", "target"), "objective": values(named)}


def _progress(*, objectives: bool) -> Things:
    def things(known: Known, _: date, last: date) -> Iterator[Thing]:
        for each in strategy.progress(known, last, objectives=objectives):
            yield Thing(each.ref, _objective(each))

    return things


def _indicators(known: Known, _: date, last: date) -> Iterator[Thing]:
    """Each indicator as it was last reported, and whether its target is reached: from above, where it is to fall."""
    for each in strategy.last_of_indicators(known, last):
        level, baseline, target = (each.said.get(name) for name in ("level", "baseline", "target"))
        standing = "no_target"
        if level is not None and target is not None:
            falls = baseline is not None and baseline > target
            standing = "reached" if (target >= level if falls else target <= level) else "short"
        under = values(strategy.objective_of_indicator(known, each))
        yield Thing(each.ref, {**_objective(each), "objective": under, "standing": [standing]})


def _money(field: str) -> Things:
    def things(known: Known, first: date, last: date) -> Iterator[Thing]:
        for each, amount in strategy.budgets(known, field, first, last):
            yield Thing(each.ref, _objective(each), amount)

    return things


SPREADS: Final[Mapping[str, Spread]] = {
    "P1e": summed(_progress(objectives=False)),
    "P1f": summed(_progress(objectives=True)),
    "P3a": _meetings("regional_conference"),
    "P3b": _meetings("regional_conference", many=partnership.attended),
    "P4b": summed(_presidencies),
    "P5": summed(_shared),
    "P6a": _meetings(chosen=_by_council),
    "P6b": _meetings(chosen=lambda each: "law" in each.said),
    "P6c": summed(_stages("legislation.milestone_reached", "legislation", "law", "law")),
    "P7a": _meetings("technical_visit", "annual_meeting", chosen=_with_labour),
    "P7b": summed(_joined),
    "P10": summed(_stages("policy.milestone_reached", "policy", "name", "policy")),
    "P11a": summed(_indicators),
    "P11b": summed(_money("planned_cents")),
    "P11c": summed(_money("spent_cents")),
}
