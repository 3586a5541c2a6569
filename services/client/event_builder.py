"""Builds an event that a person states now on behalf of an agency, for the command line and the web pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from uuid6 import uuid7

from schemas.codec import decode_strict
from schemas.errors import BadMessage, Mistake

SYSTEM: Final = "console"
"""System in the `source` of events from the command line and the web pages. It is enrolled for every agency."""


class WrongStatement(ValueError):
    """Raised for an event that intake would refuse. `mistakes`: all that were found; empty if a text is not UTF-8."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(*(f"{each.reason} at {each.pointer}" for each in mistakes))
        self.mistakes = tuple(mistakes)


def statement(
    agency: str,
    name: str,
    data: Mapping[str, Any],
    *,
    subject: str,
    at: datetime,
    event_id: str | None = None,
    consentref: str | None = None,
    supersedes: str | None = None,
) -> dict[str, Any]:
    """Return the event as a dict. `name`: its type without prefix and version, such as `referral.accepted`.

    None and empty lists in `data` are left out. `event_id`: None for a new id. Raises `WrongStatement`.
    """
    written = at.isoformat(timespec="milliseconds")
    event = {
        "specversion": "1.0",
        "id": event_id or str(uuid7()),
        "source": f"{agency}/{SYSTEM}",
        "type": f"bz.atips.{name}.v1",
        "subject": subject,
        "time": written,
        "recordedtime": written,
        "data": {key: value for key, value in data.items() if value not in (None, [])},
    }
    event |= {
        name: value for name, value in {"consentref": consentref, "supersedes": supersedes}.items() if value is not None
    }
    try:
        decode_strict(orjson.dumps(event))
    except TypeError:
        raise WrongStatement(()) from None
    except BadMessage as bad:
        raise WrongStatement(bad.mistakes) from None
    return event
