"""Responses as JSON or CSV, with entity tags (304 if unchanged) and cursors for pages of a list."""

import base64
import binascii
import csv
import hashlib
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

import orjson
from fastapi import Request
from fastapi.responses import JSONResponse, Response

from services.reporting.read.queries import Edition
from services.web.api.dependencies import Parts, language, parts
from services.web.api.figure_question import Typed, WrongQuestion, by_months, typed, typed_day
from services.web.domain.account_rules import Account

LONGEST_PAGE: Final = 1000
_CSV: Final = "text/csv; charset=utf-8"


class StaleCursor(Exception):
    """The list has changed since the cursor was given, and must be read from its beginning again."""


@dataclass(frozen=True, slots=True)
class Table:
    """The content of a response in both formats: the JSON body, and header and rows of the CSV."""

    body: Mapping[str, Any]
    header: Sequence[str]
    rows: Iterable[Sequence[object]]


class NotWorkedOut(Exception):
    """The edition of this day was not requested on a page yet, or is still being computed."""


async def edition_of(needed: Parts, known_at: str | None) -> Edition | None:
    """Return the edition of a typed past day, which has the figures as known at its end; None without a day.

    Raises `WrongQuestion` if the text is no past day, and `NotWorkedOut` if the edition is not computed yet.
    """
    typed_at = typed_day(known_at, needed.today())
    if typed_at.wrong:
        raise WrongQuestion(parameter="known_at")
    if typed_at.day is None:
        return None
    found = (await needed.figures.known(typed_at.day)).edition
    if found is None:
        raise NotWorkedOut
    return found


def period_of(text: str | None) -> Typed:
    """Parse the parameter `period`; None or empty means the year of the printed report.

    Raises `WrongQuestion` if the text is no period.
    """
    asked = typed(text)
    if asked.wrong:
        raise WrongQuestion(parameter="period")
    return asked


def parse_months(text: str | None) -> Typed:
    """Parse the parameter `period` for a response about each of its months.

    Raises `WrongQuestion` if the text is no period, or if the period has more than `MOST_MONTHS` months.
    """
    asked = by_months(period_of(text))
    if asked.wrong:
        raise WrongQuestion(parameter="period")
    return asked


async def answer(
    request: Request, account: Account, made: Callable[[], Awaitable[Table]], *, as_csv: bool = False
) -> Response:
    """Return the response with a table of figures, or 304 if the request's `If-None-Match` is the present entity tag.

    The tag changes when any figure may have changed. `made`: coroutine function that builds the table; it is not called
    for a 304. `as_csv`: CSV in place of JSON.
    """
    # The tag names role and language: a browser may have cached an answer for another account or language.
    state = parts(request).figures.freshness.state
    tag = f'"{state}-{account.role}-{language(request)}-{parts(request).today()}"'
    headers = {"etag": tag, "cache-control": "private, no-cache", "vary": "Cookie, Authorization, Accept-Language"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    table = await made()
    if not as_csv:
        return JSONResponse(table.body, headers=headers)
    return Response(table_as_csv(table), media_type=_CSV, headers=headers)


def json_response(request: Request, body: Mapping[str, Any], *, apart: Collection[str] = ()) -> Response:
    """Return the JSON response about persons or cases, or 304 if the request's `If-None-Match` is its entity tag.

    The tag is a hash of the body. Caches may not store the response.

    `apart`: names in the body that do not count for the tag, such as the time of the answer.
    """
    kept = {name: each for name, each in body.items() if name not in apart}
    return _tagged(request, orjson.dumps(body), "application/json", tag_of=orjson.dumps(kept))


def tagged_csv(request: Request, table: Table) -> Response:
    """Return the CSV response about persons or cases, or 304 if the request's `If-None-Match` is its entity tag.

    The tag is a hash of the content. Caches may not store the response.
    """
    return _tagged(request, table_as_csv(table).encode(), _CSV)


def _tagged(request: Request, content: bytes, kind: str, *, tag_of: bytes | None = None) -> Response:
    tag = f'"{fingerprint(content if tag_of is None else tag_of)}"'
    # Caches must not store it. A program that sends the tag has stored the answer itself.
    headers = {"etag": tag, "cache-control": "no-store", "vary": "Cookie, Authorization, Accept-Language"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)


def fingerprint(content: bytes) -> str:
    """Return the first 32 hex digits of the content's SHA-256."""
    return hashlib.sha256(content).hexdigest()[:32]


def table_as_csv(table: Table) -> str:
    """Return CSV text. A text cell that a spreadsheet would read as a formula gets an apostrophe before it."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(table.header)
    for row in table.rows:
        writer.writerow([_inert(each) for each in row])
    return file.getvalue()


def _inert(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def page_of_rows(
    request: Request, rows: Sequence[Any], limit: int | None, cursor: str | None, *, state: str | None = None
) -> tuple[Sequence[Any], str | None]:
    """Return (rows of one page, cursor of the next page; None at the end of the list).

    `limit`: rows of a page, 1 to `LONGEST_PAGE`; None means `LONGEST_PAGE`. `cursor`: None for the first page. `state`:
    text that changes when the list changes, stored in the cursor; None uses the state of the figures. Raises
    `WrongQuestion` for a wrong limit or a malformed cursor, `StaleCursor` if the state has changed since the cursor.
    """
    if limit is not None and not 1 <= limit <= LONGEST_PAGE:
        raise WrongQuestion(parameter="limit")
    state = state or parts(request).figures.freshness.state
    first = 0 if cursor is None else _first(cursor, state)
    last = first + (limit or LONGEST_PAGE)
    more = base64.urlsafe_b64encode(f"{last}:{state}".encode()).decode() if last < len(rows) else None
    return rows[first:last], more


def _first(cursor: str, state: str) -> int:
    try:
        place, _, given = base64.urlsafe_b64decode(cursor.encode()).decode().partition(":")
        first = int(place)
    except (ValueError, binascii.Error):
        raise WrongQuestion(parameter="cursor") from None
    if not first >= 0:
        raise WrongQuestion(parameter="cursor")
    if given != state:
        raise StaleCursor
    return first
