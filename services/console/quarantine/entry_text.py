"""Entries of the quarantine as text for people and as JSON-ready values.

The text holds ids and codes only, nothing of the refused event's content.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from rich.console import Console

from schemas.errors import Reason
from schemas.times import BELIZE
from services.console import terminal_layout
from services.console.terminal_layout import joined, wrapped
from services.console.verdict_text import form_text, mistake_text, more_text
from services.intake.domain.quarantine_entries import Entry, EntryState
from services.intake.domain.receipt import RefusedPlace, refused_places
from services.sheet.cell_errors import sentence
from services.sheet.verdict import FurtherMistake

_SUPERSEDED: Final = (
    "superseded: an event of the same id is accepted, so nothing is missing, also where these bytes came again later."
    " An entry whose event was repaired under another id stays open: atips quarantine close N --reason replaced"
)
_PIECES: Final = frozenset({Reason.NOT_JSON.value, Reason.NOT_AN_OBJECT.value})
_FEWEST: Final = 3
_TOGETHER_MS: Final = 10_000
"""Longest time between two lines of one event, in ms. A slow producer may send one line a second."""


def plain(entry: Entry) -> dict[str, Any]:
    """Return an entry as a dict for JSON. It has `errors`, all mistakes of the last attempt, if these are several."""
    source, event_id = entry.key or (None, None)
    told = [each.model_dump(mode="json", exclude_none=True) for each in _places(entry)]
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
        "refused_first": rfc3339(entry.first_at),
        "refused_last": rfc3339(entry.last_at),
        **({"errors": told} if len(told) > 1 else {}),
    }


def show(console: Console, entries: Iterable[Entry]) -> None:
    """Print each entry as a block of lines; one that was not delivered is red."""
    for entry in entries:
        terminal_layout.show(console, lines(entry), "red" if entry.not_delivered else None)


def lines(entry: Entry) -> Iterator[str]:
    """Yield an entry's lines of at most 80 columns: number, state and time in Belize; the mistake; the event's id."""
    state = "NOT DELIVERED" if entry.not_delivered else entry.state.value
    refused = f"{_instant(entry.last_at).astimezone(BELIZE):%Y-%m-%d %H:%M}"
    kind = (entry.type or "").removeprefix("bz.atips.") or None
    yield from wrapped(joined((str(entry.number), state, refused, entry.agency, kind)), "")
    place = f" at {entry.pointer}" if entry.pointer else ""
    tries = f"{entry.attempts} tries" if entry.attempts > 1 else None
    yield from wrapped(joined((f"{entry.reason}{place}", tries, None if entry.kept_in is not None else "not kept")))
    if len(entry.mistakes) > 1:
        yield from wrapped(more_text(len(entry.mistakes) - 1, f"atips quarantine show {entry.number}"))
    if entry.key is not None:
        yield from wrapped(entry.key[1])


def mistakes(entry: Entry) -> Iterator[str]:
    """Yield each mistake of the last attempt as a sentence, then how its field is written if there is a hint.

    Yields nothing for an entry with one mistake, which `lines` has already.
    """
    for each in _places(entry) if len(entry.mistakes) > 1 else ():
        mistake = FurtherMistake.told_by(each.model_dump(mode="json"))
        yield mistake_text(mistake, None)
        form = form_text(mistake, None)
        if form:
            yield form


def _places(entry: Entry) -> Sequence[RefusedPlace]:
    return refused_places(entry.agency, entry.type, entry.mistakes)


def legend(entries: Iterable[Entry]) -> str:
    """Return the explanation of `superseded` if an entry has that state; else an empty text."""
    return _SUPERSEDED if any(entry.state is EntryState.SUPERSEDED for entry in entries) else ""


def pieces(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Return groups of three or more open entries that look like the lines of one event.

    They are of one agency, were refused as no JSON or no object, and came at most 10 seconds after one another.
    """
    runs: list[list[Entry]] = []
    for entry in sorted(entries, key=lambda each: (each.agency, each.number)):
        if entry.state is not EntryState.OPEN or entry.reason not in _PIECES or entry.key is not None:
            continue
        last = runs[-1][-1] if runs else None
        if last is not None and last.agency == entry.agency and entry.first_at - last.first_at <= _TOGETHER_MS:
            runs[-1].append(entry)
        else:
            runs.append([entry])
    return [run for run in runs if len(run) >= _FEWEST]


def advice(run: Sequence[Entry]) -> str:
    """Return the advice for a group of `pieces`: send each event on one line, and close these entries."""
    first, last = run[0], run[-1]
    return (
        f"Entries {first.number} to {last.number} of {first.agency} are one mistake: an event was sent over several"
        " lines, and Kafka's tools take each line for a record. Send each event on one line: atips examples shows how."
        f" Then: atips quarantine close {first.number}-{last.number} --reason no_event"
    )


def rule(reason: str) -> str:
    """Return the sentence of a reason of refusal, in English and Spanish; a code of a later version as it is."""
    try:
        return sentence(Reason(reason))
    except ValueError:  # a reason of a later version
        return reason


def rfc3339(milliseconds: int) -> str:
    """Return an instant, in ms since 1970, as RFC 3339 in UTC."""
    return _instant(milliseconds).isoformat(timespec="milliseconds")


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
