"""Log lines in JSON on standard error. Only keys of an allow-list are written.

Personal data cannot reach a log by accident: values are short scalars, and an exception is written as its class and
frames.
"""

import logging
import sys
import traceback
from types import TracebackType
from typing import Final

import structlog
from structlog.typing import EventDict, WrappedLogger
from typing_extensions import override

# Codes, counts, positions and opaque ids. Never: payloads, keys of records, texts of drivers.
ALLOWED: Final = frozenset(
    {
        "event", "level", "timestamp", "service", "logger", "error", "frames", "reason", "pointer",
        "topic", "partition", "offset", "partitions", "held", "n", "id", "type", "agency", "verdict",
        "count", "entities", "version", "port", "seconds", "address", "revision", "name", "signal", "dropped",
    }
)  # fmt: skip
_LONGEST: Final = 200
_AGAIN_SECONDS: Final = 10.0

# Libraries whose own texts hold addresses and states only; of all others just the logger's name is kept.
_TRUSTED_LOGGERS: Final = ("uvicorn", "alembic", "librdkafka", "aiokafka")
# Libraries that log the same line twenty to a hundred times a second while the broker is away.
_NOISY_LOGGERS: Final = ("librdkafka", "aiokafka", "faust", "mode")


def only_allowed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Return the event with the keys in `ALLOWED` only; the names of the others are in `dropped`.

    A long string is shortened. A value that is no scalar is replaced by the name of its type.
    """
    dropped = sorted(key for key in event if key not in ALLOWED)
    kept: EventDict = {key: _scalar(value) for key, value in event.items() if key in ALLOWED}
    if dropped:
        kept["dropped"] = ",".join(dropped)
    return kept


def without_texts(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace an exception in the event by its class and frames, because its text may quote a row or a field."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info if isinstance(info, BaseException) else info[1] if isinstance(info, tuple) else None
    if error is not None:
        event["error"] = type(error).__name__
        event["frames"] = frames(error.__traceback__)
    return event


def frames(trace: TracebackType | None) -> str:
    """Return the last six places of a traceback, innermost first, such as `services/web/app.py:12 < a/b/c.py:3`."""
    places = traceback.extract_tb(trace)[-6:]
    return " < ".join(f"{'/'.join(place.filename.split('/')[-3:])}:{place.lineno}" for place in reversed(places))[-600:]


def configure(service: str, level: str) -> None:
    """Configure structlog and the standard library's logging for this process."""
    logging.basicConfig(handlers=[_Library()], level=logging.WARNING, force=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_texts,
            only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(service=service)


class _Library(logging.Handler):
    """Passes log records of libraries on to structlog, without texts that may have data."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(_NOISY_LOGGERS) and self._again(record):
            return
        trusted = record.name.startswith(_TRUSTED_LOGGERS)
        structlog.get_logger().log(
            record.levelno,
            "library",
            logger=record.name,
            reason=record.getMessage()[:_LONGEST] if trusted else "",
            exc_info=record.exc_info[1] if record.exc_info else None,
        )

    def _again(self, record: logging.LogRecord) -> bool:
        """Whether this logger wrote a line of one template, or with an equal first word, in the last 10 s."""
        kind = f"{record.name} {record.msg if record.args else record.getMessage().partition(' ')[0]}"
        again = record.created - self._last.get(kind, 0.0) < _AGAIN_SECONDS
        if not again:
            self._last[kind] = record.created
        return again


def _scalar(value: object) -> str | int | float | bool | None:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if len(value) <= 3 * _LONGEST else value[: 3 * _LONGEST]
    return type(value).__name__
