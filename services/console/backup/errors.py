"""Reasons for which a backup is not made, not trusted or not restored."""


class BackupError(Exception):
    """The message says what is wrong, what it means and what to do next."""
