"""Question to intake whether the records are there that a sheet's rows take back."""

import time
from collections.abc import Mapping
from typing import Final

from services.client.http import Http
from services.client.receipt_and_errors import ClientError, Later, NotLetIn, Receipt
from services.sheet.http_post import KEY_REFUSED, PAUSE_SECONDS, NotReachedError

_ACCEPTED: Final = "accepted"
_NO_ANSWER: Final = "no answer about the records to take back"


def lines_without_record(door: Http, targets: Mapping[int, str], *, timeout: float) -> frozenset[int]:
    """Return the lines whose record intake did not accept. `targets`: event id of the record, by line.

    `timeout`: longest wait for one answer, in seconds. Raises `NotReachedError` if intake does not answer, or refuses
    the agency's key.
    """
    return frozenset(line for line, event_id in targets.items() if not _is_accepted(_outcome(door, event_id, timeout)))


def _is_accepted(receipt: Receipt | None) -> bool:
    return receipt is not None and receipt.status == _ACCEPTED


def _outcome(door: Http, event_id: str, timeout: float) -> Receipt | None:
    deadline = time.monotonic() + timeout
    while True:
        try:
            return door.outcome(event_id)
        except Later as later:
            pause = PAUSE_SECONDS if later.seconds is None else later.seconds
            if time.monotonic() + pause > deadline:
                raise NotReachedError(_NO_ANSWER) from None
            time.sleep(pause)
        except NotLetIn:
            raise NotReachedError(KEY_REFUSED) from None
        except ClientError as error:
            raise NotReachedError(str(error)) from None
