"""Hypothesis strategies that follow from the models: what a field may hold is read off its annotation."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from pydantic import WithJsonSchema
from pydantic.fields import FieldInfo

from schemas import ids
from schemas.catalogue import CATALOGUE
from schemas.fields import PartialDate, RegisterNumber, TypeString, Wire
from schemas.ids import Kind
from schemas.times import Timestamp

Document = dict[str, Any]
Strategy: TypeAlias = st.SearchStrategy[Any]

NO_ANSWER: Final = {"unknown", "not_asked"}
MOST_ITEMS: Final = 4
SPREAD: Final = 2000
"""How far above the least a number is tried; the limits of what fits are not what these events are for."""

_IDS: Final = re.compile(r"\^\(([a-z|]+)\)-\[0-7\]")


def entity_ids(*kinds: Kind) -> st.SearchStrategy[str]:
    entropy = st.binary(min_size=16, max_size=16)
    return st.builds(ids.mint, st.sampled_from(kinds), entropy)


def instants() -> st.SearchStrategy[datetime]:
    offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes))
    moments = st.datetimes(datetime(1990, 1, 2), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
    return st.builds(lambda moment, offset: moment.astimezone(_zone(offset)), moments, offsets)


def _zone(offset: timedelta) -> Any:  # noqa: ANN401
    return datetime.strptime(_offset(offset), "%z").tzinfo


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def days() -> st.SearchStrategy[date]:
    return st.dates(date(1990, 1, 1), date(2060, 12, 31))


_BY_ANNOTATION: Final[tuple[tuple[Any, Callable[[], Strategy]], ...]] = (
    (Timestamp, lambda: instants().map(datetime.isoformat)),
    (TypeString, lambda: st.sampled_from(sorted(CATALOGUE))),
    (RegisterNumber, lambda: st.sampled_from(["2024/113", "TIP-2024.7", "b17"])),
    (PartialDate, lambda: st.builds(lambda day, most: day.isoformat()[:most], days(), st.sampled_from([4, 7, 10]))),
    (bool, st.booleans),
    (date, lambda: days().map(date.isoformat)),
    (dict[str, Any], lambda: st.just({})),
)
"""Strategies for annotations that no choices, pattern or bounds describe; of a `dict[str, Any]` only the empty one."""


def payloads_of(model: type[Wire]) -> st.SearchStrategy[Document]:
    """Return data that the model takes, as parsed JSON: required fields, the others absent, null or given.

    Rules between fields are not looked at; they are the `field_dependencies`.
    """
    hints = get_type_hints(model, include_extras=True)
    required, optional = {}, {}
    for name, field in model.model_fields.items():
        try:
            strategy = values_of(hints[name])
        except TypeError as error:
            message = f"{model.__name__}.{name}: {error}"
            raise TypeError(message) from None
        if field.is_required():
            required[name] = strategy
        else:
            optional[name] = st.none() | strategy
    return st.fixed_dictionaries(required, optional=optional)


def values_of(hint: Any) -> Strategy:  # noqa: ANN401 - a type as it is annotated
    """Return values that an annotation lets in, without null. Raises `TypeError` for one that is not understood."""
    for known, made in _BY_ANNOTATION:
        if hint == known:
            return made()
    compound = _COMPOUND.get(get_origin(hint))
    if compound is not None:
        return compound(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from([each.value for each in hint])
    if isinstance(hint, type) and issubclass(hint, Wire):
        return payloads_of(hint)
    message = f"no strategy for {hint}"
    raise TypeError(message)


def _annotated(hint: Any) -> Strategy:  # noqa: ANN401
    bare, *marks = get_args(hint)
    rules = [rule for mark in marks for rule in (mark.metadata if isinstance(mark, FieldInfo) else [mark])]
    if get_origin(bare) is tuple:
        return _lists(bare, rules)
    if bare is int:
        least, most = _bounds(rules, "ge", "le", SPREAD)
        return st.integers(least, most)
    described = [strategy for rule in rules for strategy in _described(rule)]
    if described:
        return described[0]
    # What else is marked does not say what fits: it is the same annotation without its last mark that does.
    return values_of(Annotated[bare, *marks[:-1]] if marks[1:] else bare)


def _bounds(rules: Sequence[Any], least: str, most: str, spread: int) -> tuple[int, int]:
    """The least and the most that the rules allow, the most no further from the least than the spread."""
    low: int = max((getattr(rule, least) for rule in rules if hasattr(rule, least)), default=0)
    high: int = min((getattr(rule, most) for rule in rules if hasattr(rule, most)), default=low + spread)
    return low, min(high, low + spread)


def _described(rule: object) -> list[Strategy]:
    """The strategies, one or none, of a text's pattern or of its published list of choices."""
    pattern = getattr(rule, "pattern", None)
    if pattern is not None and pattern == get_args(TypeString)[1].pattern:
        return [values_of(TypeString)]
    if pattern is not None:
        return [st.from_regex(re.compile(pattern.removeprefix("^").removesuffix("$"), re.ASCII), fullmatch=True)]
    schema = rule.json_schema if isinstance(rule, WithJsonSchema) else None
    if schema is None:
        return []
    if "enum" in schema:
        return [st.sampled_from(schema["enum"])]
    named = _IDS.match(schema.get("pattern", ""))
    return [entity_ids(*map(Kind, named[1].split("|")))] if named else []


def _choices(hint: Any) -> Strategy:  # noqa: ANN401
    return st.one_of([values_of(each) for each in get_args(hint) if each is not NoneType])


def _mappings(hint: Any) -> Strategy:  # noqa: ANN401
    keys, values = get_args(hint)
    return st.dictionaries(values_of(keys), values_of(values), max_size=MOST_ITEMS)


def _lists(hint: Any, rules: Sequence[Any] = ()) -> Strategy:  # noqa: ANN401
    item, *_ = get_args(hint)
    least, most = _bounds(rules, "min_length", "max_length", MOST_ITEMS)
    several = st.lists(values_of(item), min_size=least, max_size=most, unique_by=json.dumps)
    return several.map(_settled)


def _settled(values: list[Any]) -> list[Any]:
    """A code for "no answer" stands alone."""
    return [value for value in values if isinstance(value, str) and value in NO_ANSWER][:1] or values


_COMPOUND: Final[Mapping[Any, Callable[[Any], Strategy]]] = {
    Annotated: _annotated,
    Union: _choices,
    UnionType: _choices,
    Literal: lambda hint: st.sampled_from(get_args(hint)),
    tuple: _lists,
    dict: _mappings,
}
