"""`atips referrals`: what is waited for, from whom, and what of it is late."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from infra.local.folder import Folder
from schemas.agencies import AGENCIES, house
from services.console import local
from services.console.answering import answering, instant
from services.console.database import connected
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.referral import rows
from services.console.say import emit, out, wrong
from services.console.seeing import AsAgency, not_shown, viewer
from services.referral import queries
from services.referral.domain.deadlines import Wait
from services.referral.queries import WaitRow

_ACKNOWLEDGEMENT: Final = Wait.ACKNOWLEDGEMENT.value


def referrals(
    *,
    waiting_for: Annotated[
        str | None, typer.Option("--waiting-for", metavar="A", help="Only what this agency is to do.")
    ] = None,
    late: Annotated[bool, typer.Option("--late", help="Only what is late.")] = False,
    agency: AsAgency = "council",
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="T", help="As it stood at that time (RFC 3339), not now.")
    ] = "",
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """List what is waited for: an answer, a start, the next attempt, an acknowledgement; the first due first."""
    asked, agency = _of_the_table(waiting_for, "--waiting-for"), viewer(agency)
    folder = Folder(local.running(data_dir).data_dir)
    then = instant(as_of) if as_of else None
    now = then or local.now(folder.root)
    with answering():
        every = asyncio.run(_asked(folder, asked, late=late, now=now, as_of=then))
    found = queries.shown_to(agency, every)
    hidden = len(every) - len(found)
    if as_json:
        emit({"waiting": [plain(each, now) for each in found], "as_of": now.isoformat(), "hidden": hidden})
        return
    rows.show(out(), found, now)
    out().print(f"{len(found)} waiting, {sum(each.due_at <= now for each in found)} late", markup=False)
    if hidden:
        out().print(not_shown(hidden, "rows", agency), markup=False)


def outstanding(
    *,
    agency: Annotated[str | None, typer.Option("--agency", metavar="A", help="Only what this agency owes.")] = None,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="T", help="As it stood at that time (RFC 3339), not now.")
    ] = "",
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """List who has not acknowledged yet that consent was taken back, by the withdrawal; the first due first."""
    asked = _of_the_table(agency, "--agency")
    folder = Folder(local.running(data_dir).data_dir)
    then = instant(as_of) if as_of else None
    now = then or local.now(folder.root)
    with answering():
        every = asyncio.run(_asked(folder, asked, late=False, now=now, as_of=then))
    found = [each for each in every if each.kind == _ACKNOWLEDGEMENT]
    if as_json:
        emit({"outstanding": [plain(each, now) for each in found], "as_of": now.isoformat()})
        return
    rows.show(out(), found, now)
    late = sum(each.due_at <= now for each in found)
    out().print(f"{len(found)} not acknowledged, {late} of them late", markup=False)


def plain(each: WaitRow, now: datetime) -> dict[str, Any]:
    """Give a row as programs read it."""
    return {
        "waits_for": each.kind,
        "agency": each.agency,
        "about": each.about,
        "person": each.person,
        "case": each.case_id,
        "since": each.since.isoformat(),
        "due_at": each.due_at.isoformat(),
        "late": each.due_at <= now,
        "urgency": each.urgency,
        "sender": each.sender,
        "receiver": each.receiver,
        "holder": each.holder,
        "state": each.state,
        "escalated": each.told,
        "service_types": list(each.service_types),
    }


async def _asked(
    folder: Folder, agency: str | None, *, late: bool, now: datetime, as_of: datetime | None
) -> list[WaitRow]:
    async with connected(folder, "officer", "referral") as connection:
        return await queries.waits(connection, agency, late=late, now=now, as_of=as_of)


def _of_the_table(agency: str | None, option: str) -> str | None:
    """Give whom is waited for, of a unit its agency; leaves with 2 for a code that no agency has.

    Those who publish nothing may be waited for too.
    """
    if agency is not None and agency not in AGENCIES:
        wrong(f"{option}: there is no agency {agency}; there are {', '.join(AGENCIES)}.")
    return None if agency is None else house(agency)


def person_of(data_dir: Path, about: str) -> str | None:
    """Give whom a referral, or consent taken back, is about, if the referral service ever waited for it."""

    async def ask() -> str | None:
        if not about.isascii():  # the driver may not take it
            return None
        async with connected(Folder(data_dir), "officer", "referral") as connection:
            return await queries.person_of(connection, about)

    with answering():
        return asyncio.run(ask())


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(referrals)
