"""Translation of pydantic's errors into rules and places made of our own names, with nothing of the input."""

from collections.abc import Iterator
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.envelope import Event
from schemas.errors import MOST_MISTAKES, BadMessage, Mistake, Reason
from schemas.fields import Wire

_REASONS: Final = {
    "missing": Reason.MISSING_FIELD,
    "extra_forbidden": Reason.UNKNOWN_FIELD,
    "union_tag_invalid": Reason.UNKNOWN_TYPE,
    "union_tag_not_found": Reason.MISSING_FIELD,
    "json_invalid": Reason.NOT_JSON,
    "enum": Reason.UNKNOWN_CODE,
    "literal_error": Reason.UNKNOWN_CODE,
    "string_pattern_mismatch": Reason.WRONG_FORM,
    "too_long": Reason.TOO_MANY,
    "greater_than_equal": Reason.OUT_OF_RANGE,
    "less_than_equal": Reason.OUT_OF_RANGE,
    "model_attributes_type": Reason.NOT_AN_OBJECT,
    **{reason.value: reason for reason in Reason},
}
"""Reasons by pydantic's error type; our own validators use the reason's code. All other types are wrong_type."""


def own_names(model: type[Event]) -> frozenset[str]:
    """Return the field names of an event class and of its data, of which a JSON Pointer may be made."""
    said = data_class_of(model)
    return frozenset((*model.model_fields, *said.model_fields))


def data_class_of(model: type[Event]) -> type[Wire]:
    """Return the class of an event class's `data`. Raises `TypeError` if the class declares no such class."""
    said = model.model_fields["data"].annotation
    if not isinstance(said, type) or not issubclass(said, Wire):
        message = "an event class says what its data are"
        raise TypeError(message)
    return said


def diagnosis(error: ValidationError, own: frozenset[str], *, tagged: bool = True) -> BadMessage:
    """Return all mistakes as one `BadMessage`, in the order of fields. `tagged`: places begin with a union's tag."""
    told = error.errors(include_url=False)[:MOST_MISTAKES]
    first, *more = (mistake for each in told for mistake in _mistakes(each, own, tagged=tagged))
    return BadMessage(*first, more)


def _mistakes(found: ErrorDetails, own: frozenset[str], *, tagged: bool) -> Iterator[Mistake]:
    if found["type"].startswith("union_tag_"):
        yield Mistake(_REASONS[found["type"]], "/type")
        return
    reason = _REASONS.get(found["type"], Reason.WRONG_TYPE)
    if reason is Reason.WRONG_TYPE and found["input"] is None:
        reason = Reason.MISSING_FIELD  # null is absent
    said = found.get("ctx", {})
    place = _pointer(found["loc"][1:] if tagged else found["loc"], own)
    yield Mistake(reason, place + said.get("pointer", ""))
    for code, pointer in said.get("more", ()):
        yield Mistake(Reason(code), place + pointer)


def _pointer(place: tuple[int | str, ...], own: frozenset[str]) -> str:
    """Return the JSON Pointer of a place, cut off before the first name that is not our own."""
    pointer = ""
    for step in place:
        if isinstance(step, str) and step not in own:
            break
        pointer += f"/{step}"
    return pointer
