"""Code lists by the place of a field in an event, and the codes that look most like a wrong one."""

import json
import typing
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel

from schemas.codebook import LISTS
from schemas.facts import FACTS

_NAMES: Final = {codes: name for name, codes in LISTS.items()}
_GUESSES: Final = 3
_ALIKE: Final = 0.6
_LONGEST_GUESSED: Final = 60
"""A longer text is no code that was mistyped."""


@lru_cache(maxsize=1024)
def list_at(event_type: str | None, pointer: str) -> str | None:
    """Give the name of the list whose codes stand at a JSON Pointer of an event; None where none does.

    Example: `/data/purposes/0` of `bz.atips.consent.recorded.v1` has `consent_purpose`.
    """
    kind = FACTS.get(event_type or "")
    found: Any = None if kind is None else kind.model
    for step in pointer.split("/")[1:]:
        if step.isdecimal():
            continue  # an item of a list is of the list's type
        fields = (each.model_fields.get(step) for each in _models(found))
        found = next((each.annotation for each in fields if each is not None), None)
    return next((_NAMES[each] for each in _types(found) if each in _NAMES), None)


def nearest(name: str, text: object) -> tuple[str, ...]:
    """Give the codes of a list that look most like a text, the best first; none for anything else."""
    if not isinstance(text, str) or len(text) > _LONGEST_GUESSED:
        return ()
    plain = text.strip().lower().replace(" ", "_").replace("-", "_")
    return tuple(get_close_matches(plain, [code.value for code in LISTS[name]], n=_GUESSES, cutoff=_ALIKE))


def value_at(submission: bytes, pointer: str) -> object:
    """Give what stands at a JSON Pointer of a submission; None where nothing does."""
    try:
        found = json.loads(submission)
        for step in pointer.split("/")[1:]:
            found = found[int(step)] if isinstance(found, list) else found[step]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
    return typing.cast("object", found)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - whatever a field is declared as
    return (each for each in _types(annotation) if issubclass(each, BaseModel))


def _types(annotation: Any) -> Iterator[type]:  # noqa: ANN401
    """Yield the classes in an annotation, such as both of `Place | None`."""
    if isinstance(annotation, type) and not typing.get_args(annotation):
        yield annotation
    for each in typing.get_args(annotation):
        yield from _types(each)
