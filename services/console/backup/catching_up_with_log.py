"""Bring a restored database up to a log that is newer, before any service runs.

Intake gets the numbers, events and refusals that it lacks. The referral and case services get their later decisions,
marked as sent, so that they publish none twice. Reporting continues from its stored positions.
"""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from infra.local import connection_settings, postgres_backup
from infra.local.data_folder import Folder
from services.case_tracker.handlers import SERVICE as CASES
from services.console import service_health
from services.console.backup import database
from services.console.backup.errors import BackupError
from services.console.service_settings import environment_of
from services.referral.handlers import SERVICE as REFERRALS
from services.runtime import broker_queries, outbox
from services.runtime.deciding import outbox_restore_from_log
from services.runtime.deciding.outbox_restore_from_log import DecisionsPlace

_QUIET: Final = {"log_level": 0}


def catch_up(root: Path) -> int:
    """Bring the database of a data folder up to its log, and return the last sequence number.

    Broker and database must run, and no service. Raises `BackupError` when the log has a different event under a number
    that the database has.
    """
    said = _intake(root)
    asyncio.run(_decisions(root))
    return int(said["last_n"])


def _intake(root: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "services.intake.restore", "--catch-up"],
        env=environment_of("intake")
        | connection_settings.administrator(root, "intake")
        | {"ATIPS_QUARANTINE_KEY_FILE": str(Folder(root).quarantine_key)},
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        message = f"The database cannot catch up with the log: {service_health.last_logged_reason(done.stderr)}"
        raise BackupError(message)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


async def _decisions(root: Path) -> None:
    """Add the decisions in the log to the outboxes, marked as sent, and reset both consumer groups to the start.

    The reset is needed because Faust stops when its group has committed more than the database has stored.
    """
    deployment, config = connection_settings.deployment(root), connection_settings.admin(root) | _QUIET
    async with postgres_backup.connected(database.administrator(Folder(root))) as connection:
        for service in (REFERRALS, CASES):
            place = DecisionsPlace(
                deployment.group(service.author),
                service.topics(deployment),
                service.source,
                deployment.inbound(service.author),
            )
            found = await asyncio.to_thread(outbox_restore_from_log.read_published_decisions, config, place)
            async with connection.transaction():
                await connection.execute(f"SET LOCAL search_path = {service.author}")
                await outbox.append(connection, found, sent=True)
            if any((await broker_queries.committed_offsets(config, place.group, place.places)).values()):
                await broker_queries.rewind_group(config, place.group, place.places)
