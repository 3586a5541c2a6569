"""Routes of signing in at the identity provider: redirect a person there, and handle the provider's answer."""

from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

import structlog
from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from services.web.api.dependencies import Parts, language, parts
from services.web.api.figure_question import NoPage
from services.web.api.page import page, word
from services.web.domain.account_rules import token_hash
from services.web.domain.provider_sign_in_rules import STARTED, ProviderIdentity, Started, granted, safe_address
from services.web.domain.roles import PARTS, Role
from services.web.identity_provider import Provider
from services.web.provider_sign_in_errors import EntryRefusal, ProviderAway, SignInRefused

BEGIN: Final = "/sign-in/provider"
_SEE_OTHER: Final = 303
_LOG: Final = structlog.get_logger()


def begin_address(then: str, **asked: str) -> str:
    """Return the address of `begin`: it redirects to the provider, and after signing in to the page `then`."""
    return f"{BEGIN}?{urlencode({'then': then, **asked})}"


async def begin(request: Request, then: str = "/", quiet: str = "", again: str = "") -> Response:
    """Redirect a person to the provider. State, nonce and verifier are stored in a cookie of this browser.

    `quiet`: the provider shows no form. `again`: it asks for the password again.
    """
    needed = parts(request)
    provider = _provider(needed)
    started = Started(
        state=needed.token(),
        nonce=needed.token(),
        verifier=needed.token() + needed.token(),
        then=safe_address(then),
        quiet=bool(quiet),
        again=bool(again),
    )
    try:
        address = await provider.address(started)
    except ProviderAway as error:
        return _away(request, error)
    response = RedirectResponse(address, status_code=_SEE_OTHER)
    response.set_cookie(
        needed.provider_sign_in_cookie,
        started.written(),
        max_age=int(STARTED.total_seconds()),
        path="/",
        secure=needed.secure,
        httponly=True,
        samesite="lax",
    )
    return response


async def back(request: Request) -> Response:
    """Handle a person's return from the provider: open or confirm a session, or show why there is no entry.

    The cookie of `begin` is deleted, so that one answer opens one session only.
    """
    needed = parts(request)
    provider = _provider(needed)
    address = request.client.host if request.client else ""
    if wait := needed.attempts.wait(address, needed.now()):
        message = word(language(request), "wait", seconds=int(wait.total_seconds()) + 1)
        return page(request, "sign_in.html", status=429, error=message)
    started = Started.read(request.cookies.get(needed.provider_sign_in_cookie))
    try:
        response = await _entered(request, provider, started)
    except ProviderAway as error:
        response = _away(request, error)
    except SignInRefused as refused:
        _LOG.warning("sign_in_refused", reason=refused.reason.value)
        if started is not None and started.quiet:
            await _ended(request)
        else:
            needed.attempts.fail(address, needed.now())
        message = word(language(request), "provider_no_entry")
        response = page(request, "sign_in.html", status=401, error=message)
    response.delete_cookie(
        needed.provider_sign_in_cookie, path="/", secure=needed.secure, httponly=True, samesite="lax"
    )
    return response


async def _entered(request: Request, provider: Provider, started: Started | None) -> Response:
    needed = parts(request)
    if started is None:
        raise SignInRefused(EntryRefusal.COOKIE)
    identity = await provider.identity(started, dict(request.query_params))
    grant = granted(identity.groups, provider.groups)
    if grant is None:
        await needed.store.leave(identity)
        raise SignInRefused(EntryRefusal.GROUP)
    account = await needed.store.enter(identity, grant)
    if account is None:
        raise SignInRefused(EntryRefusal.DISABLED)
    needed.attempts.succeed(request.client.host if request.client else "")
    return await _opened(request, started, account, identity, grant.role)


async def _opened(request: Request, started: Started, account: str, identity: ProviderIdentity, role: Role) -> Response:
    """Confirm the browser's session if it is of this account, so open forms stay valid; else open a new session."""
    needed = parts(request)
    now = needed.now()
    proved_at = now - max(identity.ago, timedelta())
    then = PARTS[role][0].address if started.then == "/" else started.then
    response = RedirectResponse(then, status_code=_SEE_OTHER)
    own = request.cookies.get(needed.cookie)
    if own and await needed.store.confirm(token_hash(own), account, proved_at, now, identity.session_hash):
        return response
    await _ended(request)
    token = needed.token()
    await needed.store.open_by_provider(token_hash(token), account, proved_at, now, identity.session_hash)
    needed.keep_session(response, token)
    return response


async def _ended(request: Request) -> None:
    needed = parts(request)
    if own := request.cookies.get(needed.cookie):
        await needed.store.close_session(token_hash(own))


def _provider(needed: Parts) -> Provider:
    if needed.provider is None:
        raise NoPage
    return needed.provider


def _away(request: Request, error: ProviderAway) -> Response:
    _LOG.warning("provider_away", reason=str(error))
    return page(request, "problem.html", status=503, name="provider_away", text="provider_away_text")
