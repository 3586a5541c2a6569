"""The digests of a replay: of values, whatever the order in them, and of many values together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from schemas.codec import decode
from schemas.times import Interval
from services.reporting.domain.facts.fact_owner import FactStatements
from services.reporting.domain.figures.all_entity_parts import PARTS
from services.reporting.domain.ledger.entity import Parking
from services.reporting.domain.ledger.entity_fold import fold
from services.reporting.domain.ledger.event_row import ParkingCause
from services.reporting.replay import digest
from tests.support.generator import DENSE, History, accepted
from tests.unit.reporting.samples import concerned

TEXTS = st.text(max_size=2)
NUMBERS = st.integers(-2, 2) | st.integers()
INSTANTS = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001 - of these two the zone is drawn
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from((UTC, timezone(timedelta(hours=-6)))),
)
# What is in a state: scalars, each of which may be missing, and names made of several.
NAMES: tuple[st.SearchStrategy[Any], ...] = (
    *(st.none() | each for each in (TEXTS, st.booleans(), NUMBERS, st.binary(max_size=2), st.uuids(), st.dates())),
    st.none() | INSTANTS,
    st.builds(Parking, st.sampled_from(ParkingCause), NUMBERS),
    st.tuples(TEXTS, st.none() | NUMBERS),
)
SHAPES: tuple[st.SearchStrategy[Any], ...] = (
    *NAMES,
    *(st.lists(each, max_size=3).map(tuple) for each in NAMES),
    *(st.frozensets(each, max_size=3) for each in NAMES),
    *(st.dictionaries(each, st.none() | st.frozensets(TEXTS, max_size=2), max_size=3) for each in NAMES),
    st.dictionaries(TEXTS, st.dictionaries(NAMES[-1], st.builds(Interval, INSTANTS, INSTANTS), max_size=2), max_size=2),
)


@given(st.sampled_from(SHAPES).flatmap(lambda shape: st.tuples(shape, shape)))
def test_two_values_of_one_type_have_one_form_exactly_if_they_are_equal(two: tuple[Any, Any]) -> None:
    one, other = two
    assert (digest.canonical(one) == digest.canonical(other)) == (one == other)
    assert (digest.canonical({1: one, 2: (other,)}) == digest.canonical({2: (one,), 1: other})) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, "1"),
        ("a", b"a"),
        (("a", "b"), ("ab",)),
        ((("a",), "b"), ("a", ("b",))),
        (2**64, 2**65),
        (2**64, -(2**64)),
        ((2**64, 1), (2**64, ())),
        (({1: 2}, 3), ({1: 2, 3: 3},)),
        (None, "n"),
        (date(2024, 1, 1), datetime(2024, 1, 1, tzinfo=UTC)),
    ],
)
def test_what_looks_alike_differs(one: object, other: object) -> None:
    assert digest.canonical(one) != digest.canonical(other)


def test_an_instant_has_one_form_in_every_zone() -> None:
    here = datetime(2024, 1, 1, 18, tzinfo=timezone(timedelta(hours=-6)))
    assert digest.canonical(here) == digest.canonical(datetime(2024, 1, 2, tzinfo=UTC))


@given(st.sampled_from(NAMES).flatmap(lambda each: st.lists(each, unique=True)))
def test_sets_and_mappings_have_one_form_in_every_order(items: list[Any]) -> None:
    backwards = items[::-1]
    assert digest.canonical(frozenset(items)) == digest.canonical(frozenset(backwards))
    assert digest.canonical(dict.fromkeys(items)) == digest.canonical(dict.fromkeys(backwards))


def kinds(found: dict[tuple[object, ...], set[type]], value: Any, at: tuple[object, ...] = ()) -> None:  # noqa: ANN401
    """Return the types of the values at some places. A place is a part's name, or a field of a type.

    A field of a generic type is a place for each place at which such a value stands.
    """
    found[at].add(str if isinstance(value, str) else type(value))  # a code is its text
    if isinstance(value, Struct | Interval):
        for name in type(value).__annotations__:
            of_type = (*at, type(value)) if hasattr(value, "__parameters__") else (type(value),)
            kinds(found, getattr(value, name), (*of_type, name))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            kinds(found, key, (*at, "key"))
            kinds(found, each, (*at, "value"))
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            kinds(found, each, (*at, len(value), number))
    elif isinstance(value, AbstractSet):
        for each in value:
            kinds(found, each, (*at, "item"))


def unlike(states: Iterable[tuple[str, Any]]) -> list[tuple[object, ...]]:
    """The places at which two types are found, and those of sets in sets, which have no order."""
    found = defaultdict[tuple[object, ...], set[type]](set)
    for name, part in states:
        kinds(found, part, (name,))
    nested = [at for at, types in found.items() if "item" in at and not types.isdisjoint((set, frozenset))]
    return [at for at, types in found.items() if len(types - {type(None)}) > 1] + nested


def test_no_place_of_a_state_holds_two_kinds_of_value() -> None:
    """A form may leave out types only because of this."""
    held: list[tuple[str, Any]] = []
    for seed in range(6):
        events = [decode(value) for value in accepted(History(seed, DENSE).submissions(300))]
        for entity in concerned(events):
            held += fold(entity, [event for event in events if entity in event.concerns()]).items()
    assert len({name for name, _ in held}) > len(PARTS) // 2
    assert unlike(held) == []
    assert unlike([("a", Parking(ParkingCause.FOREIGN, 1)), ("a", (1,))]) == [("a",)]
    assert unlike([("a", {"b": 1}), ("a", {"b": "1"})]) == [("a", "value")]
    assert unlike([("a", frozenset({frozenset({1})}))]) == [("a", "item")]
    assert unlike([("a", frozenset({(frozenset({1}),)}))]) == [("a", "item", 1, 0)]


def test_statements_of_a_fact_have_another_digest_when_another_agency_s_is_the_last() -> None:
    nothing: FactStatements[int] = FactStatements()
    told = [nothing.with_statement(one, 1, None).with_statement(other, 1, None) for one, other in ("ab", "ba")]
    assert digest.canonical(told[0]) != digest.canonical(told[1])


def test_what_has_no_form_is_refused() -> None:
    for value in (object(), (1, object()), {1: object()}):
        with pytest.raises(TypeError, match="no canonical form"):
            digest.canonical(value)


@given(st.lists(st.binary(min_size=1), min_size=2, unique=True))
def test_a_total_knows_no_order_but_every_item(items: list[bytes]) -> None:
    whole = digest.total(map(digest.digest, items))
    assert digest.total(map(digest.digest, reversed(items))) == whole
    assert digest.total(map(digest.digest, items[1:])) != whole
    assert digest.from_bytes(digest.to_bytes(whole)) == whole
