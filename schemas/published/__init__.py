"""JSON Schemas of all event types, as agencies get them; the files beside this module are golden copies.

`pytest tests/contract --update-golden` writes them from the models. They change only as `schemas` allows.
"""

import inspect
import json
from typing import Any

from schemas.published_author_rules import statement_of
from schemas.catalogue import CATALOGUE
from schemas.schema_descriptions import described
from schemas.envelope import dataschema_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(type_string: str) -> dict[str, Any]:
    """Return the JSON Schema of a type, with the rules of single fields; rules between fields are not in it."""
    kind = CATALOGUE[type_string]
    said = kind.model.model_fields["data"].annotation
    return {
        "$schema": DIALECT,
        "$id": dataschema_of(type_string),
        **described(kind.model.model_json_schema()),
        "title": kind.en,
        # Cleaned, so that all Python versions agree: from 3.13 on the compiler removes the indentation.
        "description": inspect.cleandoc(getattr(said, "__doc__", None) or ""),
        **statement_of(type_string),
    }


def written(schema: dict[str, Any]) -> str:
    """Return a schema as the text of a golden file."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
