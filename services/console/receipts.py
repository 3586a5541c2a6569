"""`atips receipts`: the receipts of everything that an agency submitted, over Kafka or HTTPS.

An event that was a row of a sheet sent from this PC is named by the record's register number too.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Final

import typer

from infra.local.data_folder import Folder
from services.client.receipt_and_errors import ClientError, Receipt
from services.console import send_as_agency, terminal_layout
from services.console.agency_connection import AgencyName, office
from services.console.options import DEFAULT, AsJson, DataDir, LangOption, language_code_of
from services.console.output import emit, fail, out
from services.console.terminal_layout import INDENT, joined, wrapped
from services.console.verdict_text import form_text, mistake_text, more_text
from services.presentation.bilingual_text import Language, Words
from services.presentation.receipt_texts import WHOLE, accepted_event_text, status_text
from services.sheet.column import short
from services.sheet.published_rows import RowName, rows_by_event
from services.sheet.verdict import FurtherMistake


class ReceiptStatus(StrEnum):
    """The status of the receipts to list."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


MOVES_ELSEWHERE: Final = Words(
    "accepted: intake took the message. Whether a move of a referral has effect, atips inbox says.",
    "aceptado: se recibió el mensaje. Si un paso de una remisión tiene efecto, lo dice atips inbox.",
)
_AT: Final = Words("{reason} at {place}", "{reason} en {place}")
_ROW: Final = Words("register {number}", "registro {number}")
_UNKNOWN_TYPE: Final = Words("unknown type", "tipo desconocido")
_COUNT: Final = Words("Receipts: {count}", "Acuses de recibo: {count}")


def receipts(
    *,
    agency: AgencyName = "",
    status: Annotated[ReceiptStatus | None, typer.Option("--status", help="Only these.")] = None,
    since: Annotated[int, typer.Option("--since", metavar="N", min=0, help="Only those with a number above N.")] = 0,
    errors: Annotated[bool, typer.Option("--errors", help="Name everything that is wrong with a refused one.")] = False,
    lang: LangOption = Language.EN,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """List the receipts of your agency's events, in the order of their numbers.

    A row of a sheet that was sent from this PC has its register number beside it.
    """
    at = office(data_dir, agency)
    with send_as_agency.open_intake_client(at.root, at.agency) as door:
        try:
            found = list(door.receipts(since=since, status=None if status is None else status.value))
        except ClientError as error:
            fail(f"Intake did not answer: {error}. No receipt is lost. Try again later.")
    rows = rows_by_event(Folder(at.root).sent(at.agency))
    if as_json:
        for each in found:
            emit(_plain(each, rows))
        return
    for each in found:
        terminal_layout.show(out(), lines(each, lang, rows, errors=errors))
    terminal_layout.show(out(), [_COUNT.of(lang).format(count=len(found))])
    if any(each.status == ReceiptStatus.ACCEPTED for each in found):
        terminal_layout.show(out(), wrapped(MOVES_ELSEWHERE.of(lang), ""))


def lines(
    each: Receipt,
    lang: Language = Language.EN,
    rows: Mapping[str, RowName] = MappingProxyType({}),
    *,
    errors: bool = False,
) -> Iterator[str]:
    """Yield lines of at most 80 columns: number, outcome, type and event, its row, and what is wrong with it.

    `rows`: rows of sheets by the ids of their events. `errors`: all that is wrong; else the first and how many more.
    """
    row = rows.get(each.id or "")
    event_type = _event_type(each, row)
    named = _UNKNOWN_TYPE.of(lang) if event_type is None else short(event_type)
    yield from wrapped(joined((str(each.n), status_text(each.status, lang), named, each.id or "–")), "")
    if row is not None:
        yield from wrapped(_ROW.of(lang).format(number=row.number))
    if each.reason is None:
        return
    yield from _wrong(each, lang, errors=errors)
    accepted = accepted_event_text(each.n, each.accepted_n, lang)
    if accepted:
        yield from wrapped(accepted)


def _wrong(each: Receipt, lang: Language, *, errors: bool) -> Iterator[str]:
    """Yield what is wrong with a refused event."""
    told = each.errors or ()
    if errors and told:
        for error in told:
            yield from _mistake(FurtherMistake.told_by(error), lang)
        return
    yield from wrapped(_AT.of(lang).format(reason=each.reason, place=each.pointer or WHOLE.of(lang)))
    if len(told) > 1:
        command = f"atips receipts --errors --since {(each.n or 1) - 1}"
        yield from wrapped(more_text(len(told) - 1, command, lang))


def _mistake(mistake: FurtherMistake, lang: Language) -> Iterator[str]:
    """Yield a mistake with its place and hints, and how the field is written."""
    yield from wrapped(mistake_text(mistake, language_code_of(lang)))
    form = form_text(mistake, language_code_of(lang))
    if form:
        yield from wrapped(form, INDENT * 2)


def _event_type(each: Receipt, row: RowName | None) -> str | None:
    """Return the event's type, by intake or, where intake does not say it, by the row of the sheet."""
    return each.type if each.type is not None or row is None else row.event_type


def _plain(each: Receipt, rows: Mapping[str, RowName]) -> dict[str, object]:
    row = rows.get(each.id or "")
    return {
        **{name: getattr(each, name) for name in ("n", "status", "id", "reason", "pointer", "accepted_at")},
        "type": _event_type(each, row),
        **({} if row is None else {"register_number": row.number}),
        **({"errors": list(each.errors)} if each.errors else {}),
        **({} if each.accepted_n is None else {"accepted_n": each.accepted_n}),
    }


def register(app: typer.Typer) -> None:
    """Add the command `receipts` to the app."""
    app.command()(receipts)
