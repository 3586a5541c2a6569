"""Errors by what must be done about them.

ServiceError
├── Retryable   the broker or the database is away, or a transaction lost a race: roll back, forget, read again
│   ├── Conflict    a unique key said no; retried a few times, then it is a bug and stops the process
│   └── TooSlow     the database did not finish in time: the same work in smaller parts may
└── Halt        going on could lose or double something: stop the process, loudly
    ├── Fenced      another copy of this worker took over
    └── Outside     where reading would go on the topic holds nothing, or not yet
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
    """A statement, or the whole of them, took longer than the database or we allow."""


class Halt(ServiceError):
    """An operator has to look: the process ends with a non-zero exit and commits nothing more."""


class Fenced(Halt):
    """The stored position or its epoch is not the one this worker read: a newer owner writes now."""


class Outside(Halt):
    """The place where reading would go on lies before the beginning of its topic, or behind its end."""

    place: tuple[str, int] | None = None
    """Topic and partition, where they are known."""
