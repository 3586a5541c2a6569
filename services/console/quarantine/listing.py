"""`atips quarantine list`: the refused events, by agency, reason, time and state."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from schemas.agencies import AUTHORS
from schemas.errors import Reason
from services.console import local_cluster
from services.console.as_of_and_known_at import parse_known_at
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.output import emit, fail_wrong_usage, out
from services.console.quarantine import entry_text
from services.console.quarantine.quarantine_access import quarantine, run_query
from services.intake.domain.quarantine_entries import Entry, EntryState
from services.intake.store.quarantine_entries import EntryFilter, entries
from services.presentation.bilingual_text import pluralize

AgencyOption: TypeAlias = Annotated[str | None, typer.Option("--agency", metavar="A", help="Only of this agency.")]
Because: TypeAlias = Annotated[
    Reason | None, typer.Option("--reason", metavar="CODE", help="Only what broke this rule.")
]


def listed(
    *,
    agency: AgencyOption = None,
    reason: Because = None,
    since: Annotated[
        str, typer.Option("--since", metavar="T", help="Only what was refused since: a day, or a time with its offset.")
    ] = "",
    state: Annotated[EntryState | None, typer.Option("--state", help="Only of this state; of any without it.")] = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Print what was refused: one entry for all attempts at one event, the earliest first."""
    of_agency(agency)
    wanted = EntryFilter(agency, reason, state, time_or_day(since))
    found = run_query(_ask(local_cluster.running_cluster(data_dir).data_dir, wanted))
    if as_json:
        emit({"entries": [entry_text.plain(entry) for entry in found]})
        return
    entry_text.show(out(), found)
    legend = entry_text.legend(found)
    if legend:
        out().print(legend, style="dim", markup=False, soft_wrap=True)
    for run in entry_text.pieces(found):
        out().print(entry_text.advice(run), style="bold", markup=False, soft_wrap=True)
    lost = sum(entry.not_delivered for entry in found)
    out().print(f"{pluralize(len(found), 'entry', 'entries')}{f', {lost} NOT DELIVERED' if lost else ''}", markup=False)


def of_agency(agency: str | None) -> None:
    """Exit with 2 for an agency or service that publishes nothing; None passes."""
    if agency is not None and agency not in AUTHORS:
        fail_wrong_usage(f"No agency {agency} publishes here.")


def time_or_day(text: str) -> datetime | None:
    """Parse a time, or a day as its beginning in Belize; None for an empty text. Exits with 2 for anything else."""
    if not text:
        return None
    found = parse_known_at(text, name="--since", first=True)
    if isinstance(found, int):
        fail_wrong_usage("--since: a day, or a time with its offset")
    return found


async def _ask(data_dir: Path, wanted: EntryFilter) -> tuple[Entry, ...]:
    async with quarantine(data_dir) as connection:
        return await entries(connection, wanted)
