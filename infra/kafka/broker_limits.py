"""Limits of the broker on one client, on one address and on all of them together.

`BROKER` are settings of the broker itself (`server.properties`); `infra.kafka.quotas` sets the limits that Kafka keeps
per user and per address. The operator of an existing cluster sets the same limits there (docs/limits.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from schemas.topics import LARGEST, MIB

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CONNECTIONS_PER_ADDRESS: Final = 24
CONNECTIONS_OF_OURS: Final = 400
LARGEST_REQUEST: Final = LARGEST + MIB - 64 * 1024
"""The largest request in bytes. With its header it fills five regions of Java's heap, 1 MiB each, and no sixth."""
STALLED_ADDRESSES: Final = 3
"""All connections of so many addresses may announce the largest request and send nothing: there is room for others."""
HEAP: Final = "1024m"
"""Heap of the broker's process. The limits below take at most 917 MiB of it: 368 MiB of requests, 600 connections with
350 KiB each, and 180,000 addresses with 2,000 bytes each. 350 KiB is twice what a TLS connection was measured to take,
before its login and after; an address was measured to take 1,850 bytes. An idle broker takes some 90 MiB more."""


@dataclass(frozen=True, slots=True)
class BrokerSetting:
    """One setting of the broker and the reason for its value."""

    name: str
    value: int
    why: str


BROKER: Final = (
    BrokerSetting(
        "socket.request.max.bytes",
        LARGEST_REQUEST,
        "The largest record of any topic is 4 MiB. The broker allocates what a request announces before it arrives.",
    ),
    BrokerSetting(
        "sasl.server.max.receive.size",
        16 * 1024,
        "A message of a SCRAM login is smaller than 1 KiB. Anybody can announce one: no credentials are needed.",
    ),
    BrokerSetting(
        "queued.max.request.bytes",
        STALLED_ADDRESSES * CONNECTIONS_PER_ADDRESS * LARGEST_REQUEST + 12 * MIB,
        "All connections of three addresses, each in the middle of the largest request, leave room for the others.",
    ),
    BrokerSetting(
        "max.connections",
        600,
        "All listeners together. Connections of our own listener still come in: the broker closes another one.",
    ),
    BrokerSetting(
        "max.connections.per.ip",
        CONNECTIONS_PER_ADDRESS,
        "Eight client programs with three connections each. Offices behind one gateway share an address.",
    ),
    BrokerSetting(
        "connections.max.idle.ms",
        120_000,
        "A connection that says nothing gives its place up after two minutes, before its login and after it.",
    ),
    BrokerSetting(
        "producer.id.expiration.ms",
        60_000,
        "The broker remembers each producer's number, which clients choose. By default it does so for a day.",
    ),
    BrokerSetting(
        "producer.id.expiration.check.interval.ms",
        5_000,
        "How often it looks whom it may forget. Ten minutes otherwise.",
    ),
    BrokerSetting(
        "group.max.size",
        24,
        "Members of a group, each of which may bring a text of 4.9 MiB. Workers of ours: one for each partition.",
    ),
    BrokerSetting(
        "group.consumer.max.size",
        24,
        "As many where the broker shares partitions out itself.",
    ),
    BrokerSetting(
        "connection.failed.authentication.delay.ms",
        1_000,
        "A wrong password is answered after one second, so that 24 connections try 24 passwords a second at most.",
    ),
    BrokerSetting(
        "log.cleaner.dedupe.buffer.size",
        32 * MIB,
        "One thread compacts small topics of Kafka's own. Kafka's choice of 128 MiB would lie in the heap unused.",
    ),
)

LISTENER: Final = (
    BrokerSetting(
        "max.connections",
        500,
        "Clients of one listener leave a hundred places to the other one, which the administrator uses.",
    ),
    BrokerSetting(
        "max.connection.creation.rate",
        25,
        "The broker remembers for an hour each address that connected: 90,000 of one listener. More wait.",
    ),
)
"""Limits of each listener that clients reach. The controller's own listener has none."""


def properties(listeners: Iterable[str], own_addresses: Iterable[str]) -> Mapping[str, str]:
    """Return the settings for `server.properties`.

    `listeners` are names of listeners for clients. Our services connect from `own_addresses`, which are allowed more
    connections than an agency's address, because services share one.
    """
    overrides = ",".join(f"{address}:{CONNECTIONS_OF_OURS}" for address in own_addresses)
    return {
        **{limit.name: str(limit.value) for limit in BROKER},
        **({"max.connections.per.ip.overrides": overrides} if overrides else {}),
        **{
            f"listener.name.{listener.lower()}.{limit.name}": str(limit.value)
            for listener in listeners
            for limit in LISTENER
        },
    }
