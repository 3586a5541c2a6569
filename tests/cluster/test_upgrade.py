"""An upgrade, a rollback, and both versions beside each other, copy by copy, while agencies publish.

Real broker, real database, two copies of each service. Every look at the figures meanwhile is judged by the version
that is served.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final, Self

import orjson
import pytest
from confluent_kafka.admin import AdminClient

from infra.local import ports
from infra.local.cluster import Cluster
from infra.local.process import tied_to_parent
from schemas.agencies import PUBLISHING
from services.console import service_health
from tests.cluster import newer_version
from tests.cluster.pipeline_checks import kept, settled
from tests.support.generator import PLAUSIBLE, History
from tests.support.pipeline import ROOT, Pipeline, Service, awaited, wait_for

pytestmark = pytest.mark.timeout(1500)

READERS_FIRST: Final = ("reporting", "referral", "case_tracker", "intake")
COPIES: Final = (1, 2)
EXAMPLE: Final = ROOT / "schemas/examples/bz.atips.victim.identified.v1.json"


class Load:
    """Events of every agency, some at a time, from a thread of its own until it is told to stop."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._submissions = History(11, PLAUSIBLE).submissions(1_000_000)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._publish)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _publish(self) -> None:
        while not self._stop.wait(0.25):
            self._pipeline.publish((each.agency, each.raw) for each in islice(self._submissions, 4))


@dataclass
class Fleet:
    """Two copies of each service on one pipeline, each of the version that it was last started with."""

    pipeline: Pipeline
    trees: dict[str, Path]
    running: dict[tuple[str, int], Service] = field(default_factory=dict)
    lookers: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, service: str, copy: int, version: str) -> None:
        """Start a copy, and wait until it is ready."""
        port = ports.choose((f"{service}-{copy}",), {})[f"{service}-{copy}"]
        log = self.pipeline.folder / f"{service}-{copy}-{len(self.pipeline.services)}.log"
        environment = self.environment(service, version) | {"ATIPS_ADMIN_PORT": str(port)}
        started = Service(service, self.process(["-m", f"services.{service}"], environment, log, version), log)
        self.pipeline.services.append(started)
        self.running[service, copy] = started

        def ready() -> bool:
            assert started.running, started.text()[-2000:]
            return service_health.health(port).ready

        wait_for(ready, f"{service} {copy} is ready", 120)

    def stop(self, service: str, copy: int) -> None:
        """Stop a copy as an operator does."""
        assert self.running.pop((service, copy)).stop() == 0

    def replace(self, version: str, services: tuple[str, ...]) -> None:
        """Replace every copy, one after the other."""
        for service in services:
            for copy in COPIES:
                self.stop(service, copy)
                self.start(service, copy, version)

    def migrate(self, version: str) -> None:
        """Run the migrations of a version, while copies run."""
        log = self.pipeline.folder / f"migrate-{version}.log"
        environment = self.environment("postgres", version)  # who made this database
        process = self.process(["-m", "services.runtime.migrate"], environment, log, version)
        assert process.wait(120) == 0, log.read_text()

    def watch(self) -> None:
        """Look at the figures from now on, with the eyes of each version."""
        for version in self.trees:
            log = self.pipeline.folder / f"looks-{version}.jsonl"
            script = [str(ROOT / "tests/cluster/figure_looks.py"), str(self.pipeline.dsn_file("postgres"))]
            self.lookers[version] = self.process(script, self.environment("reporting", version), log, version)

    def looks(self) -> list[dict[str, Any]]:
        """Give all looks so far, in the order of their times."""
        found = []
        for version in self.trees:
            assert self.lookers[version].poll() is None, self._log(version)[-2000:]
            found += [json.loads(line) for line in self._log(version).splitlines() if line.endswith("}")]
        return sorted(found, key=lambda look: float(look["at"]))

    def close(self) -> None:
        """End what still runs."""
        for each in self.lookers.values():
            each.kill()
            each.wait(30)

    def environment(self, service: str, version: str) -> dict[str, str]:
        """Give the variables of a process of a version."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ATIPS_")}
        return inherited | self.pipeline.environment(service) | {"PYTHONPATH": str(self.trees[version])}

    def process(
        self, words: list[str], environment: dict[str, str], log: Path, version: str
    ) -> "subprocess.Popen[bytes]":
        """Start Python with the code of a version."""
        with log.open("wb") as file, log.with_suffix(".err").open("wb") as errors:
            return subprocess.Popen(
                [*tied_to_parent(signal.SIGTERM), sys.executable, *words],
                cwd=self.trees[version],
                env=environment,
                stdout=file,
                stderr=file if log.suffix == ".log" else errors,
                start_new_session=True,
            )

    def _log(self, version: str) -> str:
        return (self.pipeline.folder / f"looks-{version}.jsonl").read_text()


@pytest.fixture
async def fleet(cluster: Cluster, admin: AdminClient, tmp_path: Path) -> AsyncIterator[Fleet]:
    """Two old copies of each service, ready."""
    pipeline = await Pipeline.make(cluster, admin, tmp_path, agencies=PUBLISHING, partitions=4)
    for service in ("referral", "case_tracker"):  # as in earnest: none is lost here, and a busy machine is no reason
        pipeline.extra[service] = {"session_seconds": "10"}
    next_tree = tmp_path / "next"
    next_tree.mkdir()
    made = Fleet(pipeline, {"old": ROOT, "new": newer_version.made(next_tree)})
    try:
        starts = [(service, copy, "old") for service in READERS_FIRST for copy in COPIES]
        await asyncio.gather(*(asyncio.to_thread(made.start, *each) for each in starts))
        yield made
    finally:
        made.close()
        pipeline.close()


def replayed(fleet: Fleet, version: str) -> dict[str, Any]:
    """Replay the topics from the start with the code of a version, and compare."""
    log = fleet.pipeline.folder / f"replay-{time.monotonic_ns()}.json"
    words = ["-m", "services.console", "replay", "--compare", "--json", "--no-decisions", "--processes", "1"]
    words += ["--data-dir", str(fleet.pipeline.folder / "none")]
    process = fleet.process(words, fleet.environment("reporting", version), log, version)
    assert process.wait(300) in {0, 1}, log.with_suffix(".err").read_text()[-2000:]
    report: dict[str, Any] = json.loads(log.read_text().splitlines()[-1])
    return report


async def served(pipeline: Pipeline) -> tuple[str, int]:
    """Give the version that is served, and how many entities are withheld."""
    connection = await pipeline.connect()
    try:
        row = await connection.fetchrow("SELECT version, withheld FROM reporting.figure_status")
    finally:
        await connection.close()
    assert row is not None
    return row["version"], row["withheld"]


def wrong(looks: list[dict[str, Any]]) -> list[str]:
    """Give every look that found a figure wrong, missing, withheld, or less complete than before."""
    found, complete = [], 0
    for look in looks:
        if look["version"] is None or look["right"] is False or look["withheld"] or len(look["figures"]) != 3:
            found.append(f"a look found {look}")
        elif look["complete_to"] < complete:
            found.append(f"complete to {look['complete_to']} after {complete}")
        else:
            complete = look["complete_to"]
    return found


def oldest(looks: list[dict[str, Any]]) -> float:
    """Give the longest time for which the figures did not go on while there was something to count."""
    longest, since, complete = 0.0, float(looks[0]["at"]), -1
    for look in looks:
        if look["complete_to"] > complete or look["complete_to"] == look["given"]:
            since, complete = float(look["at"]), look["complete_to"]
        longest = max(longest, float(look["at"]) - since)
    return longest


async def test_upgrade_and_rollback_under_load_change_no_figure(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline = fleet.pipeline
    with Load(pipeline):
        await settled_once(pipeline)
        fleet.watch()
        old, _ = await served(pipeline)
        # The upgrade: tables first, then readers, then intake.
        await asyncio.to_thread(fleet.migrate, "new")
        await asyncio.to_thread(fleet.replace, "new", ("reporting",))
        new, _ = await awaited(lambda: _served_other(pipeline, old), "the new version is served", 60)
        await asyncio.to_thread(fleet.replace, "new", READERS_FIRST[1:])
        upgraded = len(pipeline.submitted)
        await awaited(lambda: _published(pipeline, upgraded + 100), "events meanwhile", 60)
    await settled(pipeline)
    assert replayed(fleet, "new")["equal"]
    upgrade = fleet.looks()
    assert wrong(upgrade) == []
    assert {look["version"] for look in upgrade if look["right"]} == {old, new}

    with Load(pipeline):
        # The rollback: the same, the other way round. The tables stay as they are.
        await asyncio.to_thread(fleet.migrate, "old")
        await asyncio.to_thread(fleet.replace, "old", tuple(reversed(READERS_FIRST)))
        await awaited(lambda: _served_other(pipeline, new), "the old version is served", 60)
    await settled(pipeline)
    assert await served(pipeline) == (old, 0)
    assert await kept(pipeline) == []
    assert replayed(fleet, "old")["equal"]
    rollback = fleet.looks()[len(upgrade) :]
    assert wrong(fleet.looks()) == []
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(pipeline.submitted)} submissions, {len(fleet.looks())} looks; longest standstill of the figures: "
            f"upgrade {oldest(upgrade):.1f} s, rollback {oldest(rollback):.1f} s\n"
        )

    await held_until_somebody_knows_it(fleet)


async def held_until_somebody_knows_it(fleet: Fleet) -> None:
    """An event of the newer codebook while copies of both versions run: not refused, not counted wrongly."""
    pipeline = fleet.pipeline
    event = orjson.loads(EXAMPLE.read_bytes())
    agency = event["source"].partition("/")[0]
    event["data"]["exploitation"] = [newer_version.CODE]
    connection = await pipeline.connect()
    try:
        before = await connection.fetchval("SELECT count(*) FROM intake.quarantine")
        # One new copy of intake beside an old one; readers are old.
        await asyncio.to_thread(fleet.stop, "intake", 1)
        await asyncio.to_thread(fleet.start, "intake", 1, "new")
        pipeline.publish([(agency, orjson.dumps(event))])
        await asyncio.to_thread(fleet.stop, "intake", 2)
        await asyncio.to_thread(fleet.start, "intake", 2, "new")
        await settled(pipeline)
        assert await connection.fetchval("SELECT count(*) FROM intake.quarantine") == before
        assert await connection.fetchval("SELECT count(*) FROM intake.inbox WHERE source = $1", event["source"])
        old, withheld = await served(pipeline)
        assert withheld >= 1
        assert await connection.fetchval("SELECT count(*) FROM referral.fact WHERE NOT decided") == 1
        # The readers follow: what was held is counted, and decided about.
        await asyncio.to_thread(fleet.replace, "new", READERS_FIRST[:-1])
        await awaited(lambda: _served_other(pipeline, old), "the new version is served", 60)
        await settled(pipeline)
        assert (await served(pipeline))[1] == 0
        assert await connection.fetchval("SELECT count(*) FROM referral.fact WHERE NOT decided") == 0
        assert replayed(fleet, "new")["equal"]
    finally:
        await connection.close()


async def settled_once(pipeline: Pipeline) -> None:
    """Wait until the first events are counted."""
    connection = await pipeline.connect()

    async def counted() -> bool:
        return bool(await connection.fetchval("SELECT complete_to > 50 FROM reporting.figure_status"))

    try:
        await awaited(counted, "the first events are counted", 120)
    finally:
        await connection.close()


async def _served_other(pipeline: Pipeline, version: str) -> tuple[str, int] | None:
    found = await served(pipeline)
    return None if found[0] == version else found


async def _published(pipeline: Pipeline, count: int) -> bool:
    return len(pipeline.submitted) >= count
