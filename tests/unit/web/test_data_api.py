"""Data answer as their own description says, in pages, in both languages, and to a program's token."""

import asyncio
import csv
import io
import re
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx2
import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.core.result import Ok

from schemas.agencies import AGENCIES, agency_on
from schemas.times import Period
from services.presentation import label_functions
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.rates import RATES, Variant
from services.reporting.domain.read.reading import Reading
from services.web.api.app import application, openapi_description
from services.web.api.data.routes import DATA
from services.web.api.dependencies import Parts
from services.web.cached_figures import Freshness
from services.web.domain import cohorts_and_rates
from services.web.domain.account_rules import token_hash
from services.web.domain.roles import may_open
from tests.unit.web.doubles import BASE, IAN, MEL, NOW, Figures, Store, client, made_parts, made_store

DOCUMENT: Final = openapi_description()
OPERATIONS: Final = {
    each.ok().label: each.ok()
    for each in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()
    if isinstance(each, Ok)
}
AS_JSON: Final = [
    route for route in DATA if route.model is not None and (route.part is None or may_open(MEL.role, route.part))
]


def test_the_description_is_openapi_3_1_and_describes_every_address() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    assert set(DOCUMENT["paths"]) == {route.path for route in DATA}
    for path, methods in DOCUMENT["paths"].items():
        said = methods["get"]
        assert said["description"], path
        assert "application/problem+json" in said["responses"]["503"]["content"], path
        kind = "text/csv" if path.endswith(".csv") else "application/json"
        assert kind in said["responses"]["200"]["content"], path
    assert DOCUMENT["components"]["securitySchemes"]


@pytest.mark.parametrize("route", AS_JSON, ids=lambda route: route.path)
async def test_json_has_the_shape_that_is_described(parts: Parts, route: Any) -> None:  # noqa: ANN401
    async with client(parts, "mel") as asked:
        answer = await asked.get(route.path.format(number="O9"))
    assert answer.status_code == 200
    schema = DOCUMENT["paths"][route.path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(answer.json(), schema | {"components": DOCUMENT["components"]})
    assert set(answer.json()) == set(route.model.model_fields)


@pytest.mark.parametrize("label", OPERATIONS)
def test_whatever_is_asked_the_answer_is_one_that_is_described(label: str) -> None:
    """Drawn from the description and answered without a server."""
    doubles: Any = (made_store(), Figures())
    parts = made_parts(*doubles)
    transport = httpx2.ASGITransport(application(parts), raise_app_exceptions=False)

    @given(case=OPERATIONS[label].as_strategy())
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    def asked(case: Case[Any]) -> None:
        async def answered() -> httpx2.Response:
            async with httpx2.AsyncClient(transport=transport, base_url=BASE, cookies={parts.cookie: "mel"}) as to:
                query = {name: str(value) for name, value in (case.query or {}).items()}
                path = case.formatted_path
                return await to.get(path, params=query)

        answer = asyncio.run(answered())
        responses = OPERATIONS[label].definition.raw["responses"]
        assert str(answer.status_code) in responses, answer.text
        kinds = responses[str(answer.status_code)]["content"]
        assert answer.headers["content-type"].partition(";")[0] in kinds

    asked()


async def test_a_list_is_read_in_pages_and_begins_again_when_the_figures_change(parts: Parts, figures: Figures) -> None:
    async with client(parts, "mel") as asked:
        whole = (await asked.get("/v1/findings")).json()
        assert whole["next"] is None
        found: list[Any] = []
        cursor, page = "", whole
        for _ in range(3):
            page = (await asked.get(f"/v1/findings?limit=1{cursor}")).json()
            found += page["findings"]
            cursor = f"&cursor={page['next']}"
        assert found == whole["findings"]
        assert page["next"] is None
        first = (await asked.get("/v1/findings?limit=1")).json()["next"]
        figures.freshness = Freshness("v", 13, 0, 14, NOW, 2, answers=True)
        stale = await asked.get(f"/v1/findings?limit=1&cursor={first}")
        wrong = [await asked.get(f"/v1/findings?{each}") for each in ("cursor=x", "limit=0", "limit=1001", "limit=a")]
    assert stale.status_code == 409
    assert [each.status_code for each in wrong] == [400] * 4


async def test_csv_has_codes_and_labels_in_the_reader_s_language(parts: Parts) -> None:
    async with client(parts, "mel", **{"accept-language": "es"}) as asked:
        text = (await asked.get("/v1/grid.csv?period=2024")).text
        rates = (await asked.get("/v1/rates.csv?period=2024")).text
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["agency"], row["agency_label"]) == ("bpd", "Departamento de Policía de Belice")
    rows = list(csv.DictReader(io.StringIO(rates)))
    assert len(rows) > 30
    assert all(row["part_amount"] == "7" and row["whole_amount"] == "7" for row in rows)


@pytest.mark.parametrize(("year", "name"), [("2024", "Belize Police Department"), ("2027", "Police of Belize")])
async def test_a_later_name_of_an_agency_leaves_past_years(
    year: str, name: str, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = replace(AGENCIES["bpd"], valid_to=date(2026, 12, 31))
    renamed = replace(AGENCIES["bpd"], name_en="Police of Belize", valid_from=date(2027, 1, 1))
    on = partial(agency_on, former=(former,))
    monkeypatch.setattr(label_functions, "agency_on", lambda *asked: on(*asked) if on(*asked) is former else renamed)
    async with client(parts, "mel") as asked:
        [row] = csv.DictReader(io.StringIO((await asked.get(f"/v1/grid.csv?period={year}")).text))
        pages = [(await asked.get(f"/{path}?period={year}")).text for path in ("grid", "measures")]
    assert row["agency_label"] == name
    assert all(f">{name}</th>" in each for each in pages)


@pytest.mark.parametrize(("lang", "title"), [("en", "A parameter cannot"), ("es", "Un parámetro no se")])
async def test_a_refusal_is_told_in_the_reader_s_language(parts: Parts, lang: str, title: str) -> None:
    async with client(parts, "mel", **{"accept-language": lang}) as asked:
        answer = await asked.get("/v1/figures?period=never")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == lang
    assert answer.json()["title"].startswith(title)
    assert answer.json()["parameter"] == "period"


async def test_a_token_opens_data_of_its_account_alone_until_it_ends(parts: Parts, store: Store) -> None:
    store.tokens = {
        token_hash("good"): (MEL, NOW + timedelta(days=1)),
        token_hash("iec"): (IAN, NOW + timedelta(days=1)),
        token_hash("ended"): (MEL, NOW),
    }

    async def asked(path: str, header: str) -> int:
        async with client(parts, authorization=header) as to:
            return (await to.get(path)).status_code

    assert await asked("/v1/figures/O9", "Bearer good") == 200
    assert await asked("/v1/figures/O9", "bearer good") == 200
    assert await asked("/v1/figures/O9", "Bearer iec") == 403
    for header in ("Bearer ended", "Bearer guessed", "Bearer ", "Basic good", "good"):
        assert await asked("/v1/figures/O9", header) == 401
    # Pages take a session alone, and data take no cookie beside a header that is wrong.
    assert await asked("/figures/O9", "Bearer good") == 303
    async with client(parts, "mel", authorization="Bearer guessed") as to:
        answer = await to.get("/v1/status")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("page", ["users/m-and-e.md", "es/users/m-and-e.md"])
async def test_the_query_for_excel_gets_a_typed_table(parts: Parts, store: Store, page: str) -> None:
    """Excel sends the address and the header of the query, and reads what comes by its encoding."""
    said = (Path(__file__).parents[3] / "docs" / page).read_text(encoding="utf-8")
    query = re.search(r'Web\.Contents\("https://…([^"]+)", \[Headers = \[(\w+) = "Bearer …"\]\]\)', said)
    assert query is not None
    assert "[Encoding = 65001]" in said  # UTF-8
    store.tokens = {token_hash("secret"): (MEL, NOW + timedelta(days=1))}
    async with client(parts, **{query[2]: "Bearer secret"}) as excel:
        answer = await excel.get(query[1])
        assert (await excel.get(query[1].replace(".csv", ""))).json()["figures"]
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert not answer.content.startswith(b"\xef\xbb\xbf")  # it would be part of the first header
    header, row = csv.reader(io.StringIO(answer.content.decode("utf-8")))
    assert header == ["number", "title", "unit", "period", "district", "district_label", "amount", "notes"]
    assert dict(zip(header, row, strict=True))["amount"] == "7"
    async with client(parts) as nobody:
        assert (await nobody.get(query[1])).status_code == 401


async def test_no_other_site_may_read_data(parts: Parts) -> None:
    async with client(parts, "mel", origin="http://else.test") as asked:
        for method in ("GET", "OPTIONS"):
            answer = await asked.request(method, f"{BASE}/v1/status")
            assert not [name for name in answer.headers if name.startswith("access-control")]
        assert (await asked.post("/v1/status")).status_code == 405


def test_a_rate_is_given_only_with_all_of_its_figures() -> None:
    year = Period.parse("2024")
    readings = {number: Reading(figure, year, {}, 7) for number, figure in FIGURES.items()}
    assert {each.variant for each in cohorts_and_rates.rates(readings)} == set(RATES)
    of = RATES[Variant.CONVICTION_OF_PERSONS_CHARGED]
    for number in (of.part, of.whole, of.remainder or ""):
        fewer = {name: each for name, each in readings.items() if name != number}
        assert Variant.CONVICTION_OF_PERSONS_CHARGED not in {each.variant for each in cohorts_and_rates.rates(fewer)}
    assert {each.whole.number for each in cohorts_and_rates.cohorts(readings)} == set(cohorts_and_rates.COHORTS)
    assert all(each.stages for each in cohorts_and_rates.cohorts(readings))


async def test_definitions_and_status_are_csv_too_and_are_not_sent_again(parts: Parts) -> None:
    async with client(parts, "mel") as asked:
        body = (await asked.get("/v1/definitions")).json()
        rows = list(csv.DictReader(io.StringIO((await asked.get("/v1/definitions.csv?lang=es")).text)))
        assert [(row["number"], row["title"], int(row["version"])) for row in rows] == [
            (each["number"], each["title"]["es"], each["version"]) for each in body["definitions"]
        ]
        page = (await asked.get("/v1/definitions?limit=2")).json()
        rest = (await asked.get(f"/v1/definitions?cursor={page['next']}")).json()
        assert page["definitions"] + rest["definitions"] == body["definitions"]
        state = (await asked.get("/v1/status")).json()
        [row] = csv.DictReader(io.StringIO((await asked.get("/v1/status.csv")).text))
        assert row == {name: "" if each is None else str(each) for name, each in state.items()}
        for path in ("/v1/definitions", "/v1/status"):
            tag = (await asked.get(path)).headers["etag"]
            assert (await asked.get(path, headers={"if-none-match": tag})).status_code == 304
