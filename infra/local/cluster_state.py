"""The state of a cluster that its supervisor writes into the folder: addresses, processes, stages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from infra.local import ports, postgres
from infra.local.data_folder import Folder
from infra.local.supervisor_plan import StartPlan, deployment_to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.process import Child


def state_content(
    stage: str, plan: StartPlan, chosen: Mapping[str, int], servers: Mapping[str, Child], services: Mapping[str, Child]
) -> dict[str, Any]:
    """Return the content of state.json. `chosen`: the ports by name, such as `kafka_mtls`."""
    folder, existing = Folder(plan.data_dir), plan.existing_kafka
    return {
        "stage": stage,
        "supervisor": os.getpid(),
        "ports": dict(chosen),
        "deployment": deployment_to_plain(plan.deployment),
        "kafka": {
            "bootstrap": existing.bootstrap if existing else f"{ports.HOST}:{chosen['kafka']}",
            "mtls": None if existing else f"{ports.HOST}:{chosen['kafka_mtls']}",
            "ca": str(existing.ca if existing else folder.ca),
            "existing": existing.to_plain() if existing else None,
        },
        "postgres": {
            "database": plan.deployment.name,
            "admin_dsn_file": str(plan.existing_postgres or folder.dsn_file(postgres.SUPERUSER)),
        },
        "servers": {name: _plain(child) for name, child in servers.items()},
        "services": {name: _plain(child) for name, child in services.items()},
    }


def _plain(child: Child) -> dict[str, Any]:
    return {"pid": child.pid, "state": child.state, "restarts": child.restarts, "last_exit": child.last_exit}
