"""`atips`, and `python -m services.console`: the literal list of commands, each read when it is asked for."""

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.metadata import version
from io import TextIOWrapper
from typing import Annotated, Any, Final, cast

import typer
from typer.core import TyperGroup
from typer.main import get_group
from typing_extensions import override

from services.console.options import let_in

COMMANDS: Final[Mapping[str, str]] = {
    "up": "services.console.up",
    "down": "services.console.up",
    "status": "services.console.status",
    "run": "services.console.run",
    "provision": "services.console.provision.command",
    "template": "services.console.template",
    "examples": "services.console.contract",
    "codes": "services.console.contract",
    "reasons": "services.console.contract",
    "connect": "services.console.connect",
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
    "finding": "services.console.case.ruling",
    "sql": "services.console.sql",
    "export": "services.console.export.command",
    "grid": "services.console.grid",
    "report": "services.console.report",
    "plan": "services.console.plan",
    "quarantine": "services.console.quarantine.command",
    "inbound": "services.console.inbound",
    "agency": "services.console.agency.command",
    "users": "services.console.users",
    "inbox": "services.console.inbox",
    "referrals": "services.console.referral.waiting",
    "referral": "services.console.referral.moves",
    "consent": "services.console.referral.moves",
    "replay": "services.console.replay.command",
    "backup": "services.console.backup.command",
    "restore": "services.console.backup.command",
    "generation": "services.console.generation.command",
    "demo": "services.demo.run",
    "help": "services.console.topics",
}
"""The module whose `register` adds a command."""


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
"""Commands as the help lists them, by what they are for. `atips help commands` says what each does."""


class _Read(Mapping[str, Any]):
    """The commands by name. To read all of them takes a second or two, and most who type one need no other."""

    @override
    def __getitem__(self, name: str) -> Any:
        app = typer.Typer(rich_markup_mode=None)  # plain help: a frame and a column of types take half a screen
        import_module(COMMANDS[name]).register(app)
        return get_group(app).commands[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    @override
    def __len__(self) -> int:
        return len(COMMANDS)


class _Group(TyperGroup):
    def __init__(self, **said: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(**said)
        self.commands = cast("dict[str, Any]", _Read())

    @override
    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands by what they are for, so that all of them fit a screen."""
        with formatter.section("Commands"):
            formatter.write_dl([(about, ", ".join(names)) for about, names in FOR.items()])

    @override
    def invoke(self, ctx: Any) -> Any:
        with let_in(ctx):
            done = super().invoke(ctx)
            sys.stdout.flush()  # else nobody is there any more to say that there is no room for it
            return done


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
    """Run the command line; what a terminal of another encoding lacks is escaped, and ends nothing half done."""
    _open_closed()
    logging.getLogger().addHandler(logging.NullHandler())  # a library's own words, traces among them, are for no user
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app()
    finally:
        _let_go()


def _open_closed() -> None:
    """Lead a stream that was closed to nowhere: else it is missed, or the next file opened is taken for it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            lowest = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(lowest, mode, encoding="utf-8"))


def _let_go() -> None:
    """Throw away what could not be written, which was said: whoever tries again at its end leaves with 120."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
