"""Connections that speak Kafka's protocol by themselves, where librdkafka cannot ask or does not tell why it failed."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final

from aiokafka.conn import create_conn
from aiokafka.errors import AuthenticationFailedError, KafkaError
from aiokafka.protocol.admin import ApiVersionRequest

from infra.kafka.quotas import as_aiokafka
from infra.kafka.rights import ProvisionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.kafka.quotas import Settings

AT_ONCE: Final = 4
"""Logins that are tried at once: a broker counts an address's new connections."""
SECONDS: Final = 10.0


def refused(settings: Settings, passwords: Mapping[str, str]) -> frozenset[str]:
    """Give the principals that the broker does not let in with these passwords.

    `settings` are librdkafka's, of any client that comes in by password; its own name and password are replaced.
    Raises `ProvisionError` where the broker does not answer.
    """
    return asyncio.run(_refused(settings, passwords))


def supported(settings: Settings) -> frozenset[int]:
    """Give the numbers of the requests that the cluster understands. Raises `ProvisionError`."""

    async def ask() -> frozenset[int]:
        connection = await _connect(settings)
        try:
            answer = await connection.send(ApiVersionRequest())
            return frozenset(key for key, _, _ in answer.api_versions)
        finally:
            connection.close()

    return asyncio.run(ask())


async def _refused(settings: Settings, passwords: Mapping[str, str]) -> frozenset[str]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def is_refused(principal: str, password: str) -> bool:
        async with turn:
            try:
                connection = await _connect({**settings, "sasl.username": principal, "sasl.password": password})
            except AuthenticationFailedError:
                return True
            connection.close()
            return False

    tried = await asyncio.gather(*(is_refused(*each) for each in passwords.items()))
    return frozenset(name for name, is_closed in zip(passwords, tried, strict=True) if is_closed)


async def _connect(settings: Settings) -> Any:  # noqa: ANN401 - aiokafka has no types
    """Connect to the first address that answers. Raises `AuthenticationFailedError`, and `ProvisionError`."""
    options = as_aiokafka(settings)
    failures = []
    for address in options.pop("bootstrap_servers"):
        host, _, port = address.strip().rpartition(":")
        try:
            return await asyncio.wait_for(create_conn(host.strip("[]"), int(port), **options), SECONDS)
        except AuthenticationFailedError:
            raise
        except (KafkaError, OSError, TimeoutError, ValueError) as error:
            failures.append(f"{address}: {type(error).__name__}")
    message = f"Kafka does not answer at {', '.join(failures)}"
    raise ProvisionError(message)


logging.getLogger("aiokafka.conn").addHandler(logging.NullHandler())
