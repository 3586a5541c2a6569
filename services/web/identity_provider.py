"""Client of the identity provider: OpenID Connect, authorization code flow with PKCE.

A sign-in needs an ID token that the provider signed for this client and this sign-in. Groups come from that token, or
from the UserInfo endpoint if the token has none.
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
from services.web.domain.account_rules import ABSOLUTE
from services.web.domain.provider_sign_in_rules import Grant, ProviderIdentity, Started
from services.web.identity_provider_http import ProviderClient, get_from_provider, refuse_clear_text
from services.web.provider_sign_in_errors import EntryRefusal, ProviderAway, ProviderFault, SignInRefused

BACK: Final = "/sign-in/provider/back"
"""Path to which the provider redirects people after signing in."""
_SECONDS: Final = 10.0
"""Longest wait for each answer of the provider, in seconds."""
_AT_ONCE: Final = 8
"""Largest number of concurrent requests for tokens."""
_LEEWAY: Final = 60
"""Accepted difference between the provider's clock and this machine's, in seconds."""
_FRESH: Final = timedelta(minutes=2)
"""Largest age of a sign-in at the provider when the password had to be typed again."""
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
"""Accepted signature algorithms, all asymmetric. Algorithms with a shared secret, and "none", are refused."""
_MOST_GROUPS: Final = 1_000
_KEYS_SECONDS: Final = 10.0
"""Shortest time between two requests for the provider's keys that logout tokens cause, in seconds."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """Settings of the provider. `client`, `secret`: this client's id and secret there. `back`: redirect address.

    `groups`: role and agency of each group. `groups_claim`: claim with a person's groups. `authority`: certificate of
    the authority to trust, if not a public one.
    """

    issuer: str
    client: str
    secret: str | None
    back: str
    groups: Mapping[str, Grant]
    groups_claim: str = "groups"
    scope: str = "openid profile"
    authority: Path | None = None


class Provider:
    """Builds the provider's sign-in addresses, exchanges codes for tokens, and verifies tokens."""

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
        """Return the provider's address at which a person signs in, with the parameters of this sign-in.

        Raises `ProviderAway` if the provider's metadata cannot be read.
        """
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
        """Return the person who came back from the provider with the query parameters `answer`.

        The code is exchanged for tokens, and the tokens are verified. Raises `SignInRefused` if the answer or a token
        is wrong, and `ProviderAway` if the provider does not answer.
        """
        if answer.get("state") != started.state:
            raise SignInRefused(EntryRefusal.STATE)
        async with self._client() as client:
            metadata = await self._described(client)
            named = answer.get("iss")
            if (
                named or metadata.get("authorization_response_iss_parameter_supported")
            ) and named != self._settings.issuer:
                raise SignInRefused(EntryRefusal.ISSUER)
            if "error" in answer or not answer.get("code"):
                raise SignInRefused(EntryRefusal.REFUSED_THERE)
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
        """Issuer identifier of the provider."""
        return self._settings.issuer

    @property
    def client(self) -> str:
        """Client id of the pages at the provider."""
        return self._settings.client

    def now(self) -> datetime:
        """Return the time by which tokens of the provider are validated."""
        return self._clock.now()

    async def verify_logout_token(self, text: str) -> jwt.Token:
        """Verify the signature of a logout token and return the token decoded.

        Anybody may send such a token, so the provider's keys are requested at most every ten seconds. `JoseError` or
        `ValueError` is raised for a wrong token, and `ProviderAway` if there are no keys to check it.
        """
        if monotonic() < self._keys_until:
            if self._keys is None:
                raise ProviderAway(ProviderFault.ASKED)
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
            raise SignInRefused(EntryRefusal.CODE) from None
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderAway(type(error).__name__) from None
        if not isinstance(found.get("id_token"), str):
            raise SignInRefused(EntryRefusal.NO_ID_TOKEN)
        return found

    async def _verified(
        self,
        client: ProviderClient,
        metadata: Mapping[str, Any],
        started: Started,
        token: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        """Verify signature and claims of an ID token, its nonce included, and return the claims.

        Raises `SignInRefused`.
        """
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
            raise SignInRefused(EntryRefusal.ID_TOKEN) from None
        except (ValueError, TypeError, KeyError):
            raise SignInRefused(EntryRefusal.ID_TOKEN) from None
        return dict(claims)

    async def _decoded(self, client: ProviderClient, metadata: Mapping[str, Any], text: str) -> jwt.Token:
        """Verify a token's signature. On failure the keys are requested once again: the provider may have new ones."""
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
        """Return the claims of the provider's UserInfo endpoint; empty without an endpoint.

        Raises `SignInRefused` if the claims are not about `subject`, the person whom the ID token names.
        """
        address, access = metadata.get("userinfo_endpoint"), token.get("access_token")
        if address is None or access is None:
            return {}
        refuse_clear_text(str(address))
        try:
            told = (await get_from_provider(client, str(address), authorization=f"Bearer {access}")).json()
        except ValueError as error:
            raise ProviderAway(type(error).__name__) from None
        if not isinstance(told, dict) or told.get("sub") != subject:
            raise SignInRefused(EntryRefusal.USERINFO)
        return told

    def _ago(self, claims: Mapping[str, Any], started: Started) -> timedelta:
        """Return the time since the person signed in at the provider. Raises `SignInRefused` if it is too long."""
        since = timedelta(seconds=max(self._clock.now().timestamp() - float(claims["auth_time"]), 0))
        if since >= (_FRESH if started.again else ABSOLUTE):
            raise SignInRefused(EntryRefusal.AUTH_TIME)
        return since

    async def _described(self, client: ProviderClient) -> Mapping[str, Any]:
        """Return the provider's metadata (OpenID Connect Discovery), requested once. Raises `ProviderAway`."""
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
                raise ProviderAway(ProviderFault.DESCRIBED)
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
