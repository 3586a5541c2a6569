"""HTTP requests to the identity provider: over TLS only, except on this machine."""

from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import httpx2

from services.web.provider_sign_in_errors import ProviderAway, ProviderFault

ProviderClient: TypeAlias = Any
"""An `AsyncOAuth2Client`, whose package has no types."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


async def get_from_provider(client: ProviderClient, address: str, **headers: str) -> httpx2.Response:
    """Send a GET request without the client's own token, and return the response.

    Raises `ProviderAway` if there is no response, or if its status is an error.
    """
    try:
        answer: httpx2.Response = await client.request("GET", address, headers=headers, withhold_token=True)
        answer.raise_for_status()
    except httpx2.HTTPError as error:
        raise ProviderAway(type(error).__name__) from None
    return answer


def refuse_clear_text(address: str) -> None:
    """Raise `ProviderAway` for an address without TLS, unless it is on this machine."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ProviderAway(ProviderFault.IN_THE_CLEAR)
