"""The description of a folder of tables: `datapackage.json` of the Data Package standard, version 1."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from services.export.table import ExportTable

_CLOSED: Final = [{"name": "other-closed", "title": "For members of the Council’s committees"}]
_OPEN: Final = [{"name": "other-open", "title": "For anybody: of a public release"}]


def datapackage_json(
    name: str, title: str, tables: Sequence[ExportTable], files: Mapping[str, bytes], *, suffix: str, version: str
) -> bytes:
    """Return the bytes of `datapackage.json` for tables in files `<table's name>.<suffix>` of one folder.

    `files`: the files' bytes by file name, for their hashes. `version`: name of the state of the figures.
    """
    said = {
        "profile": "data-package" if suffix != "csv" else "tabular-data-package",
        "name": name,
        "title": title,
        "version": version,
        "licenses": _OPEN if all(table.for_anybody for table in tables) else _CLOSED,
        "resources": [_resource(table, files[f"{table.name}.{suffix}"], suffix) for table in tables],
    }
    return orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _resource(table: ExportTable, content: bytes, suffix: str) -> dict[str, Any]:
    fields = [
        {"name": each.name, "type": each.type.value}
        | ({"title": each.title} if each.title else {})
        | ({"description": each.said} if each.said else {})
        for each in table.columns
    ]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    said: dict[str, Any] = {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.{suffix}",
        "title": table.title,
        "description": " ".join(table.notes),
        "format": suffix,
        "encoding": "utf-8",
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }
    return said | ({"bytes": len(content)} if suffix == "csv" else {})  # readers of JSON do not check `bytes`
