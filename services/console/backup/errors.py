"""The error of backups and restores."""


class BackupError(Exception):
    """A backup cannot be made, trusted or restored. The message says why, what it means and what to do next."""
