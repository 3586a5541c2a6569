"""Message schemas of the AsyncAPI document besides events: receipts, deliveries, refusals, progress."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

Node = dict[str, Any]

STRUCTURED: Final = "application/cloudevents+json"
_JSON: Final = "application/json"

_TEXT: Final[Node] = {"type": "string"}
_TEXT_OR_NULL: Final[Node] = {"type": ["string", "null"]}
_NUMBER: Final[Node] = {"type": "integer", "minimum": 1}
_MILLISECONDS: Final[Node] = {"type": "integer", "minimum": 0, "description": "since 1970-01-01T00:00:00Z"}
_DIGITS: Final[Node] = {"type": "string", "pattern": "^[0-9]+$"}
_BASE64: Final[Node] = {"type": "string", "contentEncoding": "base64"}
_DIGEST: Final[Node] = {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"}


def _object(**properties: Node) -> Node:
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}


def _nullable(node: Node) -> Node:
    return {**node, "type": [node["type"], "null"]}


_PLACE_NODES: Final[Mapping[str, Node]] = {
    "topic": _TEXT_OR_NULL,
    "partition": {"type": ["integer", "null"]},
    "offset": {"type": ["integer", "null"]},
}
_PLACE: Final = {**_object(**_PLACE_NODES), "description": "of the submission's record; null over HTTP"}

_EVENT_TYPE: Final[Node] = {
    **_TEXT_OR_NULL,
    "description": "of the event, where it could be read; receipts by an older version lack it",
}


def _answer(**more: Node) -> Node:
    """Return the schema of a receipt's data; `more`: the further members that it must have."""
    made = _every_answer(**more)
    return {**made, "properties": {**made["properties"], "type": _EVENT_TYPE}}


_every_answer = partial(
    _object,
    status={"enum": ["accepted", "duplicate", "refused"]},
    source=_TEXT_OR_NULL,
    id=_TEXT_OR_NULL,
    n=_nullable(_NUMBER),
    accepted_at=_nullable(_MILLISECONDS),
    digest=_DIGEST,
    reason=_TEXT_OR_NULL,
    pointer=_TEXT_OR_NULL,
    permitted={"type": ["array", "null"], "items": _TEXT, "description": "values that the author may give there"},
    inbound=_PLACE,
)
_NEAREST: Final[Node] = {"type": "array", "items": _TEXT, "description": "codes of the list that look most like it"}
_ERROR: Final[Node] = {
    "type": "object",
    "properties": {
        "rule": _TEXT,
        "pointer": _TEXT,
        "permitted": {"type": "array", "items": _TEXT},
        "codes": {**_TEXT, "description": "address of the list of codes"},
        "nearest": _NEAREST,
        "fields": {"type": "array", "items": _TEXT, "description": "the fields that there are"},
        "detail": {**_object(en=_TEXT, es=_TEXT), "description": "how the field is written"},
    },
    "required": ["rule", "pointer"],
    "additionalProperties": False,
}
_WRONG: Final[Mapping[str, Node]] = {
    "errors": {"type": "array", "items": _ERROR, "description": "everything that was found wrong, the reason first"},
    "codes": {**_TEXT_OR_NULL, "description": "address of the list in which the code at the pointer is not"},
    "nearest": {"type": ["array", "null"], "items": _TEXT, "description": "codes of that list that look most like it"},
}
"""Further members of a refusal's data; refusals by an older version lack them."""
_NOT_KEPT: Final[Node] = {"const": False, "description": "the bytes were not kept: repair the event and send it again"}
_RECEIPT: Final = _object(
    specversion={"const": "1.0"},
    id=_TEXT,
    source=_TEXT,
    type={"type": "string", "pattern": r"^bz\.atips\.submission\.(accepted|duplicate|refused)\.v1$"},
    time={"type": "string", "format": "date-time"},
    datacontenttype={"const": _JSON},
    data={"oneOf": [_answer(**more) for more in ({}, _WRONG, {"kept": _NOT_KEPT}, {**_WRONG, "kept": _NOT_KEPT})]},
)
_refused = partial(
    _object,
    n=_NUMBER,
    entry={**_NUMBER, "description": "n of the first attempt: the same id, or the same bytes, refused again"},
    accepted_at=_MILLISECONDS,
    agency=_TEXT,
    reason=_TEXT,
    pointer=_TEXT_OR_NULL,
    source=_TEXT_OR_NULL,
    id=_TEXT_OR_NULL,
    type=_TEXT_OR_NULL,
    must_arrive={"type": "boolean", "description": "somebody waits for it: it stays not delivered until repaired"},
    key_id=_TEXT,
    nonce=_BASE64,
    fingerprint={"type": "string", "pattern": "^([0-9a-f]{64})?$", "description": "keyed; equal for equal bytes"},
    inbound=_object(**_PLACE_NODES, timestamp={"type": ["integer", "null"]}),
    attempts={"type": "integer", "minimum": 1},
)
_SIZE: Final[Node] = {
    "type": "integer",
    "minimum": 1,
    "description": "of encrypted bytes that this record does not hold",
}
_KEPT_IN: Final[Node] = {
    **_nullable(_NUMBER),
    "description": "n of the attempt whose record holds the same bytes; null where they were not kept",
}
_MISTAKES: Final[Node] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"reason": _TEXT, "pointer": _TEXT, "nearest": _NEAREST},
        "required": ["reason", "pointer"],
        "additionalProperties": False,
    },
    "description": "everything that was found wrong",
}
_REFUSED: Final[Node] = {
    "oneOf": [
        _refused(**kept, **more)
        for more in ({}, {"mistakes": _MISTAKES})
        for kept in ({"sealed": _BASE64}, {"size": _SIZE}, {"size": _SIZE, "kept_in": _KEPT_IN})
    ]
}
_DELIVERED: Final = _object(
    to=_TEXT,
    person=_TEXT,
    case=_TEXT_OR_NULL,
    referral=_TEXT_OR_NULL,
    event={**_TEXT_OR_NULL, "description": "because of which it is told, as source/id; or what is late"},
    sender=_TEXT_OR_NULL,
    receiver=_TEXT_OR_NULL,
    holder=_TEXT_OR_NULL,
    state=_TEXT_OR_NULL,
    urgency=_TEXT_OR_NULL,
    service_types={"type": "array", "items": _TEXT},
    reason=_TEXT_OR_NULL,
    due_at={**_TEXT_OR_NULL, "format": "date-time"},
    expires_at={"type": "string", "format": "date-time"},
)
_BY: Final = {**_TEXT, "description": "in moved_after_end alone: the agency that accepted or started the referral"}
_DELIVERY: Final = _object(
    specversion={"const": "1.0"},
    id={"type": "string", "format": "uuid"},
    source={"const": "referral/service"},
    type={"type": "string", "pattern": r"^bz\.atips\.delivery\.[a-z]+(_[a-z]+)*\.v1$"},
    time={"type": "string", "format": "date-time"},
    datacontenttype={"const": _JSON},
    data={**_DELIVERED, "properties": {**_DELIVERED["properties"], "by": _BY}},
)
_ENDANGERED: Final = _object(
    to=_TEXT,
    finding=_TEXT,
    code=_TEXT,
    case={"type": ["string", "null"], "description": "null for a danger that names no case"},
    persons={"type": "array", "items": _TEXT},
    records={"type": "array", "items": _TEXT, "description": "the recipient's own among them, as source/id"},
    expires_at={"type": "string", "format": "date-time"},
)
_SINCE: Final = {
    "type": "string",
    "format": "date-time",
    "description": "in a danger that is told late alone: when it was found. The referral service states it",
}
_DANGER: Final = _object(
    specversion={"const": "1.0"},
    id={"type": "string", "format": "uuid"},
    source={"enum": ["case_tracker/service", "referral/service"]},
    type={
        "enum": ["bz.atips.delivery.danger.v1", "bz.atips.delivery.danger_over.v1"],
        "description": "danger_over: the finding of an earlier message is closed; nobody need act on it any more",
    },
    time={"type": "string", "format": "date-time"},
    datacontenttype={"const": _JSON},
    data={**_ENDANGERED, "properties": {**_ENDANGERED["properties"], "since": _SINCE}},
)
_RESTRICTION: Final = _object(
    specversion={"const": "1.0"},
    id={"type": "string", "format": "uuid"},
    source={"const": "case_tracker/service"},
    type={"const": "bz.atips.delivery.restriction.v1"},
    time={"type": "string", "format": "date-time"},
    datacontenttype={"const": _JSON},
    data=_object(
        to=_TEXT,
        case=_TEXT,
        kept_from={**_TEXT, "description": "the agency that may not see the case"},
        by={**_TEXT, "description": "the agency that says so"},
        reason=_TEXT,
        record={**_TEXT, "description": "its word, as source/id"},
        holds={"type": "boolean", "description": "whether it keeps the agency out now"},
        until={**_TEXT_OR_NULL, "format": "date-time", "description": "null: a second agency has said so too"},
        expires_at={"type": "string", "format": "date-time"},
    ),
)
_PROGRESS: Final = _object(
    n={"type": "integer", "minimum": 0},
    offsets={
        "type": "object",
        "description": "by topic and partition, the last offset that the log holds",
        "additionalProperties": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
    },
)
HEADERS_OF_A_COPY: Final[Node] = {
    "type": "object",
    "required": ["content-type", "ce_id", "ce_type", "role", "n", "accepted_at"],
    "properties": {
        "content-type": {"const": STRUCTURED},
        "ce_id": _TEXT,
        "ce_type": _TEXT,
        "role": {"enum": ["primary", "related"]},
        "n": {**_DIGITS, "description": "the gapless number that intake gave to the event"},
        "accepted_at": {**_DIGITS, "description": "milliseconds since 1970-01-01T00:00:00Z"},
    },
}

OF_INTAKE: Final[Mapping[str, Node]] = {
    "receipt": {
        "name": "receipt",
        "title": "Receipt or refusal",
        "summary": "What became of a submission: its number, or the rule and the place that it breaks, never a value.",
        "contentType": STRUCTURED,
        "payload": _RECEIPT,
    },
    "delivery": {
        "name": "delivery",
        "title": "What an agency is to act on, or should know",
        "summary": "A referral to answer, a decision, something late, consent taken back, a notice; it expires.",
        "contentType": STRUCTURED,
        "payload": _DELIVERY,
    },
    "danger": {
        "name": "danger",
        "title": "What endangers somebody, in a case or in none",
        "summary": "A finding that somebody must look at now; it expires.",
        "contentType": STRUCTURED,
        "payload": _DANGER,
    },
    "restriction": {
        "name": "restriction",
        "title": "A case that an agency is kept from",
        "summary": "The Council is told of each word that keeps an agency from a case; it expires.",
        "contentType": STRUCTURED,
        "payload": _RESTRICTION,
    },
    "refused": {
        "name": "refused",
        "title": "Refused submission",
        "summary": "The original bytes under AES-256-GCM with intake's key, with the reason and the place.",
        "contentType": _JSON,
        "payload": _REFUSED,
    },
    "progress": {
        "name": "progress",
        "title": "Progress of the log",
        "summary": "Everything up to n is on the log for who has read past these offsets.",
        "contentType": _JSON,
        "payload": _PROGRESS,
    },
}
