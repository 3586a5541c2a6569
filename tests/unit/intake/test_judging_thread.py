"""Judging beside the event loop: bad bytes delay nothing on it, and what costs too much is refused."""

import asyncio
import time
from datetime import datetime

import pytest

from schemas import codec
from schemas.errors import Reason
from services.intake import judging_thread
from services.intake.domain.judge import judge
from services.intake.domain.submission import Inbound, Judged, RefusedSubmission
from services.intake.domain.systems import Systems
from services.intake.judging_thread import JudgingThread
from tests.unit.intake.conftest import Database
from tests.unit.intake.samples import DEPLOYMENT, NOW, inbound, victim

BAD = (
    victim() | {"x": [0] * 125_000},
    victim() | {f"x{number}": 0 for number in range(900)},
    victim(data={"exploitation": ["x" * 1_000] * 200}),
    b'{"a": "' + b"\\u0041" * 40_000 + b'"}',
    b"[" * 10_000 + b"]" * 10_000,
    b'{"seq": ' + b"9" * 100_000 + b"}",
    victim(1),
)


async def latencies(work: "asyncio.Task[object]") -> list[float]:
    """Give how late the loop is, in seconds, again and again until the work is done."""
    found = []
    while not work.done():
        begun = time.perf_counter()
        await asyncio.sleep(0.001)
        found.append(time.perf_counter() - begun - 0.001)
    return found


async def test_the_loop_answers_while_bad_bytes_are_judged() -> None:
    codec.make_ready(strict=True)
    records = [inbound(value, offset=number) for number in range(60) for value in BAD]
    work: asyncio.Task[object] = asyncio.create_task(JudgingThread().judge(records, NOW))
    late = sorted(await latencies(work))
    # On the loop itself the whole work would be one delay.
    assert len(late) > 20
    assert late[len(late) // 2] < 0.05


async def test_what_costs_more_than_its_budget_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    budget = 0.1

    def costly(submitted: Inbound, now: datetime, systems: Systems) -> Judged:
        begun = time.thread_time()
        while submitted.value == b"{}" and time.thread_time() - begun < 2 * budget:
            pass
        return judge(submitted, now, systems)

    monkeypatch.setattr(judging_thread, "judge", costly)
    good, slow = await JudgingThread(budget_seconds=budget).judge([inbound(victim(1)), inbound(b"{}")], NOW)
    assert not isinstance(good, RefusedSubmission)
    assert isinstance(slow, RefusedSubmission)
    assert (slow.reason, slow.pointer, slow.key) == (Reason.JUDGING_TOOK_TOO_LONG, "", None)


async def test_the_order_is_that_in_which_they_came() -> None:
    records = [inbound(victim(number), offset=number) for number in range(1, 100)]
    judged = await JudgingThread().judge(records, NOW)
    assert [each.inbound for each in judged] == records


async def test_both_doors_take_turns() -> None:
    one = JudgingThread()
    many = asyncio.create_task(one.judge([inbound(victim(number)) for number in range(2_000)], NOW))
    few = asyncio.create_task(one.judge([inbound(victim(1))], NOW))
    done, _ = await asyncio.wait([many, few], return_when=asyncio.FIRST_COMPLETED)
    assert done == {few}
    await many


async def test_a_record_that_is_set_aside_is_refused_unread(database: Database) -> None:
    door = database.door()
    records = database.records([victim(1), victim(2)])
    door.leave_out_slow_work((DEPLOYMENT.inbound("bpd"), 0, 1))
    first, second = (await door.prepare(records, NOW)).judged
    assert not isinstance(first, RefusedSubmission)
    assert isinstance(second, RefusedSubmission)
    assert second.reason is Reason.JUDGING_TOOK_TOO_LONG
    door.leave_out_slow_work(None)
    assert not any(isinstance(each, RefusedSubmission) for each in (await door.prepare(records, NOW)).judged)
