"""Tables as Parquet, which pandas and DuckDB read. Needs the extra `parquet` of the distribution."""

from io import BytesIO
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet

from services.export.table import ColumnType, ExportTable

_TYPES: Final[dict[ColumnType, Any]] = {
    ColumnType.STRING: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.NUMBER: pa.float64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DATE: pa.date32(),
    ColumnType.DATETIME: pa.timestamp("ms", tz="UTC"),
}


def as_parquet(table: ExportTable) -> bytes:
    """Return a table as a Parquet file with typed columns. Title and notes are in the file's metadata."""
    metadata = {"title": table.title, "notes": "\n".join(table.notes)}
    fields = [pa.field(column.name, _TYPES[column.type]) for column in table.columns]
    columns = list(zip(*table.rows, strict=True)) or [()] * len(fields)
    arrays = [pa.array(list(values), field.type) for values, field in zip(columns, fields, strict=True)]
    written = BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata)), written)
    return written.getvalue()
