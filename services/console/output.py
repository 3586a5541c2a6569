"""Output and exit codes of the commands: results on standard output, progress and errors on standard error.

Exit codes: 0 done, 1 refused, different or not possible, 2 wrong use; 3 of `provision --check`: something would change.
"""

import json
from typing import Any, NoReturn

import typer
from rich.console import Console


def out() -> Console:
    """Return the console for results. Without a terminal it does not wrap long lines."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=200, soft_wrap=True)


def err() -> Console:
    """Return the console for progress and error messages, on standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def emit(value: Any) -> None:  # noqa: ANN401 - whatever JSON can say
    """Print one JSON value on one line."""
    typer.echo(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")))


def fail(message: str, code: int = 1) -> NoReturn:
    """Print a message on standard error and exit with `code`."""
    err().print(message, style="red", markup=False)
    raise typer.Exit(code)


def fail_wrong_usage(message: str) -> NoReturn:
    """Print a message and exit with code 2: the command was used wrongly."""
    fail(message, 2)
