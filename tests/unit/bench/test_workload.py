"""The bench's events are what intake would accept, and are copied as often as it believes."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice

import pytest

from schemas.catalogue import may_publish
from schemas.codec import decode, decode_strict, digest
from tests.bench.entity_cost import moved, one_more
from tests.bench.measure import Measured
from tests.bench.report import FACTS, RATIOS, by_mix, found, latency
from tests.bench.workload import BEGINNING, MIXES, SHARES, Sent, lifelike, new_people, workload

EVENTS = 600
Made = Callable[[int, int], Iterator[Sent]]


@pytest.mark.parametrize("made", [workload, *MIXES.values()])
def test_every_event_is_acceptable_from_its_agency_and_has_as_many_copies_as_said(made: Made) -> None:
    seen: dict[str, bytes] = {}
    types: Counter[str] = Counter()
    for sent in made(7, EVENTS):
        event = decode_strict(sent.raw).event
        assert may_publish(event)
        assert event.agency == sent.agency
        if not sent.copies:
            assert seen[event.ref] == digest(sent.raw)
            continue
        assert event.ref not in seen
        assert len(event.concerns()) == sent.copies
        seen[event.ref] = digest(sent.raw)
        types[event.type] += 1
    assert len(seen) == EVENTS
    if made is workload:
        assert set(types) == {f"bz.atips.{name}.v1" for name in SHARES}


def test_new_people_come_once_and_a_random_history_corrects_itself() -> None:
    persons = Counter(decode(sent.raw).subject for sent in new_people(7, 20))
    assert set(persons.values()) == {2}
    changed = {decode(sent.raw).type for sent in lifelike(7, EVENTS)}
    assert {"bz.atips.event.corrected.v1", "bz.atips.event.retracted.v1"} < changed


def test_an_event_more_is_counted_as_it_comes() -> None:
    assert one_more("service.provided", 3) > 0.0
    assert moved(workload(1, 60)) > 1.0


def test_a_mix_costs_so_many_times_what_plain_facts_cost() -> None:
    facts = {"live_1": Measured("rows", python=2.0, postgres=1.0, kafka=1.0, whole=1000), "line": Measured("events")}
    found = by_mix(
        {FACTS: facts, "new people": {"live_1": Measured("rows", python=6.0, whole=1000)}},
        {FACTS: 20.0, "new people": 30.0},
    )
    assert found["mixes"] == {
        "live_1": {
            FACTS: {"cpu_ms": 4.0, "times": 1.0, "memory_mb": 0},
            "new people": {"cpu_ms": 6.0, "times": 1.5, "memory_mb": 0},
        }
    }
    assert found["cells_moved_by_a_cpu_second"] == {FACTS: 5000, "new people": 5000}


@pytest.mark.parametrize("events", [1_000, 1_000_000, 10_000_000])
def test_however_many_there_are_the_last_has_happened(events: int) -> None:
    first = [event.time for each in islice(workload(3, events), 1_000) if (event := decode(each.raw)).time is not None]
    at_this_pace = (max(first) - BEGINNING) * (events / 1_000)
    assert BEGINNING + at_this_pace < datetime(2025, 1, 1, tzinfo=UTC)


def test_a_seed_gives_its_bytes_and_another_seed_others() -> None:
    assert list(workload(1, 50)) == list(workload(1, 50))
    assert list(workload(1, 50)) != list(workload(2, 50))


def test_a_ratio_is_within_one_run_and_missing_where_a_rate_is() -> None:
    rows = {"live_1": Measured("rows", 30, 1.0, whole=30), "raw_landing": Measured("records", 120, 2.0, whole=120)}
    waits = [float(number) for number in range(101)]
    result = found(rows, {"first": waits}, {"50": waits[:11]}, 2.0, {"referral": 1.0})
    assert (result["rows_per_event"], result["decided_per_event"]) == (2.0, {"referral": 1.0})
    assert result["rates"] == {"live_1": 30.0, "raw_landing": 60.0}
    assert result["ratios"] == {"live_1": 0.5}
    assert set(result["ratios"]) < set(RATIOS)
    assert result["latency_ms"] == {"p50": 50.0, "p99": 99.0, "max": 100.0}
    assert result["latency_ms_of_landing_at"]["50"]["max"] == 10.0


def test_latency_is_that_of_the_waits() -> None:
    assert latency([1.0, 1.0, 1.0, 9.0])["max"] == 9.0
