"""`atips case`: a case at a glance and its timeline, for an agency and a purpose; that somebody looked is noted."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from infra.local.folder import Folder
from schemas.agencies import PUBLISHING
from schemas.codebook.governance import ViewPurpose
from schemas.ids import Kind, is_id
from services.case_tracker import queries
from services.case_tracker.queries import Looked
from services.console import local
from services.console.answering import answering, instant
from services.console.case import shown
from services.console.database import as_agency
from services.console.options import DEFAULT, AsJson, DataDir, LangOption, Language
from services.console.say import emit, fail, out, wrong
from services.presentation.case import page_of, plain


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
    lang: LangOption = Language.EN,
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
        looked = asyncio.run(_looked(folder, which, agency, looks_for, now))
    found = None if looked is None else page_of(looked, agency, looks_for, now)
    if looked is None or found is None:
        fail(f"Nothing of that case is for {agency} to see.")
    if looked.alive != which:
        fail(f"That case was found to be one with another: {looked.alive}")
    if as_json:
        emit(plain(found, lang))
    else:
        shown.show(out(), found, lang)


async def _looked(folder: Folder, which: str, agency: str, purpose: ViewPurpose, now: datetime) -> Looked | None:
    async with as_agency(folder, agency, "case_tracker") as connection:
        return await queries.look(connection, which, account=None, purpose=purpose.value, as_of=now)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(case)
