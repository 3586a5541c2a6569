"""Look-up of the code list, fields and permitted codes at a place of an event, and of codes nearest to a wrong one."""

import json
import typing
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel

from schemas.codebook import LISTS
from schemas.nearest_codes import near, plain
from schemas.permitted_codes_of_field import permitted_in
from schemas.type_table import FACTS

_NAMES: Final = {codes: name for name, codes in LISTS.items()}


@lru_cache(maxsize=1024)
def list_at(event_type: str | None, pointer: str) -> str | None:
    """Return the name of the code list at a JSON Pointer of an event; None if the place has none.

    Example: `/data/purposes/0` of `bz.atips.consent.recorded.v1` has `consent_purpose`.
    """
    return next((_NAMES[each] for each in _types(_declared_at(event_type, pointer)) if each in _NAMES), None)


@lru_cache(maxsize=1024)
def fields_at(event_type: str | None, pointer: str) -> tuple[str, ...]:
    """Return the sorted names of the fields that may be at a JSON Pointer of an event; empty if none may."""
    return tuple(sorted({name for each in _models(_declared_at(event_type, pointer)) for name in each.model_fields}))


@lru_cache(maxsize=1024)
def permitted_codes(event_type: str | None, pointer: str) -> tuple[str, ...]:
    """Return the codes that a field takes if they are fewer than its list has; empty if it takes the whole list.

    Example: `/data/court` of `bz.atips.indictment.filed.v1` takes `high_court` alone.
    """
    above, _, name = pointer.rpartition("/")
    fields = (each.model_fields.get(name) for each in _models(_declared_at(event_type, above)))
    return next((permitted_in(each) for each in fields if each is not None), ())


def nearest(name: str, text: object) -> tuple[str, ...]:
    """Return up to three codes of a list that a text may mean, the best first; none if `text` is no string."""
    return near(text, _labels(name)) if isinstance(text, str) else ()


def value_at(submission: bytes, pointer: str) -> object:
    """Return the value at a JSON Pointer of a submission; None if there is none or the bytes are not JSON."""
    try:
        found = json.loads(submission)
        for step in pointer.split("/")[1:]:
            found = found[int(step)] if isinstance(found, list) else found[step]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
    return typing.cast("object", found)


def _declared_at(event_type: str | None, pointer: str) -> Any:  # noqa: ANN401 - whatever a field is declared as
    kind = FACTS.get(event_type or "")
    found: Any = None if kind is None else kind.model
    for step in pointer.split("/")[1:]:
        if step.isdecimal():
            continue  # an item of a list is of the list's type
        fields = (each.model_fields.get(step) for each in _models(found))
        found = next((each.annotation for each in fields if each is not None), None)
    return found


@lru_cache(maxsize=64)
def _labels(name: str) -> Mapping[str, frozenset[str]]:
    """Return the codes of a list by each of its codes and labels, in the form of `plain`."""
    said = [(plain(text), code.value) for code in LISTS[name] for text in (code.value, code.en, code.es) if text]
    return {text: frozenset(code for each, code in said if each == text) for text, _ in said}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - whatever a field is declared as
    return (each for each in _types(annotation) if issubclass(each, BaseModel))


def _types(annotation: Any) -> Iterator[type]:  # noqa: ANN401
    """Yield the classes in an annotation, such as both of `Place | None`."""
    if isinstance(annotation, type) and not typing.get_args(annotation):
        yield annotation
    for each in typing.get_args(annotation):
        yield from _types(each)
