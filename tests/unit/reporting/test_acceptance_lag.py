"""Each agency's accepted events are counted, whatever else is on the log: no row hides those of others."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from schemas.ids import Kind
from schemas.times import BELIZE, Period
from services.reporting.read.acceptance_lag import read_acceptance_delays
from tests.unit.reporting.amended_histories import corrected, retracted
from tests.unit.reporting.conftest import Database
from tests.unit.reporting.log_and_worker_in_memory import DEPLOYMENT, Log, Worker, accepted_ms
from tests.unit.reporting.samples import person, raw
from tests.unit.reporting.test_changes import an_arrest, arrested

# Any offset below a day is one in the contract. PostgreSQL knows none of sixteen hours.
OFFSETS = ("+16:00", "-23:59", "-00:30", "+05:45")


async def test_an_event_recorded_at_any_offset_is_told_of_by_its_moment(database: Database) -> None:
    worker, log = Worker(await database.pool()), Log()
    await worker.assign()
    for number, offset in enumerate(OFFSETS):
        log.write(raw("arrest.made", number, arrested(number, number), recordedtime=f"2024-06-01T12:00:00.25{offset}"))
    log.write(raw("arrest.made", 9, arrested(9, 9), recordedtime="2024-06-01T12:00:00.123456789Z"))
    await worker.drain(log)
    reader = await database.connect("officer")
    rows = await reader.fetch("SELECT recorded_at FROM acceptance ORDER BY n")
    assert [f"{row['recorded_at']:%Y-%m-%dT%H:%M:%S.%f}" for row in rows] == [
        "2024-05-31T20:00:00.250000",
        "2024-06-02T11:59:00.250000",
        "2024-06-01T12:30:00.250000",
        "2024-06-01T06:15:00.250000",
        "2024-06-01T12:00:00.123457",
    ]


@pytest.mark.parametrize(
    "foreign",
    [b"", b"\xff", b"[1]", b"[" * 100_000, b'{"type": "\\u0000"}', b'{"type": "a", "recordedtime": "never"}'],
    ids=["nothing", "not UTF-8", "no object", "deep", "no text", "no time"],
)
async def test_what_intake_did_not_write_keeps_no_others_away(database: Database, foreign: bytes) -> None:
    worker, log = Worker(await database.pool()), Log()
    await worker.assign()
    log.write(an_arrest(1, 1))
    log.put(DEPLOYMENT.log(Kind.PERSON), person(2).encode(), foreign, number=b"2")
    await worker.drain(log)
    (found,) = await read_acceptance_delays(await database.connect("officer"), Period.parse("2025"), 2)
    assert (found.agency, found.facts, found.all) == ("bpd", 1, 1)


@pytest.mark.parametrize(("stamped", "facts"), [(accepted_ms(2), 2), (10**17, 1), (-(10**17), 1)])
async def test_a_time_that_no_calendar_holds_keeps_nobody_away_and_stops_nobody(
    database: Database, stamped: int, facts: int
) -> None:
    """Neither intake's nor, in its place, the one that whoever wrote it has stamped on it."""
    worker, log = Worker(await database.pool()), Log()
    await worker.assign()
    log.write(an_arrest(1, 1))
    await worker.drain(log)
    log.write(an_arrest(2, 2))
    (here,) = [here for here in log.records.values() if here and here[-1].value == an_arrest(2, 2)]
    role, n, _ = here[-1].headers
    here[-1] = replace(here[-1], headers=(role, n, ("accepted_at", b"9" * 18)), timestamp_ms=stamped)
    await worker.drain(log)
    (found,) = await read_acceptance_delays(await database.connect("officer"), Period.parse("2025"), 2)
    assert found.facts == facts


async def test_a_day_of_acceptance_is_belizes_from_midnight_to_midnight(database: Database) -> None:
    worker, log = Worker(await database.pool()), Log()
    await worker.assign()
    begins = int(datetime(2025, 2, 20, tzinfo=BELIZE).timestamp() * 1000 - accepted_ms(0)) // 60_000
    ends = begins + 24 * 60
    for number, n in enumerate((begins - 1, begins, ends - 1, ends)):
        log.put(DEPLOYMENT.log(Kind.PERSON), person(number).encode(), an_arrest(number, number), number=b"%d" % n)
    await worker.drain(log)
    reader, day = await database.connect("officer"), Period.parse("2025-02-20")
    known = {ends: 2, ends - 2: 1, begins: 1}
    assert {n: each.facts for n in known for each in await read_acceptance_delays(reader, day, n)} == known
    assert await read_acceptance_delays(reader, day, begins - 1) == ()


async def test_what_changes_others_is_no_fact(database: Database) -> None:
    worker, log = Worker(await database.pool()), Log()
    await worker.assign()
    change = corrected(2, 0, "arrest.made", arrested(0, 0), "2024-05-11")
    for payload in (an_arrest(0, 0), an_arrest(1, 1), an_arrest(4, 4), change, retracted(3, 1, person(1))):
        log.write(payload)
    await worker.drain(log)
    (found,) = await read_acceptance_delays(await database.connect("officer"), Period.parse("2025"), log.n)
    assert (found.facts, found.corrections, found.retractions, found.all) == (3, 1, 1, 5)


async def test_whoevers_clock_is_ahead_waits_no_time_and_each_agency_by_itself(database: Database) -> None:
    worker, log = Worker(await database.pool()), Log()
    await worker.assign()
    for agency, waited in [("dhs", -5), *(("bpd", minutes) for minutes in range(10, 0, -1))]:
        recorded = datetime.fromtimestamp(accepted_ms(log.n + 1) / 1000 - 60 * waited - 59, UTC)
        said = arrested(log.n, log.n)
        log.write(raw("arrest.made", log.n, said, agency=agency, recordedtime=recorded.isoformat()))
    await worker.drain(log)
    found = await read_acceptance_delays(await database.connect("officer"), Period.parse("2025"), log.n)
    assert [(each.agency, each.median, each.ninth_decile) for each in found] == [("bpd", 5, 9), ("dhs", 0, 0)]
