"""Publishing of lines over HTTPS with the agency's API key, and their verdicts from intake's receipts.

Lines without an answer, or answered with "later", are sent again unchanged; an event counts once.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Final

from schemas.codec import MAX_BYTES
from schemas.errors import BadMessage
from services.client.http import MOST_BYTES, Http
from services.client.receipt_and_errors import Later, NotLetIn, NotTheDoor, Receipt, WaitingEvent
from services.intake.domain.json_batch import elements
from services.sheet.json_lines import FileLine
from services.sheet.verdict import FurtherMistake, Verdict, VerdictStatus

PAUSE_SECONDS: Final = 0.5
"""Seconds before lines are sent again, if intake does not say when."""
KEY_REFUSED: Final = "no_key"
"""Text of `NotReachedError` if intake refused the agency's key."""
_NO_ANSWER: Final = "no answer; what was sent may have been accepted all the same"


class NotReachedError(Exception):
    """Raised when intake did not answer, or refused the key. Nothing is known to be accepted; the message says why."""


def publish(door: Http, lines: Sequence[FileLine], *, timeout: float, dry_run: bool = False) -> Iterator[Verdict]:
    """Send every line and yield the verdicts in their order. `timeout`: the longest silence of intake, in seconds.

    `dry_run`: intake judges with its knowledge of accepted events, and stores nothing.

    Raises `NotReachedError` if the first lines got no answer, the key was refused, or something else than intake
    answered.
    """
    taken = False
    for together in _together(lines, door.most):
        why = None
        try:
            receipts = _receipts(door, together, timeout, dry_run=dry_run)
        except NotLetIn:
            receipts, why = {}, KEY_REFUSED
        except NotTheDoor as error:
            receipts, why = {}, str(error)
        if not taken and not receipts:
            raise NotReachedError(why or _NO_ANSWER)
        taken = True
        for line in together:
            yield _verdict(line, receipts.get(line.number), why)


def _together(lines: Sequence[FileLine], most: int) -> Iterator[list[FileLine]]:
    """Yield batches of neighbouring lines. A line that is not one JSON value would spoil a batch, and goes alone."""
    batch: list[FileLine] = []
    size = 0
    for line in lines:
        alone = not _is_one(line.value)
        if batch and (alone or len(batch) >= most or size + len(line.value) > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line.value)
        if alone:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _is_one(value: bytes) -> bool:
    try:
        return len(value) <= MAX_BYTES and elements(b"[" + value + b"]") == (value.strip(b" \t\r\n"),)
    except BadMessage:
        return False


def _receipts(door: Http, together: Sequence[FileLine], patience: float, *, dry_run: bool) -> dict[int, Receipt]:
    """Send until each line has its receipt, and return the receipts by line number; fewer after a long silence."""
    found: dict[int, Receipt] = {}
    deadline = time.monotonic() + patience
    while left := [line for line in together if line.number not in found]:
        try:
            answered = _sent(door, left, patience, dry_run=dry_run)
        except Later as later:
            pause = PAUSE_SECONDS if later.seconds is None else later.seconds
            if time.monotonic() + pause > deadline:
                break
            time.sleep(pause)
        else:
            found |= answered
            deadline = time.monotonic() + patience
    return found


def _sent(door: Http, lines: Sequence[FileLine], seconds: float, *, dry_run: bool) -> dict[int, Receipt]:
    if len(lines) == 1:
        return {lines[0].number: door.submit(lines[0].value, seconds, dry_run=dry_run)}
    return door.send([WaitingEvent(line.number, "", None, line.value) for line in lines], seconds, dry_run=dry_run)


def _verdict(line: FileLine, receipt: Receipt | None, why: str | None) -> Verdict:
    if receipt is None:
        return Verdict(line.number, VerdictStatus.UNCONFIRMED, reason=why)
    return Verdict(
        line=line.number,
        status=VerdictStatus(receipt.status),
        id=receipt.id,
        n=receipt.n,
        reason=receipt.reason,
        pointer=receipt.pointer or None,
        permitted=tuple(receipt.permitted or ()),
        more=FurtherMistake.all_of(receipt.errors or ()),
    )
