"""Publishing of a form as an event of the account's agency, and the outcome that the page shows."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from uuid6 import uuid7

from schemas.agencies import agency_of
from services.client.event_builder import WrongStatement, statement
from services.client.receipt_and_errors import Receipt
from services.presentation.referral_move_decision_texts import ShownDecision, decision
from services.presentation.repeated_referral_move import RepeatedMove, repeated_move_of
from services.referral.domain.move_table import MOVES
from services.web.api.dependencies import Parts
from services.web.domain.account_rules import Account
from services.web.intake_client import IntakeUnavailable, KeyRefused, NoKey

DECISION_SECONDS: Final = 8.0
"""Longest wait for the referral service, which decides within a second or two. A person waits for the page."""
GOOD: Final = frozenset({"accepted", "duplicate"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a form: intake's receipt and, for a move of a referral, the decision about it.

    `problem`: name of the message why nothing was confirmed. `repeated`: the earlier equal move, if nothing was sent.
    """

    receipt: Receipt | None = None
    decision: ShownDecision | None = None
    problem: str | None = None
    repeated: RepeatedMove | None = None

    @property
    def good(self) -> bool:
        """Whether intake accepted the event and the decision, if there is one, gives it effect."""
        taken = self.receipt is not None and self.receipt.status in GOOD
        return taken and (self.decision is None or self.decision.made)


async def publish_form_event(
    needed: Parts,
    account: Account,
    form: str,
    name: str,
    data: Mapping[str, Any],
    *,
    subject: str,
    referral: str | None = None,
) -> Outcome:
    """Publish an event and wait for its receipt and, for a move of `referral`, for the referral service's decision.

    `name`: event type without prefix and version. `form`: number in the form; an equal form that is sent again is the
    same event. A move that was made before by another form is not sent.
    """
    agency = agency_of(account.agency)
    key = hashlib.sha256(orjson.dumps([form, account.name, name, data], option=orjson.OPT_SORT_KEYS)).digest()
    event_id, at = await needed.store.statement(key, str(uuid7()), needed.now())
    try:
        event = statement(agency, name, data, subject=subject, at=at, event_id=event_id)
        if referral is not None and (made := await _repeated(needed, account, event, referral)) is not None:
            return Outcome(repeated=made)
        [receipt] = await needed.door.send(account.agency, [event])
    except WrongStatement:
        return Outcome(problem="statement_wrong")
    except (NoKey, IntakeUnavailable) as error:
        return Outcome(problem=_problem(error))
    if receipt.status not in GOOD or referral is None:
        return Outcome(receipt)
    move = f"{event['source']}/{event_id}"
    try:
        found = await needed.door.decided(account.agency, referral, move, DECISION_SECONDS)
    except (IntakeUnavailable, NoKey):
        found = None
    return Outcome(receipt, decision(referral, agency, move, found))


def _problem(error: NoKey | IntakeUnavailable) -> str:
    """Return the name in `WORDS` of the text why an event got no receipt."""
    match error:
        case NoKey():
            return "no_key"
        case KeyRefused():
            return "key_refused"
        case _:
            return "not_confirmed"


async def _repeated(needed: Parts, account: Account, event: Mapping[str, Any], referral: str) -> RepeatedMove | None:
    """Return the earlier move that the event would repeat, with its time if the agency may see it; None without one."""
    if event["type"] not in MOVES:
        return None
    made = repeated_move_of(event, agency_of(account.agency), await needed.door.referral(account.agency, referral))
    if made is None:
        return None
    if made.last_own is not None:
        return made.accepted(await needed.door.outcome(account.agency, made.last_own.rpartition("/")[2]))
    return made.told(message for _, message in await needed.door.inbox(account.agency))
