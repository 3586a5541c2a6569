"""`atips run`: services in the foreground, each as a process. When one ends, all are stopped."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from infra.local import connection_settings
from infra.local.cluster import Cluster
from infra.local.process import tied_to_parent
from services.console.options import DEFAULT, DataDir, in_folder
from services.console.output import err, fail, fail_wrong_usage
from services.console.service_settings import SERVICES, environment_of

ALL: Final = "all"
# Variables that a service needs to connect to an existing Kafka and PostgreSQL.
NEEDED: Final = ("ATIPS_KAFKA_BOOTSTRAP", "ATIPS_KAFKA_CA", "ATIPS_POSTGRES_DSN_FILE")
STOP_SECONDS: Final = 30.0


def run(
    services: Annotated[list[str], typer.Argument(metavar="SERVICE…", help=f"{', '.join(SERVICES)}, or all.")],
    data_dir: DataDir = DEFAULT,
) -> None:
    """Run services in the foreground until Ctrl-C, beside those of the data folder's cluster or as its first ones.

    Without a running cluster there, one service can be run on what the ATIPS_* variables of the environment name.
    """
    names = chosen(services)
    environments = _environments(names, data_dir)
    code = asyncio.run(_run(environments))
    if code:
        raise typer.Exit(code)


def chosen(services: Sequence[str]) -> tuple[str, ...]:
    """Return the named services, each once; "all" means every service. Exits with 2 for an unknown name."""
    unknown = [name for name in services if name not in (*SERVICES, ALL)]
    if unknown:
        fail_wrong_usage(
            f"There is no service {', '.join(unknown)}; there are {', '.join(SERVICES)}, or all, for each of them."
        )
    return SERVICES if ALL in services else tuple(dict.fromkeys(services))


def _environments(names: Sequence[str], data_dir: Path) -> dict[str, Mapping[str, str]]:
    inherited = dict(os.environ)
    if Cluster.at(data_dir).running:
        return {name: environment_of(name) | connection_settings.environment(data_dir, name, name) for name in names}
    missing = [name for name in NEEDED if name not in inherited]
    if missing:
        fail(
            f"No cluster runs in {data_dir} (start one: atips up {in_folder(data_dir)}),"
            f" and the environment names none: {', '.join(missing)} not set."
        )
    if len(names) > 1:
        fail_wrong_usage("Each service has a principal and a role of its own: run one per environment.")
    return {names[0]: inherited}


async def _run(environments: Mapping[str, Mapping[str, str]]) -> int:
    """Start the services, wait for a signal or the first end, and stop the rest. Returns the exit code.

    It is 0 only when a signal stopped them and all ended with 0.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    processes = {name: await _spawn(name, environment) for name, environment in environments.items()}
    ends = {asyncio.create_task(process.wait(), name=name) for name, process in processes.items()}
    asked = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({*ends, asked}, return_when=asyncio.FIRST_COMPLETED)
    if asked not in done:
        asked.cancel()
        for task in done:
            err().print(f"{task.get_name()} ended by itself", markup=False)
    for process in processes.values():
        if process.returncode is None:
            process.terminate()
    _, late = await asyncio.wait(ends, timeout=STOP_SECONDS)
    for task in late:
        processes[task.get_name()].kill()
    codes = await asyncio.gather(*ends)
    return int(asked not in done or any(codes))


async def _spawn(name: str, environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        # The service ends when this process ends in any way. A Ctrl-C on the terminal reaches this process only.
        *tied_to_parent(signal.SIGTERM),
        sys.executable,
        "-m",
        f"services.{name}",
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )


def register(app: typer.Typer) -> None:
    """Add the command `run` to the app."""
    app.command()(run)
