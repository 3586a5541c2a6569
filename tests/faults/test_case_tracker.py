"""The case tracker on the real broker: each finding opened and closed once whatever crashes, late ones and looks told.

What it published is held against the pure decisions over the log as it lies in the case's partition.
"""

import signal
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from schemas.codec import decode, encode
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.service_decisions import Entered, facts_of
from services.case_tracker.domain.decide import decide
from services.case_tracker.domain.events_and_messages import case_decision_event
from services.case_tracker.queries import findings, look_at_case
from services.runtime.source_code_hash import code_version
from tests.support.pipeline import Pipeline, awaited
from tests.unit.case_tracker.sample import ARREST, CASE, CHARGE, HEARING, SUSPECT, Log, an_id, story

# The worker's and the outbox's own steps are killed in test_faust_worker and test_referral.
STEPS = ["case_tracker.said", "batch.committed"]


pytestmark = pytest.mark.pipeline(agencies=("bpd", "odpp"))


def of_tracker(entries: Sequence[Entered]) -> list[Event]:
    return [each.event for each in entries if each.event.agency == "case_tracker"]


def due_from(entries: Sequence[Entered], case: str) -> set[tuple[UUID, bytes]]:
    """Return the decisions that the case's facts require on the log, to the byte."""
    version = code_version("schemas", "services.case_tracker.domain")
    said = [case_decision_event(each, version) for each in decide(case, (), facts_of(entries)).decisions]
    return {(each.id, each.value) for each in said}


async def settled(pipeline: Pipeline, cases: Sequence[str], facts: int) -> None:
    """Wait until each case has so many facts, and exactly their decisions, on the log."""

    async def all_there() -> bool:
        logs = {case: pipeline.entries(Kind.CASE, case) for case in cases}
        return all(
            len(facts_of(entries)) == facts
            and due_from(entries, case) == {(UUID(each.id), encode(each)) for each in of_tracker(entries)}
            for case, entries in logs.items()
        )

    await awaited(all_there, "every decision is on the log, and no other")


def renamed(event: Event, case: str, position: int) -> Event:
    """Return an equal story of another case, with ids of its own."""
    text = encode(event).decode().replace(CASE, case)
    for kind, known in ((Kind.PERSON, SUSPECT), (Kind.CHARGE, CHARGE), (Kind.ARREST, ARREST)):
        text = text.replace(known, an_id(kind, f"of {case}"))
    return decode(text.replace(event.id, f"{event.id[:-4]}{position:04x}").encode())


# Three case trackers start here one after another, with the processes of other tests beside them.
@pytest.mark.timeout(240)
async def test_killed_at_every_step_decides_once(pipeline: Pipeline) -> None:
    pipeline.start("intake")
    cases = []
    for position, step in enumerate(STEPS):
        armed = pipeline.start("case_tracker", failpoint=f"{step}=kill")
        case = an_id(Kind.CASE, f"of {step}")
        cases.append(case)
        pipeline.publish([("bpd", encode(renamed(each.event, case, position))) for each in story().entries])
        assert armed.ended() == -signal.SIGKILL, step
    again = pipeline.start("case_tracker")
    await settled(pipeline, cases, 2)
    for case in cases:
        found = of_tracker(pipeline.entries(Kind.CASE, case))
        assert [each.type for each in found] == ["bz.atips.finding.opened.v1", "bz.atips.finding.closed.v1"]
    assert {each["data"]["status"] for each in pipeline.delivered("case_tracker")} == {"accepted"}
    assert again.stop() == 0


async def test_a_missed_hearing_is_found_by_the_clock_and_a_ruling_closes_it(pipeline: Pipeline) -> None:
    (pipeline.folder / "synthetic").touch()
    clock = pipeline.folder / "clock"

    def stand_at(at: datetime) -> None:
        new = clock.with_suffix(".new")
        new.write_text(at.isoformat())
        new.replace(clock)

    log = Log()
    log.arrested()
    log.says("odpp", "court.hearing_scheduled", court="magistrates", hearing=HEARING, next_on="2024-03-12")
    stand_at(log.now + timedelta(minutes=1))
    pipeline.start("intake", clock_file=str(clock))
    workers = [pipeline.start("case_tracker", clock_file=str(clock), patience_seconds="0") for _ in range(2)]
    pipeline.publish([(each.event.agency, encode(each.event)) for each in log.entries])
    await settled(pipeline, [CASE], 2)
    stand_at(datetime(2024, 3, 16, tzinfo=UTC))

    async def opened() -> str | None:
        found = of_tracker(pipeline.entries(Kind.CASE, CASE))
        return found[0].concerns()[0] if found else None

    finding = await awaited(opened, "the finding is on the log")
    reader = await pipeline.connect("officer")
    await reader.execute("SET search_path TO case_tracker")
    prosecutor = await pipeline.connect_as("odpp")
    (told,) = await findings(reader)
    assert (told.finding, told.code, told.closed_at) == (finding, "hearing_missed", None)
    log.now = datetime(2024, 3, 16, tzinfo=UTC)
    pipeline.publish([("odpp", encode(log.rules(finding)))])
    await settled(pipeline, [CASE], 3)
    (told,) = await findings(reader)
    assert told.closure == "ruled"

    async def shown() -> bool:
        """Whether the tracker's own table has the events of the log."""
        given = await look_at_case(prosecutor, CASE, purpose="investigation", as_of=datetime(2100, 1, 1, tzinfo=UTC))
        return given is not None and "finding.ruled" in {each.name for each in given.facts}

    await awaited(shown, "a look shows all of the case")
    await reader.close()
    await prosecutor.close()

    async def noted() -> bool:
        return any(each.type == "bz.atips.access.viewed.v1" for each in of_tracker(pipeline.entries(Kind.CASE, CASE)))

    await awaited(noted, "the look is on the log")
    assert all(worker.running for worker in workers)
