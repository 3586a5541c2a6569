"""Rows of what waits, for people: laid out for 80 columns. Ids are never cut: they are typed into other commands."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from textwrap import wrap
from typing import Final

from rich.console import Console

from schemas.times import BELIZE
from services.presentation.waits import span
from services.referral.queries import WaitRow

COLUMNS: Final = 80
_INDENT: Final = "  "


def show(console: Console, found: Iterable[WaitRow], now: datetime) -> None:
    """Print each row as a block of lines; what is late is red and says by how much."""
    for each in found:
        for line in lines(each, now):
            console.print(line, style="bold red" if each.due_at <= now else None, markup=False, soft_wrap=True)


def lines(each: WaitRow, now: datetime) -> Iterator[str]:
    """Yield the lines of one row: when and who, the referral and its parties, the person and the services."""
    late = f"  LATE by {span(now - each.due_at)}" if each.due_at <= now else ""
    yield f"{each.due_at.astimezone(BELIZE):%Y-%m-%d %H:%M}{late}  {each.kind.replace('_', ' ')} by {each.agency}"
    urgency = "" if each.urgency is None else f"  {each.urgency}"
    state = "" if each.state is None else f", {each.state.replace('_', ' ')}"
    yield f"{_INDENT}{each.about}{urgency}{state}"
    if each.sender is not None or each.receiver is not None:
        holder = "" if each.holder is None else f", held by {each.holder}"
        yield f"{_INDENT}from {each.sender or '–'} to {each.receiver or '–'}{holder}"
    yield f"{_INDENT}{each.person}"
    if each.service_types:
        services = f"asks for {', '.join(each.service_types)}"
        yield from wrap(services, COLUMNS, initial_indent=_INDENT, subsequent_indent=_INDENT * 2)
