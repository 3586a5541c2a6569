"""Detection of a move of a referral that was already made, so that no further event is published for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from schemas.times import BELIZE
from services.client.receipt_and_errors import Receipt
from services.client.referral_state import Referral
from services.presentation.bilingual_text import Words
from services.presentation.referral_move_decision_texts import state_text
from services.referral.domain.move_table import MOVES, MoveMaker

_ALREADY: Final = Words(
    "Referral {referral} is {state} already{by}{at}. Nothing was sent.",
    "La remisión {referral} ya está {state}{by}{at}. No se envió nada.",
)
_BY: Final = Words(", by {agency}", ", por {agency}")
_AT: Final = Words(", on {at} in Belize", ", el {at} en Belice")


@dataclass(frozen=True, slots=True)
class RepeatedMove:
    """A move that would lead to the referral's present state. `by`: agency that made the earlier move, None if unknown.

    `last_own`: source/id of the asking agency's last move in effect. `at`: when the earlier move was accepted.
    """

    referral: str
    state: str
    by: str | None
    last_own: str | None = None
    at: datetime | None = None

    def accepted(self, receipt: Receipt | None) -> "RepeatedMove":
        """Copy the object with `at` from a receipt of the agency's own move; unchanged without a receipt."""
        if receipt is None or receipt.accepted_at is None:
            return self
        return replace(self, at=datetime.fromtimestamp(receipt.accepted_at / 1000, UTC))

    def told(self, messages: Iterable[Mapping[str, Any]]) -> "RepeatedMove":
        """Copy the object with `at` from the last message to the agency about this referral and state, if any."""
        found = [
            str(each["time"])
            for each in messages
            if (data := each.get("data", {})).get("referral") == self.referral and data.get("state") == self.state
        ]
        return replace(self, at=datetime.fromisoformat(found[-1])) if found else self

    def sentence(self, lang: str = "en", *, by: str | None = None) -> str:
        """Return the sentence for the agency. `by`: the name of the agency that made the move, instead of its code.

        Example: "Referral ref-… is completed already, by dhs, on 2026-05-06 08:30 in Belize. Nothing was sent."
        """
        at = "" if self.at is None else _AT.of(lang).format(at=f"{self.at.astimezone(BELIZE):%Y-%m-%d %H:%M}")
        agency = "" if self.by is None else _BY.of(lang).format(agency=by or self.by)
        return _ALREADY.of(lang).format(referral=self.referral, state=state_text(self.state, lang), by=agency, at=at)

    def plain(self) -> dict[str, Any]:
        """Convert the repeated move to a dict for JSON, with the status `not_sent`."""
        at = None if self.at is None else self.at.isoformat()
        return {"status": "not_sent", "reason": "made_already", "state": self.state, "by": self.by, "at": at}


def repeated_move_of(event: Mapping[str, Any], agency: str, found: Referral | None) -> RepeatedMove | None:
    """Return the earlier move that an agency's event would repeat; None if the event should be published.

    `found`: the referral as the agency sees it. None too for an event that the referral service already knows, and for
    an acceptance after another agency's. The referral service decides which of them counts.
    """
    rule = MOVES.get(event["type"])
    if rule is None or found is None or found.state != rule.leads_to.value:
        return None
    if found.effect_of(f"{event['source']}/{event['id']}") is not None:
        return None
    if rule.who is MoveMaker.INVITED and found.holder != agency:
        return None
    by: str | None = {MoveMaker.SENDER: found.sender, MoveMaker.ADDRESSEE: found.receiver}.get(rule.who, found.holder)
    own = [each.move for each in found.moves if each.effect == "in_effect"]
    by = by or (agency if own else None)  # a receiver that rejected it does not see the parties
    return RepeatedMove(found.referral, found.state, by, own[-1] if own and by == agency else None)
