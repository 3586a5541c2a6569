"""New files of commands: an existing file is never overwritten."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.console.output import fail


@contextmanager
def new_file(path: Path, option: str) -> Iterator[None]:
    """Exit with 1 when the body raises that the file exists or cannot be written. `option`: the option of its path."""
    try:
        yield
    except FileExistsError:
        fail(f"{path} is there already; give another {option}.")
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}")
