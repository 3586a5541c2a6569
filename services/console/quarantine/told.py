"""Entries of the quarantine as programs and as people read them; never anything that was sent, but ids and codes."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from rich.table import Column, Table

from schemas.errors import Reason
from schemas.times import BELIZE
from services.console.sheet.rule import sentence
from services.intake.domain.entries import Entry


def plain(entry: Entry) -> dict[str, Any]:
    """Give an entry as programs read it."""
    source, event_id = entry.key or (None, None)
    return {
        "entry": entry.number,
        "state": entry.state.value,
        "not_delivered": entry.not_delivered,
        "agency": entry.agency,
        "type": entry.type,
        "reason": entry.reason,
        "pointer": entry.pointer,
        "source": source,
        "id": event_id,
        "attempts": entry.attempts,
        "kept": entry.kept_in is not None,
        "refused_first": when(entry.first_at),
        "refused_last": when(entry.last_at),
    }


def table(entries: Iterable[Entry]) -> Table:
    """Give entries as people read them: times are Belize's, and nothing is cut that somebody may have to copy."""
    headings = ("entry", "state", "agency", "type", "reason", "at", "tries", "refused", "id")
    made = Table(*(Column(heading, overflow="fold") for heading in headings))
    for entry in entries:
        made.add_row(
            str(entry.number),
            "NOT DELIVERED" if entry.not_delivered else entry.state.value,
            entry.agency,
            (entry.type or "–").removeprefix("bz.atips."),
            entry.reason,
            entry.pointer or "–",
            f"{entry.attempts}{'' if entry.kept_in is not None else ', not kept'}",
            f"{_instant(entry.last_at).astimezone(BELIZE):%Y-%m-%d %H:%M}",
            entry.key[1] if entry.key else "–",
            style="red" if entry.not_delivered else None,
        )
    return made


def rule(reason: str) -> str:
    """Give the rule that was broken in words, English and Spanish."""
    try:
        return sentence(Reason(reason))
    except ValueError:  # of a version that knew more
        return reason


def when(milliseconds: int) -> str:
    """Give an instant as RFC 3339."""
    return _instant(milliseconds).isoformat(timespec="milliseconds")


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
