"""The whole contract as one AsyncAPI 3.0 document, made from the catalogue and the topics; `asyncapi.json` is its copy.

It speaks as intake: every submission is received by it, and everything else is sent by it. What an event says is in the
published schemas, to which it refers; what an agency may publish is what its own inbound channel lists.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from schemas.catalogue import CATALOGUE
from schemas.topics import Deployment, TopicSpec

VERSION: Final = "1.0.0"
"""The document's own version: the major number rises when an agency must change what it does."""

_Node = dict[str, Any]

_STRUCTURED: Final = "application/cloudevents+json"
_BINDING: Final = "0.5.0"
_JSON: Final = "application/json"

_TEXT: Final[_Node] = {"type": "string"}
_TEXT_OR_NULL: Final[_Node] = {"type": ["string", "null"]}
_NUMBER: Final[_Node] = {"type": "integer", "minimum": 1}
_MILLISECONDS: Final[_Node] = {"type": "integer", "minimum": 0, "description": "since 1970-01-01T00:00:00Z"}
_DIGITS: Final[_Node] = {"type": "string", "pattern": "^[0-9]+$"}
_BASE64: Final[_Node] = {"type": "string", "contentEncoding": "base64"}
_DIGEST: Final[_Node] = {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"}


def _object(**properties: _Node) -> _Node:
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}


def _nullable(node: _Node) -> _Node:
    return {**node, "type": [node["type"], "null"]}


_PLACE_NODES: Final[Mapping[str, _Node]] = {
    "topic": _TEXT_OR_NULL,
    "partition": {"type": ["integer", "null"]},
    "offset": {"type": ["integer", "null"]},
}
_PLACE: Final = {**_object(**_PLACE_NODES), "description": "of the submission's record; null over HTTP"}

_RECEIPT: Final = _object(
    specversion={"const": "1.0"},
    id=_TEXT,
    source=_TEXT,
    type={"type": "string", "pattern": r"^bz\.atips\.submission\.(accepted|duplicate|refused)\.v1$"},
    time={"type": "string", "format": "date-time"},
    datacontenttype={"const": _JSON},
    data=_object(
        status={"enum": ["accepted", "duplicate", "refused"]},
        source=_TEXT_OR_NULL,
        id=_TEXT_OR_NULL,
        n=_nullable(_NUMBER),
        accepted_at=_nullable(_MILLISECONDS),
        digest=_DIGEST,
        reason=_TEXT_OR_NULL,
        pointer=_TEXT_OR_NULL,
        inbound=_PLACE,
    ),
)
_REFUSED: Final = _object(
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
    sealed=_BASE64,
    fingerprint={"type": "string", "pattern": "^([0-9a-f]{64})?$", "description": "keyed; equal for equal bytes"},
    inbound=_object(**_PLACE_NODES, timestamp={"type": ["integer", "null"]}),
    attempts={"type": "integer", "minimum": 1},
)
_DELIVERY: Final = _object(
    specversion={"const": "1.0"},
    id={"type": "string", "format": "uuid"},
    source={"const": "referral/service"},
    type={"type": "string", "pattern": r"^bz\.atips\.delivery\.[a-z]+(_[a-z]+)*\.v1$"},
    time={"type": "string", "format": "date-time"},
    datacontenttype={"const": _JSON},
    data=_object(
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
_HEADERS_OF_A_COPY: Final[_Node] = {
    "type": "object",
    "required": ["content-type", "ce_id", "ce_type", "role", "n", "accepted_at"],
    "properties": {
        "content-type": {"const": _STRUCTURED},
        "ce_id": _TEXT,
        "ce_type": _TEXT,
        "role": {"enum": ["primary", "related"]},
        "n": {**_DIGITS, "description": "the gapless number that intake gave to the event"},
        "accepted_at": {**_DIGITS, "description": "milliseconds since 1970-01-01T00:00:00Z"},
    },
}

_OF_INTAKE: Final[Mapping[str, _Node]] = {
    "receipt": {
        "name": "receipt",
        "title": "Receipt or refusal",
        "summary": "What became of a submission: its number, or the rule and the place that it breaks, never a value.",
        "contentType": _STRUCTURED,
        "payload": _RECEIPT,
    },
    "delivery": {
        "name": "delivery",
        "title": "What an agency is to act on, or should know",
        "summary": "A referral to answer, a decision, something late, consent taken back, a notice; it expires.",
        "contentType": _STRUCTURED,
        "payload": _DELIVERY,
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


def document(deployment: Deployment) -> _Node:
    """The AsyncAPI document of one installation, as JSON; references to payloads are relative to `schemas/`."""
    specs = {_channel_id(deployment, spec): spec for spec in deployment.specs()}
    return {
        "asyncapi": "3.0.0",
        "id": f"urn:{deployment.name}:intake",
        "info": {
            "title": "A-TIPs event pipeline",
            "version": VERSION,
            "description": "What agencies publish about trafficking in persons, and what becomes of it. Every event is"
            " a CloudEvent in structured JSON; binary mode is read as well. (source, id) makes a repetition harmless.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": _STRUCTURED,
        "servers": {
            "scram": _server("SASL_SSL with SCRAM-SHA-512", "password"),
            "mtls": _server("TLS with a client certificate", "certificate"),
        },
        "channels": {name: _channel(deployment, spec) for name, spec in specs.items()},
        "operations": {_operation_id(name): _operation(name, spec) for name, spec in specs.items()},
        "components": {
            "messages": {**{name: _event(name) for name in CATALOGUE}, **_OF_INTAKE},
            "messageTraits": {"copy": {"headers": _HEADERS_OF_A_COPY}},
            "securitySchemes": {"password": {"type": "scramSha512"}, "certificate": {"type": "X509"}},
        },
    }


def _server(description: str, scheme: str) -> _Node:
    return {
        "host": "{host}",
        "protocol": "kafka-secure",
        "description": description,
        "variables": {"host": {"description": "host:port of a broker's listener"}},
        "security": [{"$ref": f"#/components/securitySchemes/{scheme}"}],
    }


def _event(name: str) -> _Node:
    """A message that refers to its published schema."""
    kind = CATALOGUE[name]
    return {
        "name": name,
        "title": kind.en,
        "summary": kind.es,
        "contentType": _STRUCTURED,
        "payload": {"$ref": f"published/{name}.schema.json"},
        "x-authors": sorted(kind.authors),
        "x-primary-entity": None if kind.primary is None else kind.primary.name.lower(),
    }


def _copy(name: str) -> _Node:
    """The same bytes on the log, with the headers of a copy."""
    return {
        "name": name,
        "contentType": _STRUCTURED,
        "payload": {"$ref": f"published/{name}.schema.json"},
        "traits": [{"$ref": "#/components/messageTraits/copy"}],
    }


def _channel_id(deployment: Deployment, spec: TopicSpec) -> str:
    return spec.name.removeprefix(f"{deployment.name}.").removesuffix(".v1")


def _channel(deployment: Deployment, spec: TopicSpec) -> _Node:
    return {
        "address": spec.name,
        "description": spec.purpose,
        "messages": _messages(deployment, spec),
        "bindings": {
            "kafka": {
                "topic": spec.name,
                "partitions": spec.partitions,
                "topicConfiguration": _configuration(spec.config),
                "bindingVersion": _BINDING,
            }
        },
        "x-key": spec.key,
        "x-producers": list(spec.producers),
        "x-consumers": list(spec.consumers),
    }


def _configuration(config: Mapping[str, str]) -> _Node:
    numbers = {name: int(value) for name, value in config.items() if name != "cleanup.policy"}
    return {"cleanup.policy": [config["cleanup.policy"]], **numbers}


def _messages(deployment: Deployment, spec: TopicSpec) -> _Node:
    """The messages of a topic: on an inbound one what its producers may publish, on the log every event."""
    if spec.name in deployment.logs:
        return {name: _copy(name) for name in CATALOGUE}
    if "intake" in spec.consumers:
        return _named(name for name, kind in CATALOGUE.items() if kind.authors.intersection(spec.producers))
    of_intake = {deployment.quarantine: ["refused"], deployment.progress: ["progress"]}
    return _named(of_intake.get(spec.name, ["receipt", "delivery"]))


def _named(names: Iterable[str]) -> _Node:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in names}


def _operation_id(channel: str) -> str:
    return channel.replace(".", "_").replace("-", "_")


def _operation(channel: str, spec: TopicSpec) -> _Node:
    receives = "intake" in spec.consumers
    return {
        "action": "receive" if receives else "send",
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": spec.purpose,
        "bindings": {"kafka": {"bindingVersion": _BINDING}},
    }
