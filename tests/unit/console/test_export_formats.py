"""A file of the log in both forms: each record with its place, headers and content, and no library no file."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import duckdb
import pandas as pd
import pyarrow.parquet
import pytest

from services.console.replay import export_formats
from services.console.replay.export_formats import NoParquet, ParquetLog, written_as


class Record:
    """A record as a consumer gives it."""

    def __init__(self, offset: int, value: bytes | None, *, headers: list[tuple[str, bytes | None]] | None) -> None:
        self._said = offset, value, headers

    def topic(self) -> str:
        return "atips.person.v1"

    def partition(self) -> int:
        return 3

    def offset(self) -> int:
        return self._said[0]

    def timestamp(self) -> tuple[int, int]:
        return 1, 1_700_000_000_123

    def key(self) -> bytes:
        return b"per-1"

    def headers(self) -> list[tuple[str, bytes | None]] | None:
        return self._said[2]

    def value(self) -> bytes | None:
        return self._said[1]


RECORDS = (
    Record(0, b'{"id":"a"}', headers=[("n", b"7"), ("ce_type", None)]),
    Record(1, b"\xff", headers=None),
    Record(2, None, headers=[]),
)


def written(suffix: str) -> io.BytesIO:
    file = io.BytesIO()
    log = written_as(suffix, file)
    for each in RECORDS:
        log.add(cast("Any", each))
    log.close()
    return file


def test_json_lines_have_the_event_and_what_is_no_json_in_base64() -> None:
    first, second, third = (json.loads(line) for line in written(".jsonl").getvalue().splitlines())
    assert first["event"] == {"id": "a"}
    assert (first["offset"], first["headers"]) == (0, {"n": "7", "ce_type": None})
    assert (second["value_base64"], third["value_base64"]) == ("/w==", "")


def test_parquet_has_the_same_records_with_their_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_formats, "_ROWS", 2)
    file = pyarrow.parquet.ParquetFile(io.BytesIO(written(".PARQUET").getvalue()))
    assert file.num_row_groups == 2
    rows: list[dict[str, Any]] = file.read().to_pylist()
    assert [each["value"] for each in rows] == [b'{"id":"a"}', b"\xff", b""]
    assert rows[0]["headers"] == [{"name": "n", "value": "7"}, {"name": "ce_type", "value": None}]
    assert rows[0]["timestamp"] == datetime(2023, 11, 14, 22, 13, 20, 123000, UTC)
    assert (rows[2]["topic"], rows[2]["partition"], rows[2]["offset"], rows[2]["key"]) == (
        *("atips.person.v1", 3),
        *(2, "per-1"),
    )


def test_duckdb_and_pandas_read_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    path.write_bytes(written(".parquet").getvalue())
    found = duckdb.connect().execute(
        f'SELECT topic, "offset", headers[1].name, decode(value) FROM \'{path}\' WHERE "offset" = 0'
    )
    assert found.fetchall() == [("atips.person.v1", 0, "n", '{"id":"a"}')]
    frame = pd.read_parquet(path)
    assert (frame["offset"].tolist(), frame["value"].tolist()) == ([0, 1, 2], [b'{"id":"a"}', b"\xff", b""])
    assert frame["timestamp"][0] == pd.Timestamp("2023-11-14T22:13:20.123Z")


def test_without_the_library_no_parquet_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(export_formats, "import_module", missing)
    with pytest.raises(NoParquet, match="pip install"):
        ParquetLog(io.BytesIO())
