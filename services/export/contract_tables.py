"""The contract of events as tables: event types, their fields, and the code lists."""

from collections.abc import Iterator

from schemas.catalogue import CATALOGUE
from schemas.codebook import LISTS
from schemas.codebook.dated_groups_and_labels import in_use_on, labels_on
from schemas.meanings import meaning_of
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
        ),
        [(name, each.en, each.es, " ".join(sorted(each.authors))) for name, each in CATALOGUE.items()],
        ("type",),
    )
    fields = ExportTable(
        "fields",
        "Fields",
        (
            TableColumn("type", said="Type of event."),
            TableColumn("field", said="Name of the field in `data`."),
            TableColumn("required", ColumnType.BOOLEAN, said="Whether an event without it is refused."),
            TableColumn("en", said="Meaning in English."),
            TableColumn("es", said="Meaning in Spanish."),
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
        data = each.model.model_fields["data"].annotation
        for field, about in getattr(data, "model_fields", {}).items():
            meaning = meaning_of(getattr(data, "__name__", ""), field)
            yield name, field, about.is_required(), meaning.en if meaning else "", meaning.es if meaning else ""
