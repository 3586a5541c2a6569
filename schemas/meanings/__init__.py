"""Meanings of every field, in English and Spanish, for the published schemas, OpenAPI and the sheets.

They are written only here. A key is a field's name, such as `person`. If a field has another meaning in one model, the
key names both: `CaseClosed.reason`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.meanings.envelope import ENVELOPE
from schemas.meanings.ids import THINGS
from schemas.meanings.justice import COURTS
from schemas.meanings.meaning import Meaning
from schemas.meanings.persons import PERSONS
from schemas.meanings.prevention_coordination_governance import OFFICES
from schemas.meanings.rules import ENVELOPE_RULES, FIELD_RULES, Rules

__all__ = ["ENVELOPE", "MEANINGS", "Meaning", "meaning_of", "rules_of"]

TABLES: Final = (PERSONS, THINGS, COURTS, OFFICES)

MEANINGS: Final[Mapping[str, Meaning]] = MappingProxyType({**PERSONS, **THINGS, **COURTS, **OFFICES})
"""Meanings of the fields of events' data. Those of the envelope's fields are in `ENVELOPE`."""


def meaning_of(model: str, field: str) -> Meaning | None:
    """Return the meaning of a model's field, by the name of the model's class; None if there is none."""
    return MEANINGS.get(f"{model}.{field}") or MEANINGS.get(field)


def rules_of(model: str | None, field: str) -> Rules:
    """Return the rules of a field that tie it to other fields. `model`: name of its class, None for the envelope."""
    if model is None:
        return ENVELOPE_RULES.get(field, {})
    return FIELD_RULES.get(f"{model}.{field}") or FIELD_RULES.get(field, {})
