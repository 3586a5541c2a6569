"""Why an entity is in a figure: the events behind its contribution, each with what it added when it happened.

The amounts of an entity's events sum to its contribution. An event that added nothing because another had already
made the entity count is named all the same: without the other it would have.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from schemas.envelope import Event
from schemas.times import Period
from services.reporting.domain.cells.algebra import Cells, Dims, cells_of, diff
from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.declaration.part import EntityState
from services.reporting.domain.figures.table import counted
from services.reporting.domain.ledger.entity_fold import FOLDED, evolve, fold_once
from services.reporting.domain.ledger.facts_in_force import Effect, effective, effects
from services.reporting.domain.read.readers import contribution, read
from services.reporting.domain.read.reading import Reading


@dataclass(frozen=True, slots=True)
class Question:
    """A question for the events behind a figure. `groups`: the cells of a cohort that say when each group began."""

    figure: Figure[Any]
    period: Period
    by: tuple[str, ...] = ()
    groups: Cells = field(default_factory=dict, compare=False)

    def contribution(self, cells: Cells) -> dict[Dims, int]:
        """Give what an entity's cells add to the figure."""
        return contribution(self.figure, {**cells, **self.groups}, self.period, self.by)

    def readings(self, cells: Cells) -> list[Reading]:
        """Read the figure from an entity's cells alone."""
        return read(self.figure, {**cells, **self.groups}, self.period, self.by)


class BesideReason(StrEnum):
    """Why something is not in the amount: nobody knows when, it may lie outside the period, nobody counted."""

    UNDATED = "undated"
    CUT = "cut"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """An event in effect, and what it added to the entity's contribution, by the values of the breakdown."""

    effect: Effect
    amounts: Mapping[Dims, int] = field(default_factory=dict)


def evidence(question: Question, entity_id: str, events: Iterable[Event]) -> list[Evidence]:
    """The events behind an entity's contribution in the order in which they happened, then the merges that matter."""
    known = list(events)
    facts = [each for each in effective(entity_id, known) if each.content.type in FOLDED]
    behind = _behind(question, entity_id, fold_once(entity_id, known), facts)
    if not behind:
        return []
    named = {entity_id, *(entity for each in behind for entity in each.effect.content.concerns())}
    return behind + [Evidence(each) for each in _merges(known, named)]


def beside(question: Question, entity_id: str, events: Iterable[Event]) -> list[tuple[BesideReason, Evidence]]:
    """The events because of which something stands beside the amount and not in it, in the order of what happened."""
    known = list(events)
    facts = [each for each in effective(entity_id, known) if each.content.type in FOLDED]
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
    """Events that together say all of it, each of which would be missed; of two that say the same the later one."""
    every = _tally(question, _state(entity_id, begin, facts))
    kept = list(facts)
    for each in facts:
        others = [other for other in kept if other is not each]
        if _tally(question, _state(entity_id, begin, others)) == every:
            kept = others
    return kept


def _merges(events: Sequence[Event], named: set[str]) -> list[Effect]:
    """Give the merges in force that joined another entity with one of these."""
    merges = [each for each in effects(events) if each.content.joins()]
    found: list[Effect] = []
    near, grown = named, True
    while grown:  # a chain reaches the smallest through others
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
    """Give the contribution with every item counted, also those of which an entity counts only one."""
    each = replace(question.figure, distinct=False)
    return replace(question, figure=each).contribution(cells_of(each, counted(each, state)))
