"""Small random histories in which everything meets: few entities, facts, merges, corrections of anything, cycles."""

from typing import Any

from hypothesis import strategies as st

from schemas import ids
from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import Kind
from tests.unit.schemas.event_strategies import Document
from tests.unit.schemas.samples import ARREST, event, written

PERSONS = [ids.mint(Kind.PERSON, number.to_bytes(16, "big")) for number in range(1, 6)]
CASES = [ids.mint(Kind.CASE, number.to_bytes(16, "big")) for number in range(1, 4)]
SOURCE = "bpd/register"
MOST = 9

P, C = st.sampled_from(PERSONS), st.sampled_from(CASES)


def id_of(number: int) -> str:
    return f"018fe18c-0100-783f-87ef-{number:012x}"


def ref_of(number: int) -> str:
    return f"{SOURCE}/{id_of(number)}"


def fact(name: str, said: Document, number: int, **more: Any) -> Event:  # noqa: ANN401
    """An event of the police; its subject is the first id of what it says."""
    subject = more.pop("subject", next(iter(said.values())))
    return decode(written(event(name, said, subject, id=id_of(number), source=SOURCE, **more)))


def arrest(person: str, *victims: str, case: str | None = None) -> tuple[str, Document]:
    return "arrest.made", {"person": person, "case": case, "arrest": ARREST, "linked_victims": list(victims)}


def merge(one: str, other: str) -> tuple[str, Document]:
    kind, field = ("person", "person") if one in PERSONS else ("case", "case")
    return f"{kind}.merged", {field: one, "same_as": other, "reason": "statement"}


def correction(number: int, target: int, subject: str, said: tuple[str, Document], **more: Any) -> Event:  # noqa: ANN401
    name, data = said
    data = {"reason": "other", "type": f"bz.atips.{name}.v1", "data": data}
    return fact("event.corrected", data, number, subject=subject, supersedes=ref_of(target), **more)


def retraction(number: int, target: int, subject: str, **more: Any) -> Event:  # noqa: ANN401
    return fact("event.retracted", {"reason": "other"}, number, subject=subject, supersedes=ref_of(target), **more)


@st.composite
def statements(draw: st.DrawFn) -> tuple[str, Document]:
    choice = draw(st.integers(0, 5))
    if choice == 0:
        return "investigation.opened", {"case": draw(C), "persons": draw(st.lists(P, unique=True, max_size=2))}
    if choice == 1:
        return "person.profile_recorded", {"person": draw(P), "role": "suspect", "case": draw(st.none() | C)}
    if choice in {2, 3}:
        one, other = draw(st.lists(draw(st.sampled_from((P, P, C))), min_size=2, max_size=2, unique=True))
        return merge(one, other)
    return arrest(draw(P), *draw(st.lists(P, unique=True, max_size=2)), case=draw(st.none() | C))


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Events that may name each other, themselves, or one that never comes."""
    found = []
    for number in range(draw(st.integers(1, MOST))):
        day = draw(st.integers(10, 20))
        more: Document = {"recordedtime": f"2024-06-{day}T12:00:00Z"}
        choice = draw(st.integers(0, 4))
        if choice <= 2:
            found.append(fact(*draw(statements()), number, **more))
            continue
        target, subject = draw(st.integers(0, MOST)), draw(st.one_of(P, C))
        if choice == 3:
            found.append(correction(number, target, subject, draw(statements()), **more))
        else:
            found.append(retraction(number, target, subject, **more))
    return found
