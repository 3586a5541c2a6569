"""Reports, training and media, counted over everything that was said."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, by, last_of, once, owners, within
from tests.support.oracle.periods import of_text
from tests.support.oracle.units_of_agencies import of_one


def o29(known: Known, first: date, last: date) -> int:
    """A report is one, however often it is told; it was received when it was last said to have been."""
    return sum(within(each, first, last) for each in last_of(known.of("report.received"), "report").values())


def organises(each: Fact) -> bool:
    """Whether the session is its speaker's; where nobody says who organised it, it is whoever's."""
    return not each.said.get("organisers") or of_one(each.speaker, each.said["organisers"])


@once
def sessions(known: Known) -> list[Fact]:
    """Each as its organisers tell it, or others where they are silent."""
    return owners(known.of("training.session_delivered"), organises, "session")


def _participations(held: Iterable[Fact]) -> int:
    return sum(each.said.get("participants_n", 0) for each in held)


def _trained(programme: str, audience: str | None = None) -> Callable[[Known, date, date], int]:
    def count(known: Known, first: date, last: date) -> int:
        return _participations(
            each
            for each in sessions(known)
            if within(each, first, last)
            and programme in each.said.get("programmes", ())
            and audience in {None, each.said.get("audience")}
        )

    return count


def m5b(known: Known, first: date, last: date) -> int:
    return _participations(
        each
        for each in sessions(known)
        if by(each, last)
        and "ret_protect" in each.said.get("programmes", ())
        and each.said.get("audience") == "medical"
    )


def m7a(known: Known, first: date, last: date) -> int:
    return _participations(
        each
        for each in sessions(known)
        if within(each, first, last) and each.said.get("topic") == "training_of_trainers"
    )


def m12a(known: Known, first: date, last: date) -> int:
    return sum(within(each, first, last) and "iec_plan" in each.said.get("programmes", ()) for each in sessions(known))


def m15b(known: Known, first: date, last: date) -> int:
    return _participations(
        each for each in sessions(known) if within(each, first, last) and each.said.get("project") in {"safe", "tleap"}
    )


def assets(known: Known, form: str) -> dict[str, list[Fact]]:
    """Return assets last said to have this form, and each time at which one was reported."""
    told: dict[str, list[Fact]] = {}
    for each in known.of("awareness.media_published"):
        told.setdefault(each.said["asset"], []).append(each)
    return {asset: every for asset, every in told.items() if every[-1].said["form"] == form}


def _on_television(form: str) -> Callable[[Known, date, date], int]:
    def count(known: Known, first: date, last: date) -> int:
        return sum(
            any(each.said.get("channel") == "television" and within(each, first, last) for each in every)
            for every in assets(known, form).values()
        )

    return count


def m9b(known: Known, first: date, last: date) -> int:
    """Made in the period; the year or month of its making is what was last said of it."""
    made = (
        [each.said["created_in"] for each in every if "created_in" in each.said]
        for every in assets(known, "video").values()
    )
    return sum(lies_in(said[-1], first, last) for said in made if said)


def lies_in(year_or_month: str, first: date, last: date) -> bool:
    begin, end = of_text(year_or_month)
    return first <= begin and end <= last


COUNTS: Final[Mapping[str, Callable[[Known, date, date], int]]] = {
    "O29": o29, "M1": _trained("iec_plan"), "M2": _trained("iec_plan", "teachers"),
    "M3": _trained("hti_bpd", "police"), "M4": _trained("hti_local_gov", "liquor_boards_regulators"),
    "M5a": _trained("ret_protect", "medical"), "M5b": m5b, "M7a": m7a, "M9a": _on_television("appearance"), "M9b": m9b,
    "M9c": _on_television("video"), "M12a": m12a, "M12b": _trained("iec_plan"), "M15b": m15b,
}  # fmt: skip
