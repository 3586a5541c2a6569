"""The generator: valid, repeatable, quick, and rich in everything that it promises."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice, pairwise
from typing import Any

import orjson
import pytest

from schemas.catalogue import CATALOGUE
from schemas.codec import decode, decode_strict
from services.intake.domain.judge import judge
from services.intake.domain.submission import AcceptedSubmission, Inbound, InboundPlace
from tests.support.generator import PLAUSIBLE, STATED, History, Mix, Submission, accepted, reference

NOW = datetime(2025, 6, 1, tzinfo=UTC)
COUNT = 4_000

Parsed = Mapping[str, Any]


@pytest.fixture(scope="module")
def submissions() -> Sequence[Submission]:
    return list(History(7).submissions(COUNT))


@pytest.fixture(scope="module")
def numbered(submissions: Sequence[Submission]) -> Mapping[str, tuple[int, Parsed]]:
    """Every accepted event with its number, by what others call it."""
    events = map(orjson.loads, accepted(submissions))
    return {reference(event): (n, event) for n, event in enumerate(events, start=1)}


@pytest.mark.parametrize("mix", [Mix(), PLAUSIBLE], ids=["dense", "plausible"])
def test_the_door_lets_everything_in(mix: Mix) -> None:
    for position, (agency, raw) in enumerate(History(11, mix).submissions(COUNT)):
        judged = judge(Inbound(agency, InboundPlace(f"atips.inbound.{agency}.v1", 0, position, 0), None, raw, ()), NOW)
        assert isinstance(judged, AcceptedSubmission), judged


def test_nearly_the_whole_catalogue_occurs() -> None:
    """All but what intake says of its keys and of the vault."""
    of_intake = {name for name, row in CATALOGUE.items() if row.authors == {"intake"}}
    changes = {name for name, row in CATALOGUE.items() if row.model.corrects}
    assert CATALOGUE.keys() - changes - of_intake == STATED
    assert len(STATED) > 90


def test_a_seed_gives_the_same_bytes_and_another_does_not() -> None:
    once, again, other = (list(History(seed).submissions(300)) for seed in (1, 1, 2))
    assert once == again
    assert not set(once) & set(other)


def test_it_gives_as_many_events_as_were_asked_for_and_duplicates_besides(submissions: Sequence[Submission]) -> None:
    events = accepted(submissions)
    assert len(events) == COUNT
    assert len(submissions) > COUNT * 1.02
    assert len(set(submissions)) > COUNT, "some come in other bytes"
    digests = Counter(decode_strict(raw).digest for _, raw in submissions)
    assert len(digests) == COUNT, "a duplicate is the same event"


def test_every_type_and_every_precision_occurs(numbered: Mapping[str, tuple[int, Parsed]]) -> None:
    events = [event for _, event in numbered.values()]
    changes = {"bz.atips.event.corrected.v1", "bz.atips.event.retracted.v1"}
    assert {event["type"] for event in events} == STATED | changes
    corrected = {event["data"]["type"] for event in events if event["type"].endswith("corrected.v1")}
    assert corrected <= STATED
    assert len(corrected) > len(STATED) * 0.75
    precisions = {event.get("occurredprecision", "instant") for event in events}
    assert precisions == {"instant", "day", "month", "year", "unknown"}
    assert any("occurredto" in event for event in events)
    assert len({event["source"] for event in events}) > 20


def _what_changes_what(numbered: Mapping[str, tuple[int, Parsed]]) -> Counter[str]:
    """How often each sort of change met each sort of target."""
    found: Counter[str] = Counter()
    named = Counter(event["supersedes"] for _, event in numbered.values() if "supersedes" in event)
    found["competing"] = sum(1 for times in named.values() if times > 1)
    for ref, (n, event) in numbered.items():
        if "supersedes" not in event:
            continue
        then, target = numbered.get(event["supersedes"], (0, None))
        change = event["type"].split(".")[3]
        if target is None:
            found[f"{change} of the unseen"] += 1
        elif event["supersedes"] == ref:
            found["of itself"] += 1
        elif target.get("supersedes") == ref:
            found["of each other"] += 1
        else:
            found[f"{change} of {'.'.join(target['type'].split('.')[2:4])}"] += 1
            found["by a ruling"] += not event["supersedes"].startswith(event["source"].partition("/")[0])
            found["before its target"] += then > n
            found["another type"] += event["data"].get("type", target["type"]) != target["type"]
            found["into a merge"] += "same_as" in event["data"].get("data", {})
    return found


@pytest.mark.parametrize(
    "sort",
    [
        "competing",
        "corrected of the unseen",
        "retracted of the unseen",
        "of itself",
        "of each other",
        "by a ruling",
        "before its target",
        "another type",
        "into a merge",
        "corrected of event.corrected",
        "corrected of event.retracted",
        "retracted of event.corrected",
        "retracted of event.retracted",
        "corrected of person.merged",
        "retracted of person.merged",
        "retracted of case.merged",
        "retracted of activity.merged",
        "retracted of arrest.made",
    ],
)
def test_every_sort_of_change_occurs(sort: str, numbered: Mapping[str, tuple[int, Parsed]]) -> None:
    assert _what_changes_what(numbered)[sort] > 1


def test_merges_come_in_chains_in_both_directions_and_after_what_they_touch(
    numbered: Mapping[str, tuple[int, Parsed]],
) -> None:
    merges = [decode(orjson.dumps(event)).joins() for _, event in numbered.values() if "same_as" in event["data"]]
    assert len({frozenset(pair) for pair in merges}) < len(merges)
    assert set(merges) & {(other, one) for one, other in merges}
    assert max(Counter(entity for pair in merges for entity in pair).values()) > 2
    first = {entity: n for n, event in reversed([*numbered.values()]) for entity in _mentioned(event)}
    after = [n - first[entity] for n, event in numbered.values() if "same_as" in event["data"]
             for entity in _mentioned(event)]  # fmt: skip
    assert after.count(0) > 3
    assert sum(distance > 0 for distance in after) > 3


def _mentioned(event: Parsed) -> tuple[str, ...]:
    return decode(orjson.dumps(event)).concerns()


def test_what_happened_does_not_come_in_order(numbered: Mapping[str, tuple[int, Parsed]]) -> None:
    times = [event["time"][:10] for _, event in numbered.values() if "time" in event]
    assert 0.3 < sum(one > other for one, other in pairwise(times)) / len(times) < 0.7


def test_a_long_history_remembers_little() -> None:
    history = History(3, PLAUSIBLE)
    drawn = sum(1 for _ in islice(history.submissions(10**9), 20_000))
    assert drawn == 20_000
    assert len(history.targets) == PLAUSIBLE.targets
