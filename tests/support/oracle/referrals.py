"""Referrals as their senders and receivers tell of them, and what the referral service decided of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tests.support.oracle.event_reading import BELIZE, Fact
from tests.support.oracle.facts_in_force import Known, once
from tests.support.oracle.units_of_agencies import house

MOVES = (
    "received", "accepted", "rejected", "started", "put_on_hold", "resumed", "completed", "failed", "handed_back",
    "referred_onward", "cancelled", "entered_in_error",
)  # fmt: skip
_SENDERS = frozenset({"cancelled", "entered_in_error"})
ENDS = ("completed", "failed", "handed_back", "referred_onward")
_GIVEN_AWAY = frozenset({"handed_back", "referred_onward"})
_WAITS = "move_without_predecessor"
_OPENING = ("received", "started", "put_on_hold", "resumed")


def move(each: Fact) -> str:
    """Return the action on a referral."""
    return each.name.removeprefix("referral.")


@dataclass(slots=True)
class Told:
    """All that was said of one referral."""

    sent: Fact | None = None
    once: list[Fact] = field(default_factory=list)
    moves: list[Fact] = field(default_factory=list)
    decided: list[Fact] = field(default_factory=list)
    holders: set[str] = field(default_factory=set)
    late: list[Fact] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)

    def hear(self, each: Fact) -> None:
        """Take one more statement in, which comes after all before it."""
        match move(each):
            case "sent":
                self.sent = each
            case "move_refused":
                self.decided.append(each)
            case "assigned":
                self.decided.append(each)
                self.holders.add(each.said["holder"])
            case "escalated":
                self.late.append(each)
            case _:
                self.moves.append(each)

    def refused(self) -> set[str]:
        """The moves that the last decision about them refused: of those that answer alike, the last to be made."""
        found = set[str]()
        for each in sorted(self.decided, key=lambda one: one.said["answered_n"]):
            found |= {each.said["move"]} if move(each) == "move_refused" else set()
            found -= set(each.said.get("standing", ()))
        return found

    def gone(self) -> list[Fact]:
        """How it was sent at some time, but for what was not let go."""
        refused = self.refused()
        return [each for each in (*self.once, self.sent) if each is not None and each.ref not in refused]

    def standing(self) -> list[Fact]:
        """The moves that have effect."""
        without = self.refused() | self.waiting
        return [each for each in self.moves if each.ref not in without and self.may(each)]

    def accepted(self) -> Fact | None:
        """The first answer, if it is that."""
        answer = _first(self.standing(), "accepted", "rejected")
        return answer if answer is not None and move(answer) == "accepted" else None

    def may(self, each: Fact) -> bool:
        """Whether the move is of who may make it: the sender, or the receiver and whoever holds the referral."""
        if self.sent is None:
            return True
        sender, receiver = self.sent.said["from_agency"], self.sent.said["to_agency"]
        makers = {sender} if move(each) in _SENDERS else {receiver, *self.holders}
        return house(each.speaker) in set(map(house, makers))


@dataclass(slots=True, eq=False)
class Referral:
    """One that was meant: `moves` are those that have effect, the rest is what follows from them."""

    id: str
    sent: Fact | None
    moves: Sequence[Fact]
    answer: Fact | None
    accepted: Fact | None
    rejected: Fact | None
    cancelled: Fact | None
    end: Fact | None
    late: Mapping[str, date | None]
    """By what was late the first day on which it was due; None where nobody knows."""

    def ended(self, name: str) -> Fact | None:
        """How it ended, if it was this way."""
        return self.end if self.end is not None and move(self.end) == name else None

    @property
    def unanswered(self) -> bool:
        """Whether it waits for the receiver."""
        return self.answer is None and self.cancelled is None and self.end is None

    @property
    def in_hand(self) -> bool:
        """Whether the receiver took it on and is not done."""
        return self.accepted is not None and self.end is None

    @property
    def held(self) -> Fact | None:
        """The acceptance by somebody who did not give the person away again."""
        return None if self.end is not None and move(self.end) in _GIVEN_AWAY else self.accepted

    def opening(self) -> list[Fact]:
        """Give what says that it is open: moves that lead on, its sending, and its acceptance."""
        moves = [each for each in self.moves if move(each) in _OPENING]
        return [*moves, *(each for each in (self.sent, self.accepted) if each is not None)]

    def open_days(self) -> tuple[date, date] | None:
        """From when something surely was known of it to the day before it may have been closed."""
        begun = [each.last for each in self.opening() if each.last is not None]
        closed = [each.first for each in (self.rejected, self.cancelled, self.end) if each is not None]
        if not begun or None in closed:
            return None
        over = min((each.toordinal() - 1 for each in closed if each is not None), default=date.max.toordinal())
        return (min(begun), date.fromordinal(over)) if min(begun).toordinal() <= over else None

    def names(self) -> set[str]:
        """Itself, its need, and the referrals before and after it, as far as anybody named them."""
        onward = {each.said.get("next_referral") for each in self.moves}
        said = {} if self.sent is None else self.sent.said
        return {name for name in (self.id, *onward, said.get("need"), said.get("previous_referral")) if name}


def _first(moves: Sequence[Fact], *names: str) -> Fact | None:
    """The first of some moves; one without a date only where there is no other."""
    found = [each for each in moves if move(each) in names]
    return next(iter([each for each in found if each.first is not None] or found), None)


def _meant(referral: str, told: Told) -> Referral | None:
    if told.sent is not None and told.sent.ref in told.refused():
        return None
    moves = told.standing()
    if _first(moves, "entered_in_error") is not None or (told.sent is None and not moves):
        return None
    answer = _first(moves, "accepted", "rejected")
    accepted = told.accepted()
    return Referral(
        id=referral,
        sent=told.sent,
        moves=moves,
        answer=answer,
        accepted=accepted,
        rejected=answer if accepted is None else None,
        cancelled=_first(moves, "cancelled") if accepted is None else None,
        end=_first(moves, *ENDS),
        late=_late(told.late),
    )


def _late(said: Sequence[Fact]) -> Mapping[str, date | None]:
    found: dict[str, date | None] = {}
    for each in said:
        days = [found.get(each.said["reason"]), _due(each)]
        found[each.said["reason"]] = min((day for day in days if day is not None), default=None)
    return found


def _due(each: Fact) -> date | None:
    due = each.said.get("due_at")
    return None if due is None else datetime.fromisoformat(due).astimezone(BELIZE).date()


@once
def _waiting(known: Known) -> Mapping[str, set[str]]:
    """By whom they are of the moves that wait for the one before them: of each finding the word that answers most."""
    found: dict[str, set[str]] = {}
    for words in known.about("finding", "finding.opened", "finding.closed").values():
        ours = [each for each in words if each.said.get("code") == _WAITS or _closes(each)]
        for person in {name for each in ours for name in each.said.get("names", ())}:
            named = [each for each in ours if person in each.said.get("names", ())]
            last = max(reversed(named), key=lambda one: one.said.get("answered_n", 0))
            found.setdefault(person, set()).update(last.said.get("records", ()))
    return found


def _closes(each: Fact) -> bool:
    """Whether it is the referral service that says so: of what the finding was it does not say."""
    return each.name == "finding.closed" and each.publisher == "referral"


@once
def told_of(known: Known) -> Mapping[str, Mapping[str, Told]]:
    """Return the statements on each person's referrals, in the order in which the referrals were first named."""
    told: dict[str, dict[str, Told]] = {}
    for each in known.of(
        "referral.sent",
        "referral.assigned",
        "referral.move_refused",
        "referral.escalated",
        *map("referral.{}".format, MOVES),
    ):
        of_person = told.setdefault(each.said["person"], {})
        of_person.setdefault(each.said["referral"], Told()).hear(each)
    for each in known.sent_once:
        told.setdefault(each.said["person"], {}).setdefault(each.said["referral"], Told()).once.append(each)
    for person, moves in _waiting(known).items():
        for one in told.get(person, {}).values():
            one.waiting = moves
    return told


@once
def by_person(known: Known) -> Mapping[str, Sequence[Referral]]:
    """Return each person's referrals, of those that were meant."""
    return {
        person: [each for each in (_meant(*pair) for pair in every.items()) if each is not None]
        for person, every in told_of(known).items()
    }


@once
def every(known: Known) -> Sequence[Referral]:
    """All of them, a referral once for each person it was said to be of."""
    return [each for referrals in by_person(known).values() for each in referrals]


@once
def needs(known: Known) -> Sequence[Sequence[Referral]]:
    """Referrals that name one need, or each other, over any number of steps; in the order in which they were sent."""
    return [group for referrals in by_person(known).values() for group in _groups(referrals)]


def _groups(referrals: Sequence[Referral]) -> Iterator[Sequence[Referral]]:
    left = list(referrals)
    while left:
        group, names = [left[0]], left.pop(0).names()
        while near := [each for each in left if not names.isdisjoint(each.names())]:
            group += near
            names = names.union(*(each.names() for each in near))
            left = [each for each in left if each not in near]
        yield sorted((each for each in referrals if each in group), key=_when)


def _when(each: Referral) -> tuple[object, ...]:
    """Dated ones first, never sent ones last; at one time as the facts of their sending are in order, or by id."""
    if each.sent is None:
        return 2, each.id
    return (1 if each.sent.first is None else 0), each.sent.start, each.sent.order
