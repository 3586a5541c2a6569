"""`atips receipts`: what became of everything that an agency submitted, over whichever door."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final

import typer

from services.client.receipt import ClientError, Receipt
from services.console import acting, layout
from services.console.layout import joined, wrapped
from services.console.office import AgencyName, office
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.say import emit, fail, out
from services.presentation.words import counted


class ReceiptStatus(StrEnum):
    """Of which receipts."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


MOVES_ELSEWHERE: Final = "accepted: intake took the message. Whether a move of a referral has effect, atips inbox says."


def receipts(
    *,
    agency: AgencyName = "",
    status: Annotated[ReceiptStatus | None, typer.Option("--status", help="Only these.")] = None,
    since: Annotated[int, typer.Option("--since", metavar="N", min=0, help="Only those with a number above N.")] = 0,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """List the receipts of your agency's events, in the order of their numbers."""
    at = office(data_dir, agency)
    with acting.the_door(at.root, at.agency) as door:
        try:
            found = list(door.receipts(since=since, status=None if status is None else status.value))
        except ClientError as error:
            fail(f"intake's door did not answer: {error}")
    if as_json:
        for each in found:
            emit(_plain(each))
        return
    for each in found:
        layout.show(out(), lines(each))
    out().print(counted(len(found), "receipt"), markup=False)
    if any(each.status == ReceiptStatus.ACCEPTED for each in found):
        out().print(MOVES_ELSEWHERE, markup=False)


def lines(each: Receipt) -> Iterator[str]:
    """Yield lines of at most 80 columns: number, outcome and event, and the rule that a refused one breaks."""
    yield from wrapped(joined((str(each.n), each.status, each.id or "–")), "")
    if each.reason is not None:
        yield from wrapped(f"{each.reason} at {each.pointer or 'the whole'}")


def _plain(each: Receipt) -> dict[str, object]:
    return {name: getattr(each, name) for name in ("n", "status", "id", "reason", "pointer", "accepted_at")}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(receipts)
