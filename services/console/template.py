"""`atips template`: write an empty sheet of one type of event."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from schemas.type_table import FACTS
from services.console import event_type_names
from services.console.agency_connection import connected
from services.console.new_output_file import new_file
from services.console.options import DEFAULT, language_code_of
from services.console.output import fail_wrong_usage, out
from services.presentation.bilingual_text import Language
from services.sheet import template as made
from services.sheet.column import short, type_named

_STANDARD_OUTPUT: Final = "-"


class Format(StrEnum):
    """The formats of a sheet."""

    CSV = "csv"
    XLSX = "xlsx"


_FORMATS: Final = {".csv": Format.CSV, ".xlsx": Format.XLSX}
"""Format of a sheet by the suffix of the file's name."""


def template(
    event_type: Annotated[
        str,
        typer.Argument(metavar="TYPE", help="A type of event: arrest.made, or its whole name; without it, list all."),
    ] = "",
    *,
    agency: Annotated[
        str,
        typer.Option(
            metavar="A",
            help="For which agency: offer only the codes that it may publish. Else that of this PC's connection.",
        ),
    ] = "",
    into: Annotated[
        str,
        typer.Option("--out", metavar="FILE", help="Write here; - for standard output. Else TYPE.xlsx or TYPE.csv."),
    ] = "",
    lang: Annotated[
        Language | None, typer.Option("--lang", help="Headings, codes and explanations in this language; else in both.")
    ] = None,
    format_: Annotated[Format | None, typer.Option("--format", help="Else as FILE ends; XLSX without one.")] = None,
) -> None:
    """Make an empty sheet for one type of event, with each column explained in English and Spanish and its codes.

    Fill in a row for each event, and publish the file. Where this PC is connected, the sheet is for its agency.
    """
    agency = agency or _connected_agency()
    if not event_type:
        out().print("\n".join(event_type_names.lines(agency)), markup=False)
        return
    found = type_named(event_type)
    if found is None:
        fail_wrong_usage(event_type_names.no_such_type(event_type))
    if agency and agency not in FACTS[found].authors:
        fail_wrong_usage(_not_its_type(found, agency))
    chosen = _chosen(into, format_)
    written = made.csv if chosen is Format.CSV else made.xlsx
    content = written(found, agency, language_code_of(lang))
    if into == _STANDARD_OUTPUT:
        sys.stdout.buffer.write(content)
        return
    path = Path(into or f"{short(found)}.{chosen}")
    with new_file(path, "--out"), path.open("xb") as file:  # an existing sheet may have been filled in
        file.write(content)
    out().print(f"{path}: {FACTS[found].en} / {FACTS[found].es}", markup=False)


def _connected_agency() -> str:
    """Return the agency of this PC's connection; empty without a connection."""
    connection = connected(DEFAULT)
    return "" if connection is None else connection.agency


def _not_its_type(event_type: str, agency: str) -> str:
    """Return the message that an agency may not publish a type: which types it may, and who publishes this one."""
    own = ", ".join(short(name) for name, each in FACTS.items() if agency in each.authors)
    may = f"It may publish {own}." if own else "It publishes nothing."
    authors = ", ".join(sorted(FACTS[event_type].authors))
    return f"{agency} may not publish {short(event_type)}. {may} {short(event_type)} is published by {authors}."


def _chosen(into: str, said: Format | None) -> Format:
    if into in {"", _STANDARD_OUTPUT}:
        return said or Format.XLSX
    found = _FORMATS.get(Path(into).suffix.lower())
    if found is None or said not in {None, found}:
        fail_wrong_usage(f"--out: a name that ends in {' or '.join(_FORMATS)}, as --format says where it is given")
    return found


def register(app: typer.Typer) -> None:
    """Add the command `template` to the app."""
    app.command()(template)
