"""What was accepted of each agency is told whatever else is on the log: no row keeps those of the others away."""

import pytest

from schemas.ids import Kind
from schemas.times import Period
from services.reporting.acceptance import accepted
from tests.unit.reporting.conftest import Database
from tests.unit.reporting.samples import person, raw
from tests.unit.reporting.test_changes import an_arrest, arrested
from tests.unit.reporting.world import DEPLOYMENT, Log, Worker

# Any offset below a day is one in the contract. PostgreSQL knows none of sixteen hours.
OFFSETS = ("+16:00", "-23:59", "-00:30", "+05:45")


async def test_an_event_recorded_at_any_offset_is_told_of_by_its_moment(database: Database) -> None:
    worker, log = Worker(await database.pool()), Log()
    await worker.assign()
    for number, offset in enumerate(OFFSETS):
        log.write(raw("arrest.made", number, arrested(number, number), recordedtime=f"2024-06-01T12:00:00.25{offset}"))
    log.write(raw("arrest.made", 9, arrested(9, 9), recordedtime="2024-06-01T12:00:00.123456789Z"))
    await worker.drain(log)
    reader = await database.connect("reader")
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
    (found,) = await accepted(await database.connect("reader"), Period.parse("2025"), 2)
    assert (found.agency, found.facts, found.all) == ("bpd", 1, 1)
