"""Configuration of one of three Kafka brokers, each of which is a controller too.

Three listeners for clients: `SERVICES` (SCRAM, our own processes), `AGENCIES` (SCRAM, published to the outside) and
`MTLS` (brokers and the administrator). `CONTROLLER` is for brokers alone. All are TLS; there is no other.
"""

from __future__ import annotations

from typing import Final

from infra.certificate_parts import ORGANISATION
from infra.kafka import broker_limits

BROKERS: Final = (1, 2, 3)
REPLICAS: Final = 3
ACKNOWLEDGED_BY: Final = 2
MTLS, SERVICES, CONTROLLER, AGENCIES = 9092, 9094, 9093, 9095
AGENCY_PORTS: Final = {1: 19092, 2: 19093, 3: 19094}
"""Ports of the agencies' listeners on the host."""

BROKER: Final = "broker"
ADMIN: Final = "admin"

CONNECTIONS_PER_ADDRESS: Final = 64
"""Connections from one address. Each of our processes has an address of its own; intake opens most, ten clients with a
connection to each of three brokers."""

_SCRAM: Final = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
_PRINCIPAL: Final = rf"RULE:^CN=([a-z0-9_.-]+),O={ORGANISATION}$/$1/"


def name(node: int) -> str:
    """Return the broker's host name inside the deployment."""
    return f"kafka-{node}"


def properties(node: int, outside: str) -> str:
    """Return the text of a broker's `server.properties`. It holds no secret: keys are in files beside it.

    `outside`: the host by which agencies reach the brokers, which the certificates name too.
    """
    inside = {"MTLS": MTLS, "SERVICES": SERVICES}
    advertised = [f"{listener}://{name(node)}:{port}" for listener, port in inside.items()]
    settings = {
        "node.id": str(node),
        "process.roles": "broker,controller",
        "controller.quorum.voters": ",".join(f"{each}@{name(each)}:{CONTROLLER}" for each in BROKERS),
        "log.dirs": "/var/lib/kafka/data",
        "listeners": ",".join(
            f"{listener}://:{port}"
            for listener, port in {**inside, "AGENCIES": AGENCIES, "CONTROLLER": CONTROLLER}.items()
        ),
        "advertised.listeners": ",".join([*advertised, f"AGENCIES://{outside}:{AGENCY_PORTS[node]}"]),
        "listener.security.protocol.map": "SERVICES:SASL_SSL,AGENCIES:SASL_SSL,MTLS:SSL,CONTROLLER:SSL",
        "inter.broker.listener.name": "MTLS",
        "controller.listener.names": "CONTROLLER",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        **_tls(),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:{ADMIN};User:{BROKER}",
        "allow.everyone.if.no.acl.found": "false",
        "auto.create.topics.enable": "false",
        **broker_limits.properties(("SERVICES", "AGENCIES", "MTLS"), ()),
        "max.connections.per.ip": str(CONNECTIONS_PER_ADDRESS),
        **_copies(),
        **_takeover(),
        # How soon files of deleted records are removed: inbound records may name a person. The default is five minutes.
        "log.retention.check.interval.ms": "60000",
    }
    return "".join(f"{key}={value}\n" for key, value in settings.items())


def _tls() -> dict[str, str]:
    return {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": "/run/kafka/keystore.pem",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": "/run/authority/ca.crt",
        "ssl.enabled.protocols": "TLSv1.3",
        **{f"listener.name.{each}.scram-sha-512.sasl.jaas.config": _SCRAM for each in ("services", "agencies")},
        **{f"listener.name.{each}.ssl.client.auth": "none" for each in ("services", "agencies")},
        **{f"listener.name.{each}.ssl.client.auth": "required" for each in ("mtls", "controller")},
        **{f"listener.name.{each}.ssl.principal.mapping.rules": _PRINCIPAL for each in ("mtls", "controller")},
    }


def _copies() -> dict[str, str]:
    """Settings of replication: each record lies on three brokers, and is acknowledged once two have it.

    A broker that lacks acknowledged records never becomes leader.
    """
    internal = ("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")
    return {
        "default.replication.factor": str(REPLICAS),
        "min.insync.replicas": str(ACKNOWLEDGED_BY),
        "unclean.leader.election.enable": "false",
        **{f"{topic}.replication.factor": str(REPLICAS) for topic in internal},
        **{f"{topic}.min.isr": str(ACKNOWLEDGED_BY) for topic in internal[1:]},
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.num.partitions": "4",
        "share.coordinator.state.topic.num.partitions": "1",
    }


def _takeover() -> dict[str, str]:
    """Settings that decide how soon a failed broker, controller or group member is replaced."""
    return {
        "broker.heartbeat.interval.ms": "500",
        "broker.session.timeout.ms": "3000",
        "controller.quorum.election.timeout.ms": "1000",
        "controller.quorum.fetch.timeout.ms": "2000",
        "replica.lag.time.max.ms": "5000",
        "group.initial.rebalance.delay.ms": "0",
        # A write of the coordinator waits so long for the other replicas, and all heartbeats behind it wait too. While
        # a broker is gone they must be refused, and come again, before the sessions of living members end.
        "offsets.commit.timeout.ms": "1000",
        "group.min.session.timeout.ms": "3000",
        "group.consumer.heartbeat.interval.ms": "1000",
        "group.consumer.min.heartbeat.interval.ms": "1000",
        "group.consumer.session.timeout.ms": "3000",
        "group.consumer.min.session.timeout.ms": "3000",
    }
