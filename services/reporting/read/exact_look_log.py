"""Log entry for a read of exact amounts. It must be stored before the amounts are shown."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from services.runtime.postgres import Connection

NOTE: Final = "SELECT note_exact($1, $2, $3, $4, $5)"
"""SQL that stores a log entry. Each schema has its function `note_exact`: `reporting` for commands, `web` for pages."""

_PLAIN: Final = re.compile(r"[0-9A-Za-z_.,:+ -]{0,2000}")
"""Pattern of numbers, periods, dimensions and times. Other input is not stored."""
_UNREADABLE: Final = "?"


class ExactLook(NamedTuple):
    """A read of exact amounts. `place`: a route, such as /figures/{number}, or a command, such as `atips figures`.

    `figures`: numbers joined by commas; empty: all that the reader may see. `moment`: the time up to which the read
    counted events, if one was asked for.
    """

    place: str
    figures: str = ""
    period: str = ""
    breakdown: str = ""
    moment: str = ""


def exact_look(
    place: str, figures: Iterable[str] = (), period: object = "", by: Iterable[str] = (), moment: object = ""
) -> ExactLook:
    """Return a log entry from a reader's input. Input with other characters than `_PLAIN` allows becomes "?"."""
    typed = (",".join(figures), str(period or ""), ",".join(by), str(moment or ""))
    return ExactLook(place, *(each if _PLAIN.fullmatch(each) else _UNREADABLE for each in typed))


async def note_exact_look(connection: Connection, look: ExactLook) -> None:
    """Store the log entry of an operator's command; it is committed on return. Raises the errors of asyncpg."""
    await connection.execute(NOTE, *look)
