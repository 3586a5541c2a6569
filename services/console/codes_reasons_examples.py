"""`atips codes`, `atips reasons` and `atips examples`: code lists, reasons of refusal and example events."""

from collections.abc import Iterator
from datetime import datetime
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.table import Column, Table

from schemas.agencies import AGENCIES
from schemas.catalogue import CATALOGUE
from schemas.codebook import LISTS
from schemas.codebook.dated_groups_and_labels import in_use_on, labels_on
from services.console.new_output_file import new_file
from services.console.options import AsJson
from services.console.output import emit, fail_wrong_usage, out
from services.intake.api.problem_titles import WORDS
from services.presentation.bilingual_text import pluralize


def codes(
    name: Annotated[str, typer.Argument(metavar="LIST", help="A list of codes; without it, the names of all.")] = "",
    on: Annotated[
        datetime | None,
        typer.Option(
            "--on", metavar="DAY", formats=["%Y-%m-%d"], help="As the list stood on a day; without it, the newest."
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Print the codes of a list with their labels in English and Spanish."""
    if not name:
        if as_json:
            emit({"lists": sorted(LISTS)})
        else:
            out().print("\n".join(sorted(LISTS)), markup=False)
        return
    found = LISTS.get(name)
    if found is None:
        near = get_close_matches(name, LISTS, n=3)
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        fail_wrong_usage(f"There is no list {name}. {hint}Print their names: atips codes")
    day = None if on is None else on.date()
    rows = [(code.value, *labels_on(code, day)) for code in found if in_use_on(code, day)]
    if as_json:
        emit({"list": name, "codes": [{"code": code, "en": en, "es": es} for code, en, es in rows]})
        return
    _print("code", rows)


def reasons(*, as_json: AsJson = False) -> None:
    """Print every reason for which intake refuses, in English and Spanish."""
    rows = [(why.value, words.en, words.es) for why, words in WORDS.items()]
    if as_json:
        emit({"reasons": [{"reason": reason, "en": en, "es": es} for reason, en, es in rows]})
        return
    _print("reason", rows)


def examples(
    agency: Annotated[str, typer.Option("--agency", metavar="A", help="Only events of this agency.")] = "",
    into: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write here, else standard output.")
    ] = None,
) -> None:
    """Write one valid event of each type as JSON Lines: one event a line, as Kafka's own tools send it."""
    if agency and agency not in AGENCIES:
        fail_wrong_usage(f"There is no agency {agency}; there are {', '.join(AGENCIES)}.")
    lines = "".join(line for source, line in _examples() if not agency or source.partition("/")[0] == agency)
    if into is None:
        typer.echo(lines, nl=False)
        return
    with new_file(into, "--out"), into.open("x", encoding="utf-8") as file:
        file.write(lines)
    out().print(f"{into}: {pluralize(lines.count(chr(10)), 'event')}", markup=False)


def _examples() -> Iterator[tuple[str, str]]:
    """Yield (source, JSON line) of the example of each event type."""
    folder = files("schemas") / "examples"
    for name in CATALOGUE:
        event = orjson.loads((folder / f"{name}.json").read_bytes())
        yield event["source"], orjson.dumps(event).decode() + "\n"


def _print(first: str, rows: list[tuple[str, str, str]]) -> None:
    table = Table(Column(first, no_wrap=True, overflow="fold"), "English", "español")
    for row in rows:
        table.add_row(*row)
    out().print(table)


def register(app: typer.Typer) -> None:
    """Add the commands `codes`, `reasons` and `examples` to the app."""
    for command in codes, reasons, examples:
        app.command()(command)
