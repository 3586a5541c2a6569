"""The page of limits tells every limit that is a setting, with its default, and each constant with its value."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from docs.generate.settings import SERVICES
from infra.kafka import broker_limits as broker
from schemas.size_limits import EVENT
from services.intake.domain import merge_and_correction_limits
from services.sheet import file_size_limits
from tests.check.project import ROOT

PAGE: Final = (ROOT / "docs" / "limits.md").read_text("utf-8")
_VALUE: Final = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?: (KiB|MiB))?")
_UNITS: Final = {"": 1, "KiB": 1024, "MiB": 1024 * 1024}

NO_LIMITS: Final = re.compile(
    r"ATIPS_(HTTP|WEB)_(HOST|PORT|TLS_PORT|SQL_PORT|CERTIFICATE|KEY|AGENCY_KEYS|SERVICES|ADDRESS|ENDED_DAYS|OIDC_\w+)"
)
"""Settings of the doors that say where and what, and not how much."""


def rows(*, of: str = "") -> Iterator[list[str]]:
    """Give the cells of the page's tables, below the heading `of` where one is named."""
    text = PAGE.partition(f"\n{of}\n")[2].partition("\n## ")[0] if of else PAGE
    for line in text.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def values(cell: str) -> list[float]:
    """Give the numbers of a cell, in bytes where it names a unit of them."""
    return [float(number.replace(",", "")) * _UNITS[unit] for number, unit in _VALUE.findall(cell)]


def told(page_rows: Iterator[list[str]]) -> dict[str, float]:
    """Give each setting of the tables with the default that its row tells."""
    found: dict[str, float] = {}
    for cells in page_rows:
        names = re.findall(r"`(ATIPS_\w+)`", cells[0])
        if names:
            found |= dict(zip(names, values(cells[1]), strict=True))
    return found


def defaults() -> Mapping[str, list[object]]:
    """Give each setting with its default in each service that has it."""
    found: dict[str, list[object]] = {}
    for model in SERVICES.values():
        for name, field in model.model_fields.items():
            found.setdefault(f"ATIPS_{name.upper()}", []).append(field.default)
    return found


def wrong(settings: Mapping[str, float]) -> dict[str, tuple[float, list[object]]]:
    """Give the settings that have the default which the page tells in no service, with those that they have."""
    known = defaults()
    return {name: (value, known.get(name, [])) for name, value in settings.items() if value not in known.get(name, [])}


def test_each_setting_of_the_page_is_there_and_has_the_default_that_is_told() -> None:
    found = told(rows())
    assert len(found) > 50
    assert wrong(found) == {}


def test_each_limit_that_is_a_setting_is_on_the_page() -> None:
    known = [
        name
        for name in defaults()
        if name.startswith(("ATIPS_HTTP_", "ATIPS_WEB_", "ATIPS_SHARE_", "ATIPS_QUARANTINE_BYTES", "ATIPS_ADMIN_CONN"))
        and not NO_LIMITS.fullmatch(name)
    ]
    assert len(known) > 40
    assert [name for name in known if f"`{name}`" not in PAGE] == []


def test_the_broker_s_limits_are_those_of_the_page() -> None:
    found = {cells[0]: values(cells[1]) for cells in rows(of="## The broker")}
    for limit in broker.BROKER:
        assert any(f"`{limit.name}`" in names for names in found), limit.name
    for limit in broker.LISTENER:
        assert found[f"`listener.name.<l>.{limit.name}`"] == [limit.value]
    for name in ("max.connections", "sasl.server.max.receive.size"):
        assert found[f"`{name}`"] == [next(each.value for each in broker.BROKER if each.name == name)]
    assert found["`max.connections.per.ip`"][:2] == [broker.CONNECTIONS_PER_ADDRESS, broker.CONNECTIONS_OF_OURS]


def test_an_event_s_limits_are_those_of_the_page() -> None:
    found = {cells[0]: values(cells[1])[0] for cells in rows(of="## Any event") if values(cells[1])}
    assert found["bytes"] == EVENT.size
    assert found["values: items and members in all levels"] == EVENT.values
    assert found["items of one list"] == EVENT.items
    assert found["levels"] == EVENT.depth
    assert found["bytes of one text or name"] == EVENT.text
    assert found["characters of one number"] == EVENT.digits


def test_limits_of_what_hangs_together_are_those_of_the_page() -> None:
    found = [values(cells[1])[0] for cells in rows(of="## What hangs together") if values(cells[1])]
    assert found == [
        merge_and_correction_limits.MOST_MERGED,
        merge_and_correction_limits.MOST_MERGES,
        merge_and_correction_limits.MOST_MOVED,
        merge_and_correction_limits.MOST_LINKED,
    ]


def test_a_sheet_s_limits_are_those_of_the_page() -> None:
    found = {cells[0]: values(cells[1]) for cells in rows(of="## Sheets")}
    assert found["bytes of the file"] == [file_size_limits.FILE_BYTES]
    assert found["bytes that a workbook unpacks to"] == [file_size_limits.UNPACKED_BYTES]
    assert found["parts of a workbook"] == [file_size_limits.PARTS]
    assert found["rows, columns"] == [file_size_limits.ROWS, file_size_limits.COLUMNS]
    assert found["characters of one cell"] == [file_size_limits.CELL_CHARACTERS]
    assert found["characters of one line of CSV"] == [file_size_limits.LINE_CHARACTERS]


def test_a_wrong_number_and_a_setting_of_nobody_are_found() -> None:
    planted = told(iter([["`ATIPS_HTTP_CONNECTIONS`", "513"], ["`ATIPS_HTTP_NOTHING`", "1"]]))
    assert wrong(planted) == {"ATIPS_HTTP_CONNECTIONS": (513.0, [512]), "ATIPS_HTTP_NOTHING": (1.0, [])}
