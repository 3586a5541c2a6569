"""Routes of local accounts: signing in with a password or a one-time link, signing out, and setting a password."""

from typing import Annotated, Final

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.web.api.dependencies import Parts, check_form_origin, language, parts, session
from services.web.api.figure_question import NoPage
from services.web.api.page import page, word
from services.web.api.password_check import check_password
from services.web.domain.account_rules import LONGEST_PASSWORD, NAME, SHORTEST_PASSWORD, Account, Session, token_hash
from services.web.domain.roles import PARTS

_SEE_OTHER: Final = 303


async def sign_in_page(request: Request) -> Response:
    """Show the form for signing in."""
    return page(request, "sign_in.html", error=None)


async def sign_in(
    request: Request, account: Annotated[str, Form(max_length=100)], password: Annotated[str, Form(max_length=1000)]
) -> Response:
    """Open a session for an account and its password. Raises `NoPage` if people sign in at an identity provider."""
    check_form_origin(request)
    needed = parts(request)
    if needed.provider is not None:
        raise NoPage
    address = request.client.host if request.client else ""
    lang = language(request)
    if wait := needed.attempts.wait(address, needed.now()):
        message = word(lang, "wait", seconds=int(wait.total_seconds()) + 1)
        return page(request, "sign_in.html", status=429, error=message)
    name = account.strip().lower()
    with needed.attempts.tried(address):
        # The database takes no text with NUL, and no account has another name.
        found = await needed.store.account(name) if NAME.fullmatch(name) else None
        secret = None if found is None or found[0].disabled else found[1]
        is_right = await needed.passwords.matches(secret, password[:LONGEST_PASSWORD])
    if not is_right or found is None:
        needed.attempts.fail(address, needed.now())
        return page(request, "sign_in.html", status=401, error=word(lang, "no_entry"))
    needed.attempts.succeed(address)
    return await _opened(needed, found[0])


async def link_page(request: Request, token: str) -> Response:
    """Show which account a one-time link signs in, with a button that uses it, as a preview must not use it."""
    needed = parts(request)
    found = await needed.store.link(token_hash(token), needed.now())
    return page(request, "link.html", status=200 if found else 410, found=found, token=token)


async def link(request: Request, token: str) -> Response:
    """Use a one-time link and open a session; 410 if it was used or has ended."""
    check_form_origin(request)
    needed = parts(request)
    hash_ = token_hash(token)
    found = await needed.store.link(hash_, needed.now())
    if found is None or not await needed.store.use_link(hash_, needed.now()):
        return page(request, "link.html", status=410, found=None, token=token)
    return await _opened(needed, found)


async def sign_out(request: Request, form_token: Annotated[str, Form()]) -> Response:
    """End the session and delete its cookie."""
    check_form_origin(request, form_token)
    needed = parts(request)
    if token := request.cookies.get(needed.cookie):
        await needed.store.close_session(token_hash(token))
    response = RedirectResponse("/sign-in", status_code=_SEE_OTHER)
    response.delete_cookie(needed.cookie, path="/", secure=needed.secure, httponly=True, samesite="lax")
    return response


async def password_page(request: Request, found: Annotated[Session, Depends(session)]) -> Response:
    """Show the form for setting the account's password."""
    has_one = not found.of_provider and await _secret_of(parts(request), found) is not None
    return page(request, "password.html", found, has_one=has_one, error=None, done=False)


async def password(
    request: Request,
    found: Annotated[Session, Depends(session)],
    new_password: Annotated[str, Form(max_length=1000)],
    form_token: Annotated[str, Form()],
    present_password: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Set the account's password, and end its other sessions. Raises `NoPage` for an account of the provider.

    An account with a password must state it, one without must have signed in within `PROOF`. Otherwise somebody who
    finds a session open could set a password, and then type it before a person's case.
    """
    check_form_origin(request, form_token)
    if found.of_provider:
        raise NoPage
    needed, lang = parts(request), language(request)
    present = await _secret_of(needed, found)
    status, error = 400, None
    if len(new_password) < SHORTEST_PASSWORD:
        error = word(lang, "password_short")
    elif len(new_password) > LONGEST_PASSWORD:
        error = word(lang, "password_long")
    elif present is None and not found.proved(needed.now()):
        status, error = 403, word(lang, "prove_by_link")
    elif present is not None:
        status, error = await check_password(request, present, present_password)
    if error is None:
        secret = await needed.passwords.hashed(new_password)
        own = token_hash(request.cookies.get(needed.cookie, ""))
        await needed.store.set_secret(found.account.name, secret, own)
    done = error is None
    status, has_one = (200, True) if done else (status, present is not None)
    return page(request, "password.html", found, status=status, has_one=has_one, error=error, done=done)


async def _secret_of(needed: Parts, found: Session) -> str | None:
    """Return the hash of the password of a session's account; None if it has no password."""
    known = await needed.store.account(found.account.name)
    return None if known is None else known[1]


async def _opened(needed: Parts, account: Account) -> Response:
    token = needed.token()
    await needed.store.open_session(token_hash(token), account.name, needed.now())
    response = RedirectResponse(PARTS[account.role][0].address, status_code=_SEE_OTHER)
    needed.keep_session(response, token)
    return response
