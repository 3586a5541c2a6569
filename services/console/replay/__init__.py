"""`atips replay`."""

from services.console.replay.command import register

__all__ = ["register"]
