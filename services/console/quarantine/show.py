"""`atips quarantine show`: print one entry."""

from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography.exceptions import InvalidTag

from infra.local.data_folder import Folder
from infra.local.protected_files import write_new
from services.console import local_cluster
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.output import emit, fail, out
from services.console.quarantine import entry_text
from services.console.quarantine.quarantine_access import Name, Operator, entry_named, quarantine, run_query, seal
from services.intake.domain.quarantine_entries import Entry
from services.intake.quarantine_encryption import Original
from services.intake.store import quarantine_entries as store
from services.intake.store.quarantine_entries import OperatorAct
from services.runtime.clock import SystemClock
from services.runtime.postgres import Connection


def show(
    name: Name,
    *,
    bytes_to: Annotated[
        Path | None,
        typer.Option("--bytes-to", metavar="FILE", help="Write the original bytes into a new file of your own."),
    ] = None,
    key_file: Annotated[
        Path | None,
        typer.Option("--key-file", metavar="FILE", help="intake's key, where it is not in the data folder."),
    ] = None,
    operator: Operator,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Print an entry: why it was refused and where, each attempt, and what operators did.

    Never what was sent: that is encrypted. --bytes-to decrypts it into a file, with intake's key, and is recorded.
    """
    root = local_cluster.running_cluster(data_dir).data_dir
    found, told = run_query(_show(root, name, bytes_to, key_file or Folder(root).quarantine_key, operator))
    if as_json:
        emit(found)
        return
    for field, value in found.items():
        if not isinstance(value, list):
            out().print(f"{field:>14}  {'–' if value in (None, '') else value}", markup=False)
    for mistake in told:
        out().print(f"{'mistake':>14}  {mistake}", markup=False)
    for attempt in found["tries"]:
        out().print(
            f"{'try':>14}  {' · '.join(f'{k} {v}' for k, v in attempt.items() if v not in (None, ''))}", markup=False
        )
    for act in found["acts"]:
        out().print(f"{'act':>14}  {' · '.join(str(v) for v in act.values() if v is not None)}", markup=False)


async def _show(
    root: Path, name: str, bytes_to: Path | None, key_file: Path, operator: str
) -> tuple[dict[str, Any], list[str]]:
    """Return (entry as a dict for JSON, sentences of `entry_text.mistakes`).

    With `bytes_to`, the refused bytes are decrypted into that new file first, and the operator's act is recorded.
    """
    async with quarantine(root) as connection:
        entry = await entry_named(connection, name)
        if bytes_to is not None:
            original = await _opened(connection, entry, key_file)
            await store.note_operator_act(connection, OperatorAct(SystemClock().now(), entry, "opened", operator))
            _write(bytes_to, original.value or b"")
        shown = {
            **entry_text.plain(entry),
            "rule": entry_text.rule(entry.reason),
            "tries": [
                {
                    "n": each["n"],
                    "refused": entry_text.rfc3339(each["accepted_at"]),
                    "reason": each["reason"],
                    "pointer": each["pointer"],
                    "topic": each["inbound_topic"],
                    "partition": each["inbound_partition"],
                    "offset": each["inbound_offset"],
                    "kept": each["kept_in"] is not None,
                }
                for each in await store.attempts(connection, entry.number)
            ],
            "acts": [
                {
                    "at": entry_text.rfc3339(each["at"]),
                    "act": each["act"],
                    "operator": each["operator"],
                    "code": each["code"],
                }
                for each in await store.acts(connection, entry.number)
            ],
        }
        return shown, list(entry_text.mistakes(entry))


async def _opened(connection: Connection, entry: Entry, key_file: Path) -> Original:
    kept = await store.kept_bytes_of(connection, entry)
    if kept is None:
        fail(f"The bytes of entry {entry.number} were not kept: its publisher has to repair it and send it again.")
    opener = seal(key_file)
    try:
        return opener.open(kept.sealed, kept.place, kept.n)
    except InvalidTag:
        fail(f"This key does not open entry {entry.number}: another one closed it, or a lost database had its bytes.")


def _write(path: Path, value: bytes) -> None:
    try:
        write_new(path, value)
    except OSError as error:
        fail(f"{path} cannot be made: {error.strerror}")
