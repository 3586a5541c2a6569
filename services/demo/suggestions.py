"""Suggestions for users while the demo runs: files with further invented events, and commands to copy."""

import json
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.local import connection_settings
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from schemas.ids import Kind
from services.console.options import in_folder
from services.demo.amendment_entry_builders import entry_of
from services.demo.changes_after_report import CHANGES_KNOWN_AT, REPORT_KNOWN_AT
from services.demo.invented_year import history
from services.demo.page_links_and_check import OFFICER
from services.demo.register_entries import AgencyRegisters, RegisterEntry, day, instant
from services.presentation.report_2024_numbers import YEAR
from services.sheet.column import columns_of
from services.sheet.file_writing import to_csv
from services.sheet.table import TYPE_ROW

# Another seed than the history's, and constant: a file that is published twice gives duplicates, not new facts.
SEED: Final = 2025


SHEET: Final = "inspections"
"""Name of the sheet's file, without its ending."""

_SHEET_OF: Final = "labour.inspection_completed"
_RECORDED: Final = {"recorded": "17/12/2024"}
_ROWS: Final[Sequence[Mapping[str, str]]] = (
    {"own_number": "D/1", "occurred": "16/12/2024", "own_inspection": "1", "district": "Cayo", **_RECORDED},
    {"own_number": "D/2", "occurred": "16/12/2024", "own_inspection": "2", "district": "Belmopan", **_RECORDED},
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion: its purpose, and its commands in their order."""

    why: str
    commands: Sequence[str]


def events(seed: int = SEED) -> dict[str, RegisterEntry]:
    """Return the entries of the event files: `arrest`, `session` (a training session), and `broken` (invalid).

    Keys are file names without ending.
    """
    book = AgencyRegisters(seed, series="C")
    person, case, session = book.id(Kind.PERSON), book.id(Kind.CASE), book.id(Kind.ACTIVITY)
    arrest: dict[str, Any] = {
        "person": person,
        "case": case,
        "arrest": book.id(Kind.ARREST),
        "suspected_offence": "tip_labour",
        "on_warrant": "no",
    }
    training: dict[str, Any] = {
        "session": session,
        "district": "cayo",
        "topic": "ht101",
        "audience": "teachers",
        "participants_n": 12,
        "organisers": ["council"],
        "programmes": ["iec_plan"],
    }
    when = day("2024-12-12")
    return {
        "arrest": book.write("bpd", "arrest.made", instant("2024-12-12T08:15"), arrest, subject=person),
        "session": book.write("council", "training.session_delivered", when, training, subject=session),
        "broken": book.write("bpd", "arrest.made", when, {**arrest, "on_warrant": "maybe"}, subject=person),
    }


def write(cluster: Cluster) -> dict[str, Path]:
    """Write the events (JSON Lines) and the sheet (CSV) to the folder `try` of the data folder.

    Returns the paths by file name without ending: `arrest`, `session`, `broken` and `SHEET`.
    """
    folder = cluster.data_dir / "try"
    folder.mkdir(exist_ok=True)
    files: dict[str, Path] = {}
    for name, entry in events().items():
        files[name] = folder / f"{name}.jsonl"
        files[name].write_text(json.dumps(entry.event) + "\n", encoding="utf-8")
    files[SHEET] = folder / f"{SHEET}.csv"
    files[SHEET].write_bytes(sheet())
    return files


def sheet() -> bytes:
    """Return a filled-in sheet as CSV bytes: a valid inspection, and one with a town in the column of the district."""
    columns = columns_of(f"bz.atips.{_SHEET_OF}.v1")
    rows = [{**dict.fromkeys(columns, ""), **row} for row in _ROWS]
    return to_csv([tuple(columns), (TYPE_ROW, _SHEET_OF), *(tuple(row.values()) for row in rows)])


def steps(cluster: Cluster, files: dict[str, Path]) -> Iterator[Suggestion]:
    """Yield the suggestions, with this cluster's paths and addresses. `files`: as `write` returns them."""
    atips, data_dir = _atips(), in_folder(cluster.data_dir)
    named = {name: _typed(file) for name, file in files.items()}
    token = files["arrest"].with_name("officer.token")
    yield Suggestion(
        "Publish one more arrest as the police: O9 moves. Publish it again: it stays.",
        (
            f"{atips} publish {named['arrest']} --agency bpd {data_dir}",
            f"{atips} figures --period {YEAR} --number O9 {data_dir}",
        ),
    )
    yield Suggestion(
        "See what changed since the report, with the events that changed it; and the figures as they were known then.",
        (
            f"{atips} diff --period {YEAR} --known-at {REPORT_KNOWN_AT} --known-at {CHANGES_KNOWN_AT[:10]} {data_dir}",
            f"{atips} figures --period {YEAR} --known-at {REPORT_KNOWN_AT} {data_dir}",
        ),
    )
    yield Suggestion(
        "See the events behind a figure: who said so, when it happened and was known, and the corrections on the way.",
        (f"{atips} why O9 --period {YEAR} {data_dir}",),
    )
    yield Suggestion(
        "See who reported what in which month, said that there was nothing, or is silent; and what contradicts what.",
        (f"{atips} grid --period {YEAR} {data_dir}", f"{atips} findings --period {YEAR} {data_dir}"),
    )
    yield Suggestion(
        "See where a case stands, and what in it endangers somebody or cannot be right, as a police officer. The look "
        "is on the log.",
        (
            f"{atips} users token {OFFICER.name} --days 1 --cases --to {_typed(token)} {data_dir}",
            f"{atips} case {_case()} --purpose investigation --token-file {_typed(token)} {data_dir}",
        ),
    )
    yield Suggestion(
        "Rebuild everything from the topics beside what is served, and compare: any copy or number amiss is named.",
        (f"{atips} replay --compare {data_dir}",),
    )
    yield Suggestion(
        "Work as an office with a spreadsheet: an empty sheet that explains itself, and one that is filled in. Its "
        "wrong cell is named before anything is sent; then O27a moves by the row that is right.",
        (
            f"{atips} template {_SHEET_OF} --out {_typed(files[SHEET].with_name('empty.csv'))}",
            f"{atips} publish {named[SHEET]} --agency labour --dry-run {data_dir}",
            f"{atips} publish {named[SHEET]} --agency labour {data_dir}",
            f"{atips} figures --period {YEAR} --number O27a {data_dir}",
        ),
    )
    yield Suggestion(
        "Publish a training session with a program that is not ours: M1 and M2 move.",
        (_not_ours(cluster, "council", files["session"]), f"{atips} figures --period {YEAR} --number M2 {data_dir}"),
    )
    yield Suggestion(
        "Publish a broken event: the answer names the place and the rule, never the value.",
        (f"{atips} publish {named['broken']} --agency bpd {data_dir}",),
    )


def _case() -> str:
    """Return the id of the case in which the day of an adjourned hearing passed without an event."""
    return str(entry_of(history(), "court.adjourned", "2024-06-18").event["data"]["case"])


def _not_ours(cluster: Cluster, agency: str, file: Path) -> str:
    """Return the command that publishes a file with kcat if that is installed, else with Kafka's console producer."""
    clients = Folder(cluster.data_dir).clients / agency
    topic = connection_settings.deployment(cluster.data_dir).inbound(agency)
    if shutil.which("kcat"):
        return f"kcat -F {_typed(clients / 'kcat.conf')} -P -t {topic} < {_typed(file)}"
    bootstrap = cluster.status()["kafka"]["bootstrap"]
    return (
        f"{_typed(sys.executable)} -m infra.local.kafka_tools console-producer --bootstrap-server {bootstrap}"
        f" --command-config {_typed(clients / 'client.properties')} --topic {topic} < {_typed(file)}"
    )


def _atips() -> str:
    """Return the command `atips` as it was called, so that it works in the user's shell and folder."""
    called = Path(sys.argv[0])
    return _typed(called) if called.name == "atips" else f"{_typed(sys.executable)} -m services.console"


def _typed(path: Path | str) -> str:
    """Quote a path for a shell."""
    return shlex.quote(str(path))
