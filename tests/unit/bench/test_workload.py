"""The bench's events are what intake would accept, and are copied as often as it believes."""

from collections import Counter
from datetime import UTC, datetime
from itertools import islice

import pytest

from schemas.catalogue import may_publish
from schemas.codec import decode, decode_strict, digest
from tests.bench.measure import Measured
from tests.bench.report import RATIOS, found, latency
from tests.bench.workload import BEGINNING, SHARES, workload

EVENTS = 600


def test_every_event_is_acceptable_from_its_agency_and_has_as_many_copies_as_said() -> None:
    seen: dict[str, bytes] = {}
    types: Counter[str] = Counter()
    for sent in workload(7, EVENTS):
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
    assert set(types) == {f"bz.atips.{name}.v1" for name in SHARES}


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
