"""Logout tokens of the provider: OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6.

A token names a person, or one of the person's sessions there. It ends sessions that began before it was made, so that
the same token again ends nothing more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from services.web.domain.identity_provider import provider_hash

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
FRESH: Final = timedelta(minutes=2)
"""A token that was made longer ago is refused. The provider sends it at once."""
LEEWAY: Final = timedelta(minutes=1)
"""By so much the provider's clock may differ from ours."""
_TYPES: Final = frozenset({None, "jwt", "logout+jwt"})


class LogoutFault(StrEnum):
    """Codes for the log that say what is wrong with a logout token. They say nothing of the person."""

    SIGNATURE = "signature"
    TYPE = "type"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    TIME = "time"
    JTI = "jti"
    EVENT = "event"
    NONCE = "nonce"
    """It is an ID token."""
    NOBODY = "nobody"
    """It names neither a person nor a session."""


class WrongLogout(Exception):
    """The token ends nothing."""

    def __init__(self, fault: LogoutFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class LogoutNotice:
    """Sessions that end: those of a person, one of them, or both; each is a hash. `began_by`: later ones go on."""

    person: bytes | None
    session: bytes | None
    began_by: datetime


def logout_notice(
    header: Mapping[str, Any], claims: Mapping[str, Any], *, issuer: str, client: str, now: datetime
) -> LogoutNotice:
    """Read a token whose signature is right. Raises `WrongLogout`."""
    kind, audience, event = header.get("typ"), claims.get("aud"), claims.get("events")
    made, ends = _time(claims.get("iat")), _time(claims.get("exp"))
    person, session = (_text(claims.get(name)) for name in ("sub", "sid"))
    checks = (
        (LogoutFault.TYPE, (kind.lower() if isinstance(kind, str) else kind) in _TYPES),
        (LogoutFault.ISSUER, claims.get("iss") == issuer),
        (LogoutFault.AUDIENCE, client in (audience if isinstance(audience, list) else [audience])),
        (LogoutFault.TIME, made is not None and now - FRESH - LEEWAY <= made <= now + LEEWAY),
        (LogoutFault.TIME, ends is not None and now <= ends + LEEWAY),
        (LogoutFault.JTI, _text(claims.get("jti")) is not None),
        (LogoutFault.EVENT, isinstance(event, dict) and isinstance(event.get(EVENT), dict)),
        (LogoutFault.NONCE, "nonce" not in claims),
        (LogoutFault.NOBODY, person is not None or session is not None),
    )
    for fault, right in checks:
        if not right:
            raise WrongLogout(fault)
    return LogoutNotice(
        person=None if person is None else provider_hash(issuer, person),
        session=None if session is None else provider_hash(issuer, session),
        began_by=(made or now) + LEEWAY,
    )


def _time(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
