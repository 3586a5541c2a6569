"""The contract as one AsyncAPI 3.0 document, made from the catalogue and the topics; `asyncapi.json` is its copy.

It is written from intake's side: intake receives every submission and sends everything else. Payloads refer to the
published schemas. The types that an agency may publish are the messages of its inbound channel.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from schemas.asyncapi.intake_messages import HEADERS_OF_A_COPY, OF_INTAKE, STRUCTURED, Node
from schemas.catalogue import CATALOGUE
from schemas.published_author_rules import permitted_values_of, statement_of
from schemas.topics import Deployment, TopicSpec

VERSION: Final = "1.0.0"
"""The document's own version: the major number rises when an agency must change what it does."""

_BINDING: Final = "0.5.0"


def document(deployment: Deployment) -> Node:
    """Return the AsyncAPI document of a deployment as JSON values; payload references are relative to `schemas/`."""
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
        "defaultContentType": STRUCTURED,
        "servers": {
            "scram": _server("SASL_SSL with SCRAM-SHA-512", "password"),
            "mtls": _server("TLS with a client certificate", "certificate"),
        },
        "channels": {name: _channel(deployment, spec) for name, spec in specs.items()},
        "operations": {_operation_id(name): _operation(deployment, name, spec) for name, spec in specs.items()},
        "components": {
            "messages": {**{name: _event(name) for name in CATALOGUE}, **OF_INTAKE},
            "messageTraits": {"copy": {"headers": HEADERS_OF_A_COPY}},
            "securitySchemes": {"password": {"type": "scramSha512"}, "certificate": {"type": "X509"}},
        },
    }


def _server(description: str, scheme: str) -> Node:
    return {
        "host": "{host}",
        "protocol": "kafka-secure",
        "description": description,
        "variables": {"host": {"description": "host:port of a broker's listener"}},
        "security": [{"$ref": f"#/components/securitySchemes/{scheme}"}],
    }


def _event(name: str) -> Node:
    """Return the message of an event type, which refers to its published schema."""
    kind = CATALOGUE[name]
    return {
        "name": name,
        "title": kind.en,
        "summary": kind.es,
        "contentType": STRUCTURED,
        "payload": {"$ref": f"published/{name}.schema.json"},
        **statement_of(name),
        "x-primary-entity": None if kind.primary is None else kind.primary.name.lower(),
    }


def _copy(name: str) -> Node:
    """Return the message of an event's copy on the log: the event's bytes with the headers of a copy."""
    return {
        "name": name,
        "contentType": STRUCTURED,
        "payload": {"$ref": f"published/{name}.schema.json"},
        "traits": [{"$ref": "#/components/messageTraits/copy"}],
    }


def _channel_id(deployment: Deployment, spec: TopicSpec) -> str:
    return spec.name.removeprefix(f"{deployment.name}.").removesuffix(".v1")


def _channel(deployment: Deployment, spec: TopicSpec) -> Node:
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
        **_limits(deployment, spec),
    }


def _limits(deployment: Deployment, spec: TopicSpec) -> Node:
    """Return the limited values of an inbound channel's agency, by type and JSON Pointer; empty for other channels."""
    if not _comes_in(deployment, spec):
        return {}
    limits = {
        name: found
        for name, kind in CATALOGUE.items()
        for producer in spec.producers
        if producer in kind.authors and (found := permitted_values_of(kind, producer))
    }
    return {"x-limits": limits}


def _configuration(config: Mapping[str, str]) -> Node:
    """Return a topic's settings in AsyncAPI's form: numbers as numbers, the clean-up policy as a list."""
    plain = {name: int(value) if value.lstrip("-").isdecimal() else value for name, value in config.items()}
    return {**plain, "cleanup.policy": [config["cleanup.policy"]]}


def _messages(deployment: Deployment, spec: TopicSpec) -> Node:
    """Return the messages of a topic by name.

    An inbound topic has the event types that its producers may publish. The log has a copy of every event type.
    Every other topic has messages of intake: refusals, progress, or receipts, deliveries, dangers and restrictions.
    """
    if spec.name in deployment.logs:
        return {name: _copy(name) for name in CATALOGUE}
    if _comes_in(deployment, spec):
        return _named(name for name, kind in CATALOGUE.items() if kind.authors.intersection(spec.producers))
    of_intake = {deployment.quarantine: ["refused"], deployment.progress: ["progress"]}
    return _named(of_intake.get(spec.name, ["receipt", "delivery", "danger", "restriction"]))


def _named(names: Iterable[str]) -> Node:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in names}


def _operation_id(channel: str) -> str:
    return channel.replace(".", "_").replace("-", "_")


def _operation(deployment: Deployment, channel: str, spec: TopicSpec) -> Node:
    return {
        "action": "receive" if _comes_in(deployment, spec) else "send",
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": spec.purpose,
        "bindings": {"kafka": {"bindingVersion": _BINDING}},
    }


def _comes_in(deployment: Deployment, spec: TopicSpec) -> bool:
    """Whether a topic is an inbound topic, from which intake reads submissions."""
    return spec.name in map(deployment.inbound, deployment.publishers)
