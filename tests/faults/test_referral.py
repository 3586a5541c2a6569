"""The referral service on the real broker: decisions once whatever crashes, late ones told once, each agency its own.

What it published is held against the pure decisions over the log as it lies in the person's partition.
"""

import json
import signal
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from schemas.codec import decode, encode
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.service_decisions import DecisionFault, Entered, RejudgedEntity, facts_of
from services.console.replay.command import settings_of
from services.console.replay.decision_comparison import judge_decisions
from services.referral.domain.decide import decide
from services.referral.domain.events_and_messages import Versions, person_decision_event
from services.runtime.failpoints import NAMES
from services.runtime.source_code_hash import code_version
from tests.support.pipeline import Pipeline, awaited, wait_for
from tests.unit.referral.sample import CASE, PERSON, REFERRAL, SUSPECT, Log, an_id, happens, policy
from tests.wire.test_replay import environment_of, replayed

AGENCIES = ("bpd", "dhs", "hti", "council", "odpp")
# The worker's own steps are killed in test_faust_worker; nothing is late here, another test sweeps.
STEPS = ["batch.applied", "batch.committed", "referral.decided", "referral.said"]
STEPS += [name for name in NAMES if name.startswith("outbox.")]
TABLES = ("outbox", "fact", "waiting", "waited", "carer", "notice", "standing", "position")
EMPTY = f"TRUNCATE {', '.join(f'referral.{name}' for name in TABLES)}"


pytestmark = pytest.mark.pipeline(agencies=AGENCIES)


@pytest.fixture
def pipeline(pipeline: Pipeline, tmp_path: Path) -> Pipeline:
    # The policy of these tests lets everybody be told, so that none of them is about consent alone.
    file = tmp_path / "policy.yaml"
    file.write_text(policy().model_dump_json(), encoding="utf-8")
    pipeline.extra["referral"] = {"policy_file": str(file)}
    return pipeline


async def accepted(pipeline: Pipeline) -> int:
    connection = await pipeline.connect()
    try:
        return int(await connection.fetchval("SELECT count(*) FROM intake.inbox"))
    finally:
        await connection.close()


async def submit(pipeline: Pipeline, events: Iterable[Event]) -> None:
    """Publish in this very order: each only after the one before was accepted."""
    for event in events:
        before = await accepted(pipeline)
        pipeline.publish([(event.agency, encode(event))])

        async def taken(before: int = before) -> bool:
            return await accepted(pipeline) > before

        await awaited(taken, "intake accepts it")


def of_referral(entries: Sequence[Entered]) -> list[Event]:
    return [each.event for each in entries if each.event.agency == "referral"]


def due_from(entries: Sequence[Entered], person: str) -> set[UUID]:
    """Return the records that the log's content requires, without escalations."""
    outcome = decide(person, (), entries, policy())
    versions = Versions(code_version("schemas", "services.referral.domain"), policy().version)
    return {person_decision_event(each, versions).id for each in (*outcome.decisions, *outcome.findings)}


async def settled(pipeline: Pipeline, persons: Iterable[str], facts: int) -> None:
    """Wait until each person has so many facts, and their decisions, on the log, and nothing is left to be sent."""

    async def all_there() -> bool:
        connection = await pipeline.connect()
        try:
            unsent = await connection.fetchval("SELECT count(*) FROM referral.outbox WHERE NOT sent")
        finally:
            await connection.close()
        logs = {person: pipeline.entries(Kind.PERSON, person) for person in persons}
        return not unsent and all(
            len(facts_of(entries)) == facts
            and due_from(entries, person) <= {UUID(each.id) for each in of_referral(entries)}
            for person, entries in logs.items()
        )

    await awaited(all_there, "every decision is on the log")


def told(pipeline: Pipeline, agency: str) -> list[dict[str, Any]]:
    """Return the messages on an agency's delivery topic, without receipts, each once."""
    found = {each["id"]: each for each in pipeline.delivered(agency) if "delivery" in each["type"]}
    return list(found.values())


def subjects(pipeline: Pipeline, agency: str) -> list[str]:
    return [each["type"].split(".")[3] for each in told(pipeline, agency)]


async def test_two_acceptances_leave_one_holder_and_the_other_is_told(pipeline: Pipeline) -> None:
    pipeline.start("intake")
    pipeline.start("referral")
    log = Log()
    log.sends()
    log.moves("hti", "accepted")
    log.moves("dhs", "accepted")
    await submit(pipeline, [each.event for each in log.entries])
    await settled(pipeline, [PERSON], 3)
    entries = pipeline.entries(Kind.PERSON, PERSON)
    assigned, refused = of_referral(entries)
    assert assigned.type == "bz.atips.referral.assigned.v1"
    assert assigned.data.model_dump()["holder"] == "hti"
    assert refused.data.model_dump()["reason"].value == "taken_by_another"
    assert {UUID(each.id) for each in of_referral(entries)} == due_from(entries, PERSON)
    assert subjects(pipeline, "dhs") == ["to_answer", "assigned", "move_refused"]
    assert subjects(pipeline, "bpd") == ["assigned"]
    assert {each["data"]["status"] for each in pipeline.delivered("referral")} == {"accepted"}
    # Made again from the log they are the same; a decision that the log does not give is found.
    pipeline.start("reporting")
    found = await judged_again(pipeline, refused.id)
    assert (found.decisions, found.differing) == (2, ())
    planted = assigned.model_copy(update={"id": f"{assigned.id[:-4]}beef"})
    pipeline.publish([("referral", encode(planted))])
    (wrong,) = (await judged_again(pipeline, planted.id)).differing
    assert (wrong.wrong, wrong.event, wrong.entity) == (DecisionFault.SURPLUS, planted.id, PERSON)


async def judged_again(pipeline: Pipeline, last: str) -> RejudgedEntity:
    """Return the result of comparing the decisions, once reporting has read the last of them."""
    reading = await pipeline.connect()
    known = "SELECT EXISTS (SELECT FROM reporting.ledger WHERE id = $1)"
    await awaited(lambda: reading.fetchval(known, UUID(last)), "reporting has read the last decision")
    await reading.close()
    report, environment = await replayed(pipeline), environment_of(pipeline)
    environment |= {"ATIPS_POLICY_FILE": pipeline.extra["referral"]["policy_file"]}
    found = await judge_decisions(settings_of(environment), environment, report.run, 1, lambda _: None)
    return found["referral"]


async def test_killed_at_every_step_decides_once(pipeline: Pipeline) -> None:
    pipeline.start("intake")
    persons = []
    for position, step in enumerate(STEPS):
        armed = pipeline.start("referral", failpoint=f"{step}=kill")
        person = an_id(Kind.PERSON, f"of {step}")
        persons.append(person)
        log = Log()
        log.sends()
        log.moves("hti", "accepted")
        log.moves("dhs", "accepted")
        await submit(pipeline, [renamed(each.event, person, position) for each in log.entries])
        assert armed.ended() == -signal.SIGKILL, step
    again = pipeline.start("referral")
    await settled(pipeline, persons, 3)
    for person in persons:
        entries = pipeline.entries(Kind.PERSON, person)
        found = of_referral(entries)
        assert len({each.ref for each in found}) == len(found) == 2
        assert {UUID(each.id) for each in found} == due_from(entries, person)
    assert again.stop() == 0


def renamed(event: Event, person: str, position: int) -> Event:
    """Return an equal story of another person, with ids of its own."""
    text = encode(event).decode().replace(PERSON, person)
    text = text.replace(REFERRAL, an_id(Kind.REFERRAL, f"of {person}")).replace(
        event.id, f"{event.id[:-4]}{position:04x}"
    )
    return decode(text.encode())


async def test_a_friday_night_emergency_is_late_at_one_hour_and_told_once(pipeline: Pipeline) -> None:
    (pipeline.folder / "synthetic").touch()
    clock = pipeline.folder / "clock"

    def stand_at(at: datetime) -> None:
        new = clock.with_suffix(".new")
        new.write_text(at.isoformat())
        new.replace(clock)

    sent = datetime(2024, 3, 2, 5, 30, tzinfo=UTC)  # Friday, half past eleven at night in Belize
    stand_at(sent)
    pipeline.start("intake", clock_file=str(clock))
    sweeper = pipeline.start("referral", clock_file=str(clock), failpoint="referral.swept=kill")
    log = Log(now=sent)
    log.sends("odpp", urgency="emergency", after=timedelta(0))
    await submit(pipeline, [each.event for each in log.entries])
    wait_for(lambda: subjects(pipeline, "dhs") == ["to_answer"], "the receiver is told")
    assert subjects(pipeline, "bpd") == ["on_call"]
    stand_at(sent + timedelta(minutes=60))
    assert sweeper.ended() == -signal.SIGKILL  # it had said so, and nobody has heard it
    for _ in range(2):
        pipeline.start("referral", clock_file=str(clock))
    wait_for(lambda: "late" in subjects(pipeline, "bpd"), "the second is told")
    stand_at(sent + timedelta(hours=5))
    log.moves("dhs", "accepted", at=sent + timedelta(hours=5))
    await submit(pipeline, [log.entries[-1].event])
    await settled(pipeline, [PERSON], 2)
    late = [each for each in of_referral(pipeline.entries(Kind.PERSON, PERSON)) if each.type.endswith("escalated.v1")]
    (found,) = late
    data = json.loads(encode(found))["data"]
    assert data["due_at"] == data["decided_at"] == (sent + timedelta(hours=1)).isoformat()
    assert data["told"] == ["odpp", "dhs", "bpd", "council"]
    assert data["reason"] == "not_answered"
    assert subjects(pipeline, "council") == ["late"]


async def test_what_happens_to_a_suspect_reaches_the_holder_and_so_does_consent_taken_back(pipeline: Pipeline) -> None:
    """Bail, release, a hearing and a verdict, of the victim who is linked; and nobody else hears of it."""
    pipeline.start("intake")
    pipeline.start("referral")
    log = Log()
    log.sends(to="hti")
    log.moves("hti", "accepted")
    tie = {"case": CASE, "victim": PERSON, "suspect": SUSPECT}
    log.add("bpd", "victim_suspect.linked", tie, subject=CASE)
    told_of = [happens(log, name) for name in ("bail.granted", "arrest.released", "court.hearing_scheduled")]
    told_of.append(happens(log, "verdict.returned"))
    withdrawn = log.add("bpd", "consent.withdrawn", {"person": PERSON})
    pipeline.publish([(each.event.agency, encode(each.event)) for each in log.entries])
    wait_for(lambda: subjects(pipeline, "hti").count("notice") == len(told_of), "the holder hears of everything")
    notices = [each["data"] for each in told(pipeline, "hti") if each["type"].endswith("notice.v1")]
    assert {each["event"] for each in notices} == set(told_of)
    assert {each["person"] for each in notices} == {PERSON}
    # Whom the policy names besides hears of bail and release only.
    wait_for(lambda: subjects(pipeline, "dhs").count("notice") == 2, "whom the policy names hears of it")
    assert "notice" not in subjects(pipeline, "bpd")
    wait_for(lambda: "consent_withdrawn" in subjects(pipeline, "hti"), "the holder hears that consent is taken back")
    assert await outstanding(pipeline, withdrawn.ref) == ["hti"]
    await submit(pipeline, [log.add("hti", "consent.acknowledged", {"person": PERSON, "consent": withdrawn.ref})])

    async def nobody() -> bool:
        return not await outstanding(pipeline, withdrawn.ref)

    await awaited(nobody, "it is acknowledged")


async def outstanding(pipeline: Pipeline, withdrawn: str) -> list[str]:
    """Return the agencies that have not acknowledged it yet, as a reader sees them."""
    connection = await pipeline.connect("officer")
    try:
        said = "SELECT agency FROM referral.waits WHERE about = $1 AND ended_at IS NULL"
        return [row["agency"] for row in await connection.fetch(said, withdrawn)]
    finally:
        await connection.close()


async def test_both_transports_decide_alike(pipeline: Pipeline) -> None:
    pipeline.start("intake")
    faust = pipeline.start("referral")
    persons = [an_id(Kind.PERSON, f"number {number}") for number in range(6)]
    for position, person in enumerate(persons):
        log = Log()
        log.sends(urgency="emergency")
        log.moves("hti", "accepted")
        log.moves("dhs", "accepted")
        log.moves("hti", "handed_back", reason="no_capacity")
        pipeline.publish([(each.event.agency, encode(renamed(each.event, person, position))) for each in log.entries])
    await settled(pipeline, persons, 4)
    assert faust.stop() == 0
    said = "SELECT id::text, topic, type, value FROM referral.outbox ORDER BY id"
    waits = (
        "SELECT person, kind, about, agency, due_at, told FROM referral.waiting ORDER BY person, kind, about, agency"
    )
    connection = await pipeline.connect()
    by_faust = await connection.fetch(said), await connection.fetch(waits)
    await connection.execute(EMPTY)
    await connection.close()
    pipeline.start("referral", form="tests.support.referral_on_consumer_loop")

    async def as_before() -> bool:
        connection = await pipeline.connect()
        try:
            return (await connection.fetch(said), await connection.fetch(waits)) == by_faust
        finally:
            await connection.close()

    await awaited(as_before, "the other transport says the same")


async def test_an_empty_database_takes_its_decisions_from_the_log(pipeline: Pipeline) -> None:
    """They are not said again, also by other code: the same id with other bytes would be refused."""
    pipeline.start("intake")
    first = pipeline.start("referral")
    log = Log()
    log.sends()
    log.moves("dhs", "accepted")
    await submit(pipeline, [each.event for each in log.entries])
    await settled(pipeline, [PERSON], 2)
    assert first.stop() == 0
    before = of_referral(pipeline.entries(Kind.PERSON, PERSON))
    connection = await pipeline.connect()
    await connection.execute(EMPTY)
    await connection.close()
    pipeline.start("referral")

    async def decided_again() -> bool:
        found = await pipeline.connect()
        try:
            return bool(await found.fetchval("SELECT count(*) = 3 FROM referral.fact WHERE decided"))
        finally:
            await found.close()

    await awaited(decided_again, "everything is decided about again, the decision itself among it")
    log.moves("dhs", "started")
    await submit(pipeline, [log.entries[-1].event])
    await settled(pipeline, [PERSON], 3)
    assert of_referral(pipeline.entries(Kind.PERSON, PERSON)) == before
    assert [each["data"]["status"] for each in pipeline.delivered("referral")] == ["accepted"]
