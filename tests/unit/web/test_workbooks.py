"""Figures to take away as a workbook: the numbers of the page as numbers, and what each of them counts."""

from datetime import date
from typing import Any

import httpx2
import pytest

from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.read.queries import Edition
from services.sheet.file_reading import from_xlsx
from services.web.api.dependencies import Parts
from services.web.cached_figures import EditionState
from services.web.domain.roles import Role, visible_figures
from tests.unit.web.doubles import Figures, client

DAY = date(2025, 3, 31)


def pages(answer: httpx2.Response) -> list[Any]:
    assert answer.status_code == 200
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    return [each.rows for each in from_xlsx(answer.content).values()]


async def test_all_figures_of_a_role_are_rows_and_each_says_what_it_counts(parts: Parts) -> None:
    async with client(parts, "ian", **{"accept-language": "es"}) as asked:
        answer = await asked.get("/figures.xlsx?period=2024")
        linked = (await asked.get("/figures?period=2024")).text
    figures, notes = pages(answer)
    own = [each.number for each in visible_figures(Role.IEC)]
    rows = {row[0]: row for row in figures[1:] if row[0] in FIGURES}
    assert list(rows) == own == [row[0] for row in notes[1:] if row[0] in FIGURES]
    assert list(figures[0][:5]) == ["n.º", "cifra", "unidad", "período", "cantidad"]
    assert {rows[each][4] for each in own if FIGURES[each].reader is not Reader.QUANTILE} == {"7"}
    assert answer.headers["content-disposition"] == 'attachment; filename="figures-2024.xlsx"'
    assert 'href="/figures.xlsx?period=2024"' in linked


async def test_one_figure_is_broken_down_and_given_as_it_was_known(parts: Parts, figures: Figures) -> None:
    async with client(parts, "mel", **{"accept-language": "en"}) as asked:
        path = "/figures/O9/workbook?period=2024&by=district"
        [heads, row, *_], _ = pages(await asked.get(path))
        assert (heads[4], row[4], row[5]) == ("district", "<b>cayo</b>", "7")
        assert (await asked.get(f"{path}&known_at=2025-03-31")).status_code == 409
        figures.editions[DAY] = EditionState(asked=True, answered=True, edition=Edition("v", 9))
        [_, row, *_], notes = pages(await asked.get(f"{path}&known_at=2025-03-31"))
        assert row[5] == "5"
        assert any(str(cell).startswith("2025-03-31T23:59:59") for row in notes for cell in row)
        page = (await asked.get("/figures/O9?period=2024&by=district&known_at=2025-03-31")).text
        assert "/figures/O9/workbook?period=2024&amp;by=district&amp;known_at=2025-03-31" in page


@pytest.mark.parametrize("query", ["period=never", "by=shoe_size", "as_of=2023-01-01", "known_at=soon"])
async def test_what_cannot_be_answered_is_no_workbook(parts: Parts, query: str) -> None:
    async with client(parts, "mel") as asked:
        assert (await asked.get(f"/figures/O9/workbook?{query}")).status_code == 400
        assert (await asked.get("/figures/O99/workbook")).status_code == 404
    async with client(parts, "ian") as asked:
        assert (await asked.get("/figures/O9/workbook")).status_code == 403
