"""Connections through aiokafka, for requests that librdkafka does not have or whose failure it does not explain."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from aiokafka.conn import AIOKafkaConnection
from aiokafka.errors import AuthenticationFailedError, KafkaError, SaslAuthenticationFailed
from aiokafka.protocol.admin import ApiVersionRequest

from infra.kafka.quotas import as_aiokafka
from infra.kafka.rights import ProvisionError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from infra.kafka.quotas import Settings

AT_ONCE: Final = 4
"""Logins that are tried at the same time: the broker limits new connections of an address."""
REFUSALS: Final = (AuthenticationFailedError, SaslAuthenticationFailed)
"""Errors of a login that the broker refuses because of its name or password."""
SECONDS: Final = 10.0
CLOSE_SECONDS: Final = 1.0


def principals_with_refused_password(settings: Settings, passwords: Mapping[str, str]) -> frozenset[str]:
    """Return the principals whose password in `passwords` the broker refuses.

    `settings` are librdkafka's, of any client that logs in by password; its name and password are replaced.
    Raises `ProvisionError` where the broker does not answer.
    """
    return asyncio.run(_refused(settings, passwords))


def supported(settings: Settings) -> frozenset[int]:
    """Return the API keys (numbers) of the requests that the cluster understands.

    Raises `ProvisionError` if Kafka does not answer, or one of `REFUSALS` if it refuses the login.
    """

    async def ask() -> frozenset[int]:
        async with _connected(settings) as connection:
            answer = await connection.send(ApiVersionRequest())
            return frozenset(key for key, _, _ in answer.api_versions)

    return asyncio.run(ask())


async def _refused(settings: Settings, passwords: Mapping[str, str]) -> frozenset[str]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def is_refused(principal: str, password: str) -> bool:
        try:
            async with turn, _connected({**settings, "sasl.username": principal, "sasl.password": password}):
                return False
        except REFUSALS:
            return True

    tried = await asyncio.gather(*(is_refused(*each) for each in passwords.items()))
    return frozenset(name for name, is_closed in zip(passwords, tried, strict=True) if is_closed)


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[Any]:
    """Yield a connection to the first bootstrap address that answers.

    Raises one of `REFUSALS` if the login is refused, and `ProvisionError` if no address answers.
    """
    options = as_aiokafka(settings)
    failures = []
    for address in options.pop("bootstrap_servers"):
        host, _, port = address.strip().rpartition(":")
        connection = AIOKafkaConnection(host.strip("[]"), int(port), **options)
        try:
            await asyncio.wait_for(connection.connect(), SECONDS)
        except REFUSALS:
            await _close(connection)
            raise
        except (KafkaError, OSError, TimeoutError) as error:
            await _close(connection)
            failures.append(f"{address}: {type(error).__name__}")
            continue
        try:
            yield connection
        finally:
            await _close(connection)
        return
    message = f"Kafka does not answer at {', '.join(failures)}"
    raise ProvisionError(message)


async def _close(connection: Any) -> None:  # noqa: ANN401 - aiokafka has no types
    """Close a connection and wait until it is closed; one that was never open has nothing to wait for."""
    if (closed := connection.close()) is not None:
        await asyncio.wait({closed}, timeout=CLOSE_SECONDS)


logging.getLogger("aiokafka.conn").addHandler(logging.NullHandler())
