"""People sign in at a real provider; whoever comes back with anything but its fresh answer to us is not let in."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
import yaml

from services.runtime.errors import Halt
from services.web.api.dependencies import Parts
from services.web.domain.account_rules import IDLE, Account, token_hash
from services.web.domain.provider_sign_in_rules import (
    Grant,
    ProviderIdentity,
    Started,
    account_name,
    granted,
    safe_address,
)
from services.web.domain.roles import Role
from services.web.identity_provider import Provider
from services.web.provider_groups import groups
from services.web.provider_sign_in_errors import ProviderAway, SignInRefused
from services.web.settings import Settings
from tests.unit.web.doubles import Store
from tests.unit.web.real_provider import GROUPS, OTHER, TLS, Browser, Running, browser, running

STARTED = Started("s" * 43, "n" * 43, "v" * 64, "/")


@pytest.fixture(scope="module")
def idp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("provider")) as found:
        yield found


@pytest.fixture
def at_provider(parts: Parts, idp: Running) -> Parts:
    tokens = iter(range(1_000))
    return replace(parts, provider=idp.provider(), token=lambda: f"{next(tokens):043d}")


def sessions_of_others(store: Store) -> int:
    """Count the sessions that the double begins with."""
    return sum(session.account.name in {"mel", "ian"} for session in store.sessions.values())


async def refused(parts: Parts, store: Store, asked: Browser, address: str) -> httpx2.Response:
    before = set(store.sessions)
    answer = await asked.go(address)
    assert answer.status_code == 401
    assert set(store.sessions) == before
    assert parts.cookie not in answer.headers.get("set-cookie", "")
    assert "atips_window_started=" in answer.headers["set-cookie"]  # it ends
    return answer


async def test_a_person_signs_in_at_the_provider_with_role_and_agency_of_a_group(
    at_provider: Parts, store: Store
) -> None:
    async with browser(at_provider) as asked:
        assert "/sign-in/provider" in (await asked.go("/sign-in")).text
        back = await asked.sign_in("/sign-in/provider?then=/figures%3Fperiod=2024", "pat")
        entered = await asked.go(back)
        assert (entered.status_code, entered.headers["location"]) == (303, "/figures?period=2024")
        assert (await asked.go("/figures?period=2024")).status_code == 200
    [entry] = [each for each in store.sessions.values() if each.of_provider]
    assert entry.account == Account("pat", Role.OFFICER, "bpd")


async def test_the_provider_is_asked_with_pkce_state_and_nonce(at_provider: Parts) -> None:
    async with browser(at_provider) as asked:
        sent = await asked.go("/sign-in/provider")
    query = parse_qs(urlsplit(sent.headers["location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["code_challenge"][0]) == 43
    assert query["response_type"] == ["code"]
    assert query["state"] != query["nonce"]
    assert "httponly" in sent.headers["set-cookie"].lower()


async def test_an_answer_to_another_sign_in_is_refused(at_provider: Parts, store: Store) -> None:
    async with browser(at_provider) as victim, browser(at_provider) as stranger:
        back = await stranger.sign_in("/sign-in/provider", "pat")
        await refused(at_provider, store, victim, back)  # its browser began none
        await victim.go("/sign-in/provider")
        await refused(at_provider, store, victim, back)  # or another


async def test_a_code_opens_one_session(at_provider: Parts, store: Store) -> None:
    async with browser(at_provider) as asked:
        back = await asked.sign_in("/sign-in/provider", "pat")
        kept = asked.ours.cookies.get(at_provider.provider_sign_in_cookie)
        assert (await asked.go(back)).status_code == 303
        await refused(at_provider, store, asked, back)  # the cookie has ended
        asked.ours.cookies.set(at_provider.provider_sign_in_cookie, str(kept), domain="pages.test")
        await refused(at_provider, store, asked, back)  # the provider takes no code twice


async def test_a_code_without_its_verifier_opens_none(at_provider: Parts, store: Store) -> None:
    async with browser(at_provider) as asked:
        back = await asked.sign_in("/sign-in/provider", "pat")
        kept = Started.read(asked.ours.cookies.get(at_provider.provider_sign_in_cookie))
        assert kept is not None
        wrong = replace(kept, verifier="w" * 64)
        asked.ours.cookies.delete(at_provider.provider_sign_in_cookie)
        asked.ours.cookies.set(at_provider.provider_sign_in_cookie, wrong.written(), domain="pages.test")
        await refused(at_provider, store, asked, back)


@pytest.mark.parametrize("who", ["otto", "amy"])
async def test_groups_that_open_nothing_or_two_things_let_nobody_in(at_provider: Parts, store: Store, who: str) -> None:
    async with browser(at_provider) as asked:
        back = await asked.sign_in("/sign-in/provider", who)
        await refused(at_provider, store, asked, back)
    assert who not in store.accounts


async def test_a_password_and_a_form_for_one_open_nothing_beside_the_provider(at_provider: Parts, store: Store) -> None:
    async with browser(at_provider) as asked:
        asked.ours.headers["sec-fetch-site"] = "same-origin"
        answer = await asked.ours.post("/sign-in", data={"account": "mel", "password": "password of mel"})
    assert answer.status_code == 404
    assert sessions_of_others(store) == len(store.sessions)


async def tokens(provider: Provider, asked: Browser, address: str, started: Started) -> Mapping[str, Any]:
    """Sign in at the provider for a client and give the tokens that it gets."""
    back = await asked.at_provider(address, "pat")
    code = parse_qs(urlsplit(back).query)["code"][0]
    async with provider._client() as client:
        return await provider._exchanged(client, await provider._described(client), started, code)


@pytest.fixture
async def token(at_provider: Parts, idp: Running) -> Mapping[str, Any]:
    provider = idp.provider()
    async with browser(at_provider) as asked:
        return await tokens(provider, asked, await provider.address(STARTED), STARTED)


async def verified(provider: Provider, token: Mapping[str, Any], started: Started = STARTED) -> Mapping[str, Any]:
    async with provider._client() as client:
        return await provider._verified(client, await provider._described(client), started, token)


class Later:
    """The machine's clock, moved."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        return datetime.now(UTC) + self._by


async def test_an_id_token_is_for_us_for_this_sign_in_signed_and_fresh(
    at_provider: Parts, idp: Running, token: Mapping[str, Any]
) -> None:
    assert (await verified(idp.provider(), token))["sub"] == "pat"
    head, body, signature = token["id_token"].split(".")
    forged = dict(token) | {"id_token": f"{head}.{body}.{signature[:-8]}{signature[:8]}"}
    unsigned = dict(token) | {"id_token": f"eyJhbGciOiJub25lIn0.{body}."}
    other_access = dict(token) | {"access_token": "another"}
    late, early = (
        Provider(idp.settings(), Later(timedelta(hours=1))),
        Provider(idp.settings(), Later(-timedelta(hours=1))),
    )
    foreign = Provider(replace(idp.settings(), issuer="https://else.example"), Later(timedelta()))
    async with foreign._client() as client:
        foreign._metadata = dict(await idp.provider()._described(client))
    not_ours = idp.provider(OTHER)
    for provider, given, started in (
        (idp.provider(), forged, STARTED),
        (idp.provider(), unsigned, STARTED),
        (idp.provider(), other_access, STARTED),
        (idp.provider(), token, replace(STARTED, nonce="m" * 43)),
        (late, token, STARTED),
        (early, token, STARTED),
        (foreign, token, STARTED),
        (not_ours, token, STARTED),
    ):
        with pytest.raises(SignInRefused):
            await verified(provider, given, started)


async def test_a_provider_that_says_it_is_another_is_not_asked(idp: Running) -> None:
    other = Provider(replace(idp.settings(), issuer=idp.issuer.replace("127.0.0.1", "localhost")), Later(timedelta()))
    with pytest.raises(ProviderAway):
        await other.address(STARTED)


async def test_an_answer_that_names_another_issuer_is_refused(idp: Running) -> None:
    with pytest.raises(SignInRefused, match="issuer"):
        await idp.provider().identity(STARTED, {"state": STARTED.state, "code": "c", "iss": "https://else.example"})


async def test_in_the_clear_no_provider_beyond_this_machine_is_asked(idp: Running) -> None:
    provider = Provider(replace(idp.settings(), issuer="http://else.example"), Later(timedelta()))
    with pytest.raises(ProviderAway, match="in_the_clear"):
        await provider.address(STARTED)


async def test_a_case_is_shown_after_a_sign_in_of_a_moment_ago(idp: Running, token: Mapping[str, Any]) -> None:
    provider = idp.provider()
    claims = dict(await verified(provider, token))
    anew = replace(STARTED, again=True)
    assert provider._ago(claims, anew) < timedelta(minutes=1)
    claims["auth_time"] -= 180
    assert provider._ago(claims, STARTED) > timedelta(minutes=2)
    with pytest.raises(SignInRefused, match="auth_time"):
        provider._ago(claims, anew)
    claims["auth_time"] -= 13 * 3600
    with pytest.raises(SignInRefused, match="auth_time"):
        provider._ago(claims, STARTED)


async def test_a_session_goes_on_only_while_the_provider_lets_its_person_in(
    at_provider: Parts, store: Store, idp: Running
) -> None:
    async with browser(at_provider) as asked:
        back = await asked.sign_in("/sign-in/provider", "pat")
        assert (await asked.go(back)).headers["location"] == "/inbox"
        own = token_hash(str(asked.ours.cookies.get(at_provider.cookie)))
        store.sessions[own] = replace(store.sessions[own], confirmed_ago=IDLE / 2)
        sent = await asked.go("/figures?period=2024")
        assert sent.headers["location"] == "/sign-in/provider?then=%2Ffigures%3Fperiod%3D2024&quiet=1"
        again = await asked.sign_in(sent.headers["location"], "pat")
        assert (await asked.go(again)).headers["location"] == "/figures?period=2024"
        assert store.sessions[own].confirmed_ago == timedelta()  # the same session: open forms stay good
        store.sessions[own] = replace(store.sessions[own], confirmed_ago=IDLE / 2)
        sent = await asked.go("/figures")
        gone = yaml.safe_load(idp.users.read_text())
        kept = gone["users"].pop("pat")
        idp.users.write_text(yaml.safe_dump(gone))
        async with httpx2.AsyncClient(trust_env=False, verify=TLS) as operator:
            assert (await operator.post(f"{idp.issuer}/api/config/reload")).is_success
            assert not (await asked.sign_in(sent.headers["location"], "pat")).startswith("/sign-in/provider/back?code")
            gone["users"]["pat"] = kept
            idp.users.write_text(yaml.safe_dump(gone))
            assert (await operator.post(f"{idp.issuer}/api/config/reload")).is_success
        store.sessions[own] = replace(store.sessions[own], confirmed_ago=IDLE)
        assert (await asked.go("/figures")).headers["location"] == "/sign-in"


async def test_a_refusal_without_a_question_ends_the_session(at_provider: Parts, store: Store) -> None:
    async with browser(at_provider) as asked:
        assert (await asked.go(await asked.sign_in("/sign-in/provider", "pat"))).status_code == 303
        own = token_hash(str(asked.ours.cookies.get(at_provider.cookie)))
        await asked.go("/sign-in/provider?quiet=1")
        kept = Started.read(asked.ours.cookies.get(at_provider.provider_sign_in_cookie))
        assert kept is not None
        answer = await asked.go(f"/sign-in/provider/back?error=login_required&state={kept.state}")
    assert answer.status_code == 401
    assert own not in store.sessions


async def test_an_account_that_an_operator_disabled_stays_out(at_provider: Parts, store: Store) -> None:
    store.disabled.add("pat")
    async with browser(at_provider) as asked:
        await refused(at_provider, store, asked, await asked.sign_in("/sign-in/provider", "pat"))


async def test_without_a_provider_its_addresses_are_no_pages(parts: Parts) -> None:
    async with browser(parts) as asked:
        assert (await asked.go("/sign-in/provider")).status_code == 404
        assert (await asked.go("/sign-in/provider/back")).status_code == 404


def test_groups_open_one_thing() -> None:
    assert granted(["x", "atips-auditors"], GROUPS) == Grant(Role.AUDITOR, "council")
    assert granted(["x"], GROUPS) is None
    assert granted(GROUPS, GROUPS) is None


@pytest.mark.parametrize(
    "then", ["https://else.example", "//else.example", "/\\else.example", "/a\r\nb", "", "/" * 501]
)
def test_only_pages_of_ours_open_afterwards(then: str) -> None:
    assert safe_address(then) == "/"
    written = replace(STARTED, then=then or "x").written()
    assert Started.read(written) == STARTED


@pytest.mark.parametrize("text", [None, "", "no json", "e30=", Started("", "n", "v", "/").written()])
def test_a_cookie_that_we_did_not_write_begins_nothing(text: str | None) -> None:
    assert Started.read(text) is None


def test_a_name_of_the_provider_that_is_none_of_ours_gives_way() -> None:
    person = ProviderIdentity("https://idp.example", "17", "Pat.Garcia", frozenset(), timedelta())
    assert account_name(person)[0] == "pat.garcia"
    by_number = account_name(replace(person, name="pat@example.bz"))
    assert by_number[0] == by_number[1]
    assert by_number[1].startswith("p-")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "groups: {}",
        "groups: [a]",
        "groups: {g: {role: officer}}",
        "groups: {g: {role: king, agency: bpd}}",
        "a: [",
        "groups: {g: {role: officer, agency: nowhere}}",
        "groups: {g: {role: officer, agency: bpd, more: 1}}",
    ],
)
def test_a_table_of_groups_that_is_not_understood_stops_the_start(tmp_path: Path, text: str) -> None:
    file = tmp_path / "groups.yaml"
    file.write_text(text)
    with pytest.raises(Halt):
        groups(file)


def test_a_table_of_groups_names_a_role_and_an_agency(tmp_path: Path) -> None:
    file = tmp_path / "groups.yaml"
    file.write_text("groups:\n  atips-auditors: {role: auditor, agency: council}\n")
    assert groups(file) == {"atips-auditors": Grant(Role.AUDITOR, "council")}


def test_half_of_the_settings_stops_the_start() -> None:
    assert Settings.model_construct().provider() is None
    with pytest.raises(Halt, match="ATIPS_WEB_OIDC_GROUPS_FILE"):
        Settings.model_construct(web_oidc_issuer="https://idp.example").provider()


@pytest.mark.parametrize("then", ["/", "/case?id=1", "/es/figures#O9"])
def test_a_page_of_ours_opens_afterwards_as_it_was_asked_for(then: str) -> None:
    assert safe_address(then) == then


def test_a_session_of_the_provider_has_a_hash_only_where_it_has_a_name() -> None:
    named = ProviderIdentity("https://idp", "person", "ana", frozenset(), timedelta(), "session")
    assert named.session_hash is not None
    assert named.session_hash != named.hash
    assert replace(named, session=None).session_hash is None
