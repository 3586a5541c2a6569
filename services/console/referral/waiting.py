"""`atips referrals` and `consent outstanding`: answers and acknowledgements that are due, and which are late.

Both show what the account sees, on the machine of the cluster and on a connected PC.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from schemas.agencies import AGENCIES, agency_of
from services.console.account_token import AccountToken, pages
from services.console.agency_connection import time_at
from services.console.options import DEFAULT, AsJson, DataDir, LangOption
from services.console.output import emit, fail_wrong_usage, out
from services.console.referral import open_referral_lines
from services.console.typed_times import instant
from services.presentation.bilingual_text import Language, Words

_ACKNOWLEDGEMENT: Final = "acknowledgement"
_WAITING: Final = Words("{all} waiting, {late} late", "{all} en espera, {late} con retraso")
_OUTSTANDING: Final = Words(
    "{all} not acknowledged, {late} of them late", "{all} sin acuse de recibo, {late} con retraso"
)

WaitingFor = Annotated[
    str | None, typer.Option("--waiting-for", metavar="A", help="Show only what this agency must do.")
]
AsOfTime = Annotated[str, typer.Option("--as-of", metavar="T", help="As it stood at that time (RFC 3339), not now.")]


def referrals(
    *,
    waiting_for: WaitingFor = None,
    late: Annotated[bool, typer.Option("--late", help="Show only what is late.")] = False,
    as_of: AsOfTime = "",
    token_file: AccountToken = None,
    lang: LangOption = Language.EN,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """List what is waited for: an answer, a start, the next attempt, an acknowledgement; the first due first.

    Your account decides what you see, and of which agency: there is no --agency. If it sees several agencies, as the
    Council's does, --waiting-for A picks what one of them is to do.
    """
    every, now = _waiting(data_dir, token_file, waiting_for, as_of)
    found = [each for each in every if each["late"] or not late]
    if _shown(found, now, "waiting", lang, as_json=as_json):
        out().print(_count(_WAITING, found, lang), markup=False)


def outstanding(
    *,
    waiting_for: WaitingFor = None,
    as_of: AsOfTime = "",
    token_file: AccountToken = None,
    lang: LangOption = Language.EN,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """List who has not acknowledged yet that consent was taken back, by the withdrawal; the first due first.

    Your account decides what you see: there is no --agency. --waiting-for A picks what one agency is to do.
    """
    every, now = _waiting(data_dir, token_file, waiting_for, as_of)
    found = [each for each in every if each["to_do"] == _ACKNOWLEDGEMENT]
    if _shown(found, now, "outstanding", lang, as_json=as_json):
        out().print(_count(_OUTSTANDING, found, lang), markup=False)


def plain(each: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the server as a dict for JSON. `waits_for` is what is to be done, `agency` who is to do it."""
    return {
        "waits_for": each["to_do"],
        "agency": each["waits_for"],
        **{
            name: each[name]
            for name in (
                *("about", "person", "case", "since", "due_at", "late", "urgency", "sender", "receiver", "holder"),
                *("state", "escalated", "service_types"),
            )
        },
    }


def _count(form: Words, found: Sequence[Mapping[str, Any]], lang: Language) -> str:
    return form.of(lang).format(all=len(found), late=sum(each["late"] for each in found))


def _shown(found: Sequence[Mapping[str, Any]], now: datetime, name: str, lang: Language, *, as_json: bool) -> bool:
    """Print the rows, as JSON under `name` or as text; returns whether they were printed as text."""
    if as_json:
        emit({name: [plain(each) for each in found], "as_of": now.isoformat()})
    else:
        open_referral_lines.show(out(), found, now, lang)
    return not as_json


def _waiting(
    data_dir: Path, token_file: Path | None, waiting_for: str | None, as_of: str
) -> tuple[list[dict[str, Any]], datetime]:
    """Return (rows by due time, time at which they hold) of what is waited for, as the account sees it.

    `waiting_for`: only rows that this agency is to act on; None means every row. `as_of`: typed time; empty means now.
    """
    asked = _of_the_table(waiting_for)
    then = instant(as_of) if as_of else None
    with pages(data_dir, token_file) as server:
        found = server.referrals(None if then is None else then.isoformat())["waiting"]
    found.sort(key=lambda each: datetime.fromisoformat(each["due_at"]))
    return [each for each in found if asked in {None, each["waits_for"]}], then or time_at(data_dir)


def _of_the_table(agency: str | None) -> str | None:
    """Return the agency of the code: for a unit, the agency that it belongs to. Exits with 2 for an unknown code.

    Agencies that publish nothing are allowed too.
    """
    if agency is not None and agency not in AGENCIES:
        fail_wrong_usage(f"--waiting-for: there is no agency {agency}; there are {', '.join(AGENCIES)}.")
    return None if agency is None else agency_of(agency)


def register(app: typer.Typer) -> None:
    """Add the command `referrals` to the app."""
    app.command()(referrals)
