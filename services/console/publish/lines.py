"""JSON Lines as records: each line's bytes as they are, and the key that its subject gives."""

from dataclasses import dataclass, field

import orjson

from schemas.ids import ENTITY_KINDS, is_id


@dataclass(frozen=True, slots=True)
class Line:
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


def read(content: bytes) -> tuple[Line, ...]:
    """Give the lines that hold anything, blank ones skipped but counted; one object over many lines is one record."""
    if _is_one_object(content):
        return (Line(1, content.strip()),)
    return tuple(Line(number, value) for number, value in enumerate(content.split(b"\n"), 1) if value.strip())


def _is_one_object(content: bytes) -> bool:
    try:
        return isinstance(orjson.loads(content), dict)
    except orjson.JSONDecodeError:
        return False
