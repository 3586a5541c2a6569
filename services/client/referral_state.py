"""A referral as intake shows it to one agency, with the decisions about the agency's own moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class MoveEffect:
    """A move of the agency, and the decision about it. `move`: reference of the move's event (source/id).

    `effect`: `in_effect`, `refused` (`reason` has the code), or `waits`: it is kept until the move before it arrives.
    """

    move: str
    effect: str
    reason: str | None = None
    missing: tuple[str, ...] = ()
    """With `consent_missing`: what the agency's own records of age and consent lack."""
    type: str | None = None
    """Event type of the move; None from an intake of an earlier version."""
    at: str | None = None
    """Time of the move, as RFC 3339."""


@dataclass(frozen=True, slots=True)
class Referral:
    """State of a referral, as intake shows it to the agency. `holder`: the agency that accepted it.

    An agency that neither sent nor received it gets only the state, the holder, and its own moves.
    """

    referral: str
    state: str | None
    holder: str | None
    sender: str | None
    receiver: str | None
    person: str | None
    urgency: str | None
    moves: Sequence[MoveEffect] = ()

    @classmethod
    def read(cls, said: dict[str, Any]) -> Self:
        """Return the referral in an answer's JSON object. Unknown fields, of later versions, are ignored."""
        own = {name: said.get(name) for name in cls.__slots__ if name != "moves"}
        moves = [
            MoveEffect(
                each["move"],
                each["effect"],
                each.get("reason"),
                tuple(each.get("missing") or ()),
                each.get("type"),
                each.get("at"),
            )
            for each in said["moves"]
        ]
        return cls(**own, moves=tuple(moves))  # type: ignore[arg-type] # values of intake

    def effect_of(self, move: str) -> MoveEffect | None:
        """Return the decision about a move of the agency (source/id of its event); None if it is not decided yet."""
        return next((each for each in self.moves if each.move == move), None)
