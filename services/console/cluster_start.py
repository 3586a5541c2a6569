"""Start of a local cluster for the commands: broker, database and services, awaited until all are ready."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from infra.local import ports
from infra.local.cluster import Cluster, ClusterError
from infra.local.data_folder import Folder
from infra.local.environment_variables import CA_KEY_FILE, authority_key, existing_postgres, inherited
from infra.local.start_progress_deadline import StartProgress
from infra.local.supervised_command import Command
from services.console import api_keys, service_settings
from services.console.local_cluster import HTTP, ON_KAFKA, PAGES, PAGES_OVER_TLS, SQL_OVER_TLS, ports_of, remember
from services.console.service_health import health
from services.console.service_settings import SERVICES

# Seconds of processor time that count as progress. A service that only waits uses less than one percent.
BUSY_SECONDS: Final = 5.0

# A service that ends this often before it is ready is given up.
FAILED_STARTS: Final = 3


def migration() -> Command:
    """Return the command that migrates the schemas of all services to their newest step."""
    argv = (sys.executable, "-m", "services.runtime.migrate", *SERVICES)
    return Command("migrate", argv, role="migrator", settings=service_settings.migration_settings_names(inherited()))


def commands(chosen: Mapping[str, int], plan: Path | None = None) -> tuple[Command, ...]:
    """Return the command that starts each service, with its own Kafka principal, database role and ports.

    `chosen`: port of each service and door. `plan`: file of the strategy's plan that the pages show if ATIPS_PLAN_FILE
    is not set.
    """
    doors = {
        "intake": {"ATIPS_HTTP_PORT": str(chosen[HTTP])},
        # Without TLS, on the loopback address only: browsers would warn about a certificate of the cluster's authority.
        # Offices use the second port, over HTTPS.
        "web": {
            "ATIPS_WEB_PORT": str(chosen[PAGES]),
            "ATIPS_WEB_TLS_PORT": str(chosen[PAGES_OVER_TLS]),
            **({"ATIPS_WEB_SQL_PORT": str(chosen[SQL_OVER_TLS])} if SQL_OVER_TLS in chosen else {}),
            "ATIPS_WEB_SERVICES": ",".join(f"{name}:{chosen[name]}" for name in SERVICES),
            **({"ATIPS_PLAN_FILE": str(plan)} if plan is not None and "ATIPS_PLAN_FILE" not in inherited() else {}),
        },
    }
    return tuple(
        Command(
            name,
            (sys.executable, "-m", f"services.{name}"),
            principal=name if name in ON_KAFKA else None,
            role=name,
            environment={"ATIPS_ADMIN_PORT": str(chosen[name])} | doors.get(name, {}),
            settings=service_settings.settings_names_of(name, inherited()),
        )
        for name in SERVICES
    )


def start(
    data_dir: Path | None,
    *,
    detached: bool,
    synthetic: bool = False,
    clock: str = "",
    plan: Path | None = None,
    progress: Callable[[str], None],
) -> Cluster:
    """Start broker, database and services, and return when all services are ready. On an error all are stopped.

    A detached cluster keeps running after this process ends. `plan`: as in `commands`. Raises the errors of
    `Cluster.start`, and `ClusterError` where the authority's key of a new cluster would lie in the folder. Exits with 2
    for an ATIPS_ setting that no service has.
    """
    service_settings.refuse_unknown(inherited())
    if data_dir is not None and not synthetic:
        _refuse_key_inside(Folder(data_dir.absolute()))
    # An existing database server has TLS itself.
    bundled = () if existing_postgres(inherited()) else (SQL_OVER_TLS,)
    names = (*SERVICES, HTTP, PAGES, PAGES_OVER_TLS, *bundled)
    chosen = ports.choose(names, ports_of(data_dir) if data_dir is not None else {})

    def settle(cluster: Cluster) -> None:
        remember(cluster.data_dir, chosen)
        api_keys.ensure(cluster.data_dir, f"https://{ports.HOST}:{chosen[HTTP]}")
        await_ready(cluster, {name: chosen[name] for name in SERVICES}, progress)

    return Cluster.start(
        data_dir,
        detached=detached,
        prepare=[migration()],
        services=commands(chosen, plan),
        synthetic=synthetic,
        clock=clock,
        progress=progress,
        settle=settle,
    )


def _refuse_key_inside(folder: Folder) -> None:
    """Raise `ClusterError` if a first start would store the authority's private key inside the data folder.

    The folder will hold data of persons. A folder that already has an authority passes: `atips status` reports a key
    in it.
    """
    key_file = authority_key(inherited())
    if not folder.ca.exists() and (key_file is None or key_file.resolve().is_relative_to(folder.root.resolve())):
        message = (
            "a person who reads the key of the certificate authority can make a certificate for any name. Set"
            f" {CA_KEY_FILE} to a file outside of {folder.root}, such as one on a stick. The first start makes the key"
            " there. Later ones need it only when a certificate is made. To try with invented data: atips demo"
        )
        raise ClusterError(message)


@contextmanager
def servers(data_dir: Path, progress: Callable[[str], None]) -> Iterator[None]:
    """Run broker and database, without services, for the time of the context.

    Does nothing when the cluster runs, or when the folder never had one. Raises the errors of `Cluster.start`.
    """
    if Cluster.at(data_dir).running or not Folder(data_dir).read_state():
        yield
        return
    with Cluster.start(data_dir, prepare=[migration()], progress=progress):
        yield


def await_ready(cluster: Cluster, admin: Mapping[str, int], progress: Callable[[str], None]) -> None:
    """Wait until every service is ready. Raises `ClusterError` when one fails three times or shows no progress.

    `admin`: admin port of each service. `progress` gets the services that are not ready, with the reasons.
    """
    waiting = dict.fromkeys(admin, "not started")
    watch = _watched(cluster, waiting)
    while waiting:
        told = "; ".join(f"{name} ({why})" for name, why in sorted(waiting.items()))
        progress(f"waiting for {told}")
        _give_up_on_failures(cluster, waiting)
        if not watch.goes_on():
            message = f"not ready, and no sign of progress in {watch.still:.0f} s: {told}; see {cluster.data_dir}/log"
            raise ClusterError(message)
        for name in tuple(waiting):
            found = health(admin[name])
            waiting[name] = "starts" if found.reasons is None else ", ".join(sorted(found.reasons))
            if found.ready:
                del waiting[name]
        if waiting:
            time.sleep(0.05)


def _watched(cluster: Cluster, waiting: Mapping[str, str]) -> StartProgress:
    """Return the watch on signs of progress of starting services: log sizes, processor time, readiness answers."""
    logs = [Folder(cluster.data_dir).log / f"{name}.log" for name in waiting]

    def processes() -> list[int]:
        return [each["pid"] for each in cluster.status()["services"] if each["name"] in waiting and each["pid"]]

    def signs() -> int:
        return hash((*(log.stat().st_size for log in logs if log.exists()), *waiting.items()))

    return StartProgress("services", processes=processes, steps=signs, cpu=BUSY_SECONDS)


def _give_up_on_failures(cluster: Cluster, waiting: Iterable[str]) -> None:
    found = cluster.status()
    if found["stage"] in {"stopping", "stopped"}:  # by `atips down`, or because it was killed
        message = f"it was stopped before it was ready; see {cluster.data_dir}/log"
        raise ClusterError(message)
    restarts = {service["name"]: service["restarts"] for service in found["services"]}
    for name in waiting:
        if restarts.get(name, 0) >= FAILED_STARTS:
            log = Folder(cluster.data_dir).log / f"{name}.log"
            message = f"{name} ends again and again{_why(log)}; see {log}"
            raise ClusterError(message)


def _why(log: Path) -> str:
    """Return the last reason in a service's log for which it halted or failed, as " (REASON)"; empty without one."""
    told = ""
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else ():
        if '"halted"' in line:
            told = f" ({json.loads(line).get('reason', '')})"
        elif '"event": "failed"' in line:  # the folder may be gone with its log
            said = json.loads(line)
            told = f" ({said.get('error', '')}, {said.get('frames', '')})"
    return told
