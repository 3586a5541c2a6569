"""A finding of an earlier version that no case opens any more is closed: by a ruling, or when it no longer holds."""

from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import pytest

from schemas.codec import decode
from schemas.envelope import Event
from schemas.governance import FindingClosedV1
from schemas.service_decisions import Entered, RejudgedEntity
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.decide import decide, examine_case
from services.case_tracker.domain.decision_check import rejudge_case
from services.case_tracker.domain.decision_values import ClosedFinding, DecisionGround, OpenedFinding, StandingFinding
from services.case_tracker.domain.events_and_messages import case_decision_event
from services.case_tracker.domain.rules import CLOSING_RULES
from services.runtime import postgres
from services.runtime.migrate import revision_chain
from tests.unit.case_tracker.sample import CASE, GUARDIAN, VICTIM, Log
from tests.unit.case_tracker.test_handlers import PLACE, VERSION, a_decider, handle, records, said

CODE = "guardian_is_suspect"


@dataclass
class Upgraded:
    """A case whose finding an earlier version opened: its log, the finding, and the copy of the opening."""

    log: Log
    given: Event
    tie: Event
    finding: StandingFinding
    opening: Entered


def upgraded() -> Upgraded:
    log = Log()
    tie = log.linked("parent", suspect=GUARDIAN)
    given = log.says("dhs", "consent.recorded", person=VICTIM, basis="guardian", guardian=GUARDIAN, recipients=["dhs"])
    [found] = examine_case(spine(CASE, log.entries), 2, log.now, CLOSING_RULES).values()
    assert found.code.value == CODE
    opened = case_decision_event(OpenedFinding(found, log.now, DecisionGround(log.now, given, 2)), VERSION)
    log.entries.append(Entered(3, log.now, decode(opened.value)))
    return Upgraded(log, given, tie, found, log.entries[-1])


def ruled(log: Log, finding: str) -> None:
    log.add("dhs", "finding.ruled", {"finding": finding, "ruling": "danger_met", "names": [CASE]})


def withdraws(log: Log, given: Event) -> None:
    log.says("dhs", "consent.withdrawn", person=VICTIM, consent=given.ref)


@pytest.mark.parametrize(
    ("end", "reason"), [("ruled", "ruled"), ("withdrawn", "later_event"), ("retracted", "corrected")]
)
def test_the_next_event_closes_what_is_over_and_no_case_opens_it_again(end: str, reason: str) -> None:
    one = upgraded()
    if end == "ruled":
        ruled(one.log, one.finding.finding)
    elif end == "withdrawn":
        withdraws(one.log, one.given)
    else:
        one.log.retracts(one.tie)
    [closed] = decide(CASE, one.log.entries[:3], one.log.entries[3:], {}, [one.finding]).decisions
    event = decode(case_decision_event(closed, VERSION).value)
    assert isinstance(event, FindingClosedV1)
    assert (event.data.finding, event.data.reason) == (one.finding.finding, reason)
    assert decide(CASE, (), one.log.entries).decisions == []


@pytest.mark.parametrize(("agencies", "closes"), [(["dhs"], True), (["dhs", "bpd"], True), (["bpd"], False)])
def test_it_closes_once_the_consent_is_withdrawn_from_every_agency_that_has_it(
    agencies: list[str], *, closes: bool
) -> None:
    one = upgraded()
    one.log.says("dhs", "consent.withdrawn", person=VICTIM, consent=one.given.ref, recipients=agencies)
    decisions = decide(CASE, one.log.entries[:3], one.log.entries[3:], {}, [one.finding]).decisions
    assert any(isinstance(each, ClosedFinding) for each in decisions) is closes


def test_a_withdrawal_that_names_no_consent_takes_back_each_one_before_it() -> None:
    one = upgraded()
    one.log.says("dhs", "consent.withdrawn", person=VICTIM)
    decisions = decide(CASE, one.log.entries[:3], one.log.entries[3:], {}, [one.finding]).decisions
    assert any(isinstance(each, ClosedFinding) for each in decisions)


def test_what_holds_still_stays_open() -> None:
    """The referral service opened no finding of its own for a danger from before the upgrade."""
    one = upgraded()
    one.log.charged()
    decisions = decide(CASE, one.log.entries[:3], one.log.entries[3:], {}, [one.finding]).decisions
    assert [each for each in decisions if isinstance(each, ClosedFinding)] == []


def test_a_comparison_leaves_findings_of_earlier_versions_out() -> None:
    one = upgraded()
    assert rejudge_case(CASE, one.log.entries) == RejudgedEntity()
    ruled(one.log, one.finding.finding)
    [closed] = decide(CASE, one.log.entries[:3], one.log.entries[3:], {}, [one.finding]).decisions
    copy = Entered(5, one.log.now, decode(case_decision_event(closed, VERSION).value))
    assert rejudge_case(CASE, [*one.log.entries, copy]) == RejudgedEntity()


async def opened_by_earlier_version(pool: asyncpg.Pool, one: Upgraded) -> None:
    """Store the case as the earlier version left it."""
    found = one.finding
    await pool.execute(
        "INSERT INTO finding (finding, case_id, code, severity, records, persons, stands, waits, opens_at, answered_n,"
        " opened_at, told) VALUES ($1, $2, $3, 'critical', $4, $5, false, false, $6, 2, $6, '{dhs}')",
        *(found.finding, found.case, CODE, list(found.records), list(found.persons), found.opens_at),
    )


async def open_findings(pool: asyncpg.Pool) -> list[tuple[str, str | None]]:
    rows = await pool.fetch("SELECT code, closure FROM finding WHERE opened_at IS NOT NULL ORDER BY code")
    return [(row["code"], row["closure"]) for row in rows]


async def test_a_ruling_closes_it_on_the_log_and_in_the_table_once(pool: asyncpg.Pool) -> None:
    one = upgraded()
    await handle(a_decider(pool), pool, records(one.log.entries))
    await opened_by_earlier_version(pool, one)
    ruled(one.log, one.finding.finding)
    await handle(a_decider(pool), pool, records(one.log.entries[3:], begin=3))
    one.log.charged()
    await handle(a_decider(pool), pool, records(one.log.entries[4:], begin=4))
    assert (await said(pool)).count("finding.closed") == 1
    assert (CODE, "ruled") in await open_findings(pool)


@pytest.mark.parametrize("over", [True, False])
async def test_the_upgrade_closes_what_was_over_before_it_without_a_further_event(
    pool: asyncpg.Pool, *, over: bool
) -> None:
    one = upgraded()
    one.log.now += timedelta(days=1)
    if over:
        ruled(one.log, one.finding.finding)
    await handle(a_decider(pool), pool, records(one.log.entries))
    await opened_by_earlier_version(pool, one)
    for statement in revision_chain("case_tracker").get_revisions("0027")[0].module.STATEMENTS:
        await pool.execute(statement)
    async with postgres.borrow_connection(pool) as connection, connection.transaction():
        await a_decider(pool).take_over(connection, [PLACE])
    assert await said(pool) == ["finding.closed"] * over
    assert await open_findings(pool) == [(CODE, "ruled" if over else None)]
    assert await pool.fetchval("SELECT count(*) FROM held") == 0
