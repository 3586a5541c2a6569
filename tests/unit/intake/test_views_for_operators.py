"""Counts of the quarantine and positions, as the pages read them for operators; nothing of any event."""

from pathlib import Path

from services.runtime import postgres
from services.web.settings import Settings
from services.web.state_of_services import Operations
from tests.support.database import Server
from tests.unit.intake.conftest import Database
from tests.unit.intake.samples import victim


async def test_the_database_tells_counts_and_nothing_of_events(
    database: Database, server: Server, tmp_path: Path
) -> None:
    await database.submit([victim(1), victim(2, data={"status": "canaryxq"}), b"{"])
    file = tmp_path / "web.dsn"
    file.write_text(server.dsn("web", database.admin_dsn.rpartition("/")[2]))
    pool = await postgres.pool(Settings.model_construct(postgres_dsn_file=file), "web")
    try:
        state = await Operations(pool, {"intake": 1}).state()
    finally:
        await pool.close()
    [entry] = state.quarantine
    assert (entry.agency, entry.open, entry.not_delivered, entry.not_kept) == ("bpd", 2, 2, 0)
    assert (state.accepted_to, state.relayed_to) == (3, 0)
    services = {each.name: each for each in state.services}
    assert services.keys() == {"intake", "referral", "case_tracker", "reporting", "web"}
    assert (services["intake"].ready, services["intake"].waiting) == (None, 3)
    assert services["reporting"].waiting == 0
    assert services["web"].migration is not None
    assert "canaryxq" not in repr(state)
