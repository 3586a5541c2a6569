"""Pages of a clerk: download empty sheets, check and send a filled sheet, the agency's receipts and refused events.

A filled sheet is checked first: intake judges its rows and stores nothing. The page then shows the mistakes, and a
button sends the same rows. No content of the sheet goes into an address or a log.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Final

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from schemas.agencies import agency_of
from schemas.catalogue import CATALOGUE
from schemas.type_table import FACTS
from services.presentation.receipt_texts import accepted_event_text
from services.sheet.cell_advice import advice_on_cell
from services.sheet.cell_errors import Lang
from services.sheet.column import short, type_named
from services.sheet.doubtful_days import sentence as question_sentence
from services.sheet.file_reading import UnreadableSheetError
from services.sheet.ids_from_intake import entries_of
from services.sheet.json_lines import FileLine
from services.sheet.sheet_publishing import Sheet
from services.sheet.table import Table
from services.sheet.verdict import Verdict
from services.web import uploaded_sheet_checks as reading
from services.web.api.dependencies import Parts, check_form_origin, language, parts, session
from services.web.api.figure_question import NoFigure
from services.web.api.officer.code_labels import cut
from services.web.api.page import page as rendered
from services.web.api.page import word
from services.web.api.upload_form_reading import WrongUpload, read
from services.web.domain.account_rules import Session, token_hash
from services.web.domain.page_texts import Language
from services.web.intake_client import IntakeUnavailable, KeyRefused, NoKey
from services.web.refused_events import SHOWN, grouped, reason_sentence
from services.web.uploaded_sheet_checks import Checked, OtherAgency, TooManyRows
from services.web.uploads_in_memory import TooMuchHeld, Upload

RECEIPTS: Final = 200
"""Largest number of receipts on all pages, the latest ones; `atips receipts` lists all."""
_RECEIPTS_A_PAGE: Final = 25
REFUSED: Final = 500
"""Largest number of open refused events on the page."""
_SEE_OTHER: Final = 303
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MEDIA_TYPES: Final = {".xlsx": _WORKBOOK, ".csv": "text/csv; charset=utf-8", ".tsv": "text/tab-separated-values"}


async def sheets(request: Request, found: Annotated[Session, Depends(session)]) -> Response:
    """List the types of events that the agency publishes, and offer to check a filled sheet."""
    return _sheets(request, found)


async def empty(request: Request, found: Annotated[Session, Depends(session)], type: str) -> Response:  # noqa: A002
    """Answer with an empty sheet (XLSX) of an event type, in the reader's language.

    Raises `NoFigure` if the type is unknown or the reader's agency may not publish it.
    """
    event_type, agency = type_named(type), agency_of(found.account.agency)
    if event_type is None or agency not in FACTS[event_type].authors:
        raise NoFigure
    content = await asyncio.to_thread(reading.empty_sheet, event_type, agency, _spoken(language(request)))
    return _file(content, f"{short(event_type)}.xlsx", _WORKBOOK)


async def check(request: Request, found: Annotated[Session, Depends(session)]) -> Response:
    """Check an uploaded sheet without publishing it, and redirect to its result, which is kept for some minutes."""
    check_form_origin(request)
    needed = parts(request)
    lang = language(request)
    try:
        sent = await read(request, needed.uploads)
    except WrongUpload as wrong:
        return _sheets(request, found, word(lang, wrong.name, **_sizes(needed)), wrong.status)
    except TooMuchHeld:
        return _sheets(request, found, word(lang, "uploads_busy"), 503)
    try:
        check_form_origin(request, sent.form_token)
        checked = await _judged(needed, found, reading.suffix_of(sent.name), sent.content, dry_run=True)
    except (UnreadableSheetError, OtherAgency, TooManyRows, NoKey, IntakeUnavailable) as error:
        needed.uploads.release(len(sent.content))
        status = 503 if isinstance(error, IntakeUnavailable) else 400
        return _sheets(request, found, _why(needed, lang, error), status)
    except BaseException:
        needed.uploads.release(len(sent.content))
        raise
    token = needed.token()
    kept = Upload(
        account=found.account.name,
        session=_session_hash(request),
        content=sent.content,
        checked=checked,
        ends_at=needed.now() + needed.uploads.limits.kept,
    )
    needed.uploads.keep(token, kept)
    return RedirectResponse(f"/sheets/checked/{token}", status_code=_SEE_OTHER)


async def result(request: Request, found: Annotated[Session, Depends(session)], token: str) -> Response:
    """Show the mistakes found in a checked sheet, and the receipts once its rows were sent."""
    upload = _upload(request, token)
    if upload is None:
        return _sheets(request, found, word(language(request), "upload_over"), 410)
    checked = upload.now
    lang = _spoken(language(request))
    wrong = [advice_on_cell(each.refused, checked.type, each.address, lang) for each in checked.wrong]
    return rendered(
        request,
        "sheet.html",
        found,
        checked=checked,
        kind=FACTS[checked.type],
        name=short(checked.type),
        wrong=wrong,
        question_text=lambda asked: _capitalized(question_sentence(asked, lang)),
        sent=upload.sent,
        token=token,
        rows=sum(checked.counts.values()),
    )


async def send(
    request: Request, found: Annotated[Session, Depends(session)], token: str, form_token: Annotated[str, Form()]
) -> Response:
    """Publish the rows of a checked sheet, and redirect to its result. A repeated request waits for the first one."""
    check_form_origin(request, form_token)
    needed, upload = parts(request), _upload(request, token)
    lang = language(request)
    if upload is None:
        return _sheets(request, found, word(lang, "upload_over"), 410)
    if upload.sending is None or upload.failed:
        upload.sending = asyncio.create_task(
            _judged(needed, found, upload.checked.suffix, upload.content, retracted=upload.checked.retracted)
        )
    try:
        await asyncio.shield(upload.sending)
    except (NoKey, IntakeUnavailable) as error:
        return _sheets(request, found, _why(needed, lang, error), 503)
    return RedirectResponse(f"/sheets/checked/{token}", status_code=_SEE_OTHER)


async def given_back(request: Request, found: Annotated[Session, Depends(session)], token: str) -> Response:
    """Answer with the sheet as a file, with mistakes and receipts beside each row."""
    upload, needed, lang = _upload(request, token), parts(request), language(request)
    if upload is None:
        return _sheets(request, found, word(lang, "upload_over"), 410)
    checked = upload.now
    async with needed.uploads.judging:
        own = needed.door.own_numbers(found.account.agency)
        table = await _opened(needed, found, checked.suffix, upload.content)
        sheet = await asyncio.to_thread(reading.sheet_of, table, own)
        sheet.refuse_targets(checked.unsent)
        sheet.refuse_retracted(checked.retracted)
        content = await asyncio.to_thread(reading.sheet_with_errors, sheet, checked.answers, _spoken(lang))
    return _file(
        content, f"{short(checked.type)}-{word(lang, 'errors_file')}{checked.suffix}", _MEDIA_TYPES[checked.suffix]
    )


async def receipts(request: Request, found: Annotated[Session, Depends(session)], page: str | None = None) -> Response:
    """Show a page of the agency's latest receipts, the last one first.

    Raises `WrongQuestion` if `page` is no number from 1 on.
    """
    try:
        every = await parts(request).door.latest(found.account.agency, RECEIPTS)
    except (NoKey, IntakeUnavailable) as error:
        return _away(request, found, error)
    rows, at, last = cut(every, page, _RECEIPTS_A_PAGE)
    return rendered(
        request, "receipts.html", found, rows=rows, at=at, last=last, most=RECEIPTS, **_shown(language(request))
    )


async def refusals(request: Request, found: Annotated[Session, Depends(session)]) -> Response:
    """Show the agency's open refused events by reason, with advice, and without their content."""
    try:
        entries, more = await parts(request).door.refused(found.account.agency, REFUSED)
    except (NoKey, IntakeUnavailable) as error:
        return _away(request, found, error)
    lang = language(request)
    groups = grouped(entries)
    return rendered(
        request, "refusals.html", found, groups=groups, total=len(entries), more=more, shown=SHOWN, **_shown(lang)
    )


def _sheets(request: Request, found: Session, error: str | None = None, status: int = 200) -> Response:
    needed, agency = parts(request), agency_of(found.account.agency)
    types = [(short(name), each) for name, each in FACTS.items() if agency in each.authors]
    acts = needed.door.has_key_of(found.account.agency)
    sizes = _sizes(needed)
    return rendered(request, "sheets.html", found, status=status, error=error, types=types, acts=acts, **sizes)


async def _opened(needed: Parts, found: Session, suffix: str, content: bytes) -> Table:
    limits, agency = needed.uploads.limits, found.account.agency
    return await asyncio.to_thread(
        reading.parse_uploaded_table, suffix, content, agency, rows=limits.rows, unpacked=limits.unpacked_bytes
    )


async def _judged(
    needed: Parts,
    found: Session,
    suffix: str,
    content: bytes,
    *,
    dry_run: bool = False,
    retracted: frozenset[int] = frozenset(),
) -> Checked:
    """Read a sheet and send its rows to intake; with `dry_run` intake judges them and stores nothing.

    `retracted`: lines that a dry run found to be of records that were taken back. They are not sent.

    Raises `UnreadableSheetError`, `OtherAgency`, `TooManyRows`, `NoKey`, `IntakeUnavailable`.
    """
    agency = found.account.agency
    own = needed.door.own_numbers(agency)
    async with needed.uploads.judging:
        table = await _opened(needed, found, suffix, content)
        entries = await asyncio.to_thread(entries_of, table)
    own = await needed.door.with_ids_from_intake(agency, own, entries, dry_run=dry_run)
    async with needed.uploads.judging:
        sheet = await asyncio.to_thread(reading.sheet_of, table, own)
    unsent = await needed.door.lines_without_record(agency, sheet.targets)
    sheet.refuse_targets(unsent)
    sheet.refuse_retracted(retracted)
    answers = await needed.door.publish(agency, sheet.lines, dry_run=dry_run) if sheet.lines else []
    if dry_run:
        retracted = await _retracted(needed, agency, sheet, answers)
        sheet.refuse_retracted(retracted)
        answers = [each for each in answers if each.line not in retracted]
    return await asyncio.to_thread(reading.combine_verdicts, sheet, suffix, answers, unsent, retracted)


async def _retracted(needed: Parts, agency: str, sheet: Sheet, answers: Sequence[Verdict]) -> frozenset[int]:
    """Return the lines of records that the agency took back, by a dry run of their retractions. Nothing is stored."""
    asked = await asyncio.to_thread(sheet.possible_retractions, answers)
    if not asked:
        return frozenset()
    lines = [FileLine(number, value) for number, (value, _) in enumerate(asked.values(), 1)]
    return reading.retracted_lines(asked, await needed.door.publish(agency, lines, dry_run=True))


def _upload(request: Request, token: str) -> Upload | None:
    needed = parts(request)
    return needed.uploads.find(token, _session_hash(request), needed.now())


def _session_hash(request: Request) -> bytes:
    return token_hash(request.cookies.get(parts(request).cookie, ""))


def _spoken(lang: Language) -> Lang:
    return "es" if lang is Language.ES else "en"


def _why(needed: Parts, lang: Language, error: Exception) -> str:
    """Return the message why a sheet is refused: what happened, and what to do."""
    match error:
        case UnreadableSheetError():
            return word(lang, "no_sheet", why=error.es if lang is Language.ES else str(error))
        case OtherAgency():
            return word(lang, "other_agency", type=str(error))
        case TooManyRows():
            return word(lang, "too_many_rows", **_sizes(needed))
        case NoKey():
            return word(lang, "no_agency_key")
        case KeyRefused():
            return word(lang, "agency_key_refused")
        case _:
            return word(lang, "door_away")


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sizes(needed: Parts) -> dict[str, Any]:
    limits = needed.uploads.limits
    return {"mib": limits.upload_bytes // 2**20, "rows": limits.rows}


def _away(request: Request, found: Session, error: Exception) -> Response:
    text = _why(parts(request), language(request), error)
    return rendered(request, "away.html", found, status=503, text=text)


def _shown(lang: Language) -> dict[str, Any]:
    """Return the template functions that turn reasons, times in ms and event types into text."""

    def type_name(event_type: str | None) -> str | None:
        kind = CATALOGUE.get(event_type or "")
        return event_type if kind is None else str(getattr(kind, lang.value))

    return {
        "reason": partial(reason_sentence, lang=lang.value),
        "at_ms": lambda ms: None if ms is None else datetime.fromtimestamp(ms / 1000, UTC),
        "type_name": type_name,
        "accepted_event_text": partial(accepted_event_text, lang=lang.value),
    }


def _file(content: bytes, name: str, media_type: str) -> Response:
    return Response(content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})
