"""`atips figures` on a connected PC: the figures that the account sees on the pages, over HTTPS."""

import asyncio
import csv
import io
import json
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner, Result

from services.client.pages_data_api import Pages
from services.console import account_token as accounts
from services.console.__main__ import app
from services.console.figures import command, over_https
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.read.queries import Edition
from services.web.api.app import application
from services.web.cached_figures import EditionState, ProtectedValues
from services.web.domain.account_rules import Account
from services.web.domain.roles import visible_figures
from tests.support.http_in_process import Bridge
from tests.unit.console.test_agency_connection import FILE
from tests.unit.web.doubles import BASE
from tests.unit.web.doubles import Figures as Doubles
from tests.unit.web.officer_app import NOW, Office
from tests.unit.web.officers_database import CLERK, MEMBER
from tests.unit.web.test_case_data import token_of
from tests.unit.web.test_why import DAY

HTTPS: Final = BASE.replace("http:", "https:")
YEAR: Final = ("--period", "2024")

Typed = Callable[..., Awaitable[Result]]


@pytest.fixture
async def atips(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Give `atips figures`, typed at a connected PC as an account whose token was kept by signing in."""
    bridge = Bridge(application(office.parts), asyncio.get_running_loop())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setattr(accounts, "Pages", partial(Pages, transport=bridge))
    monkeypatch.setattr(accounts, "place", lambda _: (HTTPS, ""))
    monkeypatch.setattr(command, "connected", lambda _: FILE)
    monkeypatch.setattr(command, "has_token", lambda *_: True)
    monkeypatch.setattr(over_https, "time_at", lambda _: NOW)

    async def typed(account: Account | None, *arguments: str, code: int = 0, exact: str = "on a PC") -> Result:
        accounts.store_token(HTTPS, None if account is None else await token_of(office, account, exact=exact))
        words = ["figures", *arguments]
        done = await asyncio.to_thread(CliRunner().invoke, app, words, env={"COLUMNS": "80"})
        assert done.exit_code == code, done.output
        return done

    return typed


async def test_every_figure_of_the_account_is_shown_and_no_other(atips: Typed) -> None:
    said = json.loads((await atips(MEMBER, *YEAR, "--json")).stdout)
    assert [each["number"] for each in said["figures"]] == [each.number for each in visible_figures(MEMBER.role)]
    assert {each["amount"] for each in said["figures"] if "ended" not in each} == {7}
    assert (said["complete_to"], said["withheld"]) == (12, 0)
    text = (await atips(MEMBER, *YEAR)).stdout
    assert "O9 persons_arrested, persons" in text
    assert text.endswith("complete to event 12\n")
    assert "O9 Personas detenidas" in (await atips(MEMBER, *YEAR, "--lang", "es")).stdout


async def test_without_the_right_to_exact_figures_a_small_number_is_a_band(
    atips: Typed,
) -> None:
    text = (await atips(MEMBER, *YEAR, "--number", "O9", exact="")).stdout
    assert text.splitlines()[1].split()[-1] == "0-4"
    assert "?" not in text
    refused = await atips(MEMBER, *YEAR, "--each", "month", code=1, exact="")
    assert "--exact" in refused.stderr


async def test_without_that_right_csv_says_what_an_empty_amount_means(atips: Typed) -> None:
    """Columns of exact amounts stay as they are."""
    asked = (*YEAR, "--number", "O9", "--csv")
    [row] = csv.DictReader(io.StringIO((await atips(MEMBER, *asked, exact="")).stdout))
    assert (row["amount"], row["shown"], row["marks"]) == ("", "0-4", "[c]")
    assert list(row)[-2:] == ["shown", "marks"]
    [exact] = csv.DictReader(io.StringIO((await atips(MEMBER, *asked)).stdout))
    assert list(exact) == list(row)[:-2]


@pytest.mark.parametrize(("lang", "legend"), [("en", "0-4: a number from 0 to 4"), ("es", "0-4: un número de 0 a 4")])
async def test_a_band_is_explained_below_the_table(atips: Typed, lang: str, legend: str) -> None:
    asked = (*YEAR, "--number", "O9", "--lang", lang)
    assert (await atips(MEMBER, *asked, exact="")).stdout.splitlines()[-2] == legend
    assert "0-4" not in (await atips(MEMBER, *asked)).stdout


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "A row that is not shown is small"), ("es", "Una fila que no aparece es pequeña")]
)
async def test_a_breakdown_without_that_right_says_that_small_rows_are_left_out(
    atips: Typed, office: Office, monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    async def every_row_is_small(*_: object) -> ProtectedValues:
        return ProtectedValues(11, [])

    monkeypatch.setattr(office.parts.figures, "protected", every_row_is_small)
    asked = (*YEAR, "--number", "O9", "--by", "district", "--lang", lang)
    text = (await atips(MEMBER, *asked, exact="")).stdout
    assert said in text
    assert "atips users token NAME --exact " in text
    told = await atips(MEMBER, *asked, "--csv", exact="")
    assert said in told.stderr
    assert told.stdout.splitlines()[0].endswith("district,district_label,shown,marks")
    found = json.loads((await atips(MEMBER, *asked, "--json", exact="")).stdout)
    assert (found["figures"], found["small_rows_withheld"]) == ([], True)


async def test_exact_rows_of_a_breakdown_are_all_there(atips: Typed) -> None:
    asked = (*YEAR, "--number", "O9", "--by", "district")
    assert "--exact" not in (await atips(MEMBER, *asked)).stdout
    assert "small_rows_withheld" not in json.loads((await atips(MEMBER, *asked, "--json")).stdout)


async def test_a_figure_is_named_by_its_number_its_row_or_its_name(atips: Typed) -> None:
    said = json.loads((await atips(MEMBER, *YEAR, "--number", "O13,persons_arrested,M1", "--json")).stdout)
    rows = [each for each in FIGURES if each.rstrip("abcdefgh") == "O13"]
    assert sorted(each["number"] for each in said["figures"]) == sorted({*rows, "O9", "M1"})
    none = await atips(MEMBER, *YEAR, "--number", "X1", code=2)
    assert none.stderr == "Your account sees no figure X1. List them: atips figures --definitions\n"


async def test_a_breakdown_of_quarters_is_shown_side_by_side_and_as_csv(atips: Typed) -> None:
    asked = (*YEAR, "--number", "O9", "--by", "district", "--each", "quarter")
    text = (await atips(MEMBER, *asked)).stdout
    assert text.splitlines()[0].split() == ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]
    assert "O9 persons_arrested, district: " in text
    rows = list(csv.DictReader(io.StringIO((await atips(MEMBER, *asked, "--csv")).stdout)))
    assert [(row["period"], row["amount"]) for row in rows] == [(f"2024-Q{n}", "7") for n in (1, 2, 3, 4)]
    assert {row["district"] for row in rows} == {"<b>cayo</b>"}
    wrong = await atips(MEMBER, *YEAR, "--by", "shoe_size", code=2)
    assert "No figure that your account sees has this breakdown: shoe_size." in wrong.stderr


async def test_a_period_that_goes_on_has_months_that_are_not_yet(atips: Typed) -> None:
    text = (await atips(MEMBER, "--number", "O9", "--each", "month", "--period", "2026-02..2026-04")).stdout
    assert text.splitlines()[1].split()[-4:] == ["7", "7", "not", "yet"]
    late = await atips(MEMBER, "--period", "2027", code=2)
    assert "2027 lies in the future, today is 2026-03-02" in late.stderr


async def test_figures_as_known_on_a_day_are_asked_for_on_the_pages_first(atips: Typed, office: Office) -> None:
    asked = (*YEAR, "--number", "O9", "--known-at", DAY.isoformat(), "--json")
    none = await atips(MEMBER, *asked, code=1)
    assert f"The figures as known on {DAY} are not worked out yet. Ask for them on the pages" in none.stderr
    doubles = office.parts.figures
    assert isinstance(doubles, Doubles)
    doubles.editions[DAY] = EditionState(asked=True, answered=True, edition=Edition("v", 9))
    assert json.loads((await atips(MEMBER, *asked)).stdout)["figures"][0]["amount"] == 5
    for text in ("7", "2027-01-01", "soon"):
        assert "is no past day" in (await atips(MEMBER, *YEAR, "--known-at", text, code=2)).stderr


async def test_without_an_account_and_without_the_right_role_it_says_what_to_do(atips: Typed) -> None:
    none = await atips(None, *YEAR, code=1)
    assert none.stderr == (
        "Figures are read with an account, and none is signed in here. "
        "Ask your operator for its token, then: atips sign-in\n"
    )
    assert "Your account may not open this" in (await atips(CLERK, *YEAR, code=1)).stderr


@pytest.mark.parametrize("option", [("--rate", "all"), ("--xlsx", "figures.xlsx")], ids=" ".join)
async def test_what_works_at_the_cluster_alone_says_where_else_it_is(atips: Typed, option: tuple[str, ...]) -> None:
    told = await atips(MEMBER, *YEAR, *option, code=2)
    assert f"{HTTPS}/measures and {HTTPS}/figures" in told.stderr


async def test_definitions_are_those_that_the_account_sees(atips: Typed) -> None:
    text = " ".join((await atips(MEMBER, "--definitions", "--number", "O9")).stdout.split())
    assert text == f"O9 persons_arrested {' '.join(FIGURES['O9'].en.split())}"
    said = json.loads((await atips(MEMBER, "--definitions", "--json")).stdout)
    assert len(said["definitions"]) == len(visible_figures(MEMBER.role))
