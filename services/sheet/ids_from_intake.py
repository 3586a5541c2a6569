"""Requests to intake for the ids of a sheet's own numbers: the ids that `POST /v1/identities` gives.

Intake keeps an id that it gave by another method before. Every other id it derives as the sheet does. The numbers are
sent over HTTPS and are not stored.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from schemas.own_number_ids import own_id
from services.client.http import MOST_NUMBERS, Http
from services.client.receipt_and_errors import Later, NotLetIn, NotTheDoor
from services.sheet.cell_errors import WrongCell
from services.sheet.cell_kinds import JOINT, OwnNumber, register_number
from services.sheet.column import columns_of
from services.sheet.http_post import KEY_REFUSED, PAUSE_SECONDS, NotReachedError
from services.sheet.own_number_ids import OwnNumbers, RegisterEntry
from services.sheet.table import Table

_NO_ANSWER: Final = "no answer about the ids of own numbers"


def entries_of(table: Table) -> tuple[RegisterEntry, ...]:
    """Return each own number for which the table's rows need an id, once. Cells that cannot be read are left out."""
    found: dict[tuple[str, str, str], RegisterEntry] = {}
    for each in _entries(table):
        found.setdefault((each.kind.value, each.register, each.number.casefold()), each)
    return tuple(found.values())


def with_ids_from_intake(
    door: Http, own: OwnNumbers, entries: Sequence[RegisterEntry], *, timeout: float, dry_run: bool = False
) -> OwnNumbers:
    """Ask intake for the ids of own numbers, and return `own` with the ids that differ from derived ones in `given`.

    `timeout`: longest wait for an answer, in seconds. `dry_run`: intake stores nothing. Raises `NotReachedError` if
    intake does not answer, or refuses the agency's key.
    """
    given = dict(own.given)
    for start in range(0, len(entries), MOST_NUMBERS):
        batch = entries[start : start + MOST_NUMBERS]
        for each, shared in zip(batch, ids_from_intake(door, batch, timeout, dry_run=dry_run), strict=True):
            made = own_id(own.key, own.agency, each.kind, each.register, each.number)
            if shared != made:
                given[made] = shared
    return replace(own, given=given)


def ids_from_intake(door: Http, batch: Sequence[RegisterEntry], timeout: float, *, dry_run: bool = False) -> list[str]:
    """Return intake's ids of at most `MOST_NUMBERS` own numbers, in the order of `batch`.

    `timeout`: longest wait for an answer, in seconds. `dry_run`: intake stores nothing. Raises `NotReachedError` if
    intake does not answer, or refuses the agency's key.
    """
    said = [_said(each) for each in batch]
    deadline = time.monotonic() + timeout
    while True:
        try:
            return door.identities(said, timeout, dry_run=dry_run)
        except NotLetIn:
            raise NotReachedError(KEY_REFUSED) from None
        except NotTheDoor as error:
            raise NotReachedError(str(error)) from None
        except Later as later:
            pause = PAUSE_SECONDS if later.seconds is None else later.seconds
            if time.monotonic() + pause > deadline:
                raise NotReachedError(_NO_ANSWER) from None
            time.sleep(pause)


def _entries(table: Table) -> Iterator[RegisterEntry]:
    columns = columns_of(table.type)
    asked = {name: column.cell for name, column in columns.items() if isinstance(column.cell, OwnNumber)}
    for row in table.rows():
        for name, text in row.cells.items():
            if name not in asked or name in row.doubtful:
                continue
            for item in text.split(JOINT) if columns[name].many else [text]:
                try:
                    number = register_number(item.strip())
                except WrongCell:
                    continue
                yield RegisterEntry(asked[name].kind, asked[name].register, number)


def _said(each: RegisterEntry) -> dict[str, str]:
    activity = {"activity": each.register} if each.register else {}
    return {"kind": each.kind.value, "number": each.number, **activity}
