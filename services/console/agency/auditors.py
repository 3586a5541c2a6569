"""`atips agency add --auditor` and `revoke --auditor`: the auditor reads the log with a Kafka consumer of their own."""

import json
from pathlib import Path

from infra.local import connection_settings, kafka_auditor
from infra.local.protected_files import write_new
from services.console.agency import connection_files
from services.console.output import emit, fail_wrong_usage, out


def add(root: Path, to: Path | None, *, as_json: bool) -> None:
    """Create new credentials of the auditor and write them into the new file `to`. Earlier credentials end.

    Exits with 2 without `to`, and with 1 if the file exists or cannot be written.
    """
    if to is None:
        fail_wrong_usage("--auditor goes with --to FILE: the password is written there, and not kept here.")
    connection_files.try_out(to)
    topics = sorted(connection_settings.started(root).logs)
    said = {"version": 1, "kafka": {"config": kafka_auditor.admit(root), "topics": topics}}
    write_new(to, (json.dumps(said, indent=1) + "\n").encode())
    if as_json:
        emit({"principal": kafka_auditor.PRINCIPAL, "topics": topics, "connection": str(to)})
    else:
        out().print(f"{to} lets an auditor read {', '.join(topics)}, and do nothing else.", markup=False)


def revoke(root: Path, *, as_json: bool) -> None:
    """End the auditor's credentials and rights on the broker."""
    kafka_auditor.dismiss(root)
    if as_json:
        emit({"revoked": [kafka_auditor.PRINCIPAL]})
    else:
        out().print("The auditor's file opens nothing any more.", markup=False)
