"""Every form of the report says the same: HTML, PDF, workbook and JSON hold the numbers of the document."""

import io
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import orjson
import pypdfium2
import pytest
from markupsafe import Markup
from python_calamine import CalamineWorkbook
from typing_extensions import override

from services.presentation.bilingual_text import Language
from services.report.domain.document import Document, Paragraph, StatedFinding
from services.report.domain.document_building import document
from services.report.file_formats import ReportFormat, render_report
from services.report.json_document import value
from services.report.pdf import foot
from tests.unit.report.drawn_document_charts import charts_of
from tests.unit.report.report_sources import demo, every

LANGUAGES = list(Language)
_BROKEN = re.compile(r"[\s\u00ad\ufffe\x02-]")
"""Blanks, and signs at which a line may be broken."""


@cache
def made(lang: Language) -> Document:
    return document(lang, demo())


@cache
def drawn(lang: Language) -> dict[str, Markup]:
    return charts_of(made(lang))


@cache
def pdf(lang: Language) -> bytes:
    return render_report(made(lang), ReportFormat.PDF, drawn(lang))


def joined(text: str) -> str:
    return _BROKEN.sub("", text)


def texts(found: Document) -> Iterator[str]:
    yield from (found.title, found.caveat, found.audience, found.freshness)
    for each in found.blocks():
        if isinstance(each, StatedFinding | Paragraph):
            yield each.text
    for table in found.tables():
        yield table.title
        yield from (cell.text for row in table.rows for cell in row)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    @override
    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def of_html(content: bytes) -> str:
    parser = _Text()
    parser.feed(content.decode())
    return joined(" ".join(parser.parts))


def of_pdf(content: bytes, found: Document) -> str:
    """Give the text without the foot of each page."""
    at_the_foot = joined(foot(found))
    pages = [joined(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(content)]
    return "".join(re.sub(rf"{re.escape(at_the_foot)}\d+/\d+", "", page) for page in pages)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_html_and_pdf_say_all_of_it(lang: Language) -> None:
    found = made(lang)
    page = of_html(render_report(found, ReportFormat.HTML, drawn(lang)))
    paper = of_pdf(pdf(lang), found)
    for each in texts(found):
        assert joined(each) in page, each
        assert joined(each) in paper, each
    assert len(drawn(lang)) == len(list(found.pictures()))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rows_of_numbers_stand_in_the_pdf_as_in_the_document(lang: Language) -> None:
    found, paper = made(lang), of_pdf(pdf(lang), made(lang))
    for table in found.tables():
        if any(table.numeric):
            for row in table.rows:
                line = "".join(joined(cell.text) for cell in row)
                assert line in paper, (table.title, line)


def test_the_same_document_has_the_same_pdf() -> None:
    assert render_report(made(Language.EN), ReportFormat.PDF, drawn(Language.EN)) == pdf(Language.EN)


def test_the_workbook_is_typed_and_holds_every_value() -> None:
    found = made(Language.EN)
    book = CalamineWorkbook.from_filelike(io.BytesIO(render_report(found, ReportFormat.XLSX, {})))
    assert book.sheet_names == ["Findings", "Values", "Tables", "Notes"]
    _, *rows = book.get_sheet_by_name("Values").to_python()
    held = {(row[0], row[3], row[5]): row[6] for row in rows}
    stated = list(found.values())
    assert len(held) == len({(each.number, each.period, frozenset(each.dimensions.items())) for each in stated})
    for each in stated:
        if not each.dimensions:
            shown = held[each.number, each.period, ""]
            assert shown == ("" if each.amount is None else each.amount)
            assert not isinstance(shown, str) or shown == ""
    said = {row[2] for row in book.get_sheet_by_name("Findings").to_python()}
    assert {each.text for each in found.blocks() if isinstance(each, StatedFinding)} <= said


def test_json_holds_the_values_behind_every_sentence_and_cell() -> None:
    found = made(Language.ES)
    told = orjson.loads(render_report(found, ReportFormat.JSON, {}))
    assert told["lang"] == "es"
    blocks = [block for section in told["sections"] for block in section["blocks"]]
    stated = [each for block in blocks for each in block.get("values", ())]
    tables = [block.get("table", block) for block in blocks if block["kind"] in {"table", "chart"}]
    stated += [cell["value"] for table in tables for row in table["rows"] for cell in row if cell["value"]]
    assert stated == [value(each) for each in found.values()]


@pytest.mark.parametrize("amount", [0, 1, 345])
def test_a_year_with_nothing_with_one_and_with_hundreds_is_set(amount: int) -> None:
    found = document(Language.ES, every(amount, 2))
    paper = of_pdf(render_report(found, ReportFormat.PDF, {}), found)
    for each in texts(found):
        assert joined(each) in paper, each


def test_what_is_written_is_escaped() -> None:
    found = made(Language.EN)
    wrong = Document(**{name: getattr(found, name) for name in found.__slots__} | {"title": "<b>#strong[x]</b>"})
    assert b"&lt;b&gt;#strong[x]" in render_report(wrong, ReportFormat.HTML, {})
    assert "<b>#strong[x]</b>" in of_pdf(render_report(wrong, ReportFormat.PDF, {}), wrong)


def test_a_workbook_is_dated_by_the_figures_and_has_no_time_of_making() -> None:
    made = document(Language.EN, every(3))
    properties = (
        zipfile.ZipFile(io.BytesIO(render_report(made, ReportFormat.XLSX, {}))).read("docProps/core.xml").decode()
    )
    dates = re.findall(r"<dcterms:[a-z]+ [^>]*>([^<]*)<", properties)
    assert dates == [f"{made.published_on}T00:00:00Z"] * 2
