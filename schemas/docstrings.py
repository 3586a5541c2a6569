"""What stands below a model's fields, read from its source: for who publishes its schema, and nobody else waits."""

import ast
import inspect
from itertools import pairwise
from textwrap import dedent

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from typing_extensions import override


class Described(BaseModel):
    """A model whose schema describes each field by what stands below it.

    As pydantic's `use_attribute_docstrings`, which reads every model's source whenever a program starts.
    """

    @classmethod
    @override
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core_schema)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        for name, said in docstrings(cls).items():
            properties[name]["description"] = said
        return schema


def docstrings(model: type[Described]) -> dict[str, str]:
    """By the name of the field; one that is declared again has what stands there, or nothing."""
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if issubclass(each, Described) and each is not Described:
            found |= _below(dedent(inspect.getsource(each)))
    return {name: said for name, said in found.items() if said and name in model.model_fields}


def _below(source: str) -> dict[str, str]:
    """What stands below each annotated name of a class; nothing is an empty text."""
    found = {}
    (written,) = ast.parse(source).body
    for one, following in pairwise([*getattr(written, "body", ()), ast.Pass()]):
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            match following:
                case ast.Expr(value=ast.Constant(value=str(said))):
                    found[one.target.id] = inspect.cleandoc(said)
                case _:
                    found[one.target.id] = ""
    return found
