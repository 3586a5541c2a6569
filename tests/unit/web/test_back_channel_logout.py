"""The provider ends sessions by itself: a signed logout token, and all that is no right one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from typing_extensions import override

from services.web.api.app import application
from services.web.api.back_channel_logout import ENDED
from services.web.api.dependencies import Parts
from services.web.domain.logout_token import EVENT, FRESH, LEEWAY, LogoutFault, LogoutNotice, WrongLogout, logout_notice
from services.web.domain.provider_sign_in_rules import provider_hash
from services.web.identity_provider import Provider, ProviderSettings
from tests.unit.web.doubles import BASE, NOW, Store

ISSUER: Final = "https://idp.example"
KEY: Final = RSAKey.generate_key(2048, {"kid": "one"})
MADE: Final = int(NOW.timestamp())
SECOND: Final = timedelta(seconds=1)
CLAIMS: Final[dict[str, Any]] = {
    "iss": ISSUER,
    "aud": "atips",
    "iat": MADE,
    "exp": MADE + 120,
    "jti": "1",
    "sub": "pat",
    "sid": "there",
    "events": {EVENT: {}},
}


class At:
    """The time at which tokens are judged."""

    at = NOW

    def now(self) -> Any:  # noqa: ANN401 - a time
        return self.at


class KnownProvider(Provider):
    """A provider whose description and keys are answered in memory; `asked`: the addresses that were asked for."""

    def __init__(self) -> None:
        self.clock = At()
        super().__init__(ProviderSettings(ISSUER, "atips", None, BASE, {}), self.clock)
        self.asked: list[str] = []
        self.keys = [KEY]
        self.broken = ""
        """The end of the address that answers with an error."""

    @override
    @asynccontextmanager
    async def _client(self) -> AsyncIterator[Any]:
        yield self

    async def request(self, _: str, address: str, **__: object) -> httpx2.Response:
        self.asked.append(address)
        described = {name: f"{ISSUER}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        keys = {"keys": [each.as_dict(private=False) for each in self.keys]}
        body = keys if address.endswith("jwks_uri") else {"issuer": ISSUER, **described}
        status = 503 if self.broken and address.endswith(self.broken) else 200
        return httpx2.Response(status, json=body, request=httpx2.Request("GET", address))


@pytest.fixture
def provider() -> KnownProvider:
    return KnownProvider()


@pytest.fixture
async def asked(parts: Parts, provider: KnownProvider) -> AsyncIterator[httpx2.AsyncClient]:
    transport: Any = httpx2.ASGITransport(application(replace(parts, provider=provider)), raise_app_exceptions=True)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


def token(key: Any = KEY, header: dict[str, Any] | None = None, **claims: object) -> str:  # noqa: ANN401 - a key
    said = {name: each for name, each in (CLAIMS | claims).items() if each is not None}
    return jwt.encode({"alg": "RS256", "kid": "one", "typ": "logout+jwt"} | (header or {}), said, key)


async def sent(asked: httpx2.AsyncClient, text: str) -> int:
    answer = await asked.post(ENDED, data={"logout_token": text})
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code


async def test_a_signed_token_ends_the_sessions_that_it_names(asked: httpx2.AsyncClient, store: Store) -> None:
    person, session = provider_hash(ISSUER, "pat"), provider_hash(ISSUER, "there")
    for text in (token(), token(sid=None), token(sub=None, aud=["x", "atips"]), token(header={"typ": "JWT"})):
        assert await sent(asked, text) == 200
    by = NOW + LEEWAY
    assert store.ended == [(person, session, by), (person, None, by), (None, session, by), (person, session, by)]


def wrong_tokens() -> list[str]:
    return [
        "",
        "no token",
        token(RSAKey.generate_key(2048, {"kid": "one"})),
        "eyJhbGciOiJub25lIn0." + token().split(".")[1] + ".",
        jwt.encode({"alg": "HS256"}, CLAIMS, OctKey.import_key("a secret that everybody may know well"), ["HS256"]),
        token(header={"typ": "at+jwt"}),
        token(iss="https://else.example"),
        token(aud="another"),
        token(aud=None),
        token(iat=MADE - 300),
        token(iat=MADE + 300),
        token(iat=None),
        token(exp=MADE - 120),
        token(exp=None),
        token(exp=True),
        token(jti=None),
        token(events=None),
        token(events={EVENT: "yes"}),
        token(events=[EVENT]),
        token(nonce="n"),
        token(sub=None, sid=None),
        token(sub=7, sid=""),
    ]


async def test_any_other_token_ends_nothing(asked: httpx2.AsyncClient, store: Store) -> None:
    for number, text in enumerate(wrong_tokens()):
        assert await sent(asked, text) == 400, number
    assert store.ended == []


@pytest.mark.parametrize(
    ("claim", "last", "beyond"),
    [("iat", -(FRESH + LEEWAY), -SECOND), ("iat", LEEWAY, SECOND), ("exp", -LEEWAY, -SECOND)],
)
def test_a_token_is_valid_up_to_its_last_moment(claim: str, last: timedelta, beyond: timedelta) -> None:
    def judge(at: timedelta) -> LogoutNotice:
        claims = CLAIMS | {claim: MADE + at.total_seconds()}
        return logout_notice({}, claims, issuer=ISSUER, client="atips", now=NOW)

    assert judge(last).began_by == (NOW + last if claim == "iat" else NOW) + LEEWAY
    with pytest.raises(WrongLogout) as wrong:
        judge(last + beyond)
    assert wrong.value.fault is LogoutFault.TIME


async def test_a_token_that_is_sent_again_later_is_refused(
    asked: httpx2.AsyncClient, store: Store, provider: KnownProvider
) -> None:
    assert await sent(asked, token(exp=MADE + 3600)) == 200
    provider.clock.at += timedelta(minutes=4)
    assert await sent(asked, token(exp=MADE + 3600)) == 400
    assert len(store.ended) == 1


async def test_strangers_tokens_do_not_make_us_ask_the_provider_for_its_keys_again_and_again(
    asked: httpx2.AsyncClient, provider: KnownProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "two"})
    forged = token(stranger, {"kid": "two"})
    for _ in range(5):
        assert await sent(asked, forged) == 400
    assert [each.rpartition("/")[2] for each in provider.asked] == ["openid-configuration", "jwks_uri"]
    provider.keys.append(stranger)  # the provider has a new key
    assert await sent(asked, forged) == 400
    monkeypatch.setattr(provider, "_keys_until", 0.0)  # ten seconds later
    assert await sent(asked, forged) == 200


@pytest.mark.parametrize("broken", ["openid-configuration", "jwks_uri"])
async def test_a_provider_that_is_away_is_asked_no_more_often(
    asked: httpx2.AsyncClient, provider: KnownProvider, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    provider.broken = broken
    for _ in range(5):
        assert await sent(asked, token()) == 503
    assert [each.rpartition("/")[2] for each in provider.asked][-1:] == [broken]
    assert len(provider.asked) == len({*provider.asked})
    provider.broken = ""
    monkeypatch.setattr(provider, "_keys_until", 0.0)  # ten seconds later
    assert await sent(asked, token()) == 200


async def test_without_a_provider_there_is_no_such_address(parts: Parts) -> None:
    transport: Any = httpx2.ASGITransport(application(parts))
    async with httpx2.AsyncClient(transport=transport, base_url=BASE) as client:
        assert (await client.post(ENDED, data={"logout_token": token()})).status_code == 404
