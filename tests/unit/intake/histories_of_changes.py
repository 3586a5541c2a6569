"""Histories of facts, corrections, retractions and merges over few entities, so that nearly everything is related."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st

from schemas.ids import Kind
from tests.unit.intake.samples import entity, screening, victim

PERSONS: Final = 5
CASES: Final = 2
TARGETS: Final = 16
STRIDE: Final = 1000

# Gives a number from 0 up to, and without, the one that it is given.
Pick: TypeAlias = Callable[[int], int]


def merge(number: int, one: str, other: str) -> dict[str, Any]:
    """Give a merge of two entities of one kind, by the police."""
    name = {"per": "person", "cas": "case", "act": "activity"}[one[:3]]
    data = {name: one, "same_as": other, "reason": "statement"}
    return victim(number) | {"type": f"bz.atips.{name}.merged.v1", "subject": one, "data": data}


def corrected(number: int, target: dict[str, Any], replacement: dict[str, Any]) -> dict[str, Any]:
    """Give a correction of one event into what another one says."""
    said = {"reason": "entry_error", "type": replacement["type"], "data": replacement["data"]}
    return victim(number) | {
        "type": "bz.atips.event.corrected.v1",
        "subject": target["subject"],
        "supersedes": f"{target['source']}/{target['id']}",
        "data": said,
    }


def retracted(number: int, target: dict[str, Any]) -> dict[str, Any]:
    """Give a retraction."""
    return victim(number) | {
        "type": "bz.atips.event.retracted.v1",
        "subject": target["subject"],
        "supersedes": f"{target['source']}/{target['id']}",
        "data": {"reason": "duplicate"},
    }


def fact(pick: Pick, number: int, world: int) -> dict[str, Any]:
    """Pick a fact about one person and a case, two persons and an activity, or a merge; a world has its own ids."""

    def some(kind: Kind, among: int) -> str:
        return entity(kind, 1 + world * STRIDE + pick(among))

    match pick(6):
        case 0 | 1:
            person = some(Kind.PERSON, PERSONS)
            return victim(number, subject=person, data={"person": person, "case": some(Kind.CASE, CASES)})
        case 2:
            activity = some(Kind.ACTIVITY, CASES)
            persons = sorted({some(Kind.PERSON, PERSONS), some(Kind.PERSON, PERSONS)})
            return screening(number, subject=activity, data={"screening": activity, "persons": persons})
        case 3:
            person = some(Kind.PERSON, PERSONS)
            return victim(number, subject=person, data={"person": person, "case": None})
        case _:
            kind, among = ((Kind.PERSON, PERSONS), (Kind.PERSON, PERSONS), (Kind.CASE, CASES))[pick(3)]
            first = pick(among)
            other = (first + 1 + pick(among - 1)) % among
            return merge(number, *(entity(kind, 1 + world * STRIDE + each) for each in (first, other)))


def history(pick: Pick, *, world: int = 0) -> list[dict[str, Any]]:
    """Pick what arrives, in this order: changes may come before what they name, name each other, or themselves."""
    said = [fact(pick, 1 + world * STRIDE + number, world) for number in range(TARGETS)]
    left = list(range(TARGETS))
    arriving: list[dict[str, Any]] = []
    for _ in range(pick(TARGETS)):
        place = left.pop(pick(len(left)))
        number, target = 1 + world * STRIDE + place, said[pick(TARGETS)]
        match pick(5):
            case 0:
                arriving.append(corrected(number, target, fact(pick, 0, world)))
            case 1:
                arriving.append(retracted(number, target))
            case _:
                arriving.append(said[place])
    return arriving


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw a history."""
    return history(lambda among: draw(st.integers(0, among - 1)))
