"""`atips receipts`: the receipts of everything that an agency submitted, over Kafka or HTTPS."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final

import typer

from services.client.receipt import ClientError, Receipt
from services.console import send_as_agency, terminal_layout
from services.console.agency_connection import AgencyName, office
from services.console.options import DEFAULT, AsJson, DataDir, LangOption
from services.console.say import emit, fail, out
from services.console.terminal_layout import joined, wrapped
from services.presentation.receipt_words import WHOLE, status_text
from services.presentation.words import Language, Words


class ReceiptStatus(StrEnum):
    """The status of the receipts to list."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


MOVES_ELSEWHERE: Final = Words(
    "accepted: intake took the message. Whether a move of a referral has effect, atips inbox says.",
    "aceptado: se recibió el mensaje. Si un paso de una remisión tiene efecto, lo dice atips inbox.",
)
_AT: Final = Words("{reason} at {place}", "{reason} en {place}")
_COUNT: Final = Words("Receipts: {count}", "Acuses de recibo: {count}")


def receipts(
    *,
    agency: AgencyName = "",
    status: Annotated[ReceiptStatus | None, typer.Option("--status", help="Only these.")] = None,
    since: Annotated[int, typer.Option("--since", metavar="N", min=0, help="Only those with a number above N.")] = 0,
    lang: LangOption = Language.EN,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """List the receipts of your agency's events, in the order of their numbers."""
    at = office(data_dir, agency)
    with send_as_agency.the_door(at.root, at.agency) as door:
        try:
            found = list(door.receipts(since=since, status=None if status is None else status.value))
        except ClientError as error:
            fail(f"intake's door did not answer: {error}")
    if as_json:
        for each in found:
            emit(_plain(each))
        return
    for each in found:
        terminal_layout.show(out(), lines(each, lang))
    terminal_layout.show(out(), [_COUNT.of(lang).format(count=len(found))])
    if any(each.status == ReceiptStatus.ACCEPTED for each in found):
        terminal_layout.show(out(), wrapped(MOVES_ELSEWHERE.of(lang), ""))


def lines(each: Receipt, lang: Language = Language.EN) -> Iterator[str]:
    """Yield lines of at most 80 columns: number, outcome and event, and the rule that a refused one breaks."""
    yield from wrapped(joined((str(each.n), status_text(each.status, lang), each.id or "–")), "")
    if each.reason is not None:
        at = _AT.of(lang).format(reason=each.reason, place=each.pointer or WHOLE.of(lang))
        yield from wrapped(at)


def _plain(each: Receipt) -> dict[str, object]:
    return {name: getattr(each, name) for name in ("n", "status", "id", "reason", "pointer", "accepted_at")}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(receipts)
