"""Events behind an entity's contribution to a figure, each with the amount that it added when it happened.

The amounts of an entity's events add up to its contribution. An event is also named if it added nothing only because
another event had already made the entity count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from schemas.envelope import Event
from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import Cells, Dims, cells_of, diff
from services.reporting.domain.declaration.entity_state_part import EntityState
from services.reporting.domain.declaration.figure import Figure, Reader
from services.reporting.domain.figures.all_figures import counted
from services.reporting.domain.ledger.entity_fold import FOLDED, evolve, fold_once
from services.reporting.domain.ledger.facts_ever_in_force import Effect, effects, facts_in_force_of
from services.reporting.domain.read.amounts_from_cells import contribution, read
from services.reporting.domain.read.reading import Reading


@dataclass(frozen=True, slots=True)
class Question:
    """A question for the events behind a figure of a period. `by`: the breakdown.

    `groups`: for a cohort figure, the cells that hold when each group began.
    """

    figure: Figure[Any]
    period: Period
    by: tuple[str, ...] = ()
    groups: Cells = field(default_factory=dict, compare=False)

    def contribution(self, cells: Cells) -> dict[Dims, int]:
        """Return the amounts that an entity's cells add to the figure, by dimensions."""
        return contribution(self.figure, {**cells, **self.groups}, self.period, self.by)

    def readings(self, cells: Cells) -> list[Reading]:
        """Read the figure from an entity's cells alone."""
        return read(self.figure, {**cells, **self.groups}, self.period, self.by)


class BesideReason(StrEnum):
    """Why a fact is beside the amount: its date is unknown, it may lie outside the period, or nobody counted it."""

    UNDATED = "undated"
    CUT = "cut"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact in force, and the amounts by which it changed the entity's contribution, by dimensions."""

    effect: Effect
    amounts: Mapping[Dims, int] = field(default_factory=dict)


def evidence(question: Question, entity_id: str, events: Iterable[Event]) -> list[Evidence]:
    """Return the events behind an entity's contribution in the order in which they happened, then the merges.

    The merges are those in force that joined the entity, or an entity of these events, with another. The list is empty
    if no event is behind the contribution.
    """
    known = list(events)
    facts = [each for each in facts_in_force_of(entity_id, known) if each.content.type in FOLDED]
    behind = _behind(question, entity_id, fold_once(entity_id, known), facts)
    if not behind:
        return []
    named = {entity_id, *(entity for each in behind for entity in each.effect.content.concerns())}
    return behind + [Evidence(each) for each in _merges(known, named)]


def repeating_events(
    question: Question, entity_id: str, events: Iterable[Event], behind: Sequence[Evidence]
) -> list[Evidence]:
    """Return the events that repeat the facts of the events `behind` a contribution, in the order of what happened.

    Such an event would have counted if the events of its type in `behind` did not exist, and adds nothing beside them.
    The list is empty for a duration: another event of the type is another end of it.
    """
    named = {each.effect.root: each.effect.content.type for each in behind if not each.effect.content.joins()}
    if question.figure.reader is Reader.QUANTILE or not named:
        return []
    known = list(events)
    begin = fold_once(entity_id, known)
    facts = [each for each in facts_in_force_of(entity_id, known) if each.content.type in FOLDED]

    def tally(without: str = "", also: str = "") -> dict[Dims, int]:
        kept = (each for each in facts if each.root == also or named.get(each.root, without) != without)
        return _tally(question, _state(entity_id, begin, kept))

    every = tally()
    others = {kind: tally(kind) for kind in set(named.values())}
    found = []
    for each in facts:
        kind = each.content.type
        if each.root not in named and kind in others:
            theirs = diff(others[kind], every)
            own = diff(others[kind], tally(kind, each.root))
            if own and all(amount * theirs.get(dims, 0) > 0 for dims, amount in own.items()):
                found.append(Evidence(each))
    return found


def events_beside_amount(
    question: Question, entity_id: str, events: Iterable[Event]
) -> list[tuple[BesideReason, Evidence]]:
    """Return the events that left facts beside the amount, with the reason, in the order in which they happened."""
    known = list(events)
    facts = [each for each in facts_in_force_of(entity_id, known) if each.content.type in FOLDED]
    state = fold_once(entity_id, known)
    at_last = _left_out(question, _state(entity_id, state, facts))
    amounts = _left_out(question, state)
    found = []
    for each in facts if any(at_last.values()) else ():
        state = evolve(entity_id, state, each.content)
        before, amounts = amounts, _left_out(question, state)
        found += [(what, Evidence(each)) for what in BesideReason if at_last[what] and amounts[what] > before[what]]
    return found


def _left_out(question: Question, state: EntityState) -> dict[BesideReason, int]:
    each = replace(question.figure, distinct=False)
    readings = replace(question, figure=each).readings(cells_of(each, counted(each, state)))
    return {what: sum(getattr(reading, what) for reading in readings) for what in BesideReason}


def _behind(question: Question, entity_id: str, state: EntityState, facts: Sequence[Effect]) -> list[Evidence]:
    needed = _needed(question, entity_id, state, facts)
    amounts = _amounts(question, state)
    found = []
    for each in facts:
        state = evolve(entity_id, state, each.content)
        before, amounts = amounts, _amounts(question, state)
        if amounts != before or each in needed:
            found.append(Evidence(each, diff(before, amounts)))
    return found


def _needed(question: Question, entity_id: str, begin: EntityState, facts: Sequence[Effect]) -> list[Effect]:
    """Return facts that together give the contribution of all, and of which none can be left out.

    Of two facts that could stand for each other, the later one is kept.
    """
    every = _tally(question, _state(entity_id, begin, facts))
    kept = list(facts)
    for each in facts:
        others = [other for other in kept if other is not each]
        if _tally(question, _state(entity_id, begin, others)) == every:
            kept = others
    return kept


def _merges(events: Sequence[Event], named: set[str]) -> list[Effect]:
    """Return the merges in force that joined the named entities with others, directly or through other merges."""
    merges = [each for each in effects(events) if each.content.joins()]
    found: list[Effect] = []
    near, grown = named, True
    while grown:  # merges can form a chain
        found = [each for each in merges if not near.isdisjoint(each.content.joins())]
        wider = near.union(*(each.content.joins() for each in found))
        near, grown = wider, wider != near
    return found


def _state(entity_id: str, state: EntityState, facts: Iterable[Effect]) -> EntityState:
    for each in facts:
        state = evolve(entity_id, state, each.content)
    return state


def _amounts(question: Question, state: EntityState) -> dict[Dims, int]:
    figure = question.figure
    return question.contribution(cells_of(figure, counted(figure, state)))


def _tally(question: Question, state: EntityState) -> dict[Dims, int]:
    """Return the contribution as if the figure were not distinct: every item of the entity counts."""
    each = replace(question.figure, distinct=False)
    return replace(question, figure=each).contribution(cells_of(each, counted(each, state)))
