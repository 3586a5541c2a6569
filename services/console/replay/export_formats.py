"""File formats of the exported log: JSON Lines with the event as JSON, or Parquet with the event's bytes."""

import base64
from importlib import import_module
from typing import IO, Any, Final, Protocol

import orjson
from confluent_kafka import Message

PARQUET: Final = ".parquet"
_ROWS: Final = 10_000
"""Records of one row group in Parquet: some ten megabytes in memory."""


class NoParquet(Exception):
    """The library for Parquet is not installed; the message says how to install it."""


class WrittenLog(Protocol):
    """A writer of an exported log file. Records are added in order."""

    def add(self, message: Message) -> None:
        """Write a record."""
        ...

    def close(self) -> None:
        """Write the records that are still in memory. The file object stays open."""
        ...


def written_as(suffix: str, file: IO[bytes]) -> WrittenLog:
    """Return the writer for a suffix: Parquet for ".parquet", else JSON Lines.

    Raises `NoParquet` for Parquet if pyarrow is not installed.
    """
    return ParquetLog(file) if suffix.lower() == PARQUET else JsonLines(file)


class JsonLines:
    """Writer of JSON Lines: place, time, key, headers and event of each record; base64 for a value that is no JSON."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def add(self, message: Message) -> None:
        """Write a record."""
        self._file.write(line_of(message))

    def close(self) -> None:
        """Do nothing: each line is written at once."""


class ParquetLog:
    """Writer of Parquet, one record a row: place, time (UTC), key, headers (list of name and value), value's bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._arrow: Any = import_module("pyarrow")
            parquet: Any = import_module("pyarrow.parquet")
        except ImportError:
            message = "A Parquet file needs pyarrow: pip install 'atips[parquet]', or name a file that ends in .jsonl."
            raise NoParquet(message) from None
        arrow = self._arrow
        header = arrow.struct([("name", arrow.string()), ("value", arrow.string())])
        self._schema = arrow.schema(
            [
                ("topic", arrow.string()),
                ("partition", arrow.int32()),
                ("offset", arrow.int64()),
                ("timestamp", arrow.timestamp("ms", tz="UTC")),
                ("key", arrow.string()),
                ("headers", arrow.list_(header)),
                ("value", arrow.binary()),
            ]
        )
        self._writer = parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []

    def add(self, message: Message) -> None:
        """Add a record; rows are written when there are enough for a row group."""
        said: Any = message.headers() or ()
        headers = [{"name": name, "value": _text(value)} for name, value in said]
        self._rows.append({**_place(message), "headers": headers, "value": bytes(message.value() or b"")})
        if len(self._rows) >= _ROWS:
            self._flush()

    def close(self) -> None:
        """Write the last rows and the end of the file."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()


def line_of(message: Message) -> bytes:
    """Return a record as one line of JSON: place, time (ms), key, headers, and `event`.

    A value that is no JSON is in `value_base64` in place of `event`.
    """
    said = _place(message)
    value = message.value() or b""
    try:
        said["event"] = orjson.loads(value)
    except orjson.JSONDecodeError:
        said["value_base64"] = base64.b64encode(bytes(value)).decode()
    return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)


def _place(message: Message) -> dict[str, Any]:
    headers: Any = message.headers() or ()
    return {
        "topic": message.topic(),
        "partition": message.partition(),
        "offset": message.offset(),
        "timestamp": message.timestamp()[1],
        "key": _text(message.key()),
        "headers": {name: _text(value) for name, value in headers},
    }


def _text(value: str | bytes | None) -> str | None:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
