"""Errors by what must be done about them.

ServiceError
├── Retryable   the broker or the database is away, or a transaction lost a race: roll back, forget, read again
│   ├── Conflict    a unique key said no; retried a few times, then it is a bug and stops the process
│   └── TooSlow     the database did not finish in time: the same work in smaller parts may
└── Halt        going on could lose or double something: stop the process with an error
    ├── Fenced      another copy of this worker took over
    └── Outside     the next offset to read lies before the topic's beginning or behind its end
"""


class ServiceError(Exception):
    """The base; its text holds codes, names of topics and numbers, never a payload."""


class Retryable(ServiceError):
    """Nothing is known to be committed; the same work may be tried again from the stored positions."""


class Conflict(Retryable):
    """A unique key refused a row; `constraint` is its name (the driver's text would hold the row's values)."""

    def __init__(self, constraint: str) -> None:
        super().__init__(f"unique key {constraint} refused a row")
        self.constraint = constraint


class TooSlow(Retryable):
    """The database did not finish in time: by its own limit for a statement, or by that of this process."""


class Halt(ServiceError):
    """An operator has to look: the process ends with a non-zero exit and commits nothing more."""


class Fenced(Halt):
    """The stored position or its epoch is not the one this worker read: a newer owner writes now."""


class Outside(Halt):
    """The next offset to read lies before the beginning of its topic, or behind its end."""

    place: tuple[str, int] | None = None
    """Topic and partition, where they are known."""
