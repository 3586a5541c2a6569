"""`atips case`: a case at a glance and its timeline, for an agency and a purpose; that somebody looked is noted."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from infra.local.folder import Folder
from schemas.agencies import PUBLISHING
from schemas.codebook.governance import ViewPurpose
from schemas.deciding import Entered
from schemas.ids import Kind, is_id
from services.case_tracker import queries
from services.case_tracker.domain.decide import examined
from services.case_tracker.domain.sight import sight
from services.case_tracker.domain.spine import spine, with_facts
from services.console import local
from services.console.answering import answering, instant
from services.console.case import shown
from services.console.case.shown import Page
from services.console.database import as_agency
from services.console.options import DEFAULT, AsJson, DataDir, Lang, Language
from services.console.say import emit, fail, out, wrong


def case(
    which: Annotated[str, typer.Argument(metavar="ID", help="The case's id.")],
    *,
    purpose: Annotated[
        str, typer.Option("--purpose", metavar="P", help=f"What for: {', '.join(each.value for each in ViewPurpose)}.")
    ],
    agency: Annotated[
        str, typer.Option("--agency", metavar="A", help="As which agency: what it may not see is not shown.")
    ] = "council",
    as_of: Annotated[
        str,
        typer.Option("--as-of", metavar="T", help="What had happened by then (RFC 3339), by all that is known now."),
    ] = "",
    lang: Lang = Language.EN,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Show who and what stands in a case, what contradicts itself in it, and its timeline. Every look is logged."""
    if not is_id(which, Kind.CASE):
        wrong("That is no case's id.")
    if agency not in PUBLISHING:
        wrong(f"There is no agency {agency}.")
    try:
        looks_for = ViewPurpose(purpose)
    except ValueError:
        wrong(f"There is no purpose {purpose}.")
    folder = Folder(local.running(data_dir).data_dir)
    now = instant(as_of) if as_of else local.now(folder.root)
    with answering():
        entries = asyncio.run(_looked(folder, which, agency, looks_for))
    alive = min(spine(which, entries).ids)
    found = page(alive, entries, agency, looks_for, now, local.now(folder.root))
    if found is None:
        fail(f"Nothing of that case is for {agency} to see.")
    if alive != which:
        fail(f"That case was found to be one with another: {alive}")
    if as_json:
        emit(shown.plain(found, lang))
    else:
        shown.show(out(), found, lang)


def page(  # noqa: PLR0917 - a page has so many respects
    which: str,
    entries: Sequence[Entered],
    agency: str,
    purpose: ViewPurpose,
    now: datetime,
    today: datetime | None = None,
) -> Page | None:
    """Make the page of a case as an agency may see it at a time; None where it may see nothing, or there is nothing.

    What it may see is judged by all that is known `today`: a look at the past opens nothing that is shut.
    """
    whole = spine(which, entries)
    so_far = with_facts(whole, (each for each in whole.facts if each.at is None or each.at.start <= now))
    allowed = sight(whole, agency, purpose, now=today or now)
    seen = with_facts(whole, (each for each in so_far.facts if allowed.sees(each)))
    seen = replace(seen, merges=tuple(filter(allowed.sees, whole.merges)))
    if allowed.shut_out or not seen.facts:
        return None
    standing = examined(so_far, max((each.n for each in entries), default=0)).values()
    mine = {each.ref for each in (*seen.facts, *seen.merges)}
    findings = tuple(each for each in standing if mine.intersection(each.records))
    return Page(seen, allowed.left_out, len(so_far.facts) - len(seen.facts), findings, agency, purpose, now)


async def _looked(folder: Folder, which: str, agency: str, purpose: ViewPurpose) -> Sequence[Entered]:
    async with as_agency(folder, agency, "case_tracker") as connection:
        return await queries.look(connection, which, account=None, purpose=purpose.value)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(case)
