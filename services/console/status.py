"""`atips status`: state, readiness and lag of the cluster's processes, with open refusals and dangers."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from infra.local import connection_settings, unencrypted_swap
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.local.pki import AUTHORITY
from schemas.codebook.governance import FindingSeverity
from schemas.times import BELIZE
from services.case_tracker import queries as tracked
from services.console import local_cluster, parallel_questions, service_health
from services.console.database import connected
from services.console.lag import lags_of
from services.console.options import DEFAULT, AsJson, DataDir, in_folder
from services.console.output import emit, fail, out
from services.console.quarantine import entry_text
from services.console.quarantine.quarantine_access import quarantine
from services.console.service_health import Health
from services.intake.store import quarantine_entries
from services.presentation.bilingual_text import pluralize
from services.referral import queries as referred
from services.runtime.errors import Retryable

_SILENT: Final = Health(ready=False, reasons=None)
_NO_ANSWER: Final[Mapping[str, str]] = {"admin port": "no answer"}
_LOOK_AGAIN: Final = "This can pass by itself: look again in a minute."
_KEY_HERE: Final = (
    "whoever reads it can make a certificate for any name. Start once with ATIPS_CA_KEY_FILE set to a file outside of"
    " the data folder, such as one on a stick"
)
_SWAPPED: Final = "what it takes of the memory of these processes stays on the disk; end it, or encrypt it"
_LAGS, _QUARANTINE, _DANGERS = "lags", "quarantine", "dangers"


def status(data_dir: DataDir = DEFAULT, as_json: AsJson = False) -> None:
    """Look at the cluster of a data folder; exits with 1 unless everything runs and is ready."""
    cluster = Cluster.at(data_dir)
    found = gather(cluster)
    if found["kafka"] is None:
        fail(f"No cluster was ever started in {data_dir}. Start one: atips up {in_folder(data_dir)}")
    if as_json:
        emit(found)
    else:
        _show(found, local_cluster.now(cluster.data_dir))
        _show_dangers(found["dangers"] or ())
    if worst(found) != "ready":
        raise typer.Exit(1)


def gather(cluster: Cluster) -> dict[str, Any]:
    """Return `Cluster.status` with each service's readiness and lag, open refusals, dangers and addresses added.

    A part that does not answer in time is not ready, and its numbers are None.
    """
    found = cluster.status()
    admin = local_cluster.admin_ports(cluster.data_dir)
    running = [each["name"] for each in found["services"] if each["state"] == "running" and each["name"] in admin]
    questions: dict[str, Callable[[], Any]] = {name: partial(service_health.health, admin[name]) for name in running}
    if found["stage"] == "ready":
        questions |= {
            _LAGS: partial(lags_of, cluster),
            _QUARANTINE: partial(_quarantine, cluster.data_dir),
            _DANGERS: partial(_dangers, cluster.data_dir),
        }
    answers = parallel_questions.ask(questions)
    lags = answers.get(_LAGS) or {}
    for service in found["services"]:
        service["lag"] = lags.get(service["name"])
        service["reasons"] = {}
        if service["name"] in running:
            answered: Health = answers.get(service["name"], _SILENT)
            if not answered.ready:
                service["state"] = "not ready"
                service["reasons"] = dict(answered.reasons or _NO_ANSWER)
    found["quarantine"] = answers.get(_QUARANTINE)
    found["dangers"] = answers.get(_DANGERS)
    found["swap_in_clear"] = (
        [] if Folder(cluster.data_dir).synthetic.exists() else unencrypted_swap.unencrypted_swap_areas()
    )
    found["authority_key"] = _authority_key(Folder(cluster.data_dir))
    found["http"] = {"intake": _http(cluster), "web": _pages(cluster)}
    if found["postgres"] is not None:
        found["postgres"]["tls"] = local_cluster.sql_over_tls(cluster.data_dir)
    return found


def _authority_key(folder: Folder) -> str | None:
    """Return the file of the authority's private key if it is in the data folder; None for invented data."""
    key = folder.key(AUTHORITY)
    return str(key) if key.exists() and not folder.synthetic.exists() else None


def worst(found: Mapping[str, Any]) -> str:
    """Return the state of the cluster as text: its stage, "ready", or "NOT READY" with all parts that are not."""
    if found["stage"] != "ready":
        return str(found["stage"])
    parts = [f"{each['name']} is {each['state']}" for each in found["services"] if each["state"] != "running"]
    if found["quarantine"] is None or found["dangers"] is None:
        parts.append("the database does not answer")
    if found["services"] and all(each["lag"] is None for each in found["services"]):
        parts.append("Kafka does not answer")
    return f"NOT READY: {', '.join(parts)}" if parts else "ready"


def can_pass(found: Mapping[str, Any]) -> bool:
    """Whether the only fault is that parts did not answer in time, which can pass on a busy machine."""
    silent = [each for each in found["services"] if each["reasons"] == _NO_ANSWER]
    wrong = [each for each in found["services"] if each["state"] != "running" and each not in silent]
    return found["stage"] == "ready" and worst(found) != "ready" and not wrong


def _quarantine(data_dir: Path) -> dict[str, Any] | None:
    """Return open (number of entries), not_delivered and full (agencies); None if the database does not answer."""

    async def ask() -> dict[str, Any]:
        async with quarantine(data_dir) as connection:
            lost = await quarantine_entries.not_delivered(connection)
            return {
                "open": await quarantine_entries.open_entries(connection),
                "not_delivered": [entry_text.plain(entry) for entry in lost],
                "full": [
                    {"agency": each.agency, "bytes": each.bytes, "not_kept": each.not_kept}
                    for each in await quarantine_entries.agencies_with_full_quarantine(connection)
                ],
            }

    try:
        return asyncio.run(ask())
    except Retryable:
        return None


def _danger(found: tracked.FindingRow | referred.DangerRow) -> dict[str, Any]:
    return {"finding": found.finding, "code": found.code, "case": found.case_id, "since": found.opened_at.isoformat()}


def _dangers(data_dir: Path) -> list[dict[str, Any]] | None:
    """Return the open critical findings of cases and persons; None if the database does not answer."""

    async def ask() -> list[dict[str, Any]]:
        async with connected(Folder(data_dir), "officer", "case_tracker") as connection:
            found = [each for each in await tracked.findings(connection) if each.severity == FindingSeverity.CRITICAL]
        async with connected(Folder(data_dir), "officer", "referral") as connection:
            of_persons = await referred.read_dangers(connection)
        return [_danger(each) for each in found if each.closed_at is None] + [
            _danger(each) for each in of_persons if each.closed_at is None
        ]

    try:
        return asyncio.run(ask())
    except Retryable:
        return None


def _http(cluster: Cluster) -> dict[str, Any] | None:
    """Return intake's HTTPS address, the file of its authority, and each agency's API key and curl files, as paths."""
    address = local_cluster.http_address(cluster.data_dir)
    if address is None:
        return None
    folder = Folder(cluster.data_dir)
    return {
        "address": address,
        "ca": str(folder.ca),
        "agencies": {
            agency: {"key_file": str(folder.api_key(agency)), "curl": str(folder.curl(agency))}
            for agency in connection_settings.deployment(cluster.data_dir).agencies
        },
    }


def _pages(cluster: Cluster) -> dict[str, Any] | None:
    """Return the pages' HTTPS address, the file of their authority, and their plain HTTP address on this machine."""
    over_tls = local_cluster.pages_over_tls(cluster.data_dir)
    if over_tls is None:
        return None
    return {"address": over_tls, "ca": str(Folder(cluster.data_dir).ca), "here": local_cluster.pages(cluster.data_dir)}


def _show(found: dict[str, Any], now: datetime) -> None:
    console = out()
    how = worst(found)
    console.print(how, style=None if how == "ready" else "bold red", markup=False)
    if can_pass(found):
        console.print(_LOOK_AGAIN, markup=False)
    console.print(
        f"{now.astimezone(BELIZE):%Y-%m-%d %H:%M} in Belize; Kafka at {found['kafka']['bootstrap']}", markup=False
    )
    table = Table("name", "pid", "state", "lag", "restarts")
    for service in found["services"]:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in service["reasons"].items())
        state = f"{service['state']} ({reasons})" if reasons else service["state"]
        cells = (service["pid"], state, service["lag"], service["restarts"])
        table.add_row(service["name"], *("–" if cell is None else escape(str(cell)) for cell in cells))
    console.print(table)
    for area in found["swap_in_clear"]:
        console.print(f"SWAP IN CLEAR  {area}: {_SWAPPED}", style="bold red", markup=False)
    if found["authority_key"] is not None:
        console.print(f"CA KEY HERE  {found['authority_key']}: {_KEY_HERE}", style="bold red", markup=False)
    if found["quarantine"] is not None:
        console.print(f"Open refusals: {found['quarantine']['open']}. See: atips quarantine list", markup=False)
    for each in (found["quarantine"] or {}).get("full", ()):
        console.print(
            f"QUARANTINE FULL  {each['agency']}: the bytes of {pluralize(each['not_kept'], 'refusal')} were not kept"
            " and must be sent again; repair or close entries to make room: atips quarantine list --agency"
            f" {each['agency']}",
            style="bold red",
            markup=False,
        )
    for entry in (found["quarantine"] or {}).get("not_delivered", ()):
        console.print(
            f"NOT DELIVERED  {entry['agency']}: {entry['type'] or 'unreadable'},"
            f" refused {_local(entry['refused_last'])}, {entry['reason']} at {entry['pointer'] or 'the whole'}:"
            f" atips quarantine show {entry['entry']}",
            style="bold red",
            markup=False,
        )


def _show_dangers(dangers: Sequence[dict[str, Any]]) -> None:
    for each in dangers:
        where = "atips findings" if each["case"] is None else f"atips case {each['case']} --purpose protection"
        line = f"DANGER  {each['code']}, since {_local(each['since'])}: {where}"
        out().print(line, style="bold red", markup=False)


def _local(time: str) -> str:
    """Return an ISO time as date and minute in Belize."""
    return f"{datetime.fromisoformat(time).astimezone(BELIZE):%Y-%m-%d %H:%M}"


def register(app: typer.Typer) -> None:
    """Add the command `status` to the app."""
    app.command()(status)
