"""The cluster of a data folder, as the commands need it: its services, where they say how they are, whether it runs."""

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from infra.local import doors, existing, ports
from infra.local.cluster import Cluster, ClusterError
from infra.local.command import Command
from infra.local.folder import Folder
from infra.local.settings import inherited
from infra.local.start_progress import StartProgress
from services.console import keys, service_settings
from services.console.options import in_folder
from services.console.say import fail
from services.console.service_settings import SERVICES
from services.runtime.clock import clock

# Services that wait for something use some processor time too: less than one percent of it each.
BUSY_SECONDS: Final = 5.0
# A service that ends this often before it was ever ready will not be.
FAILED_STARTS: Final = 3

HTTP: Final = "intake.http"
"""Intake's door over HTTPS, among the ports."""
PAGES: Final = "web.http"
"""The pages in the clear, among the ports."""
PAGES_OVER_TLS: Final = "web.https"
"""The pages and their data over HTTPS, among the ports."""
ON_KAFKA: Final = frozenset(SERVICES) - {"web"}

_PORTS: Final = "admin.json"

# The beginning of a trace's last line; what follows may be somebody's.
_ERROR: Final = re.compile(rb"[A-Za-z_][A-Za-z0-9_.]*(Error|Exception|Interrupt)(?=:|$)")


@dataclass(frozen=True, slots=True)
class Health:
    """A service's health: ready, or the reasons against it. No reasons (None) means that it does not answer."""

    ready: bool
    reasons: Mapping[str, str] | None


def migration() -> Command:
    """Give the step that brings the services' tables to their newest form."""
    argv = (sys.executable, "-m", "services.runtime.migrate", *SERVICES)
    return Command("migrate", argv, role="migrator", settings=service_settings.taken_by_migration(inherited()))


def commands(chosen: Mapping[str, int]) -> tuple[Command, ...]:
    """Give the services of this project as processes, each with its own principal, role and ports."""
    doors = {
        "intake": {"ATIPS_HTTP_PORT": str(chosen[HTTP])},
        # In the clear, on the loopback address alone: a browser would warn about a certificate of an authority of ours.
        # Offices use the second port, over HTTPS.
        "web": {
            "ATIPS_WEB_PORT": str(chosen[PAGES]),
            "ATIPS_WEB_TLS_PORT": str(chosen[PAGES_OVER_TLS]),
            "ATIPS_WEB_SERVICES": ",".join(f"{name}:{chosen[name]}" for name in SERVICES),
        },
    }
    return tuple(
        Command(
            name,
            (sys.executable, "-m", f"services.{name}"),
            principal=name if name in ON_KAFKA else None,
            role=name,
            environment={"ATIPS_ADMIN_PORT": str(chosen[name])} | doors.get(name, {}),
            settings=service_settings.taken(name, inherited()),
        )
        for name in SERVICES
    )


def start(
    data_dir: Path | None,
    *,
    detached: bool,
    synthetic: bool = False,
    clock: str = "",
    progress: Callable[[str], None],
) -> Cluster:
    """Bring up broker, database and services and return when all services are ready; else nothing stays.

    Detached, the cluster outlives us, once it is ready. Raises what `Cluster.start` does. Leaves with 2 for a setting
    that no service has.
    """
    service_settings.refuse_unknown(inherited())
    chosen = ports.choose(
        (*SERVICES, HTTP, PAGES, PAGES_OVER_TLS), _remembered(data_dir) if data_dir is not None else {}
    )

    def settle(cluster: Cluster) -> None:
        remember(cluster.data_dir, chosen)
        keys.ensure(cluster.data_dir, f"https://{ports.HOST}:{chosen[HTTP]}")
        await_ready(cluster, {name: chosen[name] for name in SERVICES}, progress)

    return Cluster.start(
        data_dir,
        detached=detached,
        prepare=[migration()],
        services=commands(chosen),
        synthetic=synthetic,
        clock=clock,
        progress=progress,
        settle=settle,
    )


@contextmanager
def servers(data_dir: Path, progress: Callable[[str], None]) -> Iterator[None]:
    """Have broker and database run, without any service, where the folder had a cluster that does not run now.

    Raises what `Cluster.start` does.
    """
    if Cluster.at(data_dir).running or not Folder(data_dir).read_state():
        yield
        return
    with Cluster.start(data_dir, prepare=[migration()], progress=progress):
        yield


def admin_ports(data_dir: Path) -> dict[str, int]:
    """Give the ports at which the services of this folder say how they are, or said so when they last ran."""
    found = _remembered(data_dir)
    return {name: found[name] for name in SERVICES if name in found}


def http_address(data_dir: Path) -> str | None:
    """Give the address of intake's door over HTTPS; None before it ever had one."""
    if (elsewhere := doors.read(data_dir)) is not None:
        return elsewhere.intake
    port = _remembered(data_dir).get(HTTP)
    return None if port is None else f"https://{ports.HOST}:{port}"


def pages(data_dir: Path) -> str | None:
    """Give the address of the pages; None before they were ever served."""
    port = _remembered(data_dir).get(PAGES)
    return None if port is None else f"http://{ports.HOST}:{port}"


def pages_over_tls(data_dir: Path) -> str | None:
    """Give the address of the pages over HTTPS; None before they were ever served so."""
    if (elsewhere := doors.read(data_dir)) is not None:
        return elsewhere.pages
    port = _remembered(data_dir).get(PAGES_OVER_TLS)
    return None if port is None else f"https://{ports.HOST}:{port}"


def ports_of(data_dir: Path) -> Mapping[str, int]:
    """Give the ports of the services when they last ran; none before."""
    return _remembered(data_dir)


def remember(data_dir: Path, chosen: Mapping[str, int]) -> None:
    """Write down the ports of the services, so that the next start takes them again where they are free."""
    (data_dir / _PORTS).write_text(json.dumps(dict(chosen)) + "\n", encoding="utf-8")


def _remembered(data_dir: Path) -> dict[str, int]:
    try:
        found: dict[str, int] = json.loads((data_dir / _PORTS).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):  # never written, or the machine stopped before it was on disk
        return {}
    return found


def await_ready(cluster: Cluster, admin: Mapping[str, int], progress: Callable[[str], None]) -> None:
    """Wait until every service is ready. Raises `ClusterError` for one that will not be."""
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
    """Give what services show of their progress while they start: their logs, their processor time, their answers."""
    logs = [Folder(cluster.data_dir).log / f"{name}.log" for name in waiting]

    def processes() -> list[int]:
        return [each["pid"] for each in cluster.status()["services"] if each["name"] in waiting and each["pid"]]

    def signs() -> int:
        return hash((*(log.stat().st_size for log in logs if log.exists()), *waiting.items()))

    return StartProgress("services", processes=processes, steps=signs, cpu=BUSY_SECONDS)


def _give_up_on_failures(cluster: Cluster, waiting: Iterable[str]) -> None:
    found = cluster.status()
    if found["stage"] in {"stopping", "stopped"}:  # by somebody's `down`, or killed
        message = f"it was stopped before it was ready; see {cluster.data_dir}/log"
        raise ClusterError(message)
    restarts = {service["name"]: service["restarts"] for service in found["services"]}
    for name in waiting:
        if restarts.get(name, 0) >= FAILED_STARTS:
            log = Folder(cluster.data_dir).log / f"{name}.log"
            message = f"{name} ends again and again{_why(log)}; see {log}"
            raise ClusterError(message)


def _why(log: Path) -> str:
    """Give the reason with which a service last stopped itself, or where it failed, if it told one."""
    told = ""
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else ():
        if '"halted"' in line:
            told = f" ({json.loads(line).get('reason', '')})"
        elif '"event": "failed"' in line:  # the folder may be gone with its log
            said = json.loads(line)
            told = f" ({said.get('error', '')}, {said.get('frames', '')})"
    return told


def told_at_last(log: bytes) -> str:
    """Give why a process of ours ended, by all that it wrote: its reason, or the kind of an error and no text of it."""
    last = log.splitlines()[-1] if log.strip() else b""
    try:
        said = json.loads(last)
    except ValueError:
        kind = _ERROR.match(last)
        return kind[0].decode() if kind else "it did not say why"
    return str(said.get("reason", said.get("error"))) if isinstance(said, dict) else "it did not say why"


def health(port: int) -> Health:
    """Ask a service at its admin port."""
    try:
        answer = json.loads(_asked(port, "/readyz"))
    except (OSError, HTTPException, ValueError):
        return Health(ready=False, reasons=None)
    return Health(ready=bool(answer["ready"]), reasons=answer["reasons"])


def sweeps(port: int) -> float:
    """Give how many sweeps of a service found nothing due unsaid. Raises OSError, HTTPException without an answer."""
    families = text_string_to_metric_families(_asked(port, "/metrics").decode("utf-8"))
    return sum(sample.value for each in families for sample in each.samples if sample.name == "atips_sweeps_total")


def _asked(port: int, path: str) -> bytes:
    connection = HTTPConnection(ports.HOST, port, timeout=3)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


def now(data_dir: Path) -> datetime:
    """Give the time in a data folder: one of invented data may live on a clock of its own."""
    file = Folder(data_dir).clock
    return clock(file if file.exists() else None).now()


def running(data_dir: Path) -> Cluster:
    """Give the folder's cluster, or leave with a word about how to start one.

    The services of a provisioned folder run elsewhere: commands reach its servers all the same.
    """
    cluster = Cluster.at(data_dir)
    if not cluster.running and not existing.is_provisioned(data_dir):
        fail(f"No cluster runs in {data_dir}. Start one: atips up {in_folder(data_dir)}")
    return cluster
