"""One referral, folded from its moves: its state and holder, the refused moves, and the moves that wait.

A move is kept until the move before it comes. Of several agencies that accept, the first in the log is the holder.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from schemas.agencies import agency_of
from schemas.catalogue import order_key
from schemas.codebook.consent import ConsentPurpose
from schemas.codebook.referral import SIGHT_ENDS, MoveRefusal, ReferralState
from schemas.referral.move_fields import Move
from schemas.referral.sender_events import ReferralSent, ReferralSentV1
from schemas.sight import ConsentGap
from services.referral.domain.events_in_force import FactInForce
from services.referral.domain.move_table import MOVES, PRECEDES, MoveMaker, MoveRule


@dataclass(frozen=True, slots=True)
class Gate:
    """Decision on a referral when it is sent. `invited`: agencies beside the receiver that may accept it.

    `closed`: reason for which the referral is refused; None if it is passed on.
    """

    invited: frozenset[str] = frozenset()
    on_call: frozenset[str] = frozenset()
    """Agencies on call for the receiver that consent or a duty allows to learn of the referral."""
    uncalled: frozenset[str] = frozenset()
    """Agencies on call that the case keeps out by the case tracker's table. The person's log may not say so yet."""
    purposes: frozenset[ConsentPurpose] = frozenset()
    """Purposes for which the person's data are shared."""
    closed: MoveRefusal | None = None
    missing: tuple[ConsentGap, ...] = ()
    """For a referral without consent: the parts of consent that the sender's own statements lack."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A referral and its present state. `state`: None if it was refused, or if the event that sent it is missing."""

    id: str
    sent: FactInForce | None = None
    asks: ReferralSent | None = None
    """The request, with its sender and receiver; a unit is replaced by its agency."""
    state: ReferralState | None = None
    holder: str | None = None
    reached: Mapping[ReferralState, FactInForce] = field(default_factory=dict)
    """The move that last led to each state."""
    refused: Mapping[str, MoveRefusal] = field(default_factory=dict)
    """Reasons of refused moves, by reference of the move's present version. A corrected move is decided about again."""
    kept: tuple[FactInForce, ...] = ()
    """Moves that wait for the move before them."""
    gate: Gate = Gate()
    """The decision when the referral was sent."""

    @property
    def said(self) -> ReferralSent | None:
        """The request as the sender stated it, which may name a unit; None if the event that sent it is missing."""
        return None if self.sent is None else _said(self.sent)

    @property
    def was_sent(self) -> bool:
        """Whether the referral was really sent: neither refused nor entered in error."""
        return self.state not in {None, ReferralState.ENTERED_IN_ERROR}

    @property
    def ended_sight(self) -> bool:
        """Whether the referral ended in a way after which its receiver may see nothing more."""
        return self.state in SIGHT_ENDS

    def was_never_informed(self, agency: str) -> bool:
        """Whether an agency was never informed of the referral: it is no sender, receiver, holder or agency on call.

        A receiver to which the referral was not passed on was never informed, either.
        """
        asks = self.asks
        if asks is None or agency == asks.from_agency:
            return False
        if self.gate.closed is not None:
            return True
        return agency not in {asks.to_agency, self.holder, *self.gate.invited, *self.gate.on_call}

    @property
    def unheard(self) -> bool:
        """Whether the case that the sender named does not receive the move that ended the referral."""
        case = None if self.asks is None else self.asks.case
        said = None if self.since is None else self.since.content.data
        return case is not None and self.ended_sight and isinstance(said, Move) and said.case != case

    @property
    def since(self) -> FactInForce | None:
        """Move that led to the present state; None without a state."""
        return None if self.state is None else self.reached.get(self.state)


@dataclass(slots=True)
class _Folding:
    """A referral while its moves are applied one by one."""

    now: Attempt
    gate: Gate
    barred: Collection[str] = ()
    """References of acceptances and cancellations by agencies that the case kept out then."""
    kept: list[FactInForce] = field(default_factory=list)

    def make(self, move: FactInForce) -> None:
        """Apply a move, and then each move that waited for it."""
        if self._try(move):
            waiting, self.kept = self.kept, []
            for each in waiting:
                self.make(each)

    def _try(self, move: FactInForce) -> bool:
        rule = MOVES[move.content.type]
        refusal = self._refusal(move, rule)
        if refusal is None and self.now.state in rule.origins:
            self._step(move, rule)
            return True
        if refusal is None:
            self._elsewhere(move, rule)
        else:
            self.now = replace(self.now, refused={**self.now.refused, move.content.ref: refusal})
        return False

    def _step(self, move: FactInForce, rule: MoveRule) -> None:
        holder = move.actor if rule.leads_to is ReferralState.ACCEPTED else self.now.holder
        reached = {**self.now.reached, rule.leads_to: move}
        self.now = replace(self.now, state=rule.leads_to, holder=holder, reached=reached)

    def _elsewhere(self, move: FactInForce, rule: MoveRule) -> None:
        """Handle a move that does not start from the present state.

        It waits for a missing move, or it came late and only its time is noted, or it is refused.
        """
        state = self.now.state
        if state is None or rule.origins & PRECEDES.get(state, frozenset()):
            self.kept.append(move)
        elif self._came_late(move, rule):
            self.now = replace(self.now, reached={rule.leads_to: move, **self.now.reached})
        elif self._said_before(move, rule):
            pass
        else:
            self.now = replace(self.now, refused={**self.now.refused, move.content.ref: MoveRefusal.NOT_OPEN})

    def _came_late(self, move: FactInForce, rule: MoveRule) -> bool:
        """Whether a move is an earlier step of the holder, or a receipt. Then it is not refused."""
        since = self.now.since
        if rule.leads_to is ReferralState.RECEIVED:
            return True
        held = rule.who is MoveMaker.HOLDER and self.now.holder is not None
        return held and since is not None and move.at <= since.at

    def _said_before(self, move: FactInForce, rule: MoveRule) -> bool:
        before = self.now.reached.get(rule.leads_to)
        return before is not None and before.actor == move.actor

    def _refusal(self, move: FactInForce, rule: MoveRule) -> MoveRefusal | None:
        asks = self.now.asks
        if asks is None or self.gate.closed is not None:
            return self.gate.closed
        match rule.who:
            case MoveMaker.SENDER if move.actor != asks.from_agency:
                return MoveRefusal.NOT_THE_SENDER
            case MoveMaker.ADDRESSEE if move.actor != asks.to_agency:
                return MoveRefusal.NOT_THE_RECEIVER
            case MoveMaker.SENDER | MoveMaker.INVITED if move.content.ref in self.barred:
                return MoveRefusal.CONFLICT_OF_INTEREST
            case MoveMaker.INVITED | MoveMaker.HOLDER:
                return self._of_invited(move.actor, asks)
            case _:
                return None

    def _of_invited(self, actor: str, asks: ReferralSent) -> MoveRefusal | None:
        """Return the refusal of a move that only invited agencies or the holder may make; None if `actor` may."""
        if actor != asks.to_agency and actor not in self.gate.invited:
            return MoveRefusal.NOT_THE_RECEIVER
        taken = self.now.holder is not None and self.now.holder != actor
        return MoveRefusal.TAKEN_BY_ANOTHER if taken else None


def _said(sent: FactInForce) -> ReferralSent | None:
    return sent.content.data if isinstance(sent.content, ReferralSentV1) else None


def _between_doors(said: ReferralSent | None) -> ReferralSent | None:
    if said is None:
        return None
    return said.model_copy(update={"from_agency": agency_of(said.from_agency), "to_agency": agency_of(said.to_agency)})


def fold_attempt(
    referral: str,
    sent: FactInForce | None,
    moves: Sequence[FactInForce],
    gate: Gate,
    barred: Collection[str] = (),
) -> Attempt:
    """Fold a referral from the event that sent it and from its moves. `sent` may be later in the log than its moves.

    `barred`: references of moves without effect, as the case kept out their makers when intake had them.

    Moves are applied in the order of the log. After them come the holder's own moves, in the order of what happened.
    """
    if sent is None:
        return Attempt(referral, kept=tuple(moves))
    asks = _between_doors(_said(sent))
    if gate.closed is not None:
        refused = {each.content.ref: gate.closed for each in (sent, *moves)}
        return Attempt(referral, sent, asks, refused=refused, gate=gate)
    start = Attempt(referral, sent, asks, ReferralState.SENT, reached={ReferralState.SENT: sent}, gate=gate)
    folding = _Folding(start, gate, barred)
    own = [move for move in moves if MOVES[move.content.type].who is MoveMaker.HOLDER]
    for move in [move for move in moves if move not in own] + sorted(own, key=lambda each: order_key(each.content)):
        folding.make(move)
    return replace(folding.now, kept=tuple(folding.kept)) if folding.kept else folding.now
