"""Entry point of `atips` and `python -m services.console`: a command's module is imported when the command is used."""

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from io import TextIOWrapper
from typing import Annotated, Any, Final, cast

import typer
from typer.core import TyperGroup
from typer.main import get_group
from typing_extensions import override

from services.console.agency_connection import NOT_CONNECTED, connected
from services.console.options import DEFAULT, exit_on_file_errors
from services.console.output import fail_wrong_usage

COMMANDS: Final[Mapping[str, str]] = {
    "up": "services.console.up",
    "down": "services.console.up",
    "status": "services.console.status",
    "run": "services.console.run",
    "provision": "services.console.provision.command",
    "template": "services.console.template",
    "examples": "services.console.codes_reasons_examples",
    "codes": "services.console.codes_reasons_examples",
    "reasons": "services.console.codes_reasons_examples",
    "connect": "services.console.connect_to_remote_cluster",
    "sign-in": "services.console.sign_in",
    "sign-out": "services.console.sign_in",
    "publish": "services.console.publish.command",
    "receipts": "services.console.receipts",
    "figures": "services.console.figures.command",
    "why": "services.console.why",
    "diff": "services.console.diff",
    "findings": "services.console.findings",
    "release": "services.console.release.command",
    "case": "services.console.case.command",
    "cases": "services.console.case.command",
    "finding": "services.console.case.finding_ruling",
    "sql": "services.console.sql",
    "export": "services.console.export.command",
    "grid": "services.console.publishing_grid",
    "report": "services.console.report",
    "plan": "services.console.plan",
    "quarantine": "services.console.quarantine.command",
    "inbound": "services.console.inbound_progress",
    "agency": "services.console.agency.command",
    "users": "services.console.users",
    "inbox": "services.console.inbox",
    "referrals": "services.console.referral.waiting",
    "referral": "services.console.referral.moves",
    "consent": "services.console.referral.moves",
    "replay": "services.console.replay.command",
    "backup": "services.console.backup.command",
    "restore": "services.console.backup.command",
    "generation": "services.console.topic_generation.command",
    "demo": "services.demo.run",
    "help": "services.console.help_topics",
}
"""Name of each command, and the module whose `register(app)` adds it."""


FOR: Final[Mapping[str, tuple[str, ...]]] = {
    "to begin": ("demo", "up", "status", "down", "help"),
    "an agency's events": ("template", "examples", "codes", "reasons", "publish", "receipts"),
    "referrals": ("inbox", "referrals", "referral", "consent"),
    "cases": ("cases", "case", "findings", "finding"),
    "figures": ("figures", "grid", "plan", "report", "release", "export", "why", "diff", "sql"),
    "on your own PC": ("connect", "sign-in", "sign-out"),
    "operators": (
        "agency",
        "users",
        "quarantine",
        "inbound",
        "replay",
        "backup",
        "restore",
        "run",
        "provision",
        "generation",
    ),
}
"""Headings of `atips --help`, each with its commands in the order of the list. `atips help commands` describes each."""


OFFICE: Final = (
    *("publish", "template", "examples", "codes", "reasons", "receipts", "inbox", "referral", "referrals", "consent"),
    *("case", "cases", "finding", "findings", "figures", "connect", "sign-in", "sign-out", "help"),
)
"""Commands that work on a PC of an office, where only `atips[office]` is installed."""

_OF_A_SERVER: Final = "asyncpg"
"""A package of `atips[services]` that `atips[office]` lacks."""
_OURS: Final = frozenset({"infra", "schemas", "services"})


def installed_commands() -> tuple[str, ...]:
    """Return the names of the commands whose packages are installed on this machine: all, or the ones of `OFFICE`."""
    try:
        complete = find_spec(_OF_A_SERVER) is not None
    except (ModuleNotFoundError, ValueError):
        complete = False
    return tuple(COMMANDS) if complete else tuple(name for name in COMMANDS if name in OFFICE)


class _Read(Mapping[str, Any]):
    """Lazy mapping of names to Click commands: a module is imported when its command is looked up.

    Importing all of them takes a second or two. Iteration leaves out commands whose packages are not installed here;
    looking such a command up by name raises `ModuleNotFoundError`.
    """

    @override
    def __getitem__(self, name: str) -> Any:
        app = typer.Typer(rich_markup_mode=None)  # plain help: a frame and a column of types take half a screen
        import_module(COMMANDS[name]).register(app)
        return get_group(app).commands[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(installed_commands())

    @override
    def __len__(self) -> int:
        return len(installed_commands())


class _Group(TyperGroup):
    def __init__(self, **said: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(**said)
        self.commands = cast("dict[str, Any]", _Read())

    @override
    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the names of the commands under the headings of `FOR`, without descriptions, to fit one screen."""
        known = installed_commands()
        listed = ((about, ", ".join(name for name in names if name in known)) for about, names in FOR.items())
        with formatter.section("Commands"):
            formatter.write_dl([(about, names) for about, names in listed if names])

    @override
    def invoke(self, ctx: Any) -> Any:
        with exit_on_file_errors(ctx), _with_its_packages(ctx):
            done = super().invoke(ctx)
            sys.stdout.flush()  # while `exit_on_file_errors` can still report a full disk
            return done


@contextmanager
def _with_its_packages(ctx: Any) -> Iterator[None]:  # noqa: ANN401 - a Click context
    """Exit with code 2 and a message when a command needs a package that is not installed here."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in _OURS:
            raise
        if ctx.invoked_subcommand in {*OFFICE} - {"help"} and connected(DEFAULT) is None:
            fail_wrong_usage(NOT_CONNECTED)
        fail_wrong_usage(
            f"This command needs the machine of the cluster ({missing} is not installed here); on this PC you have:"
            f" {', '.join(OFFICE)}."
        )


app = typer.Typer(
    name="atips",
    cls=_Group,
    help="The event pipeline of Belize's Anti-Trafficking-in-Persons Council.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog="Of a command: atips COMMAND --help. Topics, such as figures and periods: atips help",
    pretty_exceptions_enable=False,  # a trace shows values
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"atips {version('atips')}")
        raise typer.Exit


@app.callback()
def _atips(
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Let typer know that commands follow."""


def main() -> None:
    """Run the command line. A character that the terminal's encoding lacks is written as a backslash escape."""
    _open_closed()
    logging.getLogger().addHandler(logging.NullHandler())  # log records of libraries, with traces, are not for users
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app()
    finally:
        _let_go()


def _open_closed() -> None:
    """Open the null device for each standard stream that was closed: else the next opened file gets its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            lowest = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(lowest, mode, encoding="utf-8"))


def _let_go() -> None:
    """Discard output that could not be written, after the error was reported. Otherwise Python exits with code 120."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
