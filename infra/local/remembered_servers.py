"""The servers that a data folder belongs to, remembered from its first start.

Without the variables that name them, an empty second database or broker would be started in the same folder.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from infra.local.data_folder import Folder
from infra.local.protected_files import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from infra.local.supervisor_plan import StartPlan

LOCAL: Final = "local"
VARIABLES: Final = {"kafka": "ATIPS_KAFKA_BOOTSTRAP", "postgres": "ATIPS_POSTGRES_ADMIN_DSN_FILE"}
_NAMES: Final = {"kafka": "Kafka", "postgres": "PostgreSQL"}


def remember(plan: StartPlan) -> None:
    """Store the servers of a folder's first start; does nothing where they are stored."""
    file = _file(plan.data_dir)
    if not file.exists():
        write_private(file, json.dumps(_of(plan), indent=1) + "\n")


def difference(plan: StartPlan) -> str | None:
    """Return the message why a plan must not be started on its folder, and what to do; None where it may."""
    try:
        known: dict[str, Any] = json.loads(_file(plan.data_dir).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    for kind, now in _of(plan).items():
        was, variable, name = known.get(kind, LOCAL), VARIABLES[kind], _NAMES[kind]
        if was != LOCAL and now == LOCAL:
            return (
                f"{plan.data_dir} belongs to another {name}, and {variable} is not set now: an empty second {name}"
                f" would be started in the folder. Nothing was started. Set it again: export {variable}={was}"
                " (with the other variables of that server). Or name another folder: --data-dir D"
            )
        if was == LOCAL and now != LOCAL:
            return (
                f"{plan.data_dir} has its own {name}, and {variable} names another one: what is kept here would not be"
                f" there. Nothing was started. Unset {variable}, or name another folder: --data-dir D"
            )
    return None


def _of(plan: StartPlan) -> dict[str, str]:
    kafka, postgres = plan.existing_kafka, plan.existing_postgres
    return {
        "kafka": LOCAL if kafka is None else kafka.bootstrap,
        "postgres": LOCAL if postgres is None else str(postgres),
    }


def _file(data_dir: Path) -> Path:
    return Folder(data_dir).root / "belongs.json"
