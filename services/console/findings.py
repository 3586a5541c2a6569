"""`atips findings`: contradictions and missing reports of a period.

With an account it prints what that account may see: findings between figures for a committee, findings in cases and
dangers for an officer. Without one, on the machine of the cluster, it prints findings between figures, which name
nobody.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from schemas.times import BELIZE
from services.console import terminal_layout
from services.console.account_token import AccountToken, has_token, pages
from services.console.agency_connection import connected, time_at
from services.console.options import DEFAULT, AsJson, DataDir, ExpectationsFile, LangOption, PeriodText
from services.console.output import emit, err, fail_wrong_usage, out
from services.console.terminal_layout import INDENT, joined, wrapped
from services.presentation import period_parsing
from services.presentation.bilingual_text import Language, Words, pluralize

_RULED: Final = "ruled"
_ANOTHERS: Final = Words("a record of another agency", "un registro de otra institución")


def findings(
    *,
    period: PeriodText = "",
    known_at: Annotated[
        str, typer.Option("--known-at", metavar="N|T", help="As known then: an event's number, a day or a time.")
    ] = "",
    expected: ExpectationsFile = None,
    lang: LangOption = Language.EN,
    settled: Annotated[bool, typer.Option("--settled", help="Also what a later event has settled.")] = False,
    token_file: AccountToken = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Print the contradictions of a period, and the reports that are missing. Without --period: those of this year.

    With an account (atips sign-in) you see what it may see. A committee sees contradictions between figures. An officer
    sees those within cases, and dangers, each in the period of its last record. With --known-at they are those of the
    end of a day, or of a time.

    Without an account, on the machine of the cluster, you see contradictions between figures alone. The same holds with
    --expectations, and with --known-at and an event's number.
    """
    of_server = known_at.isdecimal() or expected is not None
    away = connected(data_dir) is not None
    if of_server and away:
        fail_wrong_usage(
            "--expectations, and --known-at with an event's number, work on the machine of the cluster alone."
        )
    if of_server or not (away or has_token(data_dir, token_file)):
        found = import_module("services.console.findings_between_figures").read_findings(
            period, known_at, expected, data_dir, lang
        )
        note = "Findings within cases are shown to an account: atips sign-in."
    else:
        found = _of_account(period, known_at, data_dir, token_file, lang, settled=settled)
        note = ""
    if as_json:
        emit({name: found[name] for name in ("findings", "complete_to", "withheld")})
        return
    console = out()
    console.print(f"Findings of {found['period']}", markup=False)
    show(found["findings"])
    withheld = f"; {pluralize(found['withheld'], 'entity', 'entities')} withheld" if found["withheld"] else ""
    console.print(f"complete to event {found['complete_to']}{withheld}", markup=False)
    if note:
        err().print(note, markup=False)


def _of_account(
    period: str, known_at: str, data_dir: Path, token_file: Path | None, lang: Language, *, settled: bool
) -> dict[str, Any]:
    """Return the findings that the account may see. Without `settled`, those that a later event closed are left out."""
    asked = _typed(period, data_dir)
    with pages(data_dir, token_file, lang) as server:
        found = server.findings(asked, known_at or None)
    rows = [
        _plain(each, lang)
        for each in found["findings"]
        if settled or each["state"] == "open" or each["closure"] in {None, _RULED}
    ]
    return {**found, "period": asked, "findings": rows}


def _typed(period: str, data_dir: Path) -> str:
    """Return the period in its usual form; the present year without one. Exits with 2 when it is no period."""
    try:
        return str(period_parsing.period(period or str(time_at(data_dir).astimezone(BELIZE).year)))
    except ValueError as error:
        fail_wrong_usage(f"--period: {error}")


def _plain(each: Mapping[str, Any], lang: Language) -> dict[str, Any]:
    records = [record or _ANOTHERS.of(lang.value) for record in each["records"]]
    same = {name: each[name] for name in ("finding", "case", "code", "severity", "state")}
    return {**same, "records": records, "text": each["text"][lang.value]}


def show(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print findings for people: each as a block of lines; a danger is red."""
    for row in rows:
        is_danger = row["severity"] == "critical" and row["state"] == "open"
        terminal_layout.show(out(), lines(row), "bold red" if is_danger else None)


def lines(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a finding: state, severity and text, then its id, its case and its records."""
    mark = "DANGER" if row["severity"] == "critical" else row["severity"]
    yield from wrapped(joined((row["state"], mark, row["text"])), "", hanging=INDENT)
    if row["finding"] is not None:
        yield f"{INDENT}{row['finding']}"
    if row["case"] is not None:
        yield f"{INDENT}in {row['case']}"
    for record in row["records"]:
        # The name of a missing report is agency:type:period, which may be longer than a line.
        yield from wrapped(record if "/" in record else ": ".join(record.split(":")), INDENT * 2)


def register(app: typer.Typer) -> None:
    """Add the command `findings` to the app."""
    app.command()(findings)
