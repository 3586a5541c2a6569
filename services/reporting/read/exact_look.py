"""A look at exact amounts, as it is noted before the amounts are given."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from services.runtime.postgres import Connection

NOTE: Final = "SELECT note_exact($1, $2, $3, $4, $5)"
"""Note a look. The function of that name belongs to the schema: `reporting` for commands, `web` for the pages."""

_PLAIN: Final = re.compile(r"[0-9A-Za-z_.,:+ -]{0,2000}")
"""Characters of numbers, periods, dimensions and times. Anything else that somebody typed is not kept."""
_UNREADABLE: Final = "?"


class ExactLook(NamedTuple):
    """A look at amounts. `place`: a route, such as /figures/{number}, or a command, such as `atips figures`.

    `figures`: numbers joined by commas; empty: all that the reader may see. `moment`: until when things happened or
    were known, where that was asked for.
    """

    place: str
    figures: str = ""
    period: str = ""
    breakdown: str = ""
    moment: str = ""


def exact_look(
    place: str, figures: Iterable[str] = (), period: object = "", by: Iterable[str] = (), moment: object = ""
) -> ExactLook:
    """Make a look of what was typed. What is no number, period, dimension or time is noted as "?"."""
    typed = (",".join(figures), str(period or ""), ",".join(by), str(moment or ""))
    return ExactLook(place, *(each if _PLAIN.fullmatch(each) else _UNREADABLE for each in typed))


async def note(connection: Connection, look: ExactLook) -> None:
    """Note a look of the operator's commands. It is kept when this returns. Raises the errors of the driver."""
    await connection.execute(NOTE, *look)
