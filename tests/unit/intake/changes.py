"""Histories of facts, corrections, retractions and merges over few entities, so that nearly everything is related."""

from typing import Any, Final

from hypothesis import strategies as st

from schemas.ids import Kind
from tests.unit.intake.samples import entity, screening, victim

PERSONS: Final = 5
CASES: Final = 2
TARGETS: Final = 16


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


@st.composite
def facts(draw: st.DrawFn, number: int, world: int = 0) -> dict[str, Any]:
    """Draw a fact about one person and a case, two persons and an activity, or a merge; `world` has its own ids."""

    def some(kind: Kind, among: int) -> str:
        return entity(kind, 1 + world * 1000 + draw(st.integers(0, among - 1)))

    match draw(st.integers(0, 5)):
        case 0 | 1:
            person = some(Kind.PERSON, PERSONS)
            return victim(number, subject=person, data={"person": person, "case": some(Kind.CASE, CASES)})
        case 2:
            activity = some(Kind.ACTIVITY, CASES)
            persons = sorted({some(Kind.PERSON, PERSONS), some(Kind.PERSON, PERSONS)})
            return screening(number, subject=activity, data={"screening": activity, "persons": persons})
        case 3:
            return victim(number, subject=(person := some(Kind.PERSON, PERSONS)), data={"person": person, "case": None})
        case _:
            kind, among = draw(st.sampled_from([(Kind.PERSON, PERSONS), (Kind.PERSON, PERSONS), (Kind.CASE, CASES)]))
            first = draw(st.integers(0, among - 1))
            other = (first + draw(st.integers(1, among - 1))) % among
            return merge(number, *(entity(kind, 1 + world * 1000 + each) for each in (first, other)))


@st.composite
def histories(draw: st.DrawFn, *, world: int = 0, largest: int = 14) -> list[dict[str, Any]]:
    """Draw what arrives, in this order: changes may come before what they name, name each other, or themselves."""
    said = [draw(facts(1 + world * 1000 + number, world)) for number in range(TARGETS)]
    arriving: list[dict[str, Any]] = []
    for number in draw(st.lists(st.integers(0, TARGETS - 1), unique=True, max_size=largest)):
        target = said[draw(st.integers(0, TARGETS - 1))]
        match draw(st.integers(0, 4)):
            case 0:
                arriving.append(corrected(1 + world * 1000 + number, target, draw(facts(0, world))))
            case 1:
                arriving.append(retracted(1 + world * 1000 + number, target))
            case _:
                arriving.append(said[number])
    return arriving
