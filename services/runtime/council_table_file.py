"""Tables that the Council writes: the file shipped beside a service's code, or a file that a deployment names."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from schemas.yaml_table import WrongTable
from services.runtime.errors import Halt

CouncilTable = TypeVar("CouncilTable")


def read_council_table(
    parsed: Callable[[str], CouncilTable], package: str, shipped: str, file: Path | None
) -> CouncilTable:
    """Read a table of the Council from a file and parse it.

    `file`: the file to read; None means the file `shipped` in `package`. `parsed`: turns the text into the result.
    Raises `Halt` if the file cannot be read as UTF-8 text, or if `parsed` raises `WrongTable`. The message has the
    name of the file, and the wrong line if `parsed` names one.
    """
    source = files(package) / shipped if file is None else file
    try:
        return parsed(source.read_text(encoding="utf-8"))
    except (WrongTable, OSError, UnicodeDecodeError) as error:
        why = str(error) if isinstance(error, WrongTable) else "cannot be read as text"
        msg = f"{source.name}: {why}"
        raise Halt(msg) from None
