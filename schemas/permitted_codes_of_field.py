"""Marks of fields that take fewer codes than their list has.

Example: an indictment is filed only at the High Court. The published schema says so in `x-permitted`, a sheet offers no
other code, and a refusal names the field with the codes that it takes.
"""

from collections.abc import Iterable
from typing import Any, Final

from pydantic import Field
from pydantic.fields import FieldInfo

from schemas.codebook.code import Code

PERMITTED: Final = "x-permitted"
"""Member of a field in a published schema, which lists its permitted codes."""


def permitted(codes: Iterable[Code]) -> Any:  # noqa: ANN401 - a field's mark, as `Field` makes it
    """Return the mark of a field that takes only these codes, sorted by value."""
    taken: list[Any] = sorted(code.value for code in codes)
    return Field(json_schema_extra={PERMITTED: taken})


def permitted_in(field: FieldInfo) -> tuple[str, ...]:
    """Return the codes that a marked field takes; empty for a field without a mark, which takes its whole list."""
    extra = field.json_schema_extra
    marked: Any = extra.get(PERMITTED, ()) if isinstance(extra, dict) else ()
    return tuple(marked)
