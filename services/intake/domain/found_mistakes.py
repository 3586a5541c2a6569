"""All mistakes of a refused submission: rules, places in it, and codes that a wrong code may mean.

No value that was sent is repeated. The codes are those of the contract's lists.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from pydantic import TypeAdapter, ValidationError

from schemas.codes_at_pointer import list_at, nearest, value_at
from schemas.errors import BadMessage, Mistake, Reason
from schemas.fields import Source
from schemas.times import Timestamp

MOST_GUESSED: Final = 3
"""Number of wrong codes of a submission for which nearest codes are searched. Each search takes about 1 ms."""

_SOURCE: Final[TypeAdapter[str]] = TypeAdapter(Source)
_TIME: Final[TypeAdapter[datetime]] = TypeAdapter(Timestamp)
_TIMES: Final = ("time", "occurredto", "recordedtime")


@dataclass(frozen=True, slots=True)
class FoundMistake:
    """A broken rule (`reason`) and its place as a JSON Pointer. `nearest`: codes most like a wrong code, best first."""

    reason: str
    pointer: str = ""
    nearest: tuple[str, ...] = ()


def find_mistakes(bad: BadMessage, payload: bytes, event_type: str | None) -> tuple[FoundMistake, ...]:
    """Return every mistake of a refused submission, in order, with nearest codes for the first `MOST_GUESSED` codes.

    `bad`: the error with all mistakes. `payload`: the event's JSON. `event_type`: its type, if it is known.
    """
    return tuple(_guessed(bad.mistakes, payload, event_type))


def _guessed(mistakes: Iterable[Mistake], payload: bytes, event_type: str | None) -> Iterator[FoundMistake]:
    guessed = 0
    for reason, pointer in mistakes:
        name = list_at(event_type, pointer) if reason is Reason.UNKNOWN_CODE and guessed < MOST_GUESSED else None
        guessed += name is not None
        near = () if name is None else nearest(name, value_at(payload, pointer))
        yield FoundMistake(reason.value, pointer, near)


def envelope_mistakes(document: dict[str, Any], agency: str, latest: datetime) -> Iterator[Mistake]:
    """Yield the mistakes of an event's envelope: a source of another agency, and times after `latest`.

    A source or time that cannot be parsed yields nothing here, because the rule of its form reports it.
    """
    try:
        source = _SOURCE.validate_python(document.get("source"))
    except ValidationError:
        pass
    else:
        if source.partition("/")[0] != agency:
            yield Mistake(Reason.SOURCE_NOT_OF_THIS_DOOR, "/source")
    for name in _TIMES:
        try:
            at = _TIME.validate_json(orjson.dumps(document.get(name)))
        except ValidationError:
            continue
        if at > latest:
            yield Mistake(Reason.TIME_IN_FUTURE, f"/{name}")


def mistakes_as_json(mistakes: Iterable[FoundMistake]) -> str | None:
    """Return mistakes as JSON text, a list of the dicts of `mistakes_as_dicts`; None if there are none."""
    told = mistakes_as_dicts(mistakes)
    return orjson.dumps(told).decode() if told else None


def mistakes_as_dicts(mistakes: Iterable[FoundMistake]) -> list[dict[str, Any]]:
    """Return mistakes as dicts with the keys `reason` and `pointer`, and `nearest` if there are nearest codes."""
    return [
        {"reason": each.reason, "pointer": each.pointer} | ({"nearest": each.nearest} if each.nearest else {})
        for each in mistakes
    ]


def read(text: str | None) -> tuple[FoundMistake, ...]:
    """Parse the text that `mistakes_as_json` returned; None gives no mistakes."""
    told = () if text is None else orjson.loads(text)
    return tuple(FoundMistake(each["reason"], each["pointer"], tuple(each.get("nearest", ()))) for each in told)
