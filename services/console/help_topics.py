"""`atips help TOPIC`: texts that are too long for the --help of one command."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Annotated, Final

import typer
from typer.main import get_command

from schemas.agencies import AGENCIES, PUBLISHING
from schemas.codebook.governance import ViewPurpose
from services.console.output import fail_wrong_usage, out

_PERIODS: Final = """\
A period is a year (2024), a quarter (2024-Q1), a fiscal year from April (FY2024),
a month (2024-03), a day (2024-03-08), or two of these: 2023-04..2024-03.
A flow counts what happened in it. A stock stands at the end of its last day.
Days begin and end at midnight in Belize."""
_ACCOUNTS: Final = """\
Cases, findings and referrals are read with an account's token:
  1. its file:  --token-file FILE, or the variable ATIPS_TOKEN_FILE (mode 600)
  2. itself:    the variable ATIPS_TOKEN
  3. kept here: atips sign-in
An operator makes it: atips users token NAME --days N --cases --to FILE
You see what your agency may see. Each case that you look at is noted."""
_EXIT_CODES: Final = """\
0  done
1  refused, different, or not possible now; the reason stands on standard error
2  wrong use: nothing was done"""


def _figures() -> str:
    return str(import_module("services.console.definitions").listed())


def _rates() -> str:
    return str(import_module("services.console.figure_rates").listed())


def _agencies() -> str:
    return "\n".join(
        f"{code:<22} {'' if code in PUBLISHING else '(publishes nothing) '}{row.name_en}"
        for code, row in AGENCIES.items()
    )


def _purposes() -> str:
    return "\n".join(f"{each.value:<16} {each.en}" for each in ViewPurpose)


def _commands() -> str:
    commands = get_command(import_module("services.console.__main__").app).commands  # type: ignore[attr-defined]
    return "\n".join(f"{name:<11} {each.get_short_help_str(67)}" for name, each in commands.items())


TOPICS: Final[Mapping[str, tuple[str, Callable[[], str]]]] = {
    "accounts": ("which account a command reads as", lambda: _ACCOUNTS),
    "agencies": ("codes of agencies", _agencies),
    "commands": ("what each command does", _commands),
    "exit-codes": ("what a command leaves with", lambda: _EXIT_CODES),
    "figures": ("numbers and names of the figures", _figures),
    "periods": ("how a period is written", lambda: _PERIODS),
    "purposes": ("what a case may be looked at for", _purposes),
    "rates": ("names of the rates", _rates),
}
"""Each topic: its short description, and the function that returns its text."""


def help_(topic: Annotated[str, typer.Argument(metavar="[TOPIC]", help="One of the topics.")] = "") -> None:
    """List the topics, or explain one of them."""
    if not topic:
        for name, (about, _) in TOPICS.items():
            out().print(f"{name:<12} {about}", markup=False)
        return
    if topic not in TOPICS:
        fail_wrong_usage(
            f"There is no topic {topic}; there are {', '.join(TOPICS)}. Of a command: atips COMMAND --help"
        )
    out().print(TOPICS[topic][1](), markup=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add the command `help` to the app."""
    app.command("help")(help_)
