"""Validation of logout tokens: OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6.

A token names a person, or one of the person's sessions at the provider. It ends only sessions that began before the
token was made, so a repeated token ends nothing more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from services.web.domain.provider_sign_in_rules import provider_hash

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
FRESH: Final = timedelta(minutes=2)
"""Largest age of an accepted token. The provider sends it at once."""
LEEWAY: Final = timedelta(minutes=1)
"""Largest accepted difference between the provider's clock and this machine's."""
_TYPES: Final = frozenset({None, "jwt", "logout+jwt"})


class LogoutFault(StrEnum):
    """Reason codes of `WrongLogout`, for the log. They say nothing about the person."""

    SIGNATURE = "signature"
    TYPE = "type"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    TIME = "time"
    JTI = "jti"
    EVENT = "event"
    NONCE = "nonce"
    """The token has a nonce, so it is an ID token."""
    NOBODY = "nobody"
    """The token names neither a person nor a session."""


class WrongLogout(Exception):
    """The logout token is invalid, for the reason `fault`."""

    def __init__(self, fault: LogoutFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class LogoutNotice:
    """Sessions to end: those of a person, or one session; both are hashes. Sessions after `began_by` stay."""

    person: bytes | None
    session: bytes | None
    began_by: datetime


def logout_notice(
    header: Mapping[str, Any], claims: Mapping[str, Any], *, issuer: str, client: str, now: datetime
) -> LogoutNotice:
    """Validate the claims of a token whose signature was verified. Raises `WrongLogout` for the first fault."""
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
