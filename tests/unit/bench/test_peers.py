"""Peers: what each should find is counted from what was sent, and a wrong figure or one that cannot run is said."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import pytest
from rich.console import Console

from infra.local import jars as infra_jars
from infra.local.jars import JarError
from tests.bench.measure import Measured
from tests.bench.peers import jars, peer
from tests.bench.peers.contest import every, found, table
from tests.bench.peers.jvm import SETTINGS, PeerError
from tests.bench.peers.peer import Figure, Outcome, Site, expected, measured
from tests.bench.workload import workload

RIGHT = {("bz.atips.arrest.made.v1", "2024-01"): 3}
ROWS = {name: Measured("records", 100, 1.0, whole=100) for name in ("raw_consume", "raw_landing")}


def test_each_copy_is_expected_once_and_what_was_sent_again_not_at_all() -> None:
    sent = list(workload(3, 400))
    assert any(each.copies == 0 for each in sent)
    wanted = expected(sent)
    assert sum(wanted.values()) == sum(each.copies for each in sent)
    assert wanted == expected(each for each in sent if each.copies)
    assert {month for _, month in wanted} >= {"2024-01"}
    assert 0 not in wanted.values()


def test_another_figure_is_not_the_expected_one() -> None:
    sent = list(workload(3, 50))
    wanted = expected(sent)
    assert expected(sent[:-2]) != wanted
    assert Counter(wanted) + Counter({next(iter(wanted)): 1}) != wanted


@dataclass
class Sample:
    """A peer that finds what it is given, a record at a look."""

    finds: Figure
    settings: Mapping[str, str] = field(default_factory=dict)
    name: str = "sample"
    does: str = "one figure"
    lacks: str = "nothing"
    limit: str = "raw_consume"
    jars: str = "sample"
    source: str = ""
    looks: "count[int]" = field(default_factory=count)
    closed: bool = False

    async def prepare(self, site: Site) -> Sequence[str]:
        return ["Sample"]

    async def runs(self, said: str) -> bool:
        return "running" in said

    async def seen(self) -> int:
        return min(next(self.looks), sum(self.finds.values()))

    async def figure(self) -> Figure:
        return self.finds

    async def close(self) -> None:
        self.closed = True


class Ours:
    """The meter of a pipeline that there is not."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.say = self.said.append

    def servers(self) -> Mapping[str, float]:
        return {}

    def charge(self, row: Measured, before: Mapping[str, float]) -> None:
        row.kafka = 1.0


class Process:
    """A process that says what the test wants, or has ended."""

    usage = SimpleNamespace(cpu_seconds=2.0, largest=3_000_000)
    said: ClassVar[str] = "running"
    stopped: ClassVar[int] = 0

    def look(self) -> str:
        if not self.said:
            msg = "it ended with 1"
            raise PeerError(msg)
        return self.said

    def stop(self) -> None:
        type(self).stopped += 1


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Site:
    monkeypatch.setattr(peer, "classpath", lambda *_: [])
    monkeypatch.setattr(peer, "Jvm", SimpleNamespace(start=lambda *_: Process()))
    monkeypatch.setattr(Process, "stopped", 0)
    return Site(Ours(), tmp_path, 3)  # type: ignore[arg-type]


async def test_a_right_figure_is_measured(site: Site) -> None:
    outcome = await measured(Sample(RIGHT), site, RIGHT)
    assert outcome.exact
    assert outcome.row is not None
    assert outcome.row.done == 3
    assert 0 < outcome.with_start <= outcome.row.rate
    assert outcome.from_first_seen is not None
    assert (outcome.row.python, outcome.row.kafka, outcome.row.memory) == (2.0, 1.0, 3_000_000)


async def test_a_wrong_figure_is_said(site: Site) -> None:
    outcome = await measured(Sample({("bz.atips.arrest.made.v1", "2024-02"): 3}), site, RIGHT)
    assert outcome.row is not None
    assert not outcome.exact
    assert "wrong" in site.meter.said[-1]  # type: ignore[attr-defined]
    assert "WRONG" in shown([outcome])


async def test_records_that_never_come_make_it_wrong(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "STALLED_SECONDS", 0.1)
    outcome = await measured(Sample({("bz.atips.arrest.made.v1", "2024-01"): 2}), site, RIGHT)
    assert outcome.row is not None
    assert outcome.row.done == 2
    assert not outcome.exact


@pytest.mark.parametrize("said", ["", "still starting"])
async def test_one_that_ends_or_never_runs_is_left_out(site: Site, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setattr(Process, "said", said)
    monkeypatch.setattr(peer, "READY_SECONDS", 0.1)
    sample = Sample(RIGHT)
    outcome = await measured(sample, site, RIGHT)
    assert outcome.row is None
    assert outcome.left_out
    assert sample.closed
    assert Process.stopped == 1


async def test_one_that_stops_at_its_work_is_left_out(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "QUIET_SECONDS", 0.05)
    answers = iter([True])
    sample = Sample({("bz.atips.arrest.made.v1", "2024-01"): 2})

    async def once(_: str) -> bool:
        return next(answers, False)

    monkeypatch.setattr(sample, "runs", once)
    outcome = await measured(sample, site, RIGHT)
    assert (outcome.row, outcome.left_out) == (None, "it runs no more")


async def test_one_that_cannot_be_had_is_left_out(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> list[Path]:
        msg = "org.example:one:1: no repository gave it"
        raise JarError(msg)

    monkeypatch.setattr(peer, "classpath", refused)
    outcome = await measured(Sample(RIGHT), site, RIGHT)
    assert found([outcome], ROWS)["sample"]["left_out"] == "org.example:one:1: no repository gave it"
    assert "left out" in shown([outcome])
    assert "no repository gave it" in shown([outcome])


def shown(outcomes: Sequence[Outcome]) -> str:
    output = StringIO()
    Console(width=160, file=output).print(table(outcomes, ROWS))
    return output.getvalue()


def test_a_ratio_is_over_the_limit_of_the_same_work() -> None:
    row = Measured("records", 50, 1.0, python=1.0, memory=2_000_000, whole=50)
    plain = found([Outcome(Sample(RIGHT), row, 25.0, 75.0, exact=True)], ROWS)["sample"]
    assert (plain["ratio"], plain["of"], plain["with_start"], plain["rss_mb"]) == (0.5, "raw_consume", 25.0, 2)
    assert plain["cpu_seconds_per_1000"]["peer"] == 20.0


def test_every_peer_says_what_it_is_told_and_has_jars_and_a_limit() -> None:
    locked = infra_jars.read_lock(jars.LOCK, jars.ROOTS.keys())
    assert {each.group for each in locked} == set(jars.ROOTS)
    assert {root for roots in jars.ROOTS.values() for root in roots} <= {each.coordinate for each in locked}
    assert "://" not in jars.LOCK.read_text(encoding="utf-8")
    peers = every()
    assert len({each.name for each in peers}) == len(peers)
    for each in peers:
        assert each.settings
        assert not [name for name in each.settings if "password" in name or "bootstrap" in name]
        assert each.jars in jars.ROOTS
        assert each.limit in ROWS
        assert not each.source or (SETTINGS / each.source).exists()
