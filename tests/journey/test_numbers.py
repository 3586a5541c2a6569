"""A number is the same on its page, in JSON, in CSV and from the command."""

import csv
import io
import json
import re
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any, Final

import httpx2
import pytest
from typing_extensions import override

from tests.journey.conftest import User

pytestmark = pytest.mark.timeout(600)  # many commands, and whoever comes first makes the cluster

EXAMPLE: Final = "schemas/examples/bz.atips.training.session_delivered.v1.json"
YEAR: Final = "period=2024&lang=en"


class Rows(HTMLParser):
    """The text of each cell of a page's tables, by row."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self._in_cell = False
        self.feed(page)

    @override
    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.found.append([])
        elif tag in {"td", "th"}:
            self.found[-1].append("")
            self._in_cell = True

    @override
    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag not in {"td", "th"}

    @override
    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.found[-1][-1] += data


class Window:
    """The pages and the data as an auditor reads them, and the command beside them."""

    def __init__(self, client: httpx2.Client, user: User) -> None:
        self._client = client
        self._user = user

    def rows(self, path: str) -> list[list[str]]:
        return [[cell.strip() for cell in row] for row in Rows(self._text(path)).found]

    def data(self, path: str) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self._text(path))

    def csv(self, path: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self._text(path))))

    def command(self, *words: str) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self._user.atips(*words, "--period", "2024", "--json"))

    def of_one_state(self, read: Callable[[], tuple[int, Any]]) -> Any:  # noqa: ANN401 - as it is read
        """Read until nothing was counted meanwhile. `read` gives to which event the command's answer is complete."""
        deadline = time.monotonic() + 60
        while True:
            before = self.data("/v1/status")["complete_to"]
            complete_to, found = read()
            if before == complete_to == self.data("/v1/status")["complete_to"]:
                return found
            assert time.monotonic() < deadline, "the figures never come to rest"

    def _text(self, path: str) -> str:
        answer = self._client.get(path)
        assert answer.status_code == 200, path
        return answer.text


@pytest.fixture(scope="module")
def window(user: User) -> Iterator[Window]:
    added = user.atips("users", "add", "numbers", "--role", "auditor", "--agency", "council", "--json")
    link: str = json.loads(added)["link"]
    base = link.partition("/link/")[0]
    user.atips("publish", EXAMPLE, "--agency", "nopcan")
    with httpx2.Client(base_url=base, headers={"origin": base}, timeout=60, trust_env=False) as client:
        assert client.post(link).status_code == 303
        yield Window(client, user)


def amount(shown: str) -> int | None:
    """Read an amount as a page shows it: without what stands beside it."""
    found = re.match(r"\d+", shown)
    return None if found is None else int(found[0])


def test_every_figure_is_the_same_in_all_four_places(window: Window) -> None:
    def read() -> tuple[int, Any]:
        said = window.command("figures")
        by_page = {row[0].split()[0]: amount(row[1]) for row in window.rows(f"/figures?{YEAR}") if amount(row[0][1:])}
        by_json = {each["number"]: each["amount"] for each in window.data(f"/v1/figures?{YEAR}")["figures"]}
        by_csv = {each["number"]: amount(each["amount"]) for each in window.csv(f"/v1/figures.csv?{YEAR}")}
        return said["complete_to"], (
            by_page,
            by_json,
            by_csv,
            {each["number"]: each["amount"] for each in said["figures"]},
        )

    by_page, by_json, by_csv, by_command = window.of_one_state(read)
    assert by_page == by_json
    assert by_csv == by_json
    assert by_command == by_json
    assert len(by_json) > 100
    assert by_json["M1"]


def test_every_cell_of_a_breakdown_is_the_same_in_all_four_places(window: Window) -> None:
    def read() -> tuple[int, Any]:
        said = window.command("figures", "--number", "M1", "--by", "audience")
        asked = f"{YEAR}&by=audience"
        by_csv = {each["audience_label"]: each["amount"] for each in window.csv(f"/v1/figures/M1.csv?{asked}")}
        rows = window.rows(f"/figures/M1?{asked}")
        by_page = {row[0]: row[1] for row in rows if row[0] in by_csv}
        by_json, by_command = (
            {each["labels"]["audience"]["en"]: str(each["amount"]) for each in found["figures"]}
            for found in (window.data(f"/v1/figures/M1?{asked}"), said)
        )
        return said["complete_to"], (by_page, by_json, by_csv, by_command)

    by_page, by_json, by_csv, by_command = window.of_one_state(read)
    assert by_page == by_json == by_csv == by_command
    assert by_json


def test_every_rate_divides_the_same_numbers_in_all_four_places(window: Window) -> None:
    def read() -> tuple[int, Any]:
        said = window.command("figures", "--rate", "all")
        names = ("rate", "part_amount", "whole_amount", "value")
        by_json, by_command = (
            [[str(each[name]) if each[name] is not None else "" for name in names] for each in found["rates"]]
            for found in (window.data(f"/v1/rates?{YEAR}"), said)
        )
        by_csv = [[each[name] for name in names] for each in window.csv(f"/v1/rates.csv?{YEAR}")]
        shares = [row[1] for row in window.rows(f"/measures?{YEAR}") if len(row) == 4 and row[2] and row[3]]
        return said["complete_to"], (shares[1:], by_json, by_csv, by_command)

    shares, by_json, by_csv, by_command = window.of_one_state(read)
    assert by_csv == by_json
    assert sorted(by_command) == sorted(by_json)
    divided = [tuple(each[1:3]) for each in by_json if each[3]]
    on_page = [re.search(r"\((\d+) \w+ (\d+)", said.replace(",", "")) for said in shares]
    assert [said.groups() for said in on_page if said is not None] == divided


def test_the_grid_is_the_same_in_all_four_places(window: Window) -> None:
    def read() -> tuple[int, Any]:
        said = window.command("grid")
        by_json, by_command = (
            {each["agency"]: [*(cell["events"] for cell in each["months"]), each["events"]] for each in found["grid"]}
            for found in (window.data(f"/v1/grid?{YEAR}"), said)
        )
        by_csv: dict[str, list[int]] = {}
        for each in window.csv(f"/v1/grid.csv?{YEAR}"):
            by_csv.setdefault(each["agency"], []).append(int(each["events"]))
        labels = {each["agency_label"]: each["agency"] for each in window.csv(f"/v1/grid.csv?{YEAR}")}
        by_page = {
            labels[row[0]]: [amount(cell) or 0 for cell in row[1:]]
            for row in window.rows(f"/grid?{YEAR}")
            if row[0] in labels
        }
        return said["complete_to"], (by_page, by_json, by_csv, by_command)

    by_page, by_json, by_csv, by_command = window.of_one_state(read)
    assert by_page == by_json == by_command
    assert by_csv == {agency: cells[:-1] for agency, cells in by_json.items()}
    assert any(any(cells) for cells in by_json.values())
