"""The decision of the referral service about a move, for people and for programs: what it means and who holds it."""

from dataclasses import dataclass
from typing import Any, Final

from schemas.codebook.referral import MoveRefusal, ReferralState
from services.client.referral import Referral

_REASONS: Final = {
    MoveRefusal.TAKEN_BY_ANOTHER: "another agency took it first",
    MoveRefusal.NOT_THE_SENDER: "only the agency that sent it may do that",
    MoveRefusal.NOT_THE_RECEIVER: "only the agency that it was sent to may do that",
    MoveRefusal.NOT_OPEN: "the referral is not open for that any more",
    MoveRefusal.CONSENT_MISSING: "nobody has recorded a consent that lets the receiver be told of the person",
    MoveRefusal.CONFLICT_OF_INTEREST: "the receiver is kept out of the case",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision about a move: `effect` is in_effect, refused, waits, or undecided."""

    referral: str
    agency: str
    effect: str
    reason: str | None = None
    holder: str | None = None
    state: str | None = None

    @property
    def made(self) -> bool:
        """Whether the move has its effect."""
        return self.effect == "in_effect"

    def plain(self) -> dict[str, Any]:
        """Give it as programs read it."""
        return {"effect": self.effect, "reason": self.reason, "holder": self.holder, "state": self.state}

    def sentences(self) -> str:
        """Give it as people read it: what happened, who holds the referral, what to do."""
        match self.effect:
            case "in_effect":
                return f"In effect. {held(self.referral, self.holder, self.state)}"
            case "refused":
                why = f"{reason_text(self.reason)} ({self.reason})"
                return f"REFUSED: {why}. Your move has no effect. {held(self.referral, self.holder, self.state)}"
            case "waits":
                return (
                    f"Kept, without effect yet: a move before it is missing. "
                    f"{held(self.referral, self.holder, self.state)}"
                )
            case _:
                look = f"atips referral show {self.referral} --agency {self.agency}"
                return f"Not decided yet: look with {look}"


def held(referral: str, holder: str | None, state: str | None) -> str:
    """Say who holds a referral, and how it stands."""
    by = "Nobody holds" if holder is None else f"{holder} holds"
    how = "" if state is None else f" Its state: {state_text(state)}."
    return f"{by} referral {referral}.{how}"


def state_text(state: str) -> str:
    """Give a state in words."""
    return next((each.en.lower() for each in ReferralState if each.value == state), state)


def reason_text(reason: str | None) -> str:
    """Give the reason of a refusal in words; a reason of a later version is given by its code."""
    return next((text for code, text in _REASONS.items() if code.value == reason), reason or "no reason was given")


def decision(referral: str, agency: str, move: str, found: Referral | None) -> Decision:
    """Read the decision about a move (source/id) from what the door shows; None: nothing was shown in time."""
    effect = None if found is None else found.effect_of(move)
    if found is None or effect is None:
        return Decision(referral, agency, "undecided")
    return Decision(referral, agency, effect.effect, effect.reason, found.holder, found.state)
