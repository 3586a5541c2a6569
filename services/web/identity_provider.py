"""The provider at which people sign in: OpenID Connect, authorization code with PKCE.

A person is let in by an ID token that the provider signed, for us, for this sign-in. Groups come from that token, or
from UserInfo where the token has none.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Final

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.runtime.clock import Clock
from services.web.domain.account import ABSOLUTE
from services.web.domain.identity_provider import Grant, ProviderIdentity, Started
from services.web.identity_provider_http import ProviderClient, get_from_provider, refuse_clear_text
from services.web.sign_in_refusal import EntryRefusal, NoEntry, ProviderAway, Trouble

BACK: Final = "/sign-in/provider/back"
"""Address to which the provider sends people back."""
_SECONDS: Final = 10.0
"""Longest wait for each answer of the provider."""
_AT_ONCE: Final = 8
"""Sign-ins that ask the provider at once."""
_LEEWAY: Final = 60
"""Seconds that the provider's clock may differ from ours."""
_FRESH: Final = timedelta(minutes=2)
"""A person who had to prove anew who they are did so no longer ago."""
_ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)
"""Signatures with a pair of keys. Those with a shared secret, and none at all, are refused."""
_MOST_GROUPS: Final = 1_000
_KEYS_SECONDS: Final = 10.0
"""Least time between two questions for the provider's keys, where a token that we did not ask for needs another."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """The provider, our name and secret there, and the roles of its groups. `back`: our address to return to."""

    issuer: str
    client: str
    secret: str | None
    back: str
    groups: Mapping[str, Grant]
    groups_claim: str = "groups"
    scope: str = "openid profile"
    authority: Path | None = None


class Provider:
    """Sends people to the provider and reads who comes back."""

    def __init__(self, settings: ProviderSettings, clock: Clock) -> None:
        self.groups = settings.groups
        self._settings = settings
        self._clock = clock
        self._tls = ssl.create_default_context(cafile=settings.authority)
        self._metadata: dict[str, Any] | None = None
        self._keys: KeySet | None = None
        self._keys_until = 0.0
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def address(self, started: Started) -> str:
        """Give the address at which a person signs in. Raises `ProviderAway`."""
        async with self._client() as client:
            metadata = await self._described(client)
            asked: dict[str, Any] = {"max_age": int(ABSOLUTE.total_seconds())}
            if started.again:
                asked = {"max_age": 0, "prompt": "login"}
            elif started.quiet:
                asked["prompt"] = "none"
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=started.state,
                nonce=started.nonce,
                code_verifier=started.verifier,
                **asked,
            )
        return str(url)

    async def identity(self, started: Started, answer: Mapping[str, str]) -> ProviderIdentity:
        """Give who comes back with the provider's answer. Raises `NoEntry` and `ProviderAway`."""
        if answer.get("state") != started.state:
            raise NoEntry(EntryRefusal.STATE)
        async with self._client() as client:
            metadata = await self._described(client)
            named = answer.get("iss")
            if (
                named or metadata.get("authorization_response_iss_parameter_supported")
            ) and named != self._settings.issuer:
                raise NoEntry(EntryRefusal.ISSUER)
            if "error" in answer or not answer.get("code"):
                raise NoEntry(EntryRefusal.REFUSED_THERE)
            token = await self._exchanged(client, metadata, started, answer["code"])
            claims = await self._verified(client, metadata, started, token)
            told = claims
            if claims.get(self._settings.groups_claim) is None:
                told = {**await self._told(client, metadata, token, str(claims["sub"])), **claims}
        return ProviderIdentity(
            issuer=self._settings.issuer,
            subject=str(claims["sub"]),
            name=str(told.get("preferred_username") or ""),
            groups=_groups(told.get(self._settings.groups_claim)),
            ago=self._ago(claims, started),
            session=str(claims["sid"]) if claims.get("sid") else None,
        )

    @property
    def issuer(self) -> str:
        """Name of the provider."""
        return self._settings.issuer

    @property
    def client(self) -> str:
        """Our name at the provider."""
        return self._settings.client

    def now(self) -> datetime:
        """Give the time by which the provider's tokens are judged."""
        return self._clock.now()

    async def signed(self, text: str) -> jwt.Token:
        """Read a token that was sent to us, if the provider signed it. Raises `JoseError` and `ProviderAway`.

        Anybody may send one, so the provider is asked no more often than every ten seconds, whether it answers or not.
        """
        if monotonic() < self._keys_until:
            if self._keys is None:
                raise ProviderAway(Trouble.ASKED)
            return jwt.decode(text, self._keys, algorithms=list(_ALGORITHMS))
        async with self._client() as client:
            if self._metadata is None:
                self._keys_until = monotonic() + _KEYS_SECONDS
            return await self._decoded(client, await self._described(client), text)

    async def _exchanged(
        self,
        client: ProviderClient,
        metadata: Mapping[str, Any],
        started: Started,
        code: str,
    ) -> Mapping[str, Any]:
        try:
            async with self._turn:
                found: Mapping[str, Any] = await client.fetch_token(
                    metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=started.verifier,
                )
        except OAuthError:
            raise NoEntry(EntryRefusal.CODE) from None
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderAway(type(error).__name__) from None
        if not isinstance(found.get("id_token"), str):
            raise NoEntry(EntryRefusal.NO_ID_TOKEN)
        return found

    async def _verified(
        self,
        client: ProviderClient,
        metadata: Mapping[str, Any],
        started: Started,
        token: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        """Check signature, issuer, audience, times and nonce of an ID token, and give what it says."""
        wanted = self._settings
        try:
            decoded = await self._decoded(client, metadata, token["id_token"])
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": wanted.issuer},
                    "aud": {"essential": True, "value": wanted.client},
                    "auth_time": {"essential": True},
                },
                {"nonce": started.nonce, "client_id": wanted.client, "access_token": token.get("access_token")},
            )
            claims.validate(now=int(self._clock.now().timestamp()), leeway=_LEEWAY)
        except JoseError:
            raise NoEntry(EntryRefusal.ID_TOKEN) from None
        except (ValueError, TypeError, KeyError):
            raise NoEntry(EntryRefusal.ID_TOKEN) from None
        return dict(claims)

    async def _decoded(self, client: ProviderClient, metadata: Mapping[str, Any], text: str) -> jwt.Token:
        """Check the signature. A key that we do not have yet is asked for once: the provider may have changed it."""
        known = self._keys
        if known is not None:
            try:
                return jwt.decode(text, known, algorithms=list(_ALGORITHMS))
            except (JoseError, ValueError):
                pass
        try:
            self._keys_until = monotonic() + _KEYS_SECONDS
            self._keys = KeySet.import_key_set((await get_from_provider(client, metadata["jwks_uri"])).json())
        except (ValueError, KeyError, TypeError, JoseError) as error:
            raise ProviderAway(type(error).__name__) from None
        return jwt.decode(text, self._keys, algorithms=list(_ALGORITHMS))

    async def _told(
        self,
        client: ProviderClient,
        metadata: Mapping[str, Any],
        token: Mapping[str, Any],
        subject: str,
    ) -> Mapping[str, Any]:
        """Ask UserInfo about the person. An answer about another person lets nobody in."""
        address, access = metadata.get("userinfo_endpoint"), token.get("access_token")
        if address is None or access is None:
            return {}
        refuse_clear_text(str(address))
        try:
            told = (await get_from_provider(client, str(address), authorization=f"Bearer {access}")).json()
        except ValueError as error:
            raise ProviderAway(type(error).__name__) from None
        if not isinstance(told, dict) or told.get("sub") != subject:
            raise NoEntry(EntryRefusal.USERINFO)
        return told

    def _ago(self, claims: Mapping[str, Any], started: Started) -> timedelta:
        """Give the time since the person proved who they are; too long ago is refused, whatever the provider thinks."""
        since = timedelta(seconds=max(self._clock.now().timestamp() - float(claims["auth_time"]), 0))
        if since >= (_FRESH if started.again else ABSOLUTE):
            raise NoEntry(EntryRefusal.AUTH_TIME)
        return since

    async def _described(self, client: ProviderClient) -> Mapping[str, Any]:
        """Give how the provider describes itself, which is asked once."""
        if self._metadata is None:
            issuer = self._settings.issuer
            refuse_clear_text(issuer)
            try:
                found = (
                    await get_from_provider(client, issuer.rstrip("/") + "/.well-known/openid-configuration")
                ).json()
            except ValueError as error:
                raise ProviderAway(type(error).__name__) from None
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if (
                not isinstance(found, dict)
                or found.get("issuer") != issuer
                or any(name not in found for name in needed)
            ):
                raise ProviderAway(Trouble.DESCRIBED)
            for name in needed:
                refuse_clear_text(str(found[name]))
            self._metadata = found
        return self._metadata

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[Any]:
        wanted = self._settings
        async with AsyncOAuth2Client(
            wanted.client,
            wanted.secret,
            scope=wanted.scope,
            redirect_uri=wanted.back,
            code_challenge_method="S256",
            timeout=_SECONDS,
            verify=self._tls,
            trust_env=False,
        ) as client:
            yield client


def _groups(named: object) -> frozenset[str]:
    rows = [named] if isinstance(named, str) else named
    return frozenset(str(each) for each in rows[:_MOST_GROUPS]) if isinstance(rows, list) else frozenset()
