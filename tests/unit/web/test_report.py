"""Pages of the annual report: who may open them, and that a file has the page's numbers."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest
from typing_extensions import override

from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.read.queries import Edition, FigureReport
from services.web import report_jobs
from services.web.api.dependencies import Parts
from services.web.domain.roles import Part, Role, may_open, may_see_figure
from tests.support.pipeline import awaited
from tests.unit.report.report_sources import readings
from tests.unit.web.doubles import NOW, Figures, Store, client, made_parts


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a report however busy the machine is."""
    monkeypatch.setattr(report_jobs, "_WAIT_SECONDS", 60)


def test_it_opens_for_roles_that_may_see_all_figures_and_for_no_other() -> None:
    all_of_them = {role for role in Role if all(may_see_figure(role, each) for each in FIGURES.values())}
    assert {role for role in Role if may_open(role, Part.REPORT)} <= all_of_them
    assert {Role.OPERATIONS, Role.M_AND_E, Role.AUDITOR} <= {role for role in Role if may_open(role, Part.REPORT)}


async def test_the_page_and_its_files_state_the_numbers_of_the_data(parts: Parts) -> None:
    async with client(parts, "mel") as asked:
        page = await asked.get("/report/2024")
        assert page.status_code == 200
        assert "7 persons were arrested in 2024" in page.text
        told = (await asked.get("/report/2024/json")).json()
        values = [
            each
            for section in told["sections"]
            for block in section["blocks"]
            for each in block.get("values", ())
            if each["period"] == "2024" and not each["dimensions"]
        ]
        assert len(values) > 60
        data = (await asked.get("/v1/figures", params={"period": "2024"})).json()["figures"]
        amounts = {each["number"]: each["amount"] for each in data}
        assert {each["number"]: each["amount"] for each in values}.items() <= amounts.items()


class DemoFigures(Figures):
    """The figures of the demo's year."""

    @override
    async def report(
        self,
        period: Any,
        by: Sequence[str] = (),
        numbers: Sequence[str] = (),
        edition: Edition | None = None,
    ) -> FigureReport:
        assert edition is None
        found = tuple(each for number in numbers for each in readings(number, period, by))
        return FigureReport(found, 12, 0, "v", NOW.date())


@pytest.mark.parametrize("lang", ["en", "es"])
async def test_every_number_of_a_report_is_the_one_of_the_data(store: Store, lang: str) -> None:
    """Each value of a sentence, table or chart is asked for again at the address of its figure."""
    async with client(made_parts(store, DemoFigures()), "mel") as asked:
        told = (await asked.get(f"/report/2024/json?lang={lang}")).json()
        blocks = [block for section in told["sections"] for block in section["blocks"]]
        tables = [block.get("table", block) for block in blocks if block["kind"] in {"table", "chart"}]
        cells = [cell for table in tables for row in table["rows"] for cell in row if cell["value"]]
        stated = [(block["text"], each) for block in blocks for each in block.get("values", ())]
        served: dict[tuple[str, str, str], dict[frozenset[tuple[str, str]], Any]] = {}
        for each in (*(cell["value"] for cell in cells), *(value for _, value in stated)):
            number, period, dimensions = each["number"], each["period"], frozenset(each["dimensions"].items())
            by = ",".join(next(names for names in FIGURES[number].breakdowns if {*names} == {*each["dimensions"]}))
            if (number, period, by) not in served:
                answer = await asked.get(
                    f"/v1/figures/{number}", params={"period": period} | ({"by": by} if by else {})
                )
                rows = answer.json()["figures"]
                served[number, period, by] = {frozenset(row["dimensions"].items()): row for row in rows}
            row = served[number, period, by].get(dimensions, {"amount": 0, "unknown": 0, "undated": 0, "twice": 0})
            assert {name: each[name] for name in ("amount", "unknown", "undated", "twice")}.items() <= row.items(), each
        assert len(served) > 90
    for cell in cells:
        assert first_number(cell["text"]) == cell["value"]["amount"], cell
    for text, each in stated:
        numbers = {first_number(word) for word in re.findall(r"BZ\$[\d,.]*\d|[\d,]*\d", text)}
        assert each["amount"] in {None, 0, *numbers}, text


def first_number(text: str) -> int | None:
    """Read the number at the beginning of a text. Money is in cents."""
    found = re.match(r"(BZ\$)?([\d,]+)(?:\.(\d\d))?", text)
    if found is None:
        return None
    whole = int(found[2].replace(",", ""))
    return 100 * whole + int(found[3] or 0) if found[1] else whole


async def test_files_are_downloads_of_their_type(parts: Parts) -> None:
    async with client(parts, "mel") as asked:
        for form, begin in (("pdf", b"%PDF-"), ("xlsx", b"PK"), ("html", b"<!doctype html>"), ("json", b"{")):
            answer = await asked.get(f"/report/2024/{form}?lang=es")
            assert answer.status_code == 200
            assert answer.content.startswith(begin)
            assert answer.headers["content-disposition"] == f'attachment; filename="atips-report-2024-es.{form}"'
            assert form != "json" or orjson.loads(answer.content)["lang"] == "es"


async def test_there_is_no_report_of_a_year_to_come_or_before_the_figures(parts: Parts) -> None:
    async with client(parts, "mel") as asked:
        for path in ("/report/2023", "/report/2027", "/report/2024/docx", "/report/soon"):
            assert (await asked.get(path)).status_code in {400, 404}
        assert "/report/2026" in (await asked.get("/report")).text


async def test_others_may_not_open_it(parts: Parts) -> None:
    async with client(parts, "ian") as asked:
        for path in ("/report", "/report/2024", "/report/2024/pdf"):
            assert (await asked.get(path)).status_code == 403


async def test_who_asks_first_is_told_that_it_is_being_made(
    parts: Parts, figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = asyncio.Event()
    answered = figures.reports

    async def slow(*asked: object) -> object:
        await may_go_on.wait()
        return await answered(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(figures, "reports", slow)
    monkeypatch.setattr(report_jobs, "_WAIT_SECONDS", 0.01)
    async with client(parts, "mel") as asked:
        assert "being made" in (await asked.get("/report/2024")).text
        may_go_on.set()
        monkeypatch.setattr(report_jobs, "_WAIT_SECONDS", 60)
        assert "7 persons were arrested" in (await asked.get("/report/2024")).text


async def test_few_reports_are_made_at_once_however_often_the_figures_change(
    parts: Parts, figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = asyncio.Event()
    answered = figures.reports

    async def slow(*asked: object) -> object:
        await may_go_on.wait()
        return await answered(*asked)  # type: ignore[arg-type]

    async def none_is_made() -> bool:
        return parts.reports.making == 0

    monkeypatch.setattr(figures, "reports", slow)
    monkeypatch.setattr(report_jobs, "_WAIT_SECONDS", 0.001)
    async with client(parts, "mel") as asked:
        for number in range(report_jobs._MOST_MAKING + 4):
            figures.freshness = replace(figures.freshness, complete_to=number)
            assert "being made" in (await asked.get("/report/2024")).text
        assert parts.reports.making == report_jobs._MOST_MAKING
        assert "being made" in (await asked.get("/report/2025/pdf")).text
        assert parts.reports.making == report_jobs._MOST_MAKING
        may_go_on.set()
        await awaited(none_is_made, "all of them are made")
        monkeypatch.setattr(report_jobs, "_WAIT_SECONDS", 60)
        assert "7 persons were arrested" in (await asked.get("/report/2024")).text
