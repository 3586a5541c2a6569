"""Awareness activities, projects and what they make, counted over everything that was said."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tests.support.oracle.counting import FOR_EVER, Count, Item, Items, at, at_end, different_at_any_time, summed
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, once, owners
from tests.support.oracle.periods import of_text
from tests.support.oracle.units_of_agencies import of_one


def of_organisers(each: Fact) -> bool:
    """Whether the activity is its speaker's; where nobody says who organised it, it is whoever's."""
    return _of(each, "organisers")


def of_makers(each: Fact) -> bool:
    """Whether a maker of the output published it."""
    return _of(each, "created_by")


@once
def held(known: Known) -> list[Fact]:
    """Each activity as an organiser tells it, or others where they are silent."""
    return owners(known.of("awareness.activity_held"), of_organisers, "activity")


@once
def published(known: Known) -> list[Fact]:
    """Each output as one of its makers tells it, or others where they are silent."""
    return owners(known.of("output.published"), of_makers, "output")


@once
def registered(known: Known) -> list[Fact]:
    """Each project as its leader tells it, or others where that one is silent."""
    return owners(
        known.of("project.registered"),
        lambda each: of_one(each.speaker, [each.said.get("led_by", each.speaker)]),
        "project",
    )


def _of(each: Fact, owners_of_it: str) -> bool:
    return not each.said.get(owners_of_it) or of_one(each.speaker, each.said[owners_of_it])


def number(each: Fact, name: str) -> int:
    """So many; one where nothing is said of how many, and none where there is only a word for it."""
    return int(each.said.get(f"{name}_n", 0 if f"{name}_text" in each.said else 1))


def _activities(chosen: Callable[[Fact], bool]) -> Count:
    return summed(
        lambda known: (
            item for each in held(known) if chosen(each) for item in at(None, each, number(each, "activities"))
        )
    )


def _organised(*bodies: str) -> Callable[[Fact], bool]:
    return lambda each: set(bodies) <= set(each.said.get("organisers", ()))


def _reached(known: Known) -> Iterator[Item]:
    for each in filter(_organised("labour"), held(known)):
        yield from at(None, each, each.said.get("reach_n", 0))


def _outputs(*kinds: str) -> Count:
    return summed(
        lambda known: (
            item
            for each in published(known)
            if not kinds or each.said["kind"] in kinds
            for item in at(None, each, number(each, "outputs"))
        )
    )


def _shelters(known: Known) -> Iterator[Item]:
    for each in published(known):
        of_shelters = each.said.get("audience") == "shelter_staff" and each.said["kind"] == "institutional_plan"
        if of_shelters and each.last is not None:
            yield Item(None, each.last, FOR_EVER, each.said.get("institutions_n", 0))


def led(chosen: Callable[[Fact], bool]) -> Items:
    def items(known: Known) -> Iterator[Item]:
        for each in registered(known):
            until = of_text(each.said["runs_to"])[1] if "runs_to" in each.said else FOR_EVER
            if chosen(each) and each.last is not None:
                yield Item(each.said["project"], each.last, until)

    return items


COUNTS: Final[Mapping[str, Count]] = {
    "M7b": _outputs("training_workbook"),
    "M8": _activities(lambda each: each.said.get("campaign") == "wear_blue_fridays"),
    "M10a": different_at_any_time(led(lambda _: True)),
    "M10b": at_end(_shelters),
    "M11a": _activities(_organised("labour")),
    "M11b": summed(_reached),
    "M13": different_at_any_time(led(lambda each: bool(set(each.said.get("funders", ())) - {each.said.get("led_by")}))),
    "M14": different_at_any_time(led(lambda each: each.said["name"] == "mandatory_reporting")),
    "M15a": _outputs(),
    "M15c": _activities(_organised("ret")),
    "M16": _activities(_organised("labour", "ncfc")),
}
