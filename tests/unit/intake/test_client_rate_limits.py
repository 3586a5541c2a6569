"""Each client's share: what it brings is charged to its agency and its system, and time pays it back."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from schemas.errors import Reason
from services.intake.domain import client_rate_limits
from services.intake.domain.client_rate_limits import Shares, SubmittedLoad, Usage
from services.intake.handlers import SubmissionHandler
from services.intake.store.acceptance_line import Inbox
from services.intake.store.routing_index import Routes
from services.runtime.postgres import borrow_connection
from tests.unit.intake.conftest import SEAL, Database
from tests.unit.intake.samples import DEPLOYMENT, NOW, Standing, accepted, refused, victim

SHARES = Shares(
    records=10.0, size=1_000.0, refusals=1.0, seconds_at_once=5.0, records_per_day=1e6, refusals_per_day=100.0
)


@pytest.mark.parametrize("brought", [SubmittedLoad(records=50), SubmittedLoad(size=5_000), SubmittedLoad(refusals=5)])
def test_each_share_is_a_limit_of_its_own(brought: SubmittedLoad) -> None:
    usage = Usage(SHARES)
    usage.charge("bpd", brought, 100.0)
    assert usage.wait(["bpd"], 100.0) == 0.0
    usage.charge("bpd", SubmittedLoad(brought.records // 50, brought.size // 5_000, brought.refusals // 5), 100.0)
    assert 0.0 < usage.wait(["bpd"], 100.0) <= 1.0
    assert usage.wait(["bpd"], 101.0) == 0.0
    assert usage.wait(["dhs"], 100.0) == 0.0


def test_time_pays_back_and_saves_nothing() -> None:
    usage = Usage(SHARES)
    usage.charge("bpd", SubmittedLoad(records=100), 0.0)
    assert usage.wait(["bpd"], 0.0) == 5.0
    assert usage.wait(["bpd"], 4.0) == 1.0
    usage.charge("bpd", SubmittedLoad(records=50), 1_000.0)
    assert usage.wait(["bpd"], 1_000.0) == 0.0
    usage.charge("bpd", SubmittedLoad(records=10), 1_000.0)
    assert usage.wait(["bpd"], 1_000.0) == 1.0


def test_a_system_is_charged_beside_its_agency_and_no_other_one() -> None:
    good, bad = accepted(victim(1)), refused(b"{")
    brought = client_rate_limits.submitted_loads([good, bad])
    assert brought.keys() == {"bpd", "bpd/register"}
    assert (brought["bpd"].records, brought["bpd/register"].records) == (2, 1)
    assert brought["bpd"].size == brought["bpd/register"].size + 1
    assert client_rate_limits.refusals([bad]) == {"bpd": SubmittedLoad(refusals=1)}
    usage = Usage(SHARES)
    for client, each in brought.items():
        usage.charge(client, each, 0.0)
    assert usage.systems("bpd") == ["bpd", "bpd/register"]


def test_bytes_of_the_value_and_of_the_headers_count_against_a_share() -> None:
    plain, long, nothing = ({"a": 1}, {"a": 10**9}, None)
    sizes = [
        client_rate_limits.submitted_loads([refused(said, headers=headers)])["bpd"].size
        for said, headers in ((plain, ()), (long, ()), (plain, (("x", b"12345"), ("y", None))), (nothing, ()))
    ]
    assert sizes == [7, 16, 12, 0]


def test_who_came_longest_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_rate_limits, "MOST_CLIENTS", 2)
    usage = Usage(SHARES)
    for client in ("bpd", "dhs", "bpd", "odpp"):
        usage.charge(client, SubmittedLoad(records=1_000), 0.0)
    assert usage.wait(["dhs"], 0.0) == 0.0
    assert usage.wait(["bpd"], 0.0) > usage.wait(["odpp"], 0.0) > 0.0


def test_refusals_have_a_share_of_the_day_too_and_what_is_right_waits_no_longer_than_that_debt() -> None:
    usage, hour = Usage(SHARES), 3_600.0
    for number in range(10):
        usage.charge("bpd", SubmittedLoad(refusals=10), number * hour)
    assert usage.wait(["bpd"], 9 * hour + 10) == 0.0, "100 a day, and some paid back meanwhile"
    usage.charge("bpd", SubmittedLoad(refusals=40), 9 * hour + 10)
    assert usage.wait(["bpd"], 9 * hour + 60) > 600.0, "of a second they are paid back, of the day not"
    usage.charge("bpd", SubmittedLoad(records=1), 11 * hour)
    assert usage.wait(["bpd"], 11 * hour) == 0.0


def test_what_is_right_waits_only_for_twice_a_days_refusals() -> None:
    """Found under attack: a program that published nothing but mistakes silenced its whole agency for weeks."""
    usage = Usage(SHARES)
    usage.charge("bpd", SubmittedLoad(refusals=101), -3_600.0)
    assert usage.wait(["bpd"], -3_600.0 + 100) > 0.0
    assert usage.wait(["bpd"], -3_600.0 + 100, refused=False) == 0.0
    usage.charge("bpd", SubmittedLoad(refusals=100), -3_600.0)
    assert usage.wait(["bpd"], -3_600.0 + 200, refused=False) > 0.0


def test_records_have_a_share_of_the_day_too_and_a_day_s_worth_may_come_at_once() -> None:
    """Accepted events and repetitions are kept for ever, so one client must not fill the disk."""
    usage = Usage(replace(SHARES, records=1e6, records_per_day=1_000.0))
    usage.charge("bpd", SubmittedLoad(records=1_000), 0.0)
    assert usage.wait(["bpd"], 0.0) == 0.0
    usage.charge("bpd", SubmittedLoad(records=10), 0.0)
    assert usage.wait(["bpd"], 0.0) == pytest.approx(864.0)
    assert usage.wait(["bpd"], 864.1) == 0.0
    assert usage.wait(["dhs"], 0.0) == 0.0
    for service in ("referral", "referral/decisions"):
        usage.charge(service, SubmittedLoad(records=9_000), 0.0)
        assert usage.wait([service], 0.0) == 0.0, "what a service says follows from what all agencies send"


async def submitted(database: Database, door: SubmissionHandler, values: Sequence[object], agency: str = "bpd") -> None:
    prepared = await door.prepare(database.records(values, agency), NOW)
    async with borrow_connection(database.pool) as connection, connection.transaction():
        await door.apply(prepared, connection)
    await door.committed(prepared)


async def test_the_topic_of_an_agency_beyond_its_share_of_refusals_is_left_alone(database: Database) -> None:
    door = SubmissionHandler(DEPLOYMENT, Inbox(), Routes(), SEAL, Standing(), usage=Usage(SHARES), now=lambda: 0.0)
    await submitted(database, door, [b"{}"] * 8)
    await submitted(database, door, [victim(1, source="dhs/famcare")], "dhs")
    assert door.pace((DEPLOYMENT.inbound("bpd"), 0)) == 3.0
    assert door.wait("bpd") == 3.0
    assert door.pace((DEPLOYMENT.inbound("dhs"), 0)) == 0.0
    assert {row["reason"] for row in await database.rows("quarantine")} >= {Reason.MISSING_FIELD.value}


async def test_over_http_an_agency_beyond_its_refusals_of_the_day_still_tells_what_is_right(database: Database) -> None:
    clock = [0.0]
    door = SubmissionHandler(DEPLOYMENT, Inbox(), Routes(), SEAL, Standing(), usage=Usage(SHARES), now=lambda: clock[0])
    await submitted(database, door, [b"{}"] * 101)
    clock[0] = 200.0  # of a second they are paid back, of the day not
    right = await door.judge([accepted(victim(1)).inbound], NOW)
    wrong = await door.judge([accepted(victim(1)).inbound, refused(b"{").inbound], NOW)
    assert (door.wait("bpd"), door.charge_or_wait(right)) == (0.0, 0.0)
    assert door.charge_or_wait(wrong) > 0.0
    assert door.pace((DEPLOYMENT.inbound("bpd"), 0)) > 0.0
