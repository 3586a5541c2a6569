"""The list of the subcommands of `atips quarantine`."""

import typer

from services.console.quarantine import closing, listing, redrive, show


def register(app: typer.Typer) -> None:
    """Add the command group `quarantine` to the app."""
    group = typer.Typer(help="What was refused, why, and another try.", no_args_is_help=True)
    group.command("list")(listing.listed)
    group.command("show")(show.show)
    group.command("redrive")(redrive.redrive)
    group.command("close")(closing.close)
    app.add_typer(group, name="quarantine")
