"""`atips figures` on a connected PC: the figures that the account sees, read from the pages over HTTPS.

This module needs neither the cluster's database nor a package that an office's PC lacks.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import typer

from schemas.times import BELIZE, Period
from services.client.pages_data_api import NotWorkedOut, Pages
from services.console import account_token, terminal_layout
from services.console.agency_connection import time_at
from services.console.figures import layout
from services.console.figures.figure_options import FigureOptions
from services.console.figures.layout import Row, RowSeries
from services.console.options import split
from services.console.output import emit, err, fail, fail_wrong_usage, out
from services.console.terminal_layout import INDENT, wrapped
from services.presentation import period_parsing
from services.presentation.bilingual_text import Language, Words
from services.presentation.figure_row_texts import complete_text, notes_of

_OF_CLUSTER: Final = (
    "--rate and --xlsx work at the machine of the cluster. The pages have both: {address}/measures and"
    " {address}/figures"
)
_SMALL_ROWS: Final = Words(
    "A row that is not shown is small, 0 included, or would give a small one away. For exact rows ask your"
    " operator for a token: atips users token NAME --exact REASON",
    "Una fila que no aparece es pequeña, o cero, o revelaría una pequeña. Para filas exactas, pida a quien opera el"
    " sistema un token: atips users token NAME --exact REASON",
)
_PART: Final = re.compile(r"[a-z]+$")
"""Letter at the end of a figure's number, after the report's row: O13a is of row O13."""


def figures(options: FigureOptions) -> None:
    """Print the figures or definitions that the options ask for. Exits with a message without an account."""
    address, _ = account_token.place(options.data_dir)
    if options.share or options.xlsx is not None:
        fail_wrong_usage(_OF_CLUSTER.format(address=address))
    asked = _period(options)
    with account_token.pages(options.data_dir, options.token_file, options.lang, what="Figures are") as server:
        chosen = _chosen(server, options)
        if options.defined:
            _define(chosen, options)
            return
        try:
            found = [(each, _read(server, each, chosen, options)) for each in _series(asked, options)]
        except NotWorkedOut:
            fail(
                f"The figures as known on {options.known_at} are not worked out yet. Ask for them on the pages, at"
                f" {address}/figures, and look again."
            )
    _show(found, options)


def _period(options: FigureOptions) -> Period:
    """Parse the period; without one it is the present year. Exits with 2 when it is no period or lies in the future."""
    today = time_at(options.data_dir).astimezone(BELIZE).date()
    try:
        found = period_parsing.period(options.period or str(today.year))
        if options.as_of:
            found = replace(found, last=min(found.last, Period.parse(options.as_of).last))
    except ValueError as error:
        fail_wrong_usage(f"--period or --as-of: {error}")
    if found.first > today:
        fail_wrong_usage(
            f"--period: {options.period} lies in the future, today is {today}. Nothing can have happened in it yet."
        )
    if options.known_at:
        _must_be_past_day(options.known_at, today)
    return found


def _must_be_past_day(text: str, today: date) -> None:
    try:
        is_past = date.fromisoformat(text) < today
    except ValueError:
        is_past = False
    if not is_past:
        fail_wrong_usage(
            f"--known-at: {text} is no past day. A connected PC takes a day before today, such as 2025-03-31."
        )


def _series(asked: Period, options: FigureOptions) -> Iterator[Period]:
    return period_parsing.series(asked, options.each) if options.each else iter((asked,))


def _chosen(server: Pages, options: FigureOptions) -> Sequence[Mapping[str, Any]] | None:
    """Return the definitions of the chosen figures; None when all figures are meant, as wholes.

    Exits with 2 for a figure or breakdown that the account does not see.
    """
    numbers, by = split(options.number), split(options.by)
    if not (numbers or by or options.defined):
        return None
    every = server.definitions()
    found = [each for each in every if not numbers or any(_is_named(each, number) for number in numbers)]
    for number in numbers:
        if not any(_is_named(each, number) for each in every):
            fail_wrong_usage(f"Your account sees no figure {number}. List them: atips figures --definitions")
    if by:
        found = [each for each in found if list(by) in each["breakdowns"]]
    if not found:
        fail_wrong_usage(f"No figure that your account sees has this breakdown: {','.join(by)}.")
    return found


def _is_named(definition: Mapping[str, Any], text: str) -> bool:
    """Whether a text is the number of a figure, its name, or its row in the report."""
    return text in {definition["number"], definition["name"], _PART.sub("", definition["number"])}


def _read(
    server: Pages, period: Period, chosen: Sequence[Mapping[str, Any]] | None, options: FigureOptions
) -> dict[str, Any]:
    """Return the answer of the pages with the figures of a period: all that the account sees, or each that was chosen.

    If several were chosen, the rows of all are in `figures`; the other fields are those of the last answer.
    """
    known_at = options.known_at or None
    if chosen is None:
        return server.figures(str(period), known_at=known_at)
    by = ",".join(split(options.by))
    found = [server.figures(str(period), by=(each["number"], by), known_at=known_at) for each in chosen]
    return {**found[-1], "figures": [row for each in found for row in each["figures"]]}


def _define(chosen: Sequence[Mapping[str, Any]] | None, options: FigureOptions) -> None:
    lang = options.lang.value
    if options.as_json:
        emit({"definitions": chosen or []})
        return
    for each in chosen or ():
        title = each["name"] if options.lang is Language.EN else each["title"][lang]
        terminal_layout.show(out(), [f"{each['number']} {title}", *wrapped(each["counts"][lang])])


def _show(found: Sequence[tuple[Period, Mapping[str, Any]]], options: FigureOptions) -> None:
    """Print what was read, for programs or for people."""
    lang, last = options.lang.value, found[-1][1]
    today = time_at(options.data_dir).astimezone(BELIZE).date()
    rows = layout.filled_rows([(period, each["figures"]) for period, each in found], today)
    protected = any(_is_protected(each) for _, each in found)
    rows_left_out = _SMALL_ROWS.of(lang) if protected and options.by else ""
    if options.as_csv:
        typer.echo(layout.csv_text(rows, split(options.by), lang, protected=protected), nl=False)
        if rows_left_out:
            err().print(rows_left_out, markup=False)
    elif options.as_json:
        plain = [row for _, each in rows for row in each]
        told = {"figures": plain, "complete_to": last["complete_to"], "withheld": last["withheld"]}
        emit(told | ({"small_rows_withheld": True} if rows_left_out else {}))
    else:
        console = out()
        lines = layout.tables(rows, console.width, lang) if options.each else _with_notes(rows, console.width, lang)
        terminal_layout.show(console, lines)
        for text in filter(None, (layout.legend(rows, lang), rows_left_out)):
            console.print(text, markup=False)
        console.print(complete_text(last["complete_to"], last["withheld"], lang), markup=False)


def _is_protected(answer: Mapping[str, Any]) -> bool:
    """Whether small numbers are withheld. Pages of an earlier version show this only by `shown` in a row."""
    return bool(answer.get("protected")) or any("shown" in row for row in answer["figures"])


def _with_notes(series: RowSeries, width: int, lang: str) -> Iterator[str]:
    """Yield the lines of the table of one period, and below them the notes of its rows."""
    yield from layout.tables(series, width, lang)
    noted: list[tuple[Row, str]] = [(row, ", ".join(notes_of(row, lang))) for _, rows in series for row in rows]
    for row, notes in noted:
        if notes:
            yield from wrapped(f"{row['number']}: {notes}", INDENT)
