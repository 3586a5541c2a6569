"""`atips referrals`, `atips referral` and `atips consent`: what waits, and the moves, as an agency makes them."""

import typer

from services.console.referral import moves, waiting


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(waiting.referrals)
    app.add_typer(moves.referral)
    moves.consent.command()(waiting.outstanding)
    app.add_typer(moves.consent)
