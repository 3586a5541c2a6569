"""Kafka's own quotas: limits a second of each agency's principal and of each address.

`AGENCY` and `ADDRESS` are the tables. Provisioning sets them at every start, and corrects quotas that differ. Our
services have no quota: their work is limited by what agencies may send. This module uses Kafka's protocol through
aiokafka, because librdkafka cannot set quotas.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from aiokafka.protocol.admin import DescribeClientQuotasRequest
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Float64, Int16, Int32, Schema, String
from typing_extensions import override

from infra.kafka.rights import REQUEST_SECONDS, VISIBLE_SECONDS, ProvisionError
from schemas.topics import MIB

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Settings = Mapping[str, str | int | float | bool]
    Quotas = Mapping[str, float]

AGENCY: Final[Quotas] = {
    # About 1,700 events a second. An archive of 100,000 events takes a minute.
    "producer_byte_rate": MIB,
    # A delivery topic of a month is read again within minutes.
    "consumer_byte_rate": 2 * MIB,
    # Per cent of one thread of the broker: a quarter of a machine with two cores.
    "request_percentage": 50,
    # Topics and rights are ours to make; an agency may make none.
    "controller_mutation_rate": 1,
}
"""Quotas of each principal of an agency. Kafka delays requests beyond them, and refuses none."""

RATE: Final = "connection_creation_rate"
ADDRESS: Final[Quotas] = {RATE: 20}
"""Quotas of each address: new connections a second. A client that reconnects makes three connections."""
OWN_ADDRESS: Final[Quotas] = {RATE: 200}
"""Quotas of the address that our services share."""

NOBODY: Final[Quotas] = {}


@dataclass(frozen=True, slots=True, order=True)
class QuotaSubject:
    """The subject of a quota: a `user` by name or an `ip` by address. `name` None: all without a quota of their own."""

    kind: str
    name: str | None


def of_principals(agencies: Iterable[str], others: Iterable[str]) -> dict[QuotaSubject, Quotas]:
    """Return the quotas of agencies' principals. `others` (our services, former principals) have none."""
    return {QuotaSubject("user", name): NOBODY for name in others} | {
        QuotaSubject("user", name): AGENCY for name in agencies
    }


def of_addresses(own: Iterable[str]) -> dict[QuotaSubject, Quotas]:
    """Return the quotas of all addresses, and of our services' own."""
    return {QuotaSubject("ip", None): ADDRESS} | {QuotaSubject("ip", address): OWN_ADDRESS for address in own}


def compare(
    found: Mapping[QuotaSubject, dict[str, float]], wanted: Mapping[QuotaSubject, Quotas]
) -> dict[QuotaSubject, dict[str, float]]:
    """Return the present quotas of each subject of `wanted` whose quotas in `found` are not the wanted ones.

    A subject without quotas has {}. Both the check and provisioning use this comparison.
    """
    return {entity: found.get(entity, {}) for entity in wanted if found.get(entity, {}) != wanted[entity]}


def settle(settings: Settings, wanted: Mapping[QuotaSubject, Quotas]) -> tuple[str, ...]:
    """Set the quotas of each subject of `wanted`, and wait until the cluster shows them.

    `settings`: librdkafka settings of an administrator. Quotas of other subjects are not changed. Returns a line for
    each subject whose quotas were changed. Raises `ProvisionError` if the cluster refuses or does not show a change.
    """
    return asyncio.run(_settle(settings, wanted))


def existing(settings: Settings, kinds: Iterable[str] = ("user", "ip")) -> dict[QuotaSubject, dict[str, float]]:
    """Return the quotas that the cluster has, by subject. `kinds`: only of `user`, only of `ip`, or both."""

    async def ask() -> dict[QuotaSubject, dict[str, float]]:
        async with _Quotas(settings) as quotas:
            return await quotas.existing(kinds)

    return asyncio.run(ask())


async def _settle(settings: Settings, wanted: Mapping[QuotaSubject, Quotas]) -> tuple[str, ...]:
    kinds = sorted({entity.kind for entity in wanted})
    loop = asyncio.get_running_loop()
    async with _Quotas(settings) as quotas:

        async def different() -> dict[QuotaSubject, dict[str, float]]:
            return compare(await quotas.existing(kinds), wanted)

        if not (changed := await different()):
            return ()
        await quotas.alter({entity: (found, wanted[entity]) for entity, found in changed.items()})
        deadline = loop.time() + VISIBLE_SECONDS
        while await different():
            if loop.time() > deadline:
                message = f"quotas not visible after {VISIBLE_SECONDS:.0f} s"
                raise ProvisionError(message)
            await asyncio.sleep(0.02)
    return tuple(f"quotas set: {entity.kind} {entity.name or 'of all others'}" for entity in sorted(changed, key=str))


class _AlterResponse(Response):  # type: ignore[misc] # aiokafka has no types
    API_KEY = 49
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "entries",
            Array(
                ("error_code", Int16),
                ("error_message", String("utf-8")),
                ("entity", Array(("entity_type", String("utf-8")), ("entity_name", String("utf-8")))),
            ),
        ),
    )


class _AlterStruct(RequestStruct):  # type: ignore[misc]
    API_KEY = 49
    API_VERSION = 0
    RESPONSE_TYPE = _AlterResponse
    SCHEMA = Schema(
        (
            "entries",
            Array(
                ("entity", Array(("entity_type", String("utf-8")), ("entity_name", String("utf-8")))),
                ("ops", Array(("key", String("utf-8")), ("value", Float64), ("remove", Boolean))),
            ),
        ),
        ("validate_only", Boolean),
    )


class _Alter(Request[_AlterStruct]):  # type: ignore[misc]
    """Kafka's AlterClientQuotas, which aiokafka does not have."""

    API_KEY = 49

    def __init__(self, entries: list[Any]) -> None:
        self._entries = entries

    @override
    def build(self, request_struct_class: type[_AlterStruct]) -> _AlterStruct:
        validate_only = False
        return request_struct_class(self._entries, validate_only)


class _Quotas:
    """A connection of an administrator, for requests about quotas."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: Any = None

    async def __aenter__(self) -> Self:
        self._client = AIOKafkaClient(**as_aiokafka(self._settings))
        await self._client.bootstrap()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()

    async def existing(self, kinds: Iterable[str]) -> dict[QuotaSubject, dict[str, float]]:
        """Return the quotas of subjects of these kinds (`user`, `ip`), without those of combinations of kinds."""
        found: dict[QuotaSubject, dict[str, float]] = {}
        for kind in kinds:
            any_name, strict = 2, True
            answer = await self._ask(DescribeClientQuotasRequest([(kind, any_name, None)], strict))
            _refuse(answer.error_code, answer.error_message)
            for [(_, name)], values in answer.entries or ():
                found[QuotaSubject(kind, name)] = dict(values)
        return found

    async def alter(self, changes: Mapping[QuotaSubject, tuple[Quotas, Quotas]]) -> None:
        """Change the quotas of subjects, given as (present quotas, wanted quotas)."""
        entries = []
        for entity, (before, after) in changes.items():
            sets = [(key, float(value), False) for key, value in after.items() if before.get(key) != value]
            removes = [(key, 0.0, True) for key in before.keys() - after.keys()]
            entries.append(([(entity.kind, entity.name)], sets + removes))
        for code, text, _ in (await self._ask(_Alter(entries))).entries:
            _refuse(code, text)

    async def _ask(self, request: Request[Any]) -> Any:  # noqa: ANN401 - aiokafka's responses get their fields by name
        try:
            return await asyncio.wait_for(self._client.send(self._client.get_random_node(), request), REQUEST_SECONDS)
        except (KafkaError, TimeoutError) as error:
            message = f"quotas: {type(error).__name__}"
            raise ProvisionError(message) from None


def _refuse(code: int, text: str | None) -> None:
    if code:
        message = f"quotas: {text or f'error {code}'}"
        raise ProvisionError(message)


def as_aiokafka(settings: Settings) -> dict[str, Any]:
    """Convert librdkafka's connection settings into arguments of aiokafka's clients."""
    context = ssl.create_default_context(cafile=str(settings["ssl.ca.location"]))
    if certificate := settings.get("ssl.certificate.location"):
        context.load_cert_chain(str(certificate), str(settings["ssl.key.location"]))
    found: dict[str, Any] = {
        "bootstrap_servers": str(settings["bootstrap.servers"]).split(","),
        "security_protocol": settings["security.protocol"],
        "ssl_context": context,
    }
    if settings["security.protocol"] == "SASL_SSL":
        found |= {
            "sasl_mechanism": settings["sasl.mechanism"],
            "sasl_plain_username": settings["sasl.username"],
            "sasl_plain_password": settings["sasl.password"],
        }
    return found
