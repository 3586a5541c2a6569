"""The JSON Schema of every event type, as agencies get it; the files beside this are golden.

They are written from the models by `pytest tests/contract --update-golden` and change only as `schemas` says.
"""

import inspect
import json
from typing import Any

from schemas.authors import statement_of
from schemas.catalogue import CATALOGUE
from schemas.schema_descriptions import described
from schemas.envelope import dataschema_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(type_string: str) -> dict[str, Any]:
    """Give the JSON Schema of a type: the rules of its fields one by one, not those between fields."""
    kind = CATALOGUE[type_string]
    said = kind.model.model_fields["data"].annotation
    return {
        "$schema": DIALECT,
        "$id": dataschema_of(type_string),
        **described(kind.model.model_json_schema()),
        "title": kind.en,
        # As every Python tells it: from 3.13 on the compiler takes the indentation away.
        "description": inspect.cleandoc(getattr(said, "__doc__", None) or ""),
        **statement_of(type_string),
    }


def written(schema: dict[str, Any]) -> str:
    """The text of a golden file."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
