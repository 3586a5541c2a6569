"""Size of the contract: the number of its types, fields, codes and pairs of type and author.

A published contract only grows, so the newer of two versions is the larger one. A process that sees another process
with a larger contract knows that the other may accept submissions that it must refuse itself.
"""

from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from schemas.catalogue import CATALOGUE
from schemas.codebook import LISTS


@cache
def size() -> int:
    """Return the sum of types, of their fields at every depth, of codes, and of pairs of type and author."""
    fields: dict[type[BaseModel], int] = {}
    for each in CATALOGUE.values():
        _count(each.model, fields)
    authors = sum(len(each.authors) for each in CATALOGUE.values())
    return len(CATALOGUE) + sum(fields.values()) + authors + sum(len(codes) for codes in LISTS.values())


def _count(annotation: Any, fields: dict[type[BaseModel], int]) -> None:  # noqa: ANN401 - whatever a field is said to be
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation not in fields:
            fields[annotation] = len(annotation.model_fields)
            for each in annotation.model_fields.values():
                _count(each.annotation, fields)
        return
    for each in get_args(annotation):
        _count(each, fields)
