"""Training, awareness, media, outputs and projects by what the report tells apart (domain.md M1 to M16)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from tests.support.oracle import prevention, projects
from tests.support.oracle.counting import FOR_EVER
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, within
from tests.support.oracle.periods import of_text
from tests.support.oracle.spread.rows import Said, Spread, Thing, Things, different, fields, summed

Chosen = Callable[[Fact], object]


def _sessions(chosen: Chosen, many: Callable[[Fact], int]) -> Spread:
    def things(known: Known, first: date, last: date) -> Iterator[Thing]:
        for each in prevention.sessions(known):
            if within(each, first, last) and chosen(each):
                said = fields(each, "audience", "topic", "district", "project", facilitator="facilitators")
                yield Thing(each.ref, said, many(each))

    return summed(things)


def _participants(each: Fact) -> int:
    return int(each.said.get("participants_n", 0))


def _iec(each: Fact) -> bool:
    return "iec_plan" in each.said.get("programmes", ())


def _activities(*organisers: str, many: Callable[[Fact], int]) -> Spread:
    def things(known: Known, first: date, last: date) -> Iterator[Thing]:
        for each in projects.held(known):
            if within(each, first, last) and set(organisers) <= set(each.said.get("organisers", ())):
                yield Thing(each.ref, fields(each, "campaign", "form"), many(each))

    return summed(things)


def _activity(each: Fact) -> int:
    return projects.number(each, "activities")


def _reached(each: Fact) -> int:
    return int(each.said.get("reach_n", 0))


def _made(known: Known, first: date, last: date) -> Iterator[Thing]:
    """Videos by the last word on who made them."""
    for asset, every in prevention.assets(known, "video").items():
        made = [each.said["created_in"] for each in every if "created_in" in each.said]
        if made and prevention.lies_in(made[-1], first, last):
            yield Thing(asset, _maker(every))


def _shown(known: Known, first: date, last: date) -> Iterator[Thing]:
    for asset, every in prevention.assets(known, "video").items():
        if any(each.said.get("channel") == "television" and within(each, first, last) for each in every):
            yield Thing(asset, _maker(every))


def _maker(every: list[Fact]) -> Said:
    makers = [each for each in every if "created_by" in each.said]
    return fields(makers[-1], "created_by") if makers else {}


def _outputs(known: Known, first: date, last: date) -> Iterator[Thing]:
    for each in projects.published(known):
        if within(each, first, last):
            yield Thing(each.ref, fields(each, "kind", "created_by", "project"), projects.number(each, "outputs"))


def _led(*, funded: bool) -> Things:
    """Projects under way on some day; of those `funded`, by whoever pays and is not the leader."""

    def things(known: Known, first: date, last: date) -> Iterator[Thing]:
        for each in projects.registered(known):
            until = of_text(each.said["runs_to"])[1] if "runs_to" in each.said else FOR_EVER
            funders = [body for body in each.said.get("funders", ()) if body != each.said.get("led_by")]
            if each.last is not None and each.last <= last and until >= first and (funders or not funded):
                yield Thing(each.said["project"], {**fields(each, "led_by"), "funder": funders})

    return things


SPREADS: Final[Mapping[str, Spread]] = {
    "M1": _sessions(_iec, _participants),
    "M7a": _sessions(lambda each: each.said.get("topic") == "training_of_trainers", _participants),
    "M9b": different(_made),
    "M9c": different(_shown),
    "M10a": different(_led(funded=False)),
    "M11a": _activities("labour", many=_activity),
    "M11b": _activities("labour", many=_reached),
    "M12a": _sessions(_iec, lambda _: 1),
    "M12b": _sessions(_iec, _participants),
    "M13": different(_led(funded=True)),
    "M15a": summed(_outputs),
    "M15b": _sessions(lambda each: each.said.get("project") in {"safe", "tleap"}, _participants),
    "M15c": _activities("ret", many=_activity),
    "M16": _activities("labour", "ncfc", many=_activity),
}
