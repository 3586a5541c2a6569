"""Rows of what waits, for people: laid out for 80 columns. Ids are never cut: they are typed into other commands."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from rich.console import Console

from schemas.times import BELIZE
from services.console import layout
from services.console.layout import INDENT, joined, wrapped
from services.presentation.waits import span


def show(console: Console, found: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Print each row as a block of lines; what is late is red and says by how much."""
    for each in found:
        layout.show(console, lines(each, now), "bold red" if each["late"] else None)


def lines(each: Mapping[str, Any], now: datetime) -> Iterator[str]:
    """Yield the lines of one row: when and who, the referral and its parties, the person and the services."""
    due = datetime.fromisoformat(each["due_at"])
    late = f"LATE by {span(now - due)}" if each["late"] else None
    to_do = f"{str(each['to_do']).replace('_', ' ')} by {each['waits_for']}"
    yield joined((f"{due.astimezone(BELIZE):%Y-%m-%d %H:%M}", late, to_do))
    state = "" if each["state"] is None else str(each["state"]).replace("_", " ")
    yield from wrapped(joined((each["about"], ", ".join(part for part in (each["urgency"], state) if part))))
    if each["sender"] is not None or each["receiver"] is not None:
        holder = "" if each["holder"] is None else f", held by {each['holder']}"
        yield from wrapped(f"from {each['sender'] or '–'} to {each['receiver'] or '–'}{holder}")
    yield f"{INDENT}{each['person']}"
    if each["service_types"]:
        yield from wrapped(f"asks for {', '.join(each['service_types'])}")
