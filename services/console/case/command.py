"""`atips case` and `atips cases`: a case with its timeline, and a list of cases, for a purpose. Each look is logged.

Both show what the account sees, on the machine of the cluster and on a connected PC.
"""

from datetime import datetime
from typing import Annotated, Final

import typer

from schemas.codebook.governance import ViewPurpose
from schemas.ids import Kind, is_id
from schemas.times import BELIZE
from services.client.pages_data_api import Moved
from services.console import terminal_layout
from services.console.account_token import AccountToken, pages
from services.console.case import case_text
from services.console.options import DEFAULT, AsJson, DataDir, LangOption
from services.console.output import emit, fail, fail_wrong_usage, out
from services.console.typed_times import instant
from services.presentation.bilingual_text import Language, pluralize

_MOST: Final = 1000

Purpose = Annotated[
    str, typer.Option("--purpose", metavar="P", help=f"What for: {', '.join(each.value for each in ViewPurpose)}.")
]


def case(
    which: Annotated[str, typer.Argument(metavar="ID", help="The case's id.")],
    *,
    purpose: Purpose,
    as_of: Annotated[
        str,
        typer.Option("--as-of", metavar="T", help="What had happened by then (RFC 3339), by all that is known now."),
    ] = "",
    known_at: Annotated[
        str,
        typer.Option("--known-at", metavar="T", help="What had been accepted by then: the end of a day, or a time."),
    ] = "",
    lang: LangOption = Language.EN,
    token_file: AccountToken = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Show who and what stands in a case, what contradicts itself in it, and its timeline. Every look is logged.

    With --known-at an event that was corrected since is left out and counted: its earlier words are not shown.
    """
    if not is_id(which, Kind.CASE):
        fail_wrong_usage("That is no case's id.")
    _known(purpose)
    then = instant(as_of).isoformat() if as_of else None
    with pages(data_dir, token_file, lang) as server:
        try:
            found = server.case(which, purpose, then, known_at or None)
        except Moved as moved:
            fail(f"That case was found to be one with another: {moved}")
    if found is None:
        fail("Nothing of that case is for your agency to see.")
    if as_json:
        emit(found)
    else:
        terminal_layout.show(out(), case_text.lines(found, lang))


def cases(
    *,
    purpose: Purpose,
    most: Annotated[int, typer.Option("--most", min=1, max=_MOST, help="So many at most. Each is noted.")] = 25,
    token_file: AccountToken = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """List the cases of which your agency sees anything for a purpose, the newest first. Each is logged as a look."""
    _known(purpose)
    with pages(data_dir, token_file) as server:
        found = server.cases(purpose, most)
    if as_json:
        emit({"cases": found})
        return
    for each in found:
        newest = datetime.fromisoformat(each["newest"]).astimezone(BELIZE)
        dangers = f", {each['dangers']} in danger" if each["dangers"] else ""
        what = f"{pluralize(each['events'], 'event')}, {pluralize(each['findings'], 'finding')}"
        text = f"{newest:%Y-%m-%d}  {each['case']}  {what}{dangers}"
        terminal_layout.show(out(), terminal_layout.wrapped(text, ""), "bold red" if each["dangers"] else None)
    out().print(pluralize(len(found), "case"), markup=False)


def _known(purpose: str) -> None:
    if purpose not in {each.value for each in ViewPurpose}:
        fail_wrong_usage(f"There is no purpose {purpose}.")


def register(app: typer.Typer) -> None:
    """Add the commands `case` and `cases` to the app."""
    app.command()(case)
    app.command()(cases)
