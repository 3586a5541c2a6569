"""Requests to the provider: over TLS, or to this machine."""

from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import httpx2

from services.web.sign_in_refusal import ProviderAway, Trouble

ProviderClient: TypeAlias = Any
"""An `AsyncOAuth2Client`, which comes without types."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


async def get_from_provider(client: ProviderClient, address: str, **headers: str) -> httpx2.Response:
    """Get an address without the client's own token. Raises `ProviderAway`."""
    try:
        answer: httpx2.Response = await client.request("GET", address, headers=headers, withhold_token=True)
        answer.raise_for_status()
    except httpx2.HTTPError as error:
        raise ProviderAway(type(error).__name__) from None
    return answer


def refuse_clear_text(address: str) -> None:
    """Refuse an address in the clear, but on this machine. Raises `ProviderAway`."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ProviderAway(Trouble.IN_THE_CLEAR)
