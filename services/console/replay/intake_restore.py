"""Restore of intake's tables, which `atips replay --rebuild` does before it rebuilds reporting."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from infra.local import connection_settings
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from services.console import service_health
from services.console.output import err, fail
from services.console.service_settings import environment_of

_NOT_EMPTY: Final = 3
"""Exit code of `services.intake.restore` when intake's tables are not empty and were left as they are."""


def restore_intake(data_dir: Path, *, give_up_lost: bool = False) -> None:
    """Fill intake's tables from the topics if they are empty. Exits with 1 when the topics lack a number.

    `give_up_lost`: numbers that were lost after the relay's last progress record do not count as lacking.

    Does nothing without a running cluster in the data folder: the credentials in the environment are reporting's, and
    may not read receipts.
    """
    if not Cluster.at(data_dir).running:
        err().print("intake is left as it is: only the administrator of a data folder may restore it", markup=False)
        return
    done = subprocess.run(
        [sys.executable, "-m", "services.intake.restore", *(["--give-up-lost"] if give_up_lost else [])],
        env=environment_of("intake")
        | connection_settings.administrator(data_dir, "intake")
        | {"ATIPS_QUARANTINE_KEY_FILE": str(Folder(data_dir).quarantine_key)},
        capture_output=True,
        check=False,
    )
    if done.returncode == _NOT_EMPTY:
        err().print("intake is not empty: left as it is", markup=False)
    elif done.returncode:
        fail(f"Intake was not restored: {service_health.last_logged_reason(done.stderr)}")
    else:
        said = json.loads(done.stdout)
        err().print(
            f"intake restored: {said['accepted']} accepted, {said['refused']} refused, up to n {said['last_n']}",
            markup=False,
        )
        if said["lost"]:
            err().print(
                f"given up: n {', '.join(map(str, said['lost']))}. What came over Kafka is judged again; whoever "
                "published over HTTP must send again. They stand as NOT DELIVERED until closed: atips quarantine list",
                markup=False,
            )
