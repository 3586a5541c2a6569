"""Reasons why a sign-in at the provider lets nobody in."""

from enum import StrEnum


class ProviderAway(Exception):
    """The provider does not answer, or answers something that is no answer. Nobody is let in meanwhile."""


class EntryRefusal(StrEnum):
    """Codes for the log that say why nobody was let in. They say nothing of the person."""

    COOKIE = "cookie"
    """This browser did not begin a sign-in, or long ago."""
    STATE = "state"
    ISSUER = "issuer"
    REFUSED_THERE = "refused_there"
    CODE = "code"
    NO_ID_TOKEN = "no_id_token"  # noqa: S105 - a code
    ID_TOKEN = "id_token"  # noqa: S105 - a code
    """Its signature, issuer, audience, nonce or time is not right."""
    AUTH_TIME = "auth_time"
    """The person proved too long ago who they are."""
    USERINFO = "userinfo"
    GROUP = "group"
    """The person's groups open nothing, or two different things."""
    DISABLED = "disabled"


class Trouble(StrEnum):
    """Faults of a provider that answers."""

    DESCRIBED = "described"
    ASKED = "asked"
    """It was asked a moment ago, and gave no keys."""
    IN_THE_CLEAR = "in_the_clear"


class NoEntry(Exception):
    """The sign-in is refused."""

    def __init__(self, reason: EntryRefusal) -> None:
        super().__init__(reason)
        self.reason = reason
