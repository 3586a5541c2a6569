"""The table of expectations as an operator has it: ours, beside this file, or the one that the settings name."""

from importlib.resources import files
from pathlib import Path
from typing import Final

from schemas.written import WrongTable
from services.reporting.domain.read.expectations import ExpectationRow, parsed
from services.runtime.errors import Halt

_OURS: Final = "expectations.yaml"


def expectations(file: Path | None = None) -> tuple[ExpectationRow, ...]:
    """Read the table. Raises `Halt` with the line in which it is wrong, or where there is no such file."""
    source = files("services.reporting") / _OURS if file is None else file
    try:
        return parsed(source.read_text(encoding="utf-8"))
    except (WrongTable, OSError, UnicodeDecodeError) as error:
        why = str(error) if isinstance(error, WrongTable) else "cannot be read as text"
        msg = f"{source.name}: {why}"
        raise Halt(msg) from None
