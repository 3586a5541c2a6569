"""What became of referrals, looked up the slow way: over the events themselves, one period at a time.

Like `oracle` it shares nothing with the code but the sort key, and is written from the definitions.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from schemas.catalogue import order_key
from schemas.envelope import Event
from schemas.times import Interval, Period
from tests.unit.reporting.oracle import within
from tests.unit.reporting.oracle_cases import told, weighing
from tests.unit.reporting.oracle_times import Wait, of, since

ENDS = ("completed", "failed", "handed_back", "referred_onward")
STATES = {
    "sent": "sent", "received": "received", "accepted": "accepted",
    "started": "in_progress", "put_on_hold": "on_hold", "resumed": "in_progress",
}  # fmt: skip
"""By the moves that lead to them; the last three lead back and forth."""


class Referral:
    """The events of one referral, but for moves of those who may not make them, and moves that were refused or wait."""

    def __init__(self, events: Sequence[Any], referral: str) -> None:
        self.referral = referral
        about = [each for each in events if getattr(each.data, "referral", None) == referral]
        sent = [each for each in about if named(each) == "sent"]
        self.sent: Any = sent[-1] if sent else None
        refused, waiting = _refused(about), _waiting(events)
        holders = {each.data.holder for each in about if named(each) == "assigned"}
        self.not_let_go = self.sent is not None and self.sent.ref in refused
        self.moves = [
            each
            for each in about
            if named(each) not in {"", "sent", "move_refused", "assigned", "escalated"}
            and each.ref not in refused | waiting
            and self.may(each, holders)
        ]

    def may(self, move: Event, holders: set[str]) -> bool:
        if self.sent is None:
            return True
        if named(move) in {"cancelled", "entered_in_error"}:
            return bool(move.agency == self.sent.data.from_agency)
        return move.agency in {self.sent.data.to_agency, *holders}

    def first(self, *names: str) -> Any:  # noqa: ANN401 - an event or None
        found = [each for each in self.moves if named(each) in names]
        return next(iter([each for each in found if each.occurred is not None] or found), None)

    @property
    def counts(self) -> bool:
        if self.not_let_go:
            return False
        return self.first("entered_in_error") is None and (self.sent is not None or bool(self.moves))

    @property
    def answer(self) -> Any:  # noqa: ANN401 - an event or None
        return self.first("accepted", "rejected")

    @property
    def accepted(self) -> Any:  # noqa: ANN401 - an event or None
        return self.answer if self.answer is not None and named(self.answer) == "accepted" else None

    @property
    def rejected(self) -> Any:  # noqa: ANN401 - an event or None
        return self.answer if self.accepted is None else None

    @property
    def cancelled(self) -> Any:  # noqa: ANN401 - an event or None
        return self.first("cancelled") if self.accepted is None else None

    @property
    def end(self) -> Any:  # noqa: ANN401 - an event or None
        return self.first(*ENDS)

    def ended(self, name: str) -> Any:  # noqa: ANN401 - an event or None
        return self.end if self.end is not None and named(self.end) == name else None

    def closings(self) -> list[Any]:
        return [each for each in (self.rejected, self.cancelled, self.end) if each is not None]


def _refused(about: Sequence[Any]) -> set[str]:
    """The moves of which the decision that answers most, and of those the last, says that they have no effect."""
    words = [
        (each.data.answered_n, position, move, named(each) == "move_refused")
        for position, each in enumerate(about)
        for move in _decided_about(each)
    ]
    last = {move: refused for _, _, move, refused in sorted(words)}
    return {move for move, refused in last.items() if refused}


def _waiting(own: Sequence[Any]) -> set[str]:
    """The moves of a finding of the referral service whose word that answers most, and of those the last, opened it."""
    found = [
        (each.data.answered_n or 0, position, each)
        for position, each in enumerate(own)
        if getattr(each.data, "code", None) == "move_without_predecessor"
        or (each.type == "bz.atips.finding.closed.v1" and each.agency == "referral")
    ]
    last = {each.data.finding: each for _, _, each in sorted(found, key=lambda word: word[:2])}
    return {move for each in last.values() for move in getattr(each.data, "records", ())}


def _decided_about(each: Any) -> Sequence[str]:  # noqa: ANN401 - an event
    if named(each) == "move_refused":
        return (each.data.move,)
    return tuple(each.data.standing) if named(each) == "assigned" else ()


def named(event: Event) -> str:
    _, _, name = event.type.removesuffix(".v1").partition("referral.")
    return name


def everybody(events: Sequence[Event]) -> dict[str, list[Any]]:
    """The events of each person, each once and in the order of what happened."""
    once = {(each.source, each.id): each for each in events}
    found: dict[str, list[Any]] = {}
    for each in sorted(once.values(), key=order_key):
        for who in [each.data.person] if hasattr(each.data, "person") else getattr(each.data, "names", ()):
            found.setdefault(who, []).append(each)
    return found


def referrals(own: Sequence[Any]) -> list[Referral]:
    ids = dict.fromkeys(each.data.referral for each in own if named(each))
    return [each for each in (Referral(own, referral) for referral in ids) if each.counts]


def every(events: Sequence[Event]) -> Iterator[Referral]:
    for own in everybody(events).values():
        yield from referrals(own)


def happened(event: Any) -> list[Interval | None]:  # noqa: ANN401 - an event or None
    return [] if event is None else [event.occurred]


def by_move(move: Callable[[Referral], Any]) -> Callable[[Sequence[Event], Period], int]:
    def count(events: Sequence[Event], period: Period) -> int:
        return sum(within(when, period) for each in every(events) for when in happened(move(each)))

    return count


def of_sent(reached: Callable[[Referral], Any]) -> Callable[[Sequence[Event], Period], int]:
    def count(events: Sequence[Event], period: Period) -> int:
        found = (each for each in every(events) if each.sent is not None and within(each.sent.occurred, period))
        return sum(bool(reached(each)) for each in found)

    return count


def unanswered(each: Referral) -> bool:
    return each.answer is None and each.cancelled is None and each.end is None


def in_hand(each: Referral) -> bool:
    return each.accepted is not None and each.end is None


def open_at(events: Sequence[Event], period: Period) -> Mapping[str, int]:
    """Referrals that surely had not been closed by the period's end, by how far they surely had come by then."""
    found: dict[str, int] = {}
    for each in every(events):
        closed = [one.occurred for one in each.closings()]
        come = [one for one in _opening(each) if one.occurred is not None and one.occurred.last_day <= period.last]
        if come and all(one is not None and period.last < one.first_day for one in closed):
            furthest = max(_phase(one) for one in come)
            state = STATES[[named(one) for one in come if _phase(one) == furthest][-1]]
            found[state] = found.get(state, 0) + 1
    return found


def _opening(each: Referral) -> list[Any]:
    moves = [one for one in each.moves if named(one) in {"received", "started", "put_on_hold", "resumed"}]
    return [*moves, *(one for one in (each.sent, each.accepted) if one is not None)]


def _phase(move: Event) -> int:
    return min(list(STATES).index(named(move)), 3)


def groups(own: Sequence[Any]) -> list[list[Referral]]:
    """Referrals that name one need, or each other, over any number of steps; in the order in which they were sent."""
    known = referrals(own)
    left, found = list(known), []
    while left:
        group, names = [left.pop(0)], set[str]()
        grown = True
        while grown:
            names |= {name for each in group for name in _names(each)}
            near = [each for each in left if not names.isdisjoint(_names(each))]
            grown = bool(near)
            group += near
            left = [each for each in left if each not in near]
        known_order = [each for each in known if each in group]
        found.append(sorted(known_order, key=_when))
    return found


def _names(each: Referral) -> set[str]:
    onward = (one.data.next_referral for one in each.moves if named(one) == "referred_onward")
    sent = () if each.sent is None else (each.sent.data.need, each.sent.data.previous_referral)
    return {each.referral, *(name for name in (*onward, *sent) if name is not None)}


def _when(each: Referral) -> tuple[bool, float]:
    when = None if each.sent is None else each.sent.occurred
    return when is None, 0 if when is None else when.start.timestamp()


def sent(group: Sequence[Referral]) -> list[Interval | None]:
    return [each.sent.occurred for each in group if each.sent is not None]


def start_of(times: Sequence[Interval | None]) -> Interval | None:
    dated = [each for each in times if each is not None]
    return min(dated, key=lambda each: each.start) if dated else None


def first_within(times: Sequence[Interval | None], period: Period) -> bool:
    """Whether the first of them surely lies in the period: none may lie before it, and one does not lie after it."""
    dated = [each for each in times if each is not None]
    return all(period.first <= each.first_day for each in dated) and any(each.last_day <= period.last for each in dated)


def held(group: Sequence[Referral]) -> Any:  # noqa: ANN401 - an event or None
    given_away = ("handed_back", "referred_onward")
    kept = (each.accepted for each in group if not any(each.ended(name) for name in given_away))
    return next((each for each in kept if each is not None), None)


def abandoned(group: Sequence[Referral]) -> list[Interval | None]:
    """When the last of them was taken back or not wanted by the person; nothing where somebody is still to be asked."""
    ends: list[Any] = []
    for each in group:
        refused = each.rejected
        unwanted = refused is not None and "person" in {refused.data.refused_by, (refused.data.reason or "")[:6]}
        ends.append(refused if unwanted else None if refused is not None else each.cancelled)
    if None in ends:
        return []
    if any(each.occurred is None for each in ends):
        return [None]
    return [max((each.occurred for each in ends), key=lambda each: each.end)]


def needs(counts: Callable[[Sequence[Referral]], Any]) -> Callable[[Sequence[Event], Period], int]:
    def count(events: Sequence[Event], period: Period) -> int:
        found = (group for own in everybody(events).values() for group in groups(own))
        return sum(first_within(sent(group), period) and bool(counts(group)) for group in found)

    return count


def identified(own: Sequence[Any]) -> list[Interval | None]:
    return [each.occurred for each in own if each.type == "bz.atips.victim.identified.v1"]


def persons(reached: Callable[[Sequence[Any]], Any]) -> Callable[[Sequence[Event], Period], int]:
    def count(events: Sequence[Event], period: Period) -> int:
        return sum(first_within(identified(own), period) and bool(reached(own)) for own in everybody(events).values())

    return count


def statuses(own: Sequence[Any]) -> list[Any]:
    return [each for each in own if each.type.startswith("bz.atips.victim.")]


def status(own: Sequence[Any]) -> str | None:
    decided = weighing(statuses(own))
    return str(decided[-1].data.status) if decided else None


def services(own: Sequence[Any]) -> list[Any]:
    """The provider's last statement of each service, or else anybody's."""
    each_said = told(own, "service", "service.provided").values()
    return [([each for each in said if each.agency == each.data.provider] or said)[-1] for said in each_said]


COUNTS: Mapping[str, Callable[[Sequence[Event], Period], int]] = {
    "R1a": persons(lambda _: True),
    "R1b": persons(lambda own: status(own) == "confirmed"),
    "R1c": persons(lambda own: status(own) == "not_a_victim"),
    "R1d": persons(lambda own: any(each.sent is not None for each in referrals(own))),
    "R1e": persons(lambda own: any(each.accepted is not None for each in referrals(own))),
    "R1f": persons(services),
    "R2a": by_move(lambda each: each.sent),
    "R2b": by_move(lambda each: each.answer),
    "R2c": by_move(lambda each: each.accepted),
    "R2d": by_move(lambda each: each.rejected),
    "R2e": by_move(lambda each: each.ended("handed_back")),
    "R2f": by_move(lambda each: each.ended("referred_onward")),
    "R2g": by_move(lambda each: each.ended("completed")),
    "R2h": by_move(lambda each: each.ended("failed")),
    "R2i": by_move(lambda each: each.cancelled),
    "R2j": lambda events, period: sum(open_at(events, period).values()),
    "R3a": of_sent(lambda each: each.accepted),
    "R3b": of_sent(lambda each: each.rejected),
    "R3c": of_sent(lambda each: each.ended("completed")),
    "R3d": of_sent(lambda each: each.accepted and each.ended("handed_back")),
    "R3e": of_sent(lambda each: each.accepted and each.ended("referred_onward")),
    "R3f": of_sent(unanswered),
    "R3g": of_sent(in_hand),
    "R3h": of_sent(lambda each: unanswered(each) or in_hand(each)),
    "R4a": needs(lambda _: True),
    "R4b": needs(held),
    "R4c": needs(lambda group: held(group) is None and not abandoned(group)),
}  # fmt: skip


def no_longer(own: Sequence[Any]) -> list[Interval | None]:
    none = [each.occurred for each in weighing(statuses(own)) if each.data.status == "not_a_victim"]
    undated = [None for each in statuses(own) if each.data.status == "not_a_victim" and each.occurred is None]
    return [*(none or undated), *deaths(own)]


def deaths(own: Sequence[Any]) -> list[Interval | None]:
    return [each.occurred for each in of(own, "person.deceased_recorded")]


def since_identified(own: Sequence[Any], stops: Sequence[Interval | None]) -> Iterator[Wait]:
    found, start = identified(own), start_of(identified(own))
    early = start is not None and any(each is not None and not since(start, [each]) for each in stops)
    if found and not early:
        yield Wait(start, since(start, stops), no_longer(own))


def t3(own: Sequence[Any]) -> Iterator[Wait]:
    yield from since_identified(own, [when for each in referrals(own) for when in happened(each.sent)])


def t4(own: Sequence[Any]) -> Iterator[Wait]:
    for each in referrals(own):
        for sent in happened(each.sent):
            yield Wait(sent, happened(each.answer), [*happened(each.cancelled), *happened(each.end)])


def t5(own: Sequence[Any]) -> Iterator[Wait]:
    for group in groups(own):
        yield Wait(start_of(sent(group)), happened(held(group)), abandoned(group))


def t6a(own: Sequence[Any]) -> Iterator[Wait]:
    for each in referrals(own):
        for accepted in happened(each.accepted):
            served = [one.occurred for one in services(own) if on(one, each)]
            yield Wait(accepted, since(accepted, served), [*happened(each.end), *deaths(own)])


def on(service: Any, each: Referral) -> bool:  # noqa: ANN401 - an event
    named_referral, named_need = service.data.referral, service.data.need
    if named_referral is not None or each.sent is None:
        return bool(named_referral == each.referral)
    if named_need is not None and each.sent.data.need is not None:
        return bool(named_need == each.sent.data.need)
    return service.data.service_type in each.sent.data.service_types


def t6b(own: Sequence[Any]) -> Iterator[Wait]:
    yield from since_identified(own, [each.occurred for each in services(own)])


def to_end(name: str) -> Callable[[Sequence[Any]], Iterator[Wait]]:
    def waits(own: Sequence[Any]) -> Iterator[Wait]:
        for each in referrals(own):
            for accepted in happened(each.accepted):
                yield Wait(accepted, happened(each.ended(name)), happened(each.end))

    return waits


WAITS: Mapping[str, Callable[[Sequence[Any]], Iterator[Wait]]] = {
    "T3": t3, "T4": t4, "T5": t5, "T6a": t6a, "T6b": t6b, "T7": to_end("completed"), "T8": to_end("handed_back"),
}  # fmt: skip
"""What waits, of one person's events."""
