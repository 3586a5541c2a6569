"""The OpenAPI 3.1 document: what each route takes and answers, problems included, with examples that are tried."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from schemas.catalogue import CATALOGUE
from schemas.described import described
from schemas.diagnosis import said_by
from schemas.envelope import Event
from schemas.errors import Reason
from schemas.ids import Kind, mint
from services.intake.api import events, identities, inbox, quarantine, receipts, reference, referrals
from services.intake.api.body import BATCH, JSON
from services.intake.api.events import Receipts
from services.intake.api.identities import SharedIdentity
from services.intake.api.problem import MEDIA_TYPE, ProblemDetails
from services.intake.api.share import Share
from services.intake.api.words import WORDS, HttpRule, RefusalCause
from services.intake.domain.batch import MAX_EVENTS
from services.intake.domain.identities import IdentityRequest
from services.intake.domain.receipt import Receipt
from services.intake.domain.submission import STRUCTURED

VERSION: Final = "1.0.0"
"""The document's own version: the major number rises when an agency must change what it does."""

SchemaNode: TypeAlias = dict[str, Any]

_EVENT: Final = STRUCTURED.decode()
_REF: Final = "#/components/schemas/{model}"
_DESCRIPTION: Final = (
    "What agencies publish about trafficking in persons, and what becomes of it. (source, id) makes a repetition"
    " harmless: whatever is not answered, or answered with 503, may be sent again as it was. Every problem names a rule"
    " and a place, and repeats nothing of what was sent."
)

_ANYWHERE: Final[tuple[RefusalCause, ...]] = (
    HttpRule.NO_KEY,
    HttpRule.TOO_OFTEN,
    HttpRule.CANNOT_PROMISE,
    HttpRule.NOT_HTTP,
)
_OF_A_BODY: Final[tuple[RefusalCause, ...]] = (
    HttpRule.BODY_TOO_SLOW,
    HttpRule.BODY_TOO_LARGE,
    HttpRule.MEDIA_TYPE,
    HttpRule.CONTENT_ENCODING,
)
_OF_AN_EVENT: Final[tuple[RefusalCause, ...]] = (
    *Reason,
    HttpRule.EMPTY_BATCH,
    HttpRule.TOO_MANY_EVENTS,
    HttpRule.PARAMETER,
)
_OF_ASKED: Final[tuple[RefusalCause, ...]] = (
    *(Reason.NOT_UTF8, Reason.BYTE_ORDER_MARK, Reason.NOT_JSON, Reason.NOT_AN_OBJECT, Reason.DUPLICATE_KEY),
    *(Reason.TOO_DEEP, Reason.NUMBER_NOT_ALLOWED, Reason.MISSING_FIELD, Reason.UNKNOWN_FIELD, Reason.WRONG_TYPE),
    *(Reason.WRONG_FORM, Reason.OUT_OF_RANGE, Reason.UNKNOWN_CODE, Reason.UNKNOWN_AGENCY),
    *(Reason.TOO_MANY, Reason.TEXT_TOO_LONG),
)

_SESSION: Final = mint(Kind.ACTIVITY, bytes(15) + b"\x07")
_EXAMPLE: Final[SchemaNode] = {
    "specversion": "1.0",
    "id": "018f3c2e-7d30-7000-8000-00000000a001",
    "source": "bpd/register",
    "type": "bz.atips.training.session_delivered.v1",
    "subject": _SESSION,
    "time": "2024-06-14T00:00:00-06:00",
    "occurredprecision": "day",
    "recordedtime": "2024-06-15T08:00:00-06:00",
    "data": {"session": _SESSION, "participants_n": 12},
}


def of_route(endpoint: Callable[..., Any]) -> SchemaNode:
    """Give what FastAPI is told of a route beside its signature."""
    return _ROUTES[endpoint]


def whole(app: FastAPI, shares: Sequence[Share] = ()) -> SchemaNode:
    """Give the document; `shares` are the limits that this door has."""
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
        for model in (ProblemDetails, Receipt, Receipts, SharedIdentity):
            _add(components, model.__name__, model.model_json_schema(ref_template=_REF, mode="serialization"))
        for name, node in (("Event", _event()), ("Asked", IdentityRequest.model_json_schema(ref_template=_REF))):
            _add(components, name, node)
        for name, node in data_models().items():
            components.setdefault(name, node)
        app.openapi_schema = found
    return app.openapi_schema


def data_models() -> SchemaNode:
    """Give the schemas of what events say, and of their codes, by the names of the models."""
    models = [(said_by(kind.model), "validation") for kind in CATALOGUE.values()]
    _, found = models_json_schema(models, ref_template=_REF)  # type: ignore[arg-type]
    whole: SchemaNode = described(found)["$defs"]
    return whole


def _add(components: SchemaNode, name: str, node: SchemaNode) -> None:
    for inner, its in node.pop("$defs", {}).items():
        components.setdefault(inner, its)
    components[name] = node


def _event() -> SchemaNode:
    """Give the envelope, and the models of the data. Which model a type has is in its schema: `/v1/schemas/{type}`."""
    node = described(Event.model_json_schema(ref_template=_REF))
    node["$defs"].pop("Wire")
    node["properties"]["type"] = {"type": "string", "enum": list(CATALOGUE)}
    models = dict.fromkeys(said_by(kind.model).__name__ for kind in CATALOGUE.values())
    node["properties"]["data"] |= {"anyOf": [_ref(name) for name in models]}
    node["properties"]["data"].pop("$ref", None)
    return node


def _ref(name: str) -> SchemaNode:
    return {"$ref": _REF.format(model=name)}


def _answer(description: str, model: type[BaseModel], *others: type[BaseModel], example: object = None) -> SchemaNode:
    names = [each.__name__ for each in (model, *others)]
    node = _ref(names[0]) if not others else {"anyOf": [_ref(name) for name in names]}
    return {"description": description, "content": {JSON: {"schema": node, **_example(example)}}}


def _example(example: object) -> SchemaNode:
    return {} if example is None else {"example": example}


def _problems(*rules: RefusalCause) -> dict[int | str, SchemaNode]:
    """Give the problems by their status, with the rules that each may name."""
    by_status: dict[int | str, list[RefusalCause]] = {}
    for rule in (*_ANYWHERE, *rules):
        by_status.setdefault(WORDS[rule].status, []).append(rule)
    return {status: _problem(status, found) for status, found in by_status.items()}


def _problem(status: int | str, rules: list[RefusalCause]) -> SchemaNode:
    first = rules[0]
    example = {
        "type": f"urn:atips:problem:{first.value}",
        "title": WORDS[first].en,
        "status": status,
        "rule": first.value,
    }
    node: SchemaNode = {
        "description": "; ".join(f"`{rule.value}`: {WORDS[rule].en}" for rule in rules),
        "content": {MEDIA_TYPE: {"schema": _ref("ProblemDetails"), "example": {**example, "errors": []}}},
    }
    headers = {name: _HEADERS[name] for status_of, name in _HEADERS_OF if status_of == status}
    return {**node, "headers": headers} if headers else node


_HEADERS: Final[Mapping[str, SchemaNode]] = {
    "Retry-After": {"description": "seconds", "required": True, "schema": {"type": "integer", "minimum": 1}},
    "WWW-Authenticate": {"required": True, "schema": {"const": "Bearer"}},
}
_HEADERS_OF: Final = ((429, "Retry-After"), (503, "Retry-After"), (401, "WWW-Authenticate"))

_RECEIPT: Final[SchemaNode] = {
    "status": "accepted",
    "source": _EXAMPLE["source"],
    "id": _EXAMPLE["id"],
    "n": 1204,
    "accepted_at": 1718460000000,
    "digest": "1f" * 32,
}

_SUBMIT: Final[SchemaNode] = {
    "tags": ["events"],
    "responses": {
        202: _answer("On disk, with its number; in a batch, what became of each.", Receipt, Receipts, example=_RECEIPT),
        200: _answer("A dry run: what would become of it now.", Receipt, Receipts),
        **_problems(*_OF_A_BODY, *_OF_AN_EVENT),
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "description": "A CloudEvent in structured mode; a batch of them; or, with `ce-` headers, the data of one.",
            "content": {
                _EVENT: {"schema": _ref("Event"), "example": _EXAMPLE},
                BATCH: {
                    "schema": {"type": "array", "items": _ref("Event"), "minItems": 1, "maxItems": MAX_EVENTS},
                    "example": [_EXAMPLE],
                },
                JSON: {"schema": {"type": "object", "description": "the data"}, "example": _EXAMPLE["data"]},
            },
        },
        "parameters": [
            {
                "name": f"ce-{name}",
                "in": "header",
                "description": "In binary mode alone; so may every other attribute.",
                "schema": {"type": "string"},
            }
            for name in ("specversion", "id", "source", "type", "time", "recordedtime")
        ],
    },
}

_ROUTES: Final[Mapping[Callable[..., Any], SchemaNode]] = {
    events.submit: _SUBMIT,
    receipts.since: {"tags": ["receipts"], "responses": _problems(HttpRule.PARAMETER)},
    receipts.of_event: {"tags": ["receipts"], "responses": _problems(HttpRule.PARAMETER, HttpRule.NOT_FOUND)},
    quarantine.refused: {"tags": ["receipts"], "responses": _problems(HttpRule.PARAMETER)},
    inbox.messages: {"tags": ["referrals"], "responses": _problems(HttpRule.PARAMETER)},
    referrals.one: {"tags": ["referrals"], "responses": _problems(HttpRule.PARAMETER, HttpRule.NOT_FOUND)},
    identities.identify: {
        "tags": ["identities"],
        "responses": {
            201: _answer("Minted now.", SharedIdentity),
            200: _answer("Known before.", SharedIdentity),
            **_problems(*_OF_A_BODY, HttpRule.NUMBER_OF_ANOTHER_AGENCY, *_OF_ASKED),
        },
        "openapi_extra": {
            "requestBody": {
                "required": True,
                "content": {
                    JSON: {"schema": _ref("Asked"), "example": {"kind": "per", "number": "2024-117"}},
                },
            }
        },
    },
    reference.types: {"tags": ["contract"], "responses": _problems()},
    reference.schema: {
        "tags": ["contract"],
        "responses": {
            200: {
                "description": "JSON Schema 2020-12",
                "content": {"application/schema+json": {"schema": {"type": "object"}}},
            },
            **_problems(HttpRule.NOT_FOUND),
        },
    },
    reference.lists: {"tags": ["contract"], "responses": _problems()},
    reference.codes: {"tags": ["contract"], "responses": _problems(HttpRule.NOT_FOUND)},
}
