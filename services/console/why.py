"""`atips why`: the events behind a figure, with the agencies' own register numbers."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from infra.local import connection_settings
from infra.local.data_folder import Folder
from schemas.times import BELIZE
from services.console import local_cluster, terminal_layout
from services.console.account_token import AccountToken
from services.console.as_of_and_known_at import cut_period, last_event_number, open_ledger_pool, parse_known_at
from services.console.consistent_figure_reads import note_look_without_snapshot
from services.console.figure_arguments import leave_without_figures, parsed
from services.console.options import DEFAULT, KNOWN_AT_HELP, AsJson, AsOf, By, DataDir, PeriodText, split
from services.console.output import emit, fail_wrong_usage, out
from services.console.progress_bar import ProgressBar
from services.console.terminal_layout import INDENT, joined, wrapped
from services.console.visible_events import (
    BY_OFFICE,
    Purpose,
    Requester,
    event_predicate_of,
    not_shown,
    note_looks,
    requester_of,
)
from services.presentation.bilingual_text import pluralize
from services.presentation.figure_amounts import amount_text, facts_beside
from services.presentation.units import unit
from services.reporting.domain.figures.all_figures import chosen
from services.reporting.domain.read.evidence import Question
from services.reporting.jobs.as_of_editions import KnownAt
from services.reporting.read.exact_look_log import exact_look
from services.reporting.read.why import why as explained
from services.reporting.read.why_answer import WhyAnswer
from services.runtime.postgres import borrow_connection

_DAY: Final = 10


def why(
    figure: Annotated[str, typer.Argument(metavar="FIGURE", help="Its number in the report: O9, O13a.")],
    *,
    period: PeriodText = "",
    by: By = None,
    as_of: AsOf = "",
    known_at: Annotated[str, typer.Option("--known-at", metavar="N|T", help=KNOWN_AT_HELP)] = "",
    purpose: Purpose = "",
    token_file: AccountToken = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Print the events behind a figure of a period, this year's without --period, and what each adds to it.

    Events that your account may not see are counted and not shown. The look at the amount is noted, and one at each
    person and case shown. Without an account, on the machine of the cluster, the operator asks for the Council's audit.
    """
    who = requester_of(data_dir, token_file, purpose)
    asked = cut_period(parsed(period, data_dir), as_of)
    known = parse_known_at(known_at) if known_at else None
    with leave_without_figures():
        found = chosen([figure], split(by))
    if len(found) > 1:
        fail_wrong_usage(f"{figure} has several figures, ask for one: {', '.join(each.number for each in found)}")
    root = local_cluster.running_cluster(data_dir).data_dir
    with leave_without_figures():
        asyncio.run(
            note_look_without_snapshot(
                Folder(root), exact_look("atips why", [found[0].number], asked, split(by), known)
            )
        )
        answer, n = asyncio.run(_ask(root, Question(found[0], asked, split(by)), known))
        answer.keep(event_predicate_of(Folder(root), who, answer.refs))
        note_looks(Folder(root), who, ((each.evidence.effect.content, (each.entity,)) for each in answer.shown))
    if as_json:
        emit(plain(answer, n, who))
    else:
        _show(answer, n, who)


async def _ask(data_dir: Path, question: Question, known: KnownAt | None) -> tuple[WhyAnswer, int | None]:
    with ProgressBar("folding the ledger") as bar:
        async with open_ledger_pool(data_dir) as pool, borrow_connection(pool) as connection:
            n = None if known is None else await last_event_number(connection, data_dir, known)
            return await explained(connection, connection_settings.deployment(data_dir), question, n, bar.advanced), n


def plain(answer: WhyAnswer, known_at: int | None, who: Requester = BY_OFFICE) -> dict[str, Any]:
    """Return the output of `atips why --json`. `known_at`: number of the event up to which is counted; None means now.

    `readings` has the amounts, `events` what each visible event adds to them. `hidden` counts the others.
    """
    figure = answer.question.figure
    return {
        "number": figure.number,
        "name": figure.name,
        "unit": figure.unit,
        "period": str(answer.question.period),
        "known_at": known_at,
        "agency": who.agency,
        "purpose": who.purpose.value,
        "readings": [
            {"dimensions": dict(each.dimensions), "amount": each.value, **facts_beside(each)}
            for each in answer.readings
        ],
        "withheld": answer.withheld,
        "events": [each.plain() for each in answer.events],
        "further": [each.plain() for each in answer.further],
        "beside": [{"because": what, **each.plain()} for what, each in answer.beside],
        "hidden": answer.hidden.plain(),
    }


def _show(answer: WhyAnswer, known_at: int | None, who: Requester = BY_OFFICE) -> None:
    console, figure = out(), answer.question.figure
    at = "" if known_at is None else f", as known at event {known_at}"
    console.print(f"{figure.number} {figure.name}, {answer.question.period}{at}", markup=False)
    console.print(figure.en, markup=False)
    for reading in answer.readings:
        of = ", ".join(f"{name} {value}" for name, value in reading.dimensions.items())
        console.print(
            f"{of}: {amount_text(reading)}" if of else f"{amount_text(reading)} {unit(figure.unit, reading.value)}",
            markup=False,
        )
    for each in (behind.plain() for behind in answer.events):
        terminal_layout.show(console, lines(each, ", ".join(adds_of(amount) for amount in each["amounts"])))
    if answer.further:
        console.print(further_text(len(answer.further)), markup=False)
    for again in answer.further:
        terminal_layout.show(console, lines(again.plain(), "adds nothing"))
    for what, beside in answer.beside:
        terminal_layout.show(console, lines(beside.plain(), str(what)))
    more = answer.hidden.events + answer.hidden.beside
    if more:
        console.print(not_shown(more, "events", who.agency), markup=False)
    if answer.withheld:
        console.print(f"{pluralize(answer.withheld, 'entity', 'entities')} withheld", markup=False)


def further_text(count: int) -> str:
    """Return the heading of the list of events that repeat a statement of an event above. `count`: their number."""
    say = "says" if count == 1 else "say"
    return f"{pluralize(count, 'further event', 'further events')} {say} again what an event above says:"


def lines(event: dict[str, Any], adds: str) -> Iterator[str]:
    """Yield the lines of an event as first published, and below them the lines of each correction.

    `event`: a dict as in `events` of `plain`. `adds`: text of what the event adds to the figure.
    """
    first = event | (event["first_told"] or {})
    yield from event_lines(cells_of(first), (joined((event["entity"], adds)),))
    said = first["type"]
    for correction in event["corrections"]:
        yield from event_lines(cells_of(correction, "↳ ", said), (), INDENT)
        said = correction["states"] or said


def event_lines(cells: Sequence[str], more: Iterable[str], indent: str = "") -> Iterator[str]:
    """Yield the cells of `cells_of` as lines of at most 80 columns, and the lines `more` below them."""
    n, happened, kind, agency, register, recorded, accepted = cells
    yield from wrapped(joined((n, happened, kind, f"by {agency}")), indent)
    dates = (f"register {register}", f"recorded {recorded}", f"accepted {accepted}")
    yield from wrapped(joined(dates), indent + INDENT)
    for each in more:
        yield from wrapped(each, indent + INDENT)


def adds_of(amount: dict[str, Any]) -> str:
    """Return an amount with its sign and its dimensions' values, such as "+1 female"."""
    return " ".join((f"{amount['amount']:+}", *amount["dimensions"].values()))


def cells_of(event: dict[str, Any], mark: str = "", corrected: str | None = None) -> list[str]:
    """Return number, time, type, agency, register number, record day and acceptance day of an event, as text.

    For a correction, the type has its reason, and the new type if that differs from `corrected`. `mark`: a prefix of
    the type.
    """
    precision = {"year": 4, "month": 7, "day": _DAY}.get(event["precision"] or "", 16)
    ends = (_in_belize(each)[:precision] for each in (event["happened"], event["happened_to"]) if each is not None)
    happened = "..".join(dict.fromkeys(ends)) or "unknown"
    return [
        str(event["n"]),
        happened,
        mark + _kind(event, corrected),
        event["agency"],
        event["register_number"] or "–",
        "–" if event["recorded"] is None else _in_belize(event["recorded"])[:_DAY],
        event["accepted"][:_DAY],
    ]


def _in_belize(text: str) -> str:
    """Return an ISO time in Belize's offset: a time in UTC may be of the day before."""
    return datetime.fromisoformat(text).astimezone(BELIZE).isoformat()


def _kind(event: dict[str, Any], corrected: str | None) -> str:
    because = [event["reason"], "by a ruling" if event["ruling"] else None]
    words = ", ".join(each for each in because if each)
    into = event["states"] if event["states"] not in {None, corrected} else None
    return _short(event["type"]) + (f" ({words})" if words else "") + (f" → {_short(into)}" if into else "")


def _short(type_string: str | None) -> str:
    return (type_string or "unreadable").removeprefix("bz.atips.")


def register(app: typer.Typer) -> None:
    """Add the command `why` to the app."""
    app.command()(why)
