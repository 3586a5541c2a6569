"""Operations of the OpenAPI document: request bodies and answers of each route, with its problems."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from pydantic import BaseModel

from schemas.errors import Reason
from schemas.ids import Kind, mint
from services.intake.api import events, inbox, own_number_ids, quarantine, receipts, referral_status, schemas_and_codes
from services.intake.api.body import BATCH, JSON
from services.intake.api.events import Receipts
from services.intake.api.own_number_ids import SharedIdentities, SharedIdentity
from services.intake.api.problem import MEDIA_TYPE
from services.intake.api.problem_titles import WORDS, HttpRule, RefusalCause
from services.intake.domain.json_batch import MAX_EVENTS
from services.intake.domain.receipt import Receipt
from services.intake.domain.submission import STRUCTURED

SchemaNode: TypeAlias = dict[str, Any]
_EVENT: Final = STRUCTURED.decode()
REF: Final = "#/components/schemas/{model}"
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
    *(Reason.WRONG_FORM, Reason.OUT_OF_RANGE, Reason.UNKNOWN_CODE, Reason.UNKNOWN_AGENCY, Reason.CONTRADICTORY_CODES),
    *(Reason.TOO_MANY, Reason.TEXT_TOO_LONG),
)
_SESSION: Final = mint(Kind.ACTIVITY, bytes(15) + b"\x07")
EXAMPLE: Final[SchemaNode] = {
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


def route_description(endpoint: Callable[..., Any]) -> SchemaNode:
    """Return the keyword arguments of `FastAPI.add_api_route` that describe a route in the OpenAPI document."""
    return _ROUTES[endpoint]


def ref(name: str) -> SchemaNode:
    """Return a JSON Schema reference to the document's model `name`."""
    return {"$ref": REF.format(model=name)}


def _answer(description: str, model: type[BaseModel], *others: type[BaseModel], example: object = None) -> SchemaNode:
    names = [each.__name__ for each in (model, *others)]
    node = ref(names[0]) if not others else {"anyOf": [ref(name) for name in names]}
    return {"description": description, "content": {JSON: {"schema": node, **example_member(example)}}}


def example_member(value: object) -> SchemaNode:
    """Return {"example": value}; an empty dict for None."""
    return {} if value is None else {"example": value}


def _problems(*rules: RefusalCause) -> dict[int | str, SchemaNode]:
    """Return the problem answers of a route by HTTP status: those of `rules`, and those that any route may give."""
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
        "content": {MEDIA_TYPE: {"schema": ref("ProblemDetails"), "example": {**example, "errors": []}}},
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
    "source": EXAMPLE["source"],
    "id": EXAMPLE["id"],
    "type": EXAMPLE["type"],
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
                _EVENT: {"schema": ref("Event"), "example": EXAMPLE},
                BATCH: {
                    "schema": {"type": "array", "items": ref("Event"), "minItems": 1, "maxItems": MAX_EVENTS},
                    "example": [EXAMPLE],
                },
                JSON: {"schema": {"type": "object", "description": "the data"}, "example": EXAMPLE["data"]},
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
    referral_status.one: {"tags": ["referrals"], "responses": _problems(HttpRule.PARAMETER, HttpRule.NOT_FOUND)},
    own_number_ids.identify: {
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
                    JSON: {"schema": ref("Asked"), "example": {"kind": "per", "number": "2024-117"}},
                },
            }
        },
    },
    own_number_ids.identify_batch: {
        "tags": ["identities"],
        "responses": {
            200: _answer("Their ids.", SharedIdentities),
            **_problems(*_OF_A_BODY, HttpRule.NUMBER_OF_ANOTHER_AGENCY, HttpRule.PARAMETER, *_OF_ASKED),
        },
        "openapi_extra": {
            "requestBody": {
                "required": True,
                "content": {
                    JSON: {
                        "schema": ref("AskedBatch"),
                        "example": {"numbers": [{"kind": "per", "number": "2024-117"}]},
                    },
                },
            }
        },
    },
    schemas_and_codes.types: {"tags": ["contract"], "responses": _problems()},
    schemas_and_codes.schema: {
        "tags": ["contract"],
        "responses": {
            200: {
                "description": "JSON Schema 2020-12",
                "content": {"application/schema+json": {"schema": {"type": "object"}}},
            },
            **_problems(HttpRule.NOT_FOUND),
        },
    },
    schemas_and_codes.lists: {"tags": ["contract"], "responses": _problems()},
    schemas_and_codes.codes: {"tags": ["contract"], "responses": _problems(HttpRule.NOT_FOUND)},
}
