"""Errors of signing in at the identity provider, with their reason codes."""

from enum import StrEnum


class ProviderAway(Exception):
    """The identity provider does not answer, or its answer cannot be used. Nobody can sign in meanwhile."""


class EntryRefusal(StrEnum):
    """Reason codes of `SignInRefused`, for the log. They say nothing about the person."""

    COOKIE = "cookie"
    """The browser has no cookie of a sign-in that began in the last ten minutes."""
    STATE = "state"
    ISSUER = "issuer"
    REFUSED_THERE = "refused_there"
    CODE = "code"
    NO_ID_TOKEN = "no_id_token"  # noqa: S105 - a code
    ID_TOKEN = "id_token"  # noqa: S105 - a code
    """The ID token's signature, issuer, audience, nonce or time is wrong."""
    AUTH_TIME = "auth_time"
    """The person signed in at the provider too long ago."""
    USERINFO = "userinfo"
    GROUP = "group"
    """The person's groups have no role, or two different ones."""
    DISABLED = "disabled"


class ProviderFault(StrEnum):
    """Reason codes of `ProviderAway` when the identity provider answered but its answer cannot be used."""

    DESCRIBED = "described"
    ASKED = "asked"
    """The provider was asked for its keys a moment ago, and gave none."""
    IN_THE_CLEAR = "in_the_clear"


class SignInRefused(Exception):
    """The sign-in at the provider is refused, for the code `reason`."""

    def __init__(self, reason: EntryRefusal) -> None:
        super().__init__(reason)
        self.reason = reason
