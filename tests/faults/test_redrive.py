"""A redrive on the real parts: unchanged bytes, in order per entity, killed where it hurts, and no end of tries."""

import json
import subprocess
import sys
from typing import Any

import pytest

from infra.local.protected_files import write_private
from schemas.ids import Kind
from tests.support.pipeline import ROOT, Pipeline, awaited
from tests.support.random_events import History, encode

CANARY = "Canary-Maria-9d2f"
EARLY, LATE = "2023-01-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00"


def redrive(pipeline: Pipeline, *, code: int = 0, failpoint: str = "", **asked: object) -> list[dict[str, Any]]:
    """Run a redrive as the console does; gives what it said after the count."""
    environment = pipeline.environment("intake", failpoint=failpoint, clock_file=str(pipeline.folder / "clock"))
    done = subprocess.run(
        [sys.executable, "-m", "services.intake.redrive", json.dumps({"operator": "tester", **asked})],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code, done.stderr.decode()[-2000:]
    assert CANARY.encode() not in done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()][1:]


def told(outcomes: list[dict[str, Any]]) -> dict[int, tuple[Any, ...]]:
    return {each["entry"]: (each["what"], each["why"] or each["behind"]) for each in outcomes}


async def entries(pipeline: Pipeline) -> dict[int, tuple[str, int]]:
    connection = await pipeline.connect()
    try:
        await connection.execute("SET search_path TO intake")
        rows = await connection.fetch("SELECT entry, state, attempts FROM entry ORDER BY entry")
        return {row["entry"]: (row["state"], row["attempts"]) for row in rows}
    finally:
        await connection.close()


async def given(pipeline: Pipeline, count: int) -> None:
    """Wait until the line has given so many numbers."""
    connection = await pipeline.connect()
    try:
        await awaited(lambda: connection.fetchval("SELECT last_n >= $1 FROM intake.line", count), f"n {count}")
    finally:
        await connection.close()


@pytest.mark.timeout(180)
async def test_what_was_refused_by_our_fault_arrives_in_order_whatever_is_killed(pipeline: Pipeline) -> None:
    history = History(5)
    one, two, *_ = history.persons
    case = [history.mint(Kind.CASE) for _ in range(4)]

    def victim(person: str, case: str, status: str = "confirmed") -> dict[str, Any]:
        return history.event("victim.identified", "bpd", person, {"person": person, "case": case, "status": status})

    first, broken, third, other = (
        victim(one, case[0]),
        victim(one, case[1], CANARY),
        victim(one, case[2]),
        victim(two, case[3]),
    )
    # An intake whose clock stands still refuses what the future says: our fault, and repaired by winding the clock.
    clock = pipeline.folder / "clock"
    (pipeline.folder / "synthetic").touch()
    write_private(clock, EARLY + "\n")
    worker = pipeline.start("intake", clock_file=str(clock))
    values = [*map(encode, (first, broken, third, other)), b"{" + CANARY.encode()]
    pipeline.publish([("bpd", value) for value in values])
    await given(pipeline, 5)
    assert await entries(pipeline) == dict.fromkeys(range(1, 6), ("open", 1))
    assert told(redrive(pipeline, dry_run=True)) == {
        1: ("refused", "time_in_future"),
        2: ("held", "behind"),
        3: ("held", "behind"),
        4: ("refused", "time_in_future"),
        5: ("refused", "not_json"),
    }
    write_private(clock, LATE + "\n")
    assert told(redrive(pipeline, dry_run=True)) == {
        1: ("accepted", None),
        2: ("refused", "unknown_code"),
        3: ("held", "behind"),
        4: ("accepted", None),
        5: ("refused", "not_json"),
    }
    assert await entries(pipeline) == dict.fromkeys(range(1, 6), ("open", 1))

    await killed_twice(pipeline, 1, 4)
    redrive(pipeline)
    found = await entries(pipeline)
    assert {number: state for number, (state, _) in found.items()} == {
        1: "superseded", 2: "open", 3: "open", 4: "superseded", 5: "open",
    }  # fmt: skip
    # Refused again is one attempt more of the same entry, and nothing was sent twice: five, and four of them again.
    assert [attempts for _, attempts in found.values()] == [1, 2, 1, 1, 2]
    assert sum(pipeline.ends([pipeline.deployment.inbound("bpd")]).values()) == 9

    assert told(redrive(pipeline, cap=2)) == {2: ("held", "attempts"), 3: ("held", "behind"), 5: ("held", "attempts")}
    repaired = {**broken, "data": {**broken["data"], "status": "potential"}}
    pipeline.publish([("bpd", encode(repaired))])
    await awaited(lambda: state_is(pipeline, 2, "superseded"), "the repaired one closes its entry")
    assert told(redrive(pipeline, agency="bpd", reason="time_in_future")) == {3: ("accepted", None)}

    connection = await pipeline.connect()
    rows = await connection.fetch("SELECT id::text, payload FROM intake.inbox ORDER BY n")
    acts = await connection.fetch("SELECT * FROM intake.act")
    quarantine = await connection.fetch("SELECT * FROM intake.quarantine")
    await connection.close()
    order = [row["id"] for row in rows]
    assert sorted(order) == sorted(each["id"] for each in (first, broken, third, other))
    assert order.index(first["id"]) < order.index(broken["id"]) < order.index(third["id"])
    assert {row["payload"] for row in rows} == {encode(each) for each in (first, repaired, third, other)}
    assert {row["operator"] for row in acts} == {"tester"}
    for text in (worker.text(), repr(acts), repr(quarantine)):
        assert CANARY not in text


async def killed_twice(pipeline: Pipeline, *numbers: int) -> None:
    """Kill a redrive of two entries when it sent the first and has not noted it, and when it noted the second."""
    redrive(pipeline, failpoint="redrive.sent=kill", code=-9, numbers=numbers)
    await awaited(lambda: state_is(pipeline, numbers[0], "superseded"), "what was sent but not noted is judged")
    redrive(pipeline, failpoint="redrive.noted=kill", code=-9, numbers=numbers)


async def state_is(pipeline: Pipeline, entry: int, state: str) -> bool:
    return (await entries(pipeline))[entry][0] == state
