"""`atips quarantine close`: close one entry or several, all of them or none."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from services.console import local_cluster
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.output import emit, fail, fail_wrong_usage, out
from services.console.quarantine import entry_text
from services.console.quarantine.quarantine_access import Operator, entry_named, quarantine, run_query
from services.intake.domain.quarantine_entries import CloseReason, Entry, EntryState
from services.intake.store import quarantine_entries as store
from services.intake.store.quarantine_entries import OperatorAct
from services.runtime.clock import SystemClock

MOST: Final = 1_000
"""Largest range of entries that one command closes: nobody has looked at more of them."""
_RANGE: Final = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")


def close(
    names: Annotated[
        list[str], typer.Argument(metavar="ID…", help="Numbers, ranges of numbers (12-33), or ids of events.")
    ],
    *,
    reason: Annotated[CloseReason, typer.Option("--reason", help="Why nothing is missing without them.")],
    operator: Operator,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Close entries: say that nothing is missing without them. Their bytes are kept; refused again, one is open again.

    All are closed, or none. Of a range, those that are open.
    """
    ranges = {name: found for name in names if (found := _range(name)) is not None}
    closed = run_query(_close(local_cluster.running_cluster(data_dir).data_dir, names, ranges, reason, operator))
    for entry in closed:
        if as_json:
            emit(entry_text.plain(entry))
        else:
            out().print(f"Entry {entry.number} of {entry.agency} is closed: {reason.value}.", markup=False)


def _range(name: str) -> tuple[int, int] | None:
    found = _RANGE.fullmatch(name)
    if found is None:
        return None
    first, last = int(found[1]), int(found[2])
    if not first <= last < first + MOST:
        fail_wrong_usage(f"{name}: a range goes from the smaller number to the larger one, of at most {MOST} entries.")
    return first, last


async def _close(
    root: Path, names: Sequence[str], ranges: dict[str, tuple[int, int]], reason: CloseReason, operator: str
) -> list[Entry]:
    async with quarantine(root) as connection, connection.transaction():
        chosen: dict[int, Entry] = {}
        for name in names:
            if name in ranges:
                first, last = ranges[name]
                within = await store.entries(connection, store.EntryFilter(numbers=list(range(first, last + 1))))
                found = [each for each in within if each.state is EntryState.OPEN]
                if not found:
                    fail(f"No entry from {first} to {last} is open. Nothing was closed.")
            else:
                found = [await entry_named(connection, name)]
                if found[0].state is not EntryState.OPEN:
                    fail(
                        f"Entry {found[0].number} is {found[0].state.value} already. Nothing was closed. "
                        "Leave this entry out."
                    )
            chosen |= {each.number: each for each in found}
        for entry in chosen.values():
            await store.note_operator_act(
                connection, OperatorAct(SystemClock().now(), entry, "closed", operator, reason)
            )
        for agency in {entry.agency for entry in chosen.values()}:
            await store.make_room(connection, agency)
        return list(await store.entries(connection, store.EntryFilter(numbers=list(chosen))))
