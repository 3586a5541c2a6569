"""The contract of events as tables: event types, their fields, and the code lists."""

import json
from collections.abc import Iterator
from typing import Any

from schemas.catalogue import CATALOGUE
from schemas.codebook import LISTS
from schemas.codebook.dated_groups_and_labels import in_use_on, labels_on
from schemas.permitted_codes_of_field import PERMITTED
from schemas.published import schema_of
from schemas.published_author_rules import statement_of
from schemas.pydantic_errors import data_class_of
from schemas.schema_descriptions import RULES
from services.export.table import CellValue, ColumnType, ExportTable, TableColumn


def catalogue() -> tuple[ExportTable, ExportTable, ExportTable]:
    """Return three tables: event types, their fields, and the codes that are in use today."""
    types = ExportTable(
        "event_types",
        "Event types",
        (
            TableColumn("type", said="Name on the wire."),
            TableColumn("en", said="Name in English."),
            TableColumn("es", said="Name in Spanish."),
            TableColumn("authors", said="Agencies that may publish it."),
            TableColumn("may_say_en", said="Values that each author may give, in English."),
            TableColumn("may_say_es", said="Values that each author may give, in Spanish."),
        ),
        [
            (name, each.en, each.es, " ".join(sorted(each.authors)), *statement_of(name)["x-authors-text"].values())
            for name, each in CATALOGUE.items()
        ],
        ("type",),
    )
    fields = ExportTable(
        "fields",
        "Fields",
        (
            TableColumn("type", said="Type of event."),
            TableColumn("field", said="JSON Pointer of the field, as in refusals."),
            TableColumn("required", ColumnType.BOOLEAN, said="Whether an event without it is refused."),
            TableColumn("en", said="Meaning in English."),
            TableColumn("es", said="Meaning in Spanish."),
            TableColumn("example", said="An invented value that fits, as JSON."),
            TableColumn("code_list", said="Name of the list that its codes are from."),
            TableColumn("source", said="Source of the code list, with its version."),
            TableColumn("permitted", said="Codes that it takes, if it takes fewer than the list has."),
            TableColumn("rules", said="Rules between fields by which intake refuses, as in refusals."),
            TableColumn("rules_en", said="Meanings of the rules, in English."),
            TableColumn("rules_es", said="Meanings of the rules, in Spanish."),
        ),
        list(_fields()),
        ("type", "field"),
    )
    codes = ExportTable(
        "codes",
        "Codes",
        (
            TableColumn("list", said="Name of the code list."),
            TableColumn("code", said="Code on the wire."),
            TableColumn("en", said="Label in English."),
            TableColumn("es", said="Label in Spanish."),
        ),
        [
            (name, code.value, *labels_on(code, None))
            for name, codes in LISTS.items()
            for code in codes
            if in_use_on(code, None)
        ],
        ("list", "code"),
    )
    return types, fields, codes


def _fields() -> Iterator[tuple[CellValue, ...]]:
    for name, each in CATALOGUE.items():
        schema = schema_of(name)
        data = schema["$defs"][data_class_of(each.model).__name__]
        for place, node in (("", schema), ("/data", data)):
            for field, about in node["properties"].items():
                yield name, f"{place}/{field}", field in node.get("required", ()), *_described(about)


def _described(field: dict[str, Any]) -> Iterator[CellValue]:
    """Yield meaning, example, code list, permitted codes and rules of a field of a published schema."""
    yield from (field["description"], field["x-description-es"], json.dumps(field["examples"][0], ensure_ascii=False))
    codes = field.get("x-code-list", {})
    yield from (codes.get("name", ""), ", ".join(codes[each] for each in ("source", "version") if each in codes))
    yield " ".join(field.get(PERMITTED, ()))
    rules = field.get(RULES, ())
    yield " ".join(each["rule"] for each in rules)
    yield from (" ".join(each[language] for each in rules) for language in ("description", "x-description-es"))
