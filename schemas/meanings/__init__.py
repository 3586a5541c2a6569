"""The meaning of every field, in English and Spanish: the only place where it is written.

The published schemas, OpenAPI and the sheets take it from here. A key is a field's name, as `person`, or a model's and
a field's, as `CaseClosed.reason`, where the field means something else in that model.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.meanings.envelope import ENVELOPE
from schemas.meanings.justice import COURTS
from schemas.meanings.meaning import Meaning
from schemas.meanings.offices import OFFICES
from schemas.meanings.persons import PERSONS
from schemas.meanings.things import THINGS

__all__ = ["ENVELOPE", "MEANINGS", "Meaning", "meaning_of"]

TABLES: Final = (PERSONS, THINGS, COURTS, OFFICES)

MEANINGS: Final[Mapping[str, Meaning]] = MappingProxyType({**PERSONS, **THINGS, **COURTS, **OFFICES})
"""Meanings of what events say. Those of the envelope are `ENVELOPE`."""


def meaning_of(model: str, field: str) -> Meaning | None:
    """Find the meaning of a field of a model, given by its class's name; None where nobody wrote one."""
    return MEANINGS.get(f"{model}.{field}") or MEANINGS.get(field)
