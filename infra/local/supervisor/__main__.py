"""`python -m infra.local.supervisor`: run by `cluster`, in a session of its own, with the plan on its standard input.

It answers on its standard output in lines of JSON: stages, then `ready` or `failed`.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from contextlib import suppress
from typing import Any

from infra.local import data_folder_lock, jars, kafka, pki, ports, postgres, process_users
from infra.local.data_folder import Folder
from infra.local.supervisor.supervisor import StartError, Supervisor
from infra.local.supervisor_plan import StartPlan


def _say(message: dict[str, Any]) -> None:
    with suppress(BrokenPipeError):  # nobody listens any more
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def main() -> int:
    """Read the plan and run the cluster; return the exit code. If it cannot run, the answer `failed` says why."""
    # Broker, database and services inherit it: a core file would hold what agencies sent, in clear.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    plan = StartPlan.from_json(sys.stdin.buffer.readline().decode("utf-8"))
    if not plan.attached and os.fork():  # detached: the starter waits for this process only, not for its child
        return 0
    folder = Folder(plan.data_dir)
    try:
        Supervisor(plan, folder, data_folder_lock.take_lock(folder.lock), _say).run()
    except data_folder_lock.AlreadyRunningError as error:
        _say({"failed": str(error), "running": error.pid})
        return 1
    except OSError as error:  # a full disk, which takes no log either
        _say({"failed": f"{error.filename or folder.root}: {error.strerror or type(error).__name__}"})
        return 1
    except (
        StartError,
        jars.JarError,
        kafka.BrokerNotReadyError,
        postgres.PostgresError,
        pki.PkiError,
        ports.NoFreePortError,
        process_users.UserError,
    ) as error:
        _say({"failed": str(error)})
        return 1
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # not waiting for a thread that fetches what is no longer wanted
