"""The routing audit on a log written by hand: each missing, surplus or altered copy is named, and nothing else is."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from schemas.codec import decode
from schemas.ids import Kind, kind_of
from schemas.required_copies import required
from services.reporting.replay.report import Audit, CopyFault, ReplayReport
from tests.support.pipeline import Pipeline, awaited
from tests.support.random_events import History, encode
from tests.wire.test_replay import replayed

if TYPE_CHECKING:
    from schemas.envelope import Event

ACCEPTED_AT = 1_700_000_000_000


@dataclass(frozen=True, slots=True)
class Copy:
    n: int
    entity: str
    primary: bool
    value: bytes


def story() -> dict[int, bytes]:
    """Plain events, a merge of two persons who are named by some of them, and a retraction of one event."""
    history = History(11)
    raw = [value for _, value in history.events(25)]
    arrest = history.arrest(history.persons[0], victims=(history.persons[1],))
    one, other = history.persons[0], history.persons[2]
    merge = history.event("person.merged", "dhs", one, {"person": one, "same_as": other, "reason": "same_record"})
    retraction = history.event(
        "event.retracted",
        "bpd",
        one,
        {"reason": "entry_error"},
        supersedes=f"{arrest['source']}/{arrest['id']}",
    )
    return dict(enumerate((*raw, encode(arrest), encode(merge), encode(retraction)), start=1))


def copies_of(events: dict[int, bytes]) -> list[Copy]:
    """Exactly the copies that must be there."""
    decoded: dict[int, Event] = {n: decode(raw) for n, raw in events.items()}
    return [
        Copy(n, entity, entity == decoded[n].concerns()[0], events[n])
        for n, entities in required(decoded).items()
        for entity in sorted(entities)
    ]


async def written(pipeline: Pipeline, copies: Sequence[Copy], complete_to: int) -> None:
    """Write copies as the relay does, say that the log is whole, and wait until live has read all of it."""
    producer, ends = pipeline._producer(), dict[str, dict[str, int]]()

    def delivered(_: object, message: Any) -> None:  # noqa: ANN401 - the client's
        ends.setdefault(message.topic(), {})[str(message.partition())] = message.offset()

    for copy in copies:
        headers: list[tuple[str, str | bytes | None]] = [
            ("role", b"primary" if copy.primary else b"related"),
            ("n", str(copy.n).encode()),
            ("accepted_at", str(ACCEPTED_AT + copy.n).encode()),
        ]
        topic = pipeline.deployment.log(kind_of(copy.entity))
        producer.produce(topic, copy.value, copy.entity.encode(), headers=headers, on_delivery=delivered)
    producer.flush(30)
    said = json.dumps({"n": complete_to, "offsets": ends}).encode()
    producer.produce(pipeline.deployment.progress, said, b"progress")
    producer.flush(30)
    pipeline.start("reporting")
    connection = await pipeline.connect()

    async def read() -> bool:
        return bool(
            await connection.fetchval(
                "SELECT coalesce(max(complete_to), 0) >= $1 FROM reporting.figure_status", complete_to
            )
        )

    await awaited(read, "live has read the log")
    await connection.close()


def named(report: ReplayReport) -> set[tuple[CopyFault, int, str]]:
    return {(fault.wrong, fault.n, fault.entity) for fault in report.of(Audit.ROUTING)}


async def test_a_log_as_it_must_be_has_no_faults(pipeline: Pipeline) -> None:
    events = story()
    copies = copies_of(events)
    again = [copy for copy in copies if copy.n % 5 == 0]  # a relay that was killed sends twice
    await written(pipeline, [*copies, *again], len(events))
    report = await replayed(pipeline)
    assert report.faults == ()
    assert report.equal
    assert (report.events, report.audited_to, report.unsaid) == (len(events), len(events), 0)


async def test_each_fault_is_named(pipeline: Pipeline) -> None:
    events = story()
    copies = copies_of(events)
    merge, retraction, arrest = len(events) - 1, len(events), len(events) - 2
    concerns = {n: decode(raw).concerns() for n, raw in events.items()}
    late = next(copy for copy in copies if copy.n == arrest and copy.entity not in concerns[arrest])
    related = next(copy for copy in copies if copy.n < arrest and not copy.primary and copy.entity in concerns[copy.n])
    primary = next(copy for copy in copies if copy.primary and copy.n not in {related.n, arrest, merge, retraction}
                   and len(concerns[copy.n]) > 1)  # fmt: skip
    of_retraction = next(copy for copy in copies if copy.n == retraction and not copy.primary)
    gone = [late, related, primary, of_retraction]
    stranger = History(12).mint(Kind.PERSON)
    used = {copy.n for copy in gone} | {merge}
    plain = [n for n in events if n not in used]
    surplus = Copy(plain[0], stranger, primary=False, value=events[plain[0]])
    altered = replace(next(copy for copy in copies if copy.n == plain[1]), primary=False, value=events[plain[2]])
    kept = [copy for copy in copies if copy not in gone]
    await written(pipeline, [*kept, surplus, altered], len(events))
    report = await replayed(pipeline)
    assert named(report) == {
        *((CopyFault.MISSING, copy.n, copy.entity) for copy in gone),
        (CopyFault.SURPLUS, surplus.n, stranger),
        (CopyFault.ALTERED, altered.n, altered.entity),
    }
    assert report.of(Audit.LEDGER) == ()
    assert report.digest == report.live_digest
    assert not report.equal


async def test_live_is_complete_to_no_more_than_the_relay_said(pipeline: Pipeline) -> None:
    """A row that somebody else put there would have the figures say that more is known than was."""
    events = story()
    await written(pipeline, copies_of(events), len(events))
    connection = await pipeline.connect()
    await connection.execute("INSERT INTO reporting.progress (n, offsets) VALUES ($1, '{}')", len(events) + 9)
    planted = await replayed(pipeline)
    assert (planted.audited_to, planted.said, planted.digest) == (len(events) + 9, len(events), planted.live_digest)
    assert not planted.equal
    # What the message says to do.
    await connection.execute("DELETE FROM reporting.progress WHERE n > $1", planted.said)
    for service in pipeline.services:
        service.stop()
    pipeline.start("reporting")
    complete = "SELECT complete_to = $1 FROM reporting.figure_status"
    await awaited(lambda: connection.fetchval(complete, len(events)), "reporting has the relay's word again")
    await connection.close()
    assert (await replayed(pipeline)).equal


async def test_what_may_still_be_under_way_is_not_demanded(pipeline: Pipeline) -> None:
    """Complete to less than what is there: copies of later events may be missing, and none that is there is refused."""
    events = story()
    copies = copies_of(events)
    whole = len(events) - 2  # the merge and the retraction are under way
    late = next(copy for copy in copies if copy.n == whole and copy.entity not in decode(copy.value).concerns())
    await written(pipeline, [copy for copy in copies if copy != late], whole)
    report = await replayed(pipeline)
    assert (report.equal, report.audited_to) == (True, whole)
    assert report.unsaid == sum(copy.n > whole for copy in copies)
    last = report.unsaid_last
    assert last is not None
    assert (last.n, last.entity) in {(copy.n, copy.entity) for copy in copies}
    assert last.n == len(events)
