"""Answering with JSON or CSV: a tag that changes with the figures, pages of a list, and nothing sent twice."""

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
from services.web.domain.account import Account

LONGEST_PAGE: Final = 1000
_CSV: Final = "text/csv; charset=utf-8"


class StaleCursor(Exception):
    """The figures have changed since the cursor was given: the list must be read from its beginning again."""


@dataclass(frozen=True, slots=True)
class Table:
    """An answer in both forms: the body of its JSON, and header and rows of its CSV."""

    body: Mapping[str, Any]
    header: Sequence[str]
    rows: Iterable[Sequence[object]]


class NotWorkedOut(Exception):
    """The figures as known at the end of this day were not asked for, or are not worked out yet."""


async def edition_of(needed: Parts, known_at: str | None) -> Edition | None:
    """Give the edition of a day; None without one. Raises `WrongQuestion`, `NotWorkedOut`."""
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
    """Read a period. Raises `WrongQuestion`."""
    asked = typed(text)
    if asked.wrong:
        raise WrongQuestion(parameter="period")
    return asked


def months_of(text: str | None) -> Typed:
    """Read a period whose months are looked at one by one. Raises `WrongQuestion`, where they are too many too."""
    asked = by_months(period_of(text))
    if asked.wrong:
        raise WrongQuestion(parameter="period")
    return asked


async def answer(
    request: Request, account: Account, made: Callable[[], Awaitable[Table]], *, as_csv: bool = False
) -> Response:
    """Answer with a table, or with 304 where the reader has it already."""
    # A browser may have kept what another account saw, or another language.
    state = parts(request).figures.freshness.state
    tag = f'"{state}-{account.role}-{language(request)}-{parts(request).today()}"'
    headers = {"etag": tag, "cache-control": "private, no-cache", "vary": "Cookie, Authorization, Accept-Language"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    table = await made()
    if not as_csv:
        return JSONResponse(table.body, headers=headers)
    return Response(written(table), media_type=_CSV, headers=headers)


def tagged(request: Request, body: Mapping[str, Any], *, apart: Collection[str] = ()) -> Response:
    """Answer with an account's view of persons, or with 304. The tag follows from the whole answer.

    `apart`: names in the body that leave the tag as it is, such as the time at which the answer was made.
    """
    kept = {name: each for name, each in body.items() if name not in apart}
    return _tagged(request, orjson.dumps(body), "application/json", tag_of=orjson.dumps(kept))


def tagged_csv(request: Request, table: Table) -> Response:
    """Answer with what an account sees of persons as CSV, or with 304."""
    return _tagged(request, written(table).encode(), _CSV)


def _tagged(request: Request, content: bytes, kind: str, *, tag_of: bytes | None = None) -> Response:
    tag = f'"{fingerprint(content if tag_of is None else tag_of)}"'
    # Nobody keeps it: a reader that sends the tag keeps the answer by itself.
    headers = {"etag": tag, "cache-control": "no-store", "vary": "Cookie, Authorization, Accept-Language"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)


def fingerprint(content: bytes) -> str:
    """Give 32 digits that other content does not have."""
    return hashlib.sha256(content).hexdigest()[:32]


def written(table: Table) -> str:
    """Write CSV. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(table.header)
    for row in table.rows:
        writer.writerow([_inert(each) for each in row])
    return file.getvalue()


def _inert(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def paged(
    request: Request, rows: Sequence[Any], limit: int | None, cursor: str | None, *, state: str | None = None
) -> tuple[Sequence[Any], str | None]:
    """Give one page of a list, and the cursor of the next one. Raises `WrongQuestion`, `StaleCursor`.

    `state`: changes when the list does; without it, when the figures do.
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
