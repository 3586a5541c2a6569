"""Reading of JSON Lines: the bytes of each line, and the Kafka key that its subject gives."""

from dataclasses import dataclass, field
from typing import Final

import orjson

from schemas.ids import ENTITY_KINDS, is_id


@dataclass(frozen=True, slots=True)
class FileLine:
    """A record of a file to publish: the number of its line, from 1, and its bytes."""

    number: int
    value: bytes = field(repr=False)

    @property
    def key(self) -> bytes | None:
        """The subject as Kafka key if it is an entity's id, else None: no other text may become a key."""
        try:
            document = orjson.loads(self.value)
        except orjson.JSONDecodeError:
            return None
        subject = document.get("subject") if isinstance(document, dict) else None
        return subject.encode() if isinstance(subject, str) and is_id(subject, *ENTITY_KINDS) else None


_MARK: Final = b"\xef\xbb\xbf"
"""Byte order mark that some editors write at the beginning of a file; it is no part of a record."""


def read(content: bytes) -> tuple[FileLine, ...]:
    """Return the lines that are not blank; blank lines count for the numbers. One object over many lines is one record.

    A file in which no line is an object by itself is one record too: it is taken for one object with a mistake.
    """
    bare = content.removeprefix(_MARK)
    lines = tuple(FileLine(number, value) for number, value in enumerate(bare.split(b"\n"), 1) if value.strip())
    if _is_one_object(bare) or (lines and not any(_is_one_object(line.value) for line in lines)):
        return (FileLine(1, bare.strip()),)
    return lines


def _is_one_object(content: bytes) -> bool:
    try:
        return isinstance(orjson.loads(content), dict)
    except orjson.JSONDecodeError:
        return False
