"""`atips figures`: the running figures of a period, as the role that may only read them."""

import asyncio
from typing import Annotated, Any

import asyncpg
import typer
from rich.table import Table

from infra.local.folder import Folder
from schemas.times import BELIZE, Period
from services.console import local
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.say import emit, fail, out, wrong
from services.reporting import queries
from services.reporting.domain.figures import UndeclaredBreakdown, UnknownFigure
from services.reporting.queries import Report
from services.runtime.clock import SystemClock
from services.runtime.errors import Retryable
from services.runtime.postgres import translated


def figures(
    period: Annotated[
        str, typer.Option(metavar="P", help="2024, 2024-03, 2024-03-08, or two of these: 2023-04..2024-03.")
    ] = "",
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="DIM", help="Break down by a dimension; may be given again, or joined: sex,age_group."),
    ] = None,
    number: Annotated[
        list[str] | None, typer.Option(metavar="O9", help="Only this figure; may be given again, or joined: O9,O13.")
    ] = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Print the figures of a period, this year's without --period."""
    asked = parsed(period)
    dsn_file = Folder(local.running(data_dir).data_dir).dsn_file("reader")
    try:
        report = asyncio.run(_read(dsn_file.read_text(encoding="utf-8").strip(), asked, split(by), split(number)))
    except (UnknownFigure, UndeclaredBreakdown) as error:
        wrong(str(error))
    except Retryable as error:
        fail(f"PostgreSQL does not answer: {error}")
    if as_json:
        emit(plain(report))
    else:
        _show(report, asked)


def parsed(period: str) -> Period:
    """Read a period; leaves with 2 for what is none."""
    try:
        return Period.parse(period or str(SystemClock().now().astimezone(BELIZE).year))
    except ValueError as error:
        wrong(f"--period: {error}")


def split(given: list[str] | None) -> tuple[str, ...]:
    """Give the values of an option that may be given again or joined by commas."""
    return tuple(value for each in given or () for value in each.split(",") if value)


async def _read(dsn: str, period: Period, by: tuple[str, ...], numbers: tuple[str, ...]) -> Report:
    with translated():
        connection = await asyncpg.connect(dsn, server_settings={"search_path": "reporting"})
        try:
            return await queries.figures(connection, period, by, numbers)
        finally:
            await connection.close()


def plain(report: Report) -> dict[str, Any]:
    """Give the report as programs read it."""
    return {
        "figures": [
            {
                "number": figure.number,
                "name": figure.name,
                "unit": figure.unit,
                "period": str(figure.period),
                "dimensions": dict(figure.dimensions),
                "amount": figure.amount,
                "undated": figure.undated,
                "cut": figure.cut,
                "unknown": figure.unknown,
            }
            for figure in report.figures
        ],
        "complete_to": report.complete_to,
        "withheld": report.withheld,
    }


def _show(report: Report, period: Period) -> None:
    table = Table("no.", "figure", "by", "amount", "unit", "note", title=str(period), title_justify="left")
    for figure in report.figures:
        notes = [f"{figure.undated} undated"] if figure.undated else []
        notes += [f"{figure.cut} cut by the period"] if figure.cut else []
        notes += [f"{figure.unknown} not counted by anybody"] if figure.unknown else []
        dimensions = ", ".join(f"{name} {value}" for name, value in figure.dimensions.items())
        table.add_row(figure.number, figure.name, dimensions, str(figure.amount), str(figure.unit), ", ".join(notes))
    console = out()
    console.print(table)
    if report.version is None:
        console.print("no version of the figures has counted every partition yet", markup=False)
    withheld = f"; {report.withheld} entities withheld" if report.withheld else ""
    console.print(f"complete to event {report.complete_to}{withheld}", markup=False)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(figures)
