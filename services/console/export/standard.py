"""`atips export standard`: figures in the tables of other standards, with the reason beside each empty cell."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from infra.local.folder import Folder
from schemas.times import YEARS, Period
from services.console import local
from services.console.answering import answering
from services.console.export import reading
from services.console.export.reading import FigureReader, Rows
from services.console.export.records import records
from services.console.export.writing import FileFormat, FormatOption, Package, TargetPath, write
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.say import wrong
from services.export.standards.answers import AnswerKey, SeenValue, answered
from services.export.standards.mapping import mapping
from services.export.standards.records.policy import RecordStandard
from services.export.standards.sdmx import Observation, sdmx


class Standard(StrEnum):
    """Names of standards."""

    GLOTIP = "glotip"
    SDG = "sdg"
    TIP = "tip"
    ICCS = "iccs"
    SDMX = "sdmx"
    HTCDS = "htcds"
    CTDC = "ctdc"


def standard(
    name: Annotated[Standard, typer.Argument(metavar="NAME", help="glotip, sdg, tip, iccs, sdmx, htcds or ctdc.")],
    *,
    year: Annotated[int, typer.Option("--year", min=YEARS[0], max=YEARS[-1], help="Calendar year that has ended.")],
    to: TargetPath,
    format_: FormatOption = FileFormat.CSV,
    package: Package = False,
    officer: Annotated[str, typer.Option("--officer", metavar="NAME", help="Account of an M&E officer.")] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why exact figures are needed.")] = "",
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Write the tables of a standard for a year. An empty cell has the reason beside it.

    UNODC's questionnaire (glotip), SDG indicator 16.2.2 (sdg), the items of the State Department's report (tip),
    offences by ICCS (iccs), and all figures as SDMX-CSV 2.0 (sdmx). Small numbers stay empty, unless a named officer
    asks for exact ones with a reason, which is noted. Records of single victims (htcds, ctdc) leave only where the
    Council's policy allows it.
    """
    if name.value in set(RecordStandard):
        record = records(Folder(local.running(data_dir).data_dir), RecordStandard(name.value), year)
        write([record], format_, to, package=package, version=str(year), as_plain=as_json)
        return
    reader, period = FigureReader(officer, reason), Period.parse(str(year))
    if name is Standard.SDMX and reader.exact:
        wrong("SDMX is for loading elsewhere: it holds no exact small numbers, so --officer does not go with it.")
    folder = Folder(local.running(data_dir).data_dir)
    said = None if name is Standard.SDMX else mapping(name.value)
    numbers = [] if said is None else sorted({cell.figure for cell in said.cells if cell.figure})
    with answering():
        rows, _ = reading.run(folder, reader, period, numbers, ())
    known_at = max((row["known_at"] for row in rows), default=0)
    if said is None:
        table = sdmx(map(_observation, rows), known_at)
    else:
        table = answered(said, year, _seen(rows, str(year)), known_at)
    write([table], format_, to, package=package, version=f"{year}-{known_at}", as_plain=as_json)


def _seen(rows: Rows, year: str) -> Mapping[AnswerKey, SeenValue]:
    return {
        AnswerKey(row["figure"], row["dimension"], row["code"]): SeenValue(
            row["value"], row.get("status") or _status(row["value"]), row["definition"]
        )
        for row in rows
        if row["period"] == year
    }


def _status(value: float | None) -> str:
    return "not_available" if value is None else "shown"


def _observation(row: Mapping[str, Any]) -> Observation:
    names = ("figure", "period", "dimension", "code", "value", "shown", "marks", "unit", "definition")
    return Observation(**{name: row[name] for name in names})
