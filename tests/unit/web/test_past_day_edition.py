"""A figure as it was known on a day: an ordinary field, worked out when asked for, beside what is known now."""

import re
from datetime import date

import pytest

from services.reporting.read.queries import Edition
from services.web.api.dependencies import Parts
from services.web.cached_figures import EditionState
from tests.unit.web.doubles import BASE, Figures, client
from tests.unit.web.test_app import form

DAY = date(2025, 3, 31)
PATH = "/figures/O9?period=2024&known_at=2025-03-31"


async def test_a_day_that_nobody_asked_for_is_worked_out_on_request(parts: Parts, figures: Figures) -> None:
    async with client(parts, "mel", origin=BASE) as asked:
        page = (await asked.get(PATH)).text
        assert "are not worked out yet" in page
        assert figures.editions == {}
        data = {"form_token": form(parts, "mel"), "period": "2024", "by": "district", "known_at": "2025-03-31"}
        answer = await asked.post("/figures/O9/known", data=data)
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            "/figures/O9?period=2024&by=district&known_at=2025-03-31",
        )
        assert set(figures.editions) == {DAY}
        assert "being worked out" in (await asked.get(PATH)).text
        assert (await asked.get("/v1/figures/O9?known_at=2025-03-31")).status_code == 409


async def test_what_was_known_stands_beside_what_is_known(parts: Parts, figures: Figures) -> None:
    figures.editions[DAY] = EditionState(asked=True, answered=True, edition=Edition("v", 9))
    async with client(parts, "mel") as asked:
        page = (await asked.get(f"{PATH}&by=district&lang=en")).text
        data = (await asked.get("/v1/figures/O9?period=2024&known_at=2025-03-31")).json()
    assert re.search(r"<strong>5</strong> persons.*As known on 2025-03-31 \(event 9\)", page)
    assert re.search(r"As known now: <strong>7</strong>", page)
    assert [each["amount"] for each in data["figures"]] == [5]


async def test_a_day_that_is_not_complete_yet_is_told(parts: Parts, figures: Figures) -> None:
    figures.editions[DAY] = EditionState(asked=True, answered=True)
    async with client(parts, "mel") as asked:
        assert "not complete up to that day" in (await asked.get(PATH)).text


@pytest.mark.parametrize("text", ["2026-03-02", "2030-01-01", "yesterday", "2025-3-31", "20250331", "0001-01-01"])
async def test_what_is_no_day_that_is_over_is_told_beside_its_field(parts: Parts, figures: Figures, text: str) -> None:
    async with client(parts, "mel", origin=BASE) as asked:
        answer = await asked.get(f"/figures/O9?known_at={text}")
        assert answer.status_code == 400
        assert "known_at-error" in answer.text
        data = {"form_token": form(parts, "mel"), "known_at": text}
        assert (await asked.post("/figures/O9/known", data=data)).status_code == 400
        assert (await asked.get(f"/v1/figures/O9?known_at={text}")).status_code == 400
    assert figures.editions == {}


async def test_too_many_questions_and_those_of_other_sites_and_committees_are_refused(
    parts: Parts, figures: Figures
) -> None:
    data = {"form_token": form(parts, "mel"), "known_at": "2025-03-31"}
    async with client(parts, "mel", origin=BASE) as asked:
        figures.editions = {date(2025, 1, day): EditionState(asked=True) for day in (1, 2)}
        assert (await asked.post("/figures/O9/known", data=data)).status_code == 503
        assert (await asked.post("/figures/O9/known", data=data | {"form_token": "x"})).status_code == 403
    async with client(parts, "mel", origin="http://else.test") as asked:
        assert (await asked.post("/figures/O9/known", data=data)).status_code == 403
    async with client(parts, "ian", origin=BASE) as asked:
        mine = data | {"form_token": form(parts, "ian")}
        assert (await asked.post("/figures/O9/known", data=mine)).status_code == 403
    assert len(figures.editions) == 2


async def test_what_had_happened_by_a_day_is_asked_for_in_a_field_and_by_a_parameter(
    parts: Parts, figures: Figures
) -> None:
    cut = "2024-01..2024-06"
    async with client(parts, "mel", origin=BASE) as asked:
        page = (await asked.get("/figures/O9?period=2024&as_of=2024-06-30")).text
        assert 'name="as_of" value="2024-06-30"' in page
        assert f"/v1/figures/O9.csv?period={cut}" in page
        for path in ("/v1/figures/O9", "/v1/figures/O9.csv", "/v1/figures", "/v1/figures.csv"):
            assert (await asked.get(f"{path}?period=2024&as_of=2024-06")).status_code == 200
            assert figures.asked[-1][0] == cut
            assert (await asked.get(f"{path}?period=2024&as_of=2023-06-30")).status_code == 400
        for wrong in ("2023-12-31", "yesterday", "2024-06-31"):
            answer = await asked.get(f"/figures/O9?period=2024&as_of={wrong}")
            assert answer.status_code == 400
            assert 'id="as_of-error"' in answer.text
        data = {"form_token": form(parts, "mel"), "period": "2024", "as_of": "2024-06-30", "known_at": "2025-03-31"}
        where = (await asked.post("/figures/O9/known", data=data)).headers["location"]
        assert where == "/figures/O9?period=2024&as_of=2024-06-30&known_at=2025-03-31"
