"""Bail, hearings, indictments and appeals counted the slow way: over the events themselves, one period at a time.

Like `oracle` it shares nothing with the code but the sort key, and is written from the definitions.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from schemas.catalogue import order_key
from schemas.envelope import Event
from schemas.times import Period
from tests.unit.reporting.oracle import by_name, last_by, within

POLICE = {"bpd", "atips_pu", "pitcu"}


def _docket(events: Sequence[Event], name: str) -> Iterator[Any]:
    """The last word of the prosecution on each of a suspect's hearings, or of the police where it has none."""
    every = by_name(events, name)
    for key in {(each.data.person, each.data.hearing) for each in every}:
        said = [each for each in every if (each.data.person, each.data.hearing) == key]
        yield ([each for each in said if (each.onbehalfof or each.agency) not in POLICE] or said)[-1]


def held(events: Sequence[Event], period: Period) -> int:
    return sum(within(each.occurred, period) for each in _docket(events, "court.hearing_held"))


def put_off(events: Sequence[Event], period: Period) -> int:
    return sum(within(each.occurred, period) for each in _docket(events, "court.adjourned"))


def without_word(events: Sequence[Event], period: Period) -> int:
    held = by_name(events, "court.hearing_held")
    set_down = [each for name in ("court.hearing_scheduled", "court.adjourned") for each in by_name(events, name)]
    found = 0
    for last in last_by(sorted(set_down, key=order_key), "person", "hearing"):
        day = last.data.next_on
        since = (
            order_key(each) > order_key(last) or each.occurred is None or each.occurred.last_day >= day
            for each in held
            if (each.data.person, each.data.hearing) == (last.data.person, last.data.hearing)
        )
        found += day is not None and period.first <= day <= period.last and not any(since)
    return found


def _bail(name: str) -> Callable[[Sequence[Event], Period], int]:
    def counted(events: Sequence[Event], period: Period) -> int:
        steps = last_by(by_name(events, f"bail.{name}"), "person", "bail")
        return len({each.data.person for each in steps if within(each.occurred, period)})

    return counted


def _indicted(events: Sequence[Event], period: Period) -> list[tuple[str, str]]:
    last: dict[tuple[str, str], Any] = {}
    for each in by_name(events, "indictment.filed"):
        last.update(dict.fromkeys(((each.data.person, charge) for charge in each.data.charges), each))
    return [key for key, each in last.items() if within(each.occurred, period)]


def persons_indicted(events: Sequence[Event], period: Period) -> int:
    return len({person for person, _ in _indicted(events, period)})


def charges_indicted(events: Sequence[Event], period: Period) -> int:
    return len(_indicted(events, period))


def _appeals(name: str) -> Callable[[Sequence[Event], Period], int]:
    def counted(events: Sequence[Event], period: Period) -> int:
        return sum(within(e.occurred, period) for e in last_by(by_name(events, f"appeal.{name}"), "person", "appeal"))

    return counted


COUNTS: Mapping[str, Callable[[Sequence[Event], Period], int]] = {
    "R18a": held,
    "R18b": put_off,
    "R18c": without_word,
    "R19a": _bail("granted"),
    "R19b": _bail("varied"),
    "R19c": _bail("breached"),
    "R19d": _bail("revoked"),
    "R20a": persons_indicted,
    "R20b": charges_indicted,
    "R21a": _appeals("filed"),
    "R21b": _appeals("decided"),
}
