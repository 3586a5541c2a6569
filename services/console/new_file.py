"""New files of commands: one that is there already is never written over."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.console.say import fail


@contextmanager
def new_file(path: Path, option: str) -> Iterator[None]:
    """Leave with 1 where the body finds the file there already, or cannot write it. `option` names another file."""
    try:
        yield
    except FileExistsError:
        fail(f"{path} is there already; give another {option}.")
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}")
