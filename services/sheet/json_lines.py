"""JSON Lines as records: each line's bytes as they are, and the key that its subject gives."""

from dataclasses import dataclass, field
from typing import Final

import orjson

from schemas.ids import ENTITY_KINDS, is_id


@dataclass(frozen=True, slots=True)
class FileLine:
    """One record of the file; the number is the line's, from 1."""

    number: int
    value: bytes = field(repr=False)

    @property
    def key(self) -> bytes | None:
        """The subject where it is an entity's id: whatever else stands there must not become a key."""
        try:
            document = orjson.loads(self.value)
        except orjson.JSONDecodeError:
            return None
        subject = document.get("subject") if isinstance(document, dict) else None
        return subject.encode() if isinstance(subject, str) and is_id(subject, *ENTITY_KINDS) else None


_MARK: Final = b"\xef\xbb\xbf"
"""Editors begin a file with it; it is no part of a record."""


def read(content: bytes) -> tuple[FileLine, ...]:
    """Give the lines that hold anything, blank ones skipped but counted; one object over many lines is one record.

    So is one with a slip in it: where no line is an object by itself, each would be refused without its key.
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
