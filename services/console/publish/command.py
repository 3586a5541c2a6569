"""`atips publish`: its options, the choice of Kafka or HTTPS, and its output."""

import heapq
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, assert_never

import typer
from rich.progress import Progress

from infra.local.data_folder import Folder
from infra.local.protected_files import secret, write_new
from schemas.codebook.correction import CorrectionReason
from schemas.own_number_ids import KEY_BYTES
from services.console import send_as_agency
from services.console.agency_connection import AgencyName, Office, connected, must_publish, office
from services.console.event_type_names import no_such_type
from services.console.new_output_file import new_file
from services.console.options import DEFAULT, LONGEST, AsJson, DataDir, language_code_of
from services.console.output import emit, err, fail, fail_wrong_usage, out
from services.console.publish import kafka_publishing, stored_intake_ids
from services.console.publish.file_lines_and_verdicts import LineBatch, SystemEvents
from services.console.publish.hints import hints
from services.console.verdict_text import text
from services.intake.systems_file import SystemsFile
from services.presentation.bilingual_text import Language, Words
from services.presentation.receipt_texts import status_text
from services.sheet import dry_run_judgement, json_lines, table
from services.sheet.cell_errors import Lang
from services.sheet.column import type_named
from services.sheet.doubtful_days import questions
from services.sheet.file_reading import NoTypeError, UnreadableSheetError
from services.sheet.file_size_limits import FILE_BYTES
from services.sheet.http_post import NotReachedError
from services.sheet.ids_from_intake import entries_of, with_ids_from_intake
from services.sheet.own_number_ids import OwnNumbers, RegisterEntry
from services.sheet.published_rows import PublishedRowsFile
from services.sheet.retracted_records import lines_without_record
from services.sheet.sheet_publishing import Correcting, Sheet
from services.sheet.verdict import GOOD, Verdict

# A progress bar appears after this time.
PATIENCE_SECONDS: Final = 2.0

_OLD: Final = (".xls", ".xlsb", ".ods")

_NOTHING: Final = Words("nothing to publish", "nada que publicar")
_DRY: Final = Words(
    " (dry run: nothing was sent; what intake accepted before is not known)",
    " (ensayo: no se envió nada; no se sabe qué se había aceptado antes)",
)


class IntakeTransport(StrEnum):
    """Ways to publish to intake: over Kafka or over HTTPS."""

    KAFKA = "kafka"
    HTTP = "http"


def publish(
    file: Annotated[
        typer.FileBinaryRead,
        typer.Argument(
            metavar="FILE", help="JSON Lines, or one event; - for standard input. A sheet: .csv, .tsv or .xlsx."
        ),
    ],
    *,
    agency: AgencyName = "",
    via: Annotated[
        IntakeTransport | None,
        typer.Option(help="Through which door; without it http where this PC is connected, else kafka."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge here, by intake's rules; send nothing.")] = False,
    event_type: Annotated[
        str, typer.Option("--type", metavar="TYPE", help="What a sheet's rows are, where it does not say so itself.")
    ] = "",
    correct: Annotated[
        bool, typer.Option("--correct", help="Publish changed rows of a sheet in place of what was published.")
    ] = False,
    reason: Annotated[
        CorrectionReason,
        typer.Option(metavar="CODE", help="Why, for corrections whose rows do not say: atips codes correction_reason."),
    ] = CorrectionReason.OTHER,
    errors_to: Annotated[
        Path | None,
        typer.Option("--errors-to", metavar="FILE", help="Write the sheet here, a new file, with its errors beside."),
    ] = None,
    lang: Annotated[
        Language | None,
        typer.Option("--lang", help="Language of the texts. Without it: English, and texts about cells in both."),
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=0.1, max=LONGEST, metavar="SECONDS", help="Give up when no receipt came for so long.")
    ] = 30.0,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Publish events, one CloudEvent in JSON per line (or one in the whole file), and print a verdict for each.

    Of a sheet each row is an event (an empty one: atips template). Its id follows from the agency, the type and the
    row's own number, so the same sheet again counts once. A row that was changed is shown, and sent with --correct.

    Exits with 1 unless all are accepted (now or before); what is unconfirmed can be published again, it counts once.
    """
    name = str(getattr(file, "name", ""))  # standard input may have none
    if name.lower().endswith(_OLD):
        fail_wrong_usage(
            f"{name} is a {name.rpartition('.')[2]} workbook, which is not read. Save it as .xlsx or .csv."
        )
    opened = _opened(name, file.read(FILE_BYTES + 1), event_type) if table.is_sheet(name) else None
    if opened is None and (event_type or correct or errors_to is not None):
        fail_wrong_usage("--type, --correct and --errors-to are for sheets: .csv, .tsv, .xlsx.")
    at = _at(data_dir, agency, dry_run=dry_run)
    agency = at.agency
    via = via or (IntakeTransport.HTTP if at.connection else IntakeTransport.KAFKA)
    _try_out(errors_to)
    sheet = None
    if opened is not None:
        sheet = _sheet(at, opened, Correcting(asked=correct, reason=reason), None if dry_run else timeout)
    batch = sheet or SystemEvents(json_lines.read(file.read()))
    said = _rehearsed(at, batch) if dry_run else _sent(at, batch, via, timeout)
    try:
        counts, reasons = _show(batch, said, language_code_of(lang), as_json=as_json)
    except NotReachedError as error:
        fail(
            f"{agency} does not reach {'Kafka' if via is IntakeTransport.KAFKA else 'intake'}: {error}.{_look(at)}"
            " Then publish the same again: what was accepted counts once."
        )
    if not as_json:
        said_in = lang or Language.EN
        told = ", ".join(f"{count} {status_text(status, said_in)}" for status, count in counts.items())
        out().print(f"{told or _NOTHING.of(said_in)}{_DRY.of(said_in) if dry_run else ''}", markup=False)
        for hint in hints(reasons, of_sheet=sheet is not None):
            err().print(hint.of(said_in), markup=False)
    if sheet is not None and errors_to is not None:
        with new_file(errors_to, "--errors-to"):
            write_new(errors_to, sheet.given_back(language_code_of(lang)))
    if set(counts) - GOOD:
        raise typer.Exit(1)


def _sheet(at: Office, opened: table.Table, correcting: Correcting, timeout: float | None) -> Sheet:
    """Return the rows of a table as the agency publishes them. `timeout`: None for a dry run, which asks nobody."""
    folder = Folder(at.root)
    own = stored_intake_ids.read(folder, OwnNumbers(at.agency, _key(folder, at.agency, dry_run=timeout is None)))
    if timeout is not None and (entries := entries_of(opened)):
        own = _identified(at, own, entries, timeout)
    sheet = Sheet(opened, own, PublishedRowsFile(folder.sent(at.agency)), correcting)
    if timeout is not None and (targets := sheet.targets):
        sheet.refuse_targets(_without_record(at, targets, timeout))
    return sheet


def _opened(name: str, content: bytes, event_type: str) -> table.Table:
    named = type_named(event_type) if event_type else None
    if event_type and named is None:
        fail_wrong_usage(f"--type: {no_such_type(event_type)}")
    try:
        return table.read_table(name, content, named)
    except NoTypeError as error:
        fail_wrong_usage(f"{name}: {error}, or give it with --type")
    except UnreadableSheetError as error:
        fail_wrong_usage(f"{name}: {error}")


def _key(folder: Folder, agency: str, *, dry_run: bool) -> bytes:
    """Return the agency's secret for ids of own numbers; a missing secret is created and stored.

    A dry run stores nothing: without a stored secret it uses zeros.
    """
    path = folder.own_numbers_key(agency)
    if dry_run and not path.exists():
        return bytes(KEY_BYTES)
    return bytes.fromhex(secret(path, entropy=KEY_BYTES))


def _identified(at: Office, own: OwnNumbers, entries: Sequence[RegisterEntry], timeout: float) -> OwnNumbers:
    """Ask intake over HTTPS for the ids of a sheet's own numbers, and store them. Exits with 1 without an answer.

    Ids that are derived here only could differ from those that intake gave another system of the agency.
    """
    try:
        with send_as_agency.open_intake_client(at.root, at.agency) as door:
            found = with_ids_from_intake(door, own, entries, timeout=timeout)
    except NotReachedError as error:
        fail(
            f"Nothing was sent: the ids of own numbers come from intake, and {at.agency} does not reach it:"
            f" {error}.{_look(at)} Then publish the same again."
        )
    stored_intake_ids.keep(Folder(at.root), found)
    return found


def _without_record(at: Office, targets: Mapping[int, str], timeout: float) -> frozenset[int]:
    """Ask intake over HTTPS which records that rows take back it does not have. Exits with 1 without an answer."""
    try:
        with send_as_agency.open_intake_client(at.root, at.agency) as door:
            return lines_without_record(door, targets, timeout=timeout)
    except NotReachedError as error:
        fail(
            f"Nothing was sent: rows take records back, and {at.agency} does not reach intake, which knows these:"
            f" {error}.{_look(at)} Then publish the same again."
        )


def _look(at: Office) -> str:
    return "" if at.connection else " Look how the cluster is: atips status."


def _at(data_dir: Path, agency: str, *, dry_run: bool) -> Office:
    """Return the place to publish from. A dry run needs no running cluster."""
    if not dry_run or connected(data_dir) is not None:
        return office(data_dir, agency)
    must_publish(agency)
    return Office(data_dir, agency)


def _rehearsed(at: Office, batch: LineBatch) -> Iterator[Verdict]:
    try:
        systems = SystemsFile(Folder(at.root).systems)()
    except ValueError as error:
        fail(
            f"The list of systems cannot be read: {error}. Nothing was judged. Correct the file: "
            "intake does not start with it either."
        )
    return map(batch.rehearsed, dry_run_judgement.rehearse(at.agency, batch.lines, at.now(), systems))


def _sent(at: Office, batch: LineBatch, via: IntakeTransport, timeout: float) -> Iterator[Verdict]:
    if not batch.lines:
        return
    match via:
        case IntakeTransport.KAFKA:
            config, deployment = at.kafka()
            said = kafka_publishing.publish(config, deployment, at.agency, batch.lines, timeout=timeout)
        case IntakeTransport.HTTP:
            said = send_as_agency.publish_lines(at.root, at.agency, batch.lines, timeout)
        case _:
            assert_never(via)
    for verdict in said:
        batch.keep(verdict)
        yield batch.told(verdict)


def _show(
    batch: LineBatch, said: Iterator[Verdict], lang: Lang | None, *, as_json: bool
) -> tuple[Counter[str], set[str | None]]:
    """Print each verdict as it comes; return (number of verdicts by status, reasons of the verdicts).

    The set of reasons has None for verdicts without a reason. If the output is redirected and publishing takes more
    than `PATIENCE_SECONDS`, a progress bar is shown on the terminal.
    """
    counts: Counter[str] = Counter()
    reasons: set[str | None] = set()
    console, begun = out(), time.monotonic()
    bar = Progress(console=err(), transient=True, disable=console.is_terminal or not err().is_terminal)
    sent = {each.number: each.value for each in batch.lines}
    task = bar.add_task("published", total=len(batch.lines) + len(batch.settled))
    try:
        for each in heapq.merge(batch.settled, said, key=lambda each: each.line):
            asked = questions(sent[each.line]) if each.status in GOOD and each.line in sent else ()
            verdict = replace(each, questions=asked)
            counts[verdict.status] += 1
            reasons.add(verdict.reason)
            if as_json:
                emit(verdict.plain())
            else:
                console.print(text(verdict, batch.explained(verdict, lang), lang))
            bar.update(task, advance=1)
            if time.monotonic() - begun > PATIENCE_SECONDS:
                bar.start()
    finally:
        bar.stop()
    return counts, reasons


def _try_out(path: Path | None) -> None:
    """Exit with 1, before anything is sent, when the file exists or cannot be written."""
    if path is not None:
        with new_file(path, "--errors-to"):
            write_new(path, b"")
        path.unlink()


def register(app: typer.Typer) -> None:
    """Add the command `publish` to the app."""
    app.command()(publish)
