"""Errors of the services, by the action that they require.

ServiceError
├── Retryable   the broker or the database is away, or a transaction lost a race: roll back, reset, read again
│   ├── Conflict    a unique key refused a row; tried again a few times, then it is a bug and stops the process
│   ├── TooSlow     the database did not finish in time; smaller parts of the same work may
│   └── Unwritable  this process has not been able to write for long: another copy may be able to
└── Halt        going on could lose or double something: stop the process with an error
    ├── Fenced      another copy of this worker took over
    └── Outside     the next offset to read lies before the topic's beginning or after its end
"""


class ServiceError(Exception):
    """Base of all errors here. The text has codes, names of topics and numbers, never a payload."""


class Retryable(ServiceError):
    """Raised if nothing is known to be committed. The work may be tried again from the stored positions."""


class Conflict(Retryable):
    """Raised if a unique key refused a row. `constraint`: name of the key. The driver's text could show values."""

    def __init__(self, constraint: str) -> None:
        super().__init__(f"unique key {constraint} refused a row")
        self.constraint = constraint


class TooSlow(Retryable):
    """Raised if the database did not finish in time: beyond its own limit for a statement, or this process's limit."""


class Unwritable(Retryable):
    """Raised if the database has not answered this process for long, or the clocks differ (`cause`)."""

    def __init__(self, cause: Retryable) -> None:
        super().__init__(str(cause))
        self.cause = cause


class Halt(ServiceError):
    """Raised if an operator must act. The process commits nothing more and ends with a non-zero exit code."""


class Fenced(Halt):
    """Raised if a stored position or its epoch is not the one that this worker read: a newer owner writes now."""


class Outside(Halt):
    """Raised if the next offset to read lies before the beginning of its topic, or after its end."""

    place: tuple[str, int] | None = None
    """Topic and partition; None if they are not known."""
