"""`atips case` and `atips finding`: where a case stands, for whoever may see it, and rulings on what contradicts."""

import typer

from services.console.case import command, ruling


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(command.case)
    app.add_typer(ruling.finding)
