"""Codes that one field of one type takes, where these are fewer than its list has.

An indictment is filed at the High Court alone. The published schema says so in `x-permitted`, a sheet offers no other
code, and a refusal names the field with the codes that it takes.
"""

from collections.abc import Iterable
from typing import Any, Final

from pydantic import Field
from pydantic.fields import FieldInfo

from schemas.codebook.code import Code

PERMITTED: Final = "x-permitted"
"""Member of a field in a published schema."""


def permitted(codes: Iterable[Code]) -> Any:  # noqa: ANN401 - a field's mark, as `Field` makes it
    """Mark a field that takes these codes alone, in the order of their names."""
    taken: list[Any] = sorted(code.value for code in codes)
    return Field(json_schema_extra={PERMITTED: taken})


def permitted_in(field: FieldInfo) -> tuple[str, ...]:
    """Give the codes that a marked field takes; none where it takes its whole list."""
    extra = field.json_schema_extra
    marked: Any = extra.get(PERMITTED, ()) if isinstance(extra, dict) else ()
    return tuple(marked)
