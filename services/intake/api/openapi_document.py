"""The OpenAPI 3.1 document: its operations, and the models of requests and answers."""

from collections.abc import Sequence
from typing import Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from schemas.catalogue import CATALOGUE
from schemas.envelope import Event
from schemas.pydantic_errors import data_class_of
from schemas.schema_descriptions import described
from services.intake.api.events import Receipts
from services.intake.api.openapi_operations import REF, SchemaNode, ref
from services.intake.api.own_number_ids import SharedIdentities, SharedIdentity
from services.intake.api.problem import ProblemDetails
from services.intake.api.rate_limits import Share
from services.intake.domain.own_number_ids import IdentitiesRequest, IdentityRequest
from services.intake.domain.receipt import Receipt

VERSION: Final = "1.0.0"
"""The document's own version. The major number rises when agencies must change their programs."""
_DESCRIPTION: Final = (
    "What agencies publish about trafficking in persons, and what becomes of it. (source, id) makes a repetition"
    " harmless: whatever is not answered, or answered with 503, may be sent again as it was. Every problem names a rule"
    " and a place, and repeats nothing of what was sent."
)


def build_document(app: FastAPI, shares: Sequence[Share] = ()) -> SchemaNode:
    """Return the OpenAPI document of `app`. `shares`: the limits that its answers 429 state.

    Later calls return the document of the first call.
    """
    limits = "; ".join(share.sentence() for share in shares)
    if app.openapi_schema is None:
        found = get_openapi(
            title=app.title,
            version=VERSION,
            summary="Events, receipts, shared ids and the contract",
            description=_DESCRIPTION,
            routes=app.routes,
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        )
        components = found["components"]["schemas"]
        for unused in ("HTTPValidationError", "ValidationError"):
            components.pop(unused, None)
        for operation in (each for path in found["paths"].values() for each in path.values()):
            if operation["responses"].get("422", {}).get("description") == "Validation Error":
                del operation["responses"]["422"]
            if (often := operation["responses"].get("429")) is not None and limits:
                often["description"] += f". {limits}."
        for model in (ProblemDetails, Receipt, Receipts, SharedIdentity, SharedIdentities):
            _add(components, model.__name__, model.model_json_schema(ref_template=REF, mode="serialization"))
        asked = (("Asked", IdentityRequest), ("AskedBatch", IdentitiesRequest))
        models = ((name, model.model_json_schema(ref_template=REF)) for name, model in asked)
        for name, node in (("Event", _event()), *models):
            _add(components, name, node)
        for name, node in data_models().items():
            components.setdefault(name, node)
        app.openapi_schema = found
    return app.openapi_schema


def data_models() -> SchemaNode:
    """Return the JSON Schemas of the data of all event types, and of their code lists, by name of the model."""
    models = [(data_class_of(kind.model), "validation") for kind in CATALOGUE.values()]
    _, found = models_json_schema(models, ref_template=REF)  # type: ignore[arg-type]
    whole: SchemaNode = described(found)["$defs"]
    return whole


def _add(components: SchemaNode, name: str, node: SchemaNode) -> None:
    for inner, its in node.pop("$defs", {}).items():
        components.setdefault(inner, its)
    components[name] = node


def _event() -> SchemaNode:
    """Return the schema of any event: the envelope, with the data of every type as alternatives.

    `/v1/schemas/{type}` returns the schema of one type.
    """
    node = described(Event.model_json_schema(ref_template=REF))
    node["$defs"].pop("Wire")
    node["properties"]["type"] = {"type": "string", "enum": list(CATALOGUE)}
    models = dict.fromkeys(data_class_of(kind.model).__name__ for kind in CATALOGUE.values())
    node["properties"]["data"] |= {"anyOf": [ref(name) for name in models]}
    node["properties"]["data"].pop("$ref", None)
    return node
