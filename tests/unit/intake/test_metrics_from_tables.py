"""Metrics from intake's tables: the line, unrepaired refusals, and when an agency was last heard."""

from services.intake.metrics_from_tables import FACTS, LastAccepted
from services.runtime.metrics import REGISTRY
from services.runtime.metrics_from_tables import TableWatch
from tests.unit.intake.conftest import Database
from tests.unit.intake.samples import CANARY, NOW, Standing, training, victim


def told(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


async def look(database: Database) -> None:
    await TableWatch(database.pool, Standing(), FACTS, seconds=60).read_metrics()


async def test_a_refused_victim_is_not_delivered_until_it_is_repaired(database: Database) -> None:
    await database.submit([victim(1, data={"status": CANARY}), b"{"])
    await look(database)
    assert told("atips_not_delivered_open", agency="bpd") == 2  # what cannot be read may be a referral
    assert told("atips_quarantine_open", agency="bpd") == 2
    assert (told("atips_quarantine_bytes", agency="bpd") or 0) > 0
    assert told("atips_quarantine_lost", agency="bpd") == 0
    assert told("atips_accepted_n") == 2
    await database.submit([victim(1)])
    await look(database)
    assert told("atips_not_delivered_open", agency="bpd") == 1
    assert told("atips_quarantine_open", agency="bpd") == 1
    assert told("atips_accepted_n") == 3


async def test_a_database_alone_has_no_standby_and_waits_for_none(database: Database) -> None:
    await look(database)
    assert (told("atips_database_standbys"), told("atips_database_waits_for_standby")) == (0, 0)


async def test_an_agency_is_told_with_the_time_of_its_last_event(database: Database) -> None:
    await database.submit([victim(1)])
    heard = LastAccepted(database.pool, seconds=60)
    await heard.read_new_rows()
    first = told("atips_last_accepted_timestamp_seconds", agency="bpd")
    assert first == NOW.timestamp()
    await database.submit([training(2), b"{"])  # a refusal is nothing that was accepted
    await heard.read_new_rows()
    again = told("atips_last_accepted_timestamp_seconds", agency="bpd")
    assert again is not None
    assert again >= first
    assert told("atips_last_accepted_timestamp_seconds", agency="dhs") is None
