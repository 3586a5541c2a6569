"""Output of the console: results on standard output, progress and errors on standard error.

Exit codes: 0 done, 1 refused or different, 2 wrong use. `provision --check` has 3: something would change.
"""

import json
from typing import Any, NoReturn

import typer
from rich.console import Console


def out() -> Console:
    """Give the console for results; long lines are left whole when no terminal reads them."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=200, soft_wrap=True)


def err() -> Console:
    """Give the console for progress and complaints."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def emit(value: Any) -> None:  # noqa: ANN401 - whatever JSON can say
    """Print one JSON value on one line."""
    typer.echo(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")))


def fail(message: str, code: int = 1) -> NoReturn:
    """Say why and leave."""
    err().print(message, style="red", markup=False)
    raise typer.Exit(code)


def wrong(message: str) -> NoReturn:
    """Leave with exit code 2 because the command was used wrongly."""
    fail(message, 2)
