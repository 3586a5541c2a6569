"""`atips diff`: figures that differ between two moments, with the events accepted in between that moved them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from infra.local import connection_settings
from infra.local.data_folder import Folder
from services.console import local_cluster, terminal_layout
from services.console.account_token import AccountToken
from services.console.as_of_and_known_at import cut_period, editions_of_moments, open_ledger_pool, parse_known_at
from services.console.consistent_figure_reads import note_look_without_snapshot
from services.console.figure_arguments import leave_without_figures, must_be_known, parsed
from services.console.options import DEFAULT, KNOWN_AT_HELP, AsJson, AsOf, By, DataDir, Numbers, PeriodText, split
from services.console.output import emit, fail_wrong_usage, out
from services.console.progress_bar import ProgressBar
from services.console.visible_events import Purpose, event_predicate_of, note_looks, requester_of
from services.console.why import cells_of, event_lines
from services.presentation.figure_amounts import amount_text, facts_beside
from services.presentation.units import unit
from services.reporting.jobs.as_of_editions import KnownAt, ensure
from services.reporting.read.exact_look_log import exact_look
from services.reporting.read.figure_changes_between_event_numbers import (
    DifferenceQuestion,
    FigureDifference,
    differences,
)
from services.reporting.read.queries import Edition
from services.runtime.postgres import borrow_connection

_SIDES: Final = 2


def diff(
    *,
    known_at: Annotated[
        list[str] | None,
        typer.Option("--known-at", metavar="N|T", help=f"Twice, the earlier first. {KNOWN_AT_HELP}"),
    ] = None,
    period: PeriodText = "",
    by: By = None,
    number: Numbers = None,
    as_of: AsOf = "",
    purpose: Purpose = "",
    token_file: AccountToken = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Print the figures of a period that were known differently at two moments. Exits with 1 when any differs.

    Beside each stand the events accepted in between that concern a person, case or activity by which it moved. Events
    that your account may not see are counted and not shown. The look at the amounts is noted, and one at each person
    and case shown. Without an account, on the machine of the cluster, the operator asks for the Council's audit.
    """
    who = requester_of(data_dir, token_file, purpose)
    if len(known_at or ()) != _SIDES:
        fail_wrong_usage("--known-at is needed twice: the earlier moment, then the later one.")
    asked = DifferenceQuestion(cut_period(parsed(period, data_dir), as_of), split(by), split(number))
    moments = [parse_known_at(each) for each in known_at or ()]
    must_be_known(asked.numbers, asked.by)
    root = local_cluster.running_cluster(data_dir).data_dir
    with leave_without_figures():
        look = exact_look("atips diff", asked.numbers, asked.period, asked.by, " ".join(map(str, moments)))
        asyncio.run(note_look_without_snapshot(Folder(root), look))
        sides, every = asyncio.run(_compare(root, asked, moments))
        seen = event_predicate_of(Folder(root), who, {event.root for each in every for event in each.events})
        found = [each.kept(seen) for each in every]
        note_looks(Folder(root), who, ((event.told.event, event.entities) for each in found for event in each.events))
    if as_json:
        emit(plain(asked, sides, found))
    else:
        _show(asked, sides, found, known_at or ())
    if found:
        raise typer.Exit(1)


async def _compare(
    data_dir: Path, asked: DifferenceQuestion, moments: list[KnownAt]
) -> tuple[tuple[Edition, Edition], list[FigureDifference]]:
    async with open_ledger_pool(data_dir) as pool:
        async with borrow_connection(pool) as connection:
            before, after = await editions_of_moments(connection, data_dir, moments)
        if before.known_at > after.known_at:
            fail_wrong_usage(f"--known-at: event {before.known_at} is later than event {after.known_at}")
        deployment = connection_settings.deployment(data_dir)
        with ProgressBar("making the editions") as bar:
            await ensure(pool, deployment, (before, after), bar.advanced)
        with ProgressBar("looking for the events") as bar:
            async with borrow_connection(pool) as connection:
                return (before, after), await differences(connection, deployment, (before, after), asked, bar.advanced)


def plain(asked: DifferenceQuestion, sides: tuple[Edition, Edition], found: list[FigureDifference]) -> dict[str, Any]:
    """Return the output of `atips diff --json`: a dict of `period`, `known_at` and `different`.

    `known_at`: the two event numbers. `different`: a dict for each figure that differs, with its events.
    """
    return {
        "period": str(asked.period),
        "known_at": [side.known_at for side in sides],
        "different": [
            {
                "number": each.after.number,
                "name": each.after.name,
                "unit": each.after.unit,
                "dimensions": dict(each.after.dimensions),
                "before": each.before.value,
                "after": each.after.value,
                **_around(each),
                "events": [event.plain() for event in each.events],
                "hidden": each.hidden,
            }
            for each in found
        ],
    }


def _around(each: FigureDifference) -> dict[str, list[Any]]:
    """Return the facts beside an amount: name to [before, after]."""
    after = facts_beside(each.after)
    return {name: [then, after[name]] for name, then in facts_beside(each.before).items()}


def _show(
    asked: DifferenceQuestion,
    sides: tuple[Edition, Edition],
    found: list[FigureDifference],
    typed: Sequence[str] = ("", ""),
) -> None:
    console = out()
    earlier, later = (
        f"event {side.known_at}" + (f" ({text})" if text != str(side.known_at) and text else "")
        for side, text in zip(sides, typed, strict=True)
    )
    console.print(f"{asked.period}, as known at {earlier} and at {later}", markup=False)
    if not found:
        console.print("no figure differs", markup=False)
    for each in found:
        of = "".join(f", {name} {value}" for name, value in each.after.dimensions.items())
        moved = ((name, *pair) for name, pair in _around(each).items() if pair[0] != pair[1])
        notes = "".join(f"; {name} {then} → {now}" for name, then, now in moved)
        measure = unit(each.after.unit, each.after.value)
        amounts = f"{amount_text(each.before)} → {amount_text(each.after)} {measure}"
        console.print(f"{each.after.number} {each.after.name}{of}: {amounts}{notes}", markup=False)
        for event in (one.plain() for one in each.events):
            terminal_layout.show(console, event_lines(cells_of(event), event["entities"], terminal_layout.INDENT))
        if each.hidden:
            console.print(f"{each.hidden} more that you may not see", markup=False)


def register(app: typer.Typer) -> None:
    """Add the command `diff` to the app."""
    app.command()(diff)
