"""Tables that the Council writes: the one shipped beside a service's code, or the file that a deployment names."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from schemas.yaml_table import WrongTable
from services.runtime.errors import Halt

CouncilTable = TypeVar("CouncilTable")


def council_table(parsed: Callable[[str], CouncilTable], package: str, shipped: str, file: Path | None) -> CouncilTable:
    """Read `file`, or where it is None the file `shipped` in `package`, and give what `parsed` makes of its text.

    Raises `Halt` with the line in which the table is wrong, or where there is no such file.
    """
    source = files(package) / shipped if file is None else file
    try:
        return parsed(source.read_text(encoding="utf-8"))
    except (WrongTable, OSError, UnicodeDecodeError) as error:
        why = str(error) if isinstance(error, WrongTable) else "cannot be read as text"
        msg = f"{source.name}: {why}"
        raise Halt(msg) from None
