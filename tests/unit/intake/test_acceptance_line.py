"""Laws of the acceptance line, over any batches of any submissions."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import Reason
from services.intake.domain.acceptance_line import (
    AcceptedEvent,
    LineEnd,
    LineOutcome,
    NumberedRefusal,
    Repeat,
    number_batch,
)
from services.intake.domain.submission import AcceptedSubmission, Judged, Key, RefusedSubmission
from tests.unit.intake.samples import NOW, NOW_MS, accepted, event_id, inbound, victim

Batch: TypeAlias = tuple[list[Judged], int]


def event(key: int, digest: int, offset: int = 0) -> AcceptedSubmission:
    octets = bytes([digest]) * 32
    return AcceptedSubmission(
        inbound(b"", offset=offset), ("bpd/register", event_id(key)), octets, "type", b"{}", ("per",)
    )


def refusal(key: int | None = None) -> RefusedSubmission:
    name = None if key is None else ("bpd/register", event_id(key))
    return RefusedSubmission(inbound(b""), Reason.NOT_JSON, "", name)


judged = st.one_of(
    st.builds(event, st.integers(0, 4), st.integers(0, 1), st.integers(0, 99)),
    st.builds(refusal, st.one_of(st.none(), st.integers(0, 4))),
)
# Batches with the clock's minutes, which may stand still or go back.
batches = st.lists(st.tuples(st.lists(judged, max_size=6), st.integers(-5, 5)), max_size=6)


def run(given_batches: Sequence[Batch], tip: LineEnd = LineEnd()) -> tuple[list[LineOutcome], LineEnd]:  # noqa: B008 - frozen
    """Keep the line as the database does: accepted keys are known to the next batch, and nothing else."""
    known: dict[Key, tuple[int, bytes]] = {}
    outcomes: list[LineOutcome] = []
    for items, minutes in given_batches:
        named = {item.key for item in items if isinstance(item, AcceptedSubmission)}
        decision = number_batch(
            items, {key: known[key] for key in named & known.keys()}, tip, NOW + timedelta(minutes=minutes)
        )
        known |= {o.accepted.key: (o.n, o.accepted.digest) for o in decision.outcomes if isinstance(o, AcceptedEvent)}
        tip = decision.tip
        outcomes += decision.outcomes
    return outcomes, tip


def numbered(outcomes: Sequence[LineOutcome]) -> list[AcceptedEvent | NumberedRefusal]:
    return [outcome for outcome in outcomes if not isinstance(outcome, Repeat)]


@given(batches)
def test_numbers_have_no_gaps_and_times_never_go_back(given_batches: list[Batch]) -> None:
    outcomes, tip = run(given_batches)
    assert len(outcomes) == sum(len(items) for items, _ in given_batches)
    rows = numbered(outcomes)
    assert [row.n for row in rows] == list(range(1, len(rows) + 1))
    times = [row.accepted_at for row in rows]
    assert times == sorted(times)
    repeats = [outcome.seq for outcome in outcomes if isinstance(outcome, Repeat)]
    assert repeats == list(range(1, len(repeats) + 1))
    assert (tip.last_n, tip.last_repeat) == (len(rows), len(repeats))


@given(batches)
def test_a_key_is_accepted_once_and_only_acceptance_uses_it_up(given_batches: list[Batch]) -> None:
    outcomes, _ = run(given_batches)
    first: dict[Key, AcceptedEvent] = {}
    for item, outcome in zip([item for items, _ in given_batches for item in items], outcomes, strict=True):
        if isinstance(item, RefusedSubmission):
            assert isinstance(outcome, NumberedRefusal)
            assert outcome.refused is item
        elif item.key not in first:
            assert isinstance(outcome, AcceptedEvent)
            first[item.key] = outcome
        elif item.digest == first[item.key].accepted.digest:
            assert isinstance(outcome, Repeat)
            assert (outcome.n, outcome.place) == (first[item.key].n, item.inbound.place)
        else:
            assert isinstance(outcome, NumberedRefusal)
            assert outcome.refused.reason is Reason.ID_ALREADY_USED
            assert outcome.refused.key == item.key


@given(batches)
def test_where_batches_are_cut_makes_no_difference(given_batches: list[Batch]) -> None:
    still: list[Batch] = [(items, 0) for items, _ in given_batches]
    whole: list[Batch] = [([item for items, _ in given_batches for item in items], 0)]
    assert run(still) == run(whole)


@given(st.lists(st.builds(event, st.integers(0, 4), st.just(0)), max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_repetitions_does_not_change_what_is_accepted(
    items: list[AcceptedSubmission], random: Random
) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)
    for order in (items, shuffled):
        outcomes, tip = run([(list(order), 0)])
        taken = [outcome.accepted.key for outcome in outcomes if isinstance(outcome, AcceptedEvent)]
        assert sorted(taken) == sorted({item.key for item in items})
        assert tip.last_repeat == len(items) - len(taken)


def test_the_same_event_in_other_spacing_is_a_repetition_and_another_fact_is_not() -> None:
    spaced = accepted(b" " + victim_bytes() + b" ", offset=1)
    other = accepted(victim(data={"status": "suspected"}), offset=2)
    entry, repeat, equivocation = run([([accepted(victim()), spaced, other], 0)])[0]
    assert isinstance(entry, AcceptedEvent)
    assert repeat == Repeat(1, 1, NOW_MS, "bpd", spaced.inbound.place)
    assert isinstance(equivocation, NumberedRefusal)
    assert (equivocation.n, equivocation.refused.pointer) == (2, "/id")


def test_whole_milliseconds_and_a_clock_that_steps_back_stands_still() -> None:
    moment = datetime(2024, 6, 15, 12, 0, 0, 123_999, tzinfo=UTC)
    decision = number_batch([refusal()], {}, LineEnd(), moment)
    assert decision.tip.last_at == NOW_MS + 123
    assert number_batch([refusal()], {}, decision.tip, NOW).tip == LineEnd(2, NOW_MS + 123, 0)


def test_an_empty_batch_moves_nothing() -> None:
    assert number_batch([], {}, LineEnd(3, 4, 5), NOW).tip == LineEnd(3, 4, 5)


def victim_bytes() -> bytes:
    value = accepted(victim()).inbound.value
    assert value is not None
    return value
