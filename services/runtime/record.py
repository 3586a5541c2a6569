"""A record of a topic, in the form that every part of the runtime uses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import methodcaller
from typing import Any, Final

# For a header's name that is not UTF-8 the client gives a broken list with an exception set. A plain method call, once
# the interpreter has specialised it, does not look at the exception and crashes on the list; this way always looks.
_HEADERS: Final = methodcaller("headers")


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a topic. `timestamp_ms`: set by the broker or the producer; no figure depends on it."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None = field(repr=False)
    value: bytes | None = field(repr=False)
    headers: Sequence[tuple[str, bytes | None]] = field(repr=False)


def record_of(message: Any) -> Record:  # noqa: ANN401 - what is sent may be text, says the client of its messages
    """Return the record of a Kafka message that has no error."""
    try:
        headers = _HEADERS(message) or []
    except (SystemError, UnicodeDecodeError):
        # A name that is not UTF-8: the client cannot give it, and one record must not stop the others.
        headers = [("\N{REPLACEMENT CHARACTER}", None)]
    return Record(
        message.topic(),
        message.partition(),
        message.offset(),
        message.timestamp()[1],
        message.key(),
        message.value(),
        headers,
    )
