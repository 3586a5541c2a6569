"""Whatever happens, and in whatever order it comes: the folds give what counting everything gives, at any number.

And a mistake in routing, in resolving changes or in the clock does not pass: each planted one is found.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from schemas import facts_in_force as changes
from schemas.envelope import Event
from schemas.required_copies import required
from schemas.times import Period
from services.reporting.domain.declaration.entity_state_part import EntityState
from services.reporting.domain.ledger import entity
from services.reporting.domain.ledger.amendments import Amendments
from services.reporting.domain.ledger.event_row import ReadEvent
from tests.support import oracle
from tests.support.generator import PLAUSIBLE, History, Mix, accepted
from tests.unit.history.ledgers import Accepted, figures, followed, known_at, ledger, live, numbered

PERIODS = ("2023..2025", "2024", "2024", "2025", "2024-04", "2023-11..2024-02", "2024-12-31", "2024-06-10..2024-08-20")
SIZES = (10, 40, 150)
TANGLED = Mix(
    corrections=0.3, retractions=0.2, merges=0.2, cycles=0.04, unseen=0.03, active=3, new=0.04, targets=40, window=8
)
"""Hardly a fact that is left alone, and hardly anybody who is only one."""

FACTS_ONLY = Mix(corrections=0, retractions=0, merges=0, cycles=0, unseen=0)

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """The figures of a period as they were known at some number of a history."""

    payloads: list[bytes]
    events: Accepted
    n: int
    period: Period
    dice: random.Random

    @property
    def answer(self) -> Figures:
        return oracle.answers(
            oracle.known(map(oracle.hear, self.payloads[: self.n])), self.period.first, self.period.last
        )


def asked(seeds: Iterable[int], mix: Mix | None = None, times: int = 3) -> Iterator[Question]:
    for seed in seeds:
        dice = random.Random(seed)
        payloads = accepted(History(seed, mix or Mix()).submissions(dice.choice(SIZES)))
        events = numbered(payloads)
        for _ in range(times):
            yield Question(payloads, events, dice.randint(1, len(events)), Period.parse(dice.choice(PERIODS)), dice)


def lived(question: Question) -> Figures:
    """By the rows that stood in the log at `n`, in whatever order they came."""
    return figures(live(ledger(question.events[: question.n]), question.dice), question.period)


def looked_back(question: Question) -> Figures:
    """By the rows that stand in the log at the end, of which some came later."""
    return figures(known_at(ledger(question.events), question.n), question.period)


@pytest.mark.parametrize("mix", [FACTS_ONLY, Mix(), TANGLED, PLAUSIBLE], ids=["facts", "dense", "tangled", "plausible"])
def test_the_folds_agree_with_the_oracle(mix: Mix) -> None:
    for question in asked(range(20), mix):
        answer = question.answer
        assert lived(question) == answer
        assert looked_back(question) == answer


def test_every_step_on_the_way_agrees() -> None:
    """In the order in which the log is written: no entity is withheld once an event's late copies are there."""
    year = Period.parse("2023..2025")
    for seed in range(6):
        payloads = accepted(History(seed, TANGLED if seed % 2 else Mix()).submissions(50))
        for n, found in enumerate(followed(numbered(payloads)), start=1):
            everything = oracle.known(map(oracle.hear, payloads[:n]))
            assert figures(found, year) == oracle.answers(everything, year.first, year.last)


def test_whoever_is_one_counts_under_the_smallest_id() -> None:
    followers = 0
    for question in asked(range(12), TANGLED, times=1):
        rows = ledger(question.events[: question.n])
        for follower, leader in oracle.leaders(map(oracle.hear, question.payloads[: question.n])).items():
            if follower != leader:
                assert leader < follower
                assert live({follower: rows[follower]}, question.dice) == {}
                followers += 1
    assert followers > 10


def test_the_figures_move() -> None:
    """Figures, or the lengths that they are the middle of, are moved by changes, and most of them by merges alone."""
    by_changes, by_merges = set[str](), set[str]()
    for seed in range(20):
        payloads = accepted(History(seed).submissions(1_200))
        merges = [raw for raw in payloads if b'"same_as"' in raw]
        facts = [raw for raw in payloads if b'"supersedes"' not in raw and b'"same_as"' not in raw]
        plain = _in_all(facts)
        for moved, events in ((by_changes, payloads), (by_merges, facts + merges)):
            moved |= {name.partition(" ")[0] for name, amount in _in_all(events).items() if amount != plain[name]}
    still = sorted(set(oracle.COUNTS) - by_changes)
    assert len(still) <= len(oracle.COUNTS) * 0.03, f"too rare to be changed in so few: {', '.join(still)}"
    assert len(by_merges) > len(oracle.COUNTS) * 2 / 3, "some hardly ever count a person or an activity twice"


def _in_all(payloads: Iterable[bytes]) -> Figures:
    """Return the amounts of everything and of one quarter."""
    everything = oracle.known(map(oracle.hear, payloads))
    return {
        f"{name} of {period}": amount
        for period in map(Period.parse, ("2023..2025", "2024-04..2024-06"))
        for name, amount in oracle.answers(everything, period.first, period.last).items()
    }


def _agrees(way: Callable[[Question], Figures]) -> bool:
    """Whether a way that has a mistake gets through; being withheld is not getting through."""
    try:
        return all(way(question) == question.answer for question in asked(range(100, 160)))
    except AssertionError:
        return False


def _own_only(events: Mapping[int, Event]) -> Mapping[int, Iterable[str]]:
    return {n: event.concerns() for n, event in events.items()}


def _primary_only(events: Mapping[int, Event]) -> Mapping[int, Iterable[str]]:
    return {n: event.concerns()[:1] for n, event in events.items()}


def _as_it_comes(events: Mapping[int, Event]) -> Mapping[int, Iterable[str]]:
    """Nothing is added to what came before."""
    so_far: dict[int, Event] = {}
    found: dict[int, Iterable[str]] = {}
    for n, event in events.items():
        so_far[n] = event
        found[n] = required(so_far)[n]
    return found


def _without(name: str) -> Callable[[Mapping[int, Event]], Mapping[int, Iterable[str]]]:
    """The related copies of some types are forgotten."""

    def route(events: Mapping[int, Event]) -> Mapping[int, Iterable[str]]:
        whole = required(events)
        return {n: event.concerns() if name in event.type else whole[n] for n, event in events.items()}

    return route


@pytest.mark.parametrize(
    "route",
    [
        _own_only,
        _primary_only,
        _as_it_comes,
        _without("arrest.made"),
        _without("person.merged"),
        _without("activity.merged"),
        _without("event.corrected"),
        _without("event.retracted"),
    ],
    ids=["own_only", "primary_only", "as_it_comes", "facts", "persons", "activities", "corrections", "retractions"],
)
def test_a_missing_copy_is_found(route: Callable[[Mapping[int, Event]], Mapping[int, Iterable[str]]]) -> None:
    assert not _agrees(lambda asked: figures(live(ledger(asked.events[: asked.n], route), asked.dice), asked.period))


@pytest.mark.parametrize("slip", [-1, 1])
def test_a_clock_that_is_one_off_is_found(slip: int) -> None:
    assert not _agrees(lambda asked: figures(known_at(ledger(asked.events), asked.n + slip), asked.period))


def _first_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "max", min, raising=False)


def _by_id_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_recorded", lambda event: (event.source, event.id))


def _no_alias(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "aliases", lambda found: {})


def _no_renaming(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "renamed", lambda event, one_with: event)


def _rings_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count events that name each other in a ring, and let nothing wait for those that they name."""
    monkeypatch.setattr(changes, "_outermost_first", lambda stated, named: [*stated, *named.keys() - stated.keys()])


def _always_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entity, "amends", lambda event: False)


def _as_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    real = entity._anew

    def anew(amendments: Amendments | None, events: list[ReadEvent]) -> tuple[EntityState, list[ReadEvent]]:
        state, facts = real(amendments, events)
        return state, sorted(facts, key=lambda each: (each.event.recordedtime, each.event.source, each.event.id))

    monkeypatch.setattr(entity, "_anew", anew)


def _nothing_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = changes.effects

    def effects(events: Iterable[Event]) -> list[changes.Effect]:
        return whole(event for event in events if "event.retracted" not in event.type)

    monkeypatch.setattr(changes, "effects", effects)


def _merged_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """A merge that was taken back goes on joining."""
    whole = changes.effects

    def effects(events: Iterable[Event]) -> list[changes.Effect]:
        every = list(events)
        merges = [changes.Effect(event.ref, event) for event in every if event.joins() and not event.corrects]
        return [*(each for each in whole(every) if not each.content.joins()), *merges]

    monkeypatch.setattr(changes, "effects", effects)


@pytest.mark.parametrize(
    "plant",
    [
        _first_wins,
        _by_id_alone,
        _no_alias,
        _no_renaming,
        _rings_count,
        _always_at_the_end,
        _as_recorded,
        _nothing_taken_back,
        _merged_for_good,
    ],
    ids=lambda plant: plant.__name__.strip("_"),
)
def test_a_mistake_in_the_folds_is_found(plant: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    assert not _agrees(lived)
