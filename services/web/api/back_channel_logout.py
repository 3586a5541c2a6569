"""OpenID Connect back-channel logout: the provider reports that a person signed out, and the sessions here end."""

import asyncio
from typing import Annotated, Final

import structlog
from fastapi import Form, Request
from fastapi.responses import JSONResponse, Response
from joserfc.errors import JoseError

from services.web.api.dependencies import parts
from services.web.api.figure_question import NoPage
from services.web.domain.logout_token import LogoutFault, WrongLogout, logout_notice
from services.web.provider_sign_in_errors import ProviderAway

ENDED: Final = "/sign-in/provider/ended"
_LONGEST: Final = 10_000
"""Largest number of characters of a logout token. Real ones have less than two thousand."""
_AT_ONCE: Final = asyncio.Semaphore(2)
"""Limits the tokens that are checked at once: anybody may send one, and sign-ins must not wait behind them."""
_LOG: Final = structlog.get_logger()


async def ended(request: Request, logout_token: Annotated[str, Form(max_length=_LONGEST)]) -> Response:
    """End the sessions that a logout token names. No cookie is needed: the token's signature proves its sender.

    Answers 200, 400 for a refused token, 404 if no provider is configured, or 503 if its keys cannot be read.
    """
    needed = parts(request)
    provider = needed.provider
    if provider is None:
        raise NoPage
    try:
        async with _AT_ONCE:
            token = await provider.verify_logout_token(logout_token)
        notice = logout_notice(
            token.header, token.claims, issuer=provider.issuer, client=provider.client, now=provider.now()
        )
    except ProviderAway as error:
        _LOG.warning("provider_away", reason=str(error))
        return JSONResponse({"error": "temporarily_unavailable"}, status_code=503)
    except (JoseError, ValueError):
        return _refused(LogoutFault.SIGNATURE)
    except WrongLogout as wrong:
        return _refused(wrong.fault)
    count = await needed.store.end_by_provider(notice.person, notice.session, notice.began_by)
    _LOG.info("sessions_ended_by_provider", count=count)
    return Response(status_code=200)


def _refused(fault: LogoutFault) -> Response:
    _LOG.warning("logout_token_refused", reason=fault.value)
    return JSONResponse({"error": "invalid_request"}, status_code=400)
