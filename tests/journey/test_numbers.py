"""A number is the same on its page, in JSON, in CSV and from the command."""

import csv
import io
import itertools
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from html.parser import HTMLParser
from typing import Any, Final

import httpx2
import pytest
from typing_extensions import override

from schemas.ids import Kind, derive
from services.reporting.domain.figures.all_figures import FIGURES
from tests.journey.conftest import User
from tests.journey.test_officer import adult_who_consents
from tests.support.pipeline import wait_for
from tests.support.random_events import History, encode

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
        return [[cell.strip() for cell in row] for row in Rows(self.text(path)).found]

    def data(self, path: str) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self.text(path))

    def csv(self, path: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.text(path))))

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

    def text(self, path: str) -> str:
        answer = self._client.get(path)
        assert answer.status_code == 200, path
        return answer.text


@pytest.fixture(scope="module")
def window(user: User) -> Iterator[Window]:
    added = user.atips("users", "add", "numbers", "--role", "auditor", "--agency", "council", "--json")
    link: str = json.loads(added)["link"]
    base = link.partition("/link/")[0]
    user.atips("publish", EXAMPLE, "--agency", "nopcan")
    history = History(51)
    arrests = [
        history.arrest(person) | {"time": f"2024-0{month}-06T10:00:00-06:00"}
        for month, person in enumerate(history.persons[:3], 1)
    ]
    user.publish("bpd", *map(encode, arrests))
    with httpx2.Client(base_url=base, headers={"origin": base}, timeout=60, trust_env=False) as client:
        assert client.post(link).status_code == 303
        yield Window(client, user)


def amount(shown: str) -> int | None:
    """Read an amount as a page shows it: without what stands beside it. Money is shown in dollars and kept in cents."""
    found = re.match(r"(\d+)(\.\d\d)?", shown.replace(",", ""))
    return None if found is None else int(found[0].replace(".", ""))


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


def test_every_cell_of_every_breakdown_is_the_same_in_all_four_places(window: Window) -> None:
    kept: dict[str, list[str]] = {}
    for figure in FIGURES.values():
        for names in figure.breakdowns:
            asked = ",".join(names)
            if names and window.data(f"/v1/figures/{figure.number}?{YEAR}&by={asked}")["figures"]:
                kept.setdefault(asked, []).append(figure.number)
    assert {"M1"} <= set(kept["audience"])
    assert len(kept) > 10

    def read(by: str) -> tuple[int, Any]:
        said = window.command("figures", "--by", by)
        by_command = cells(said["figures"], by)
        places = {
            number: (
                cells(window.data(f"/v1/figures/{number}?{YEAR}&by={by}")["figures"], by),
                of_csv(window.csv(f"/v1/figures/{number}.csv?{YEAR}&by={by}"), by),
                of_page(window.rows(f"/figures/{number}?{YEAR}&by={by}"), by),
                [each for each in by_command if each[0] == number],
            )
            for number in kept[by]
        }
        return said["complete_to"], places

    for by in kept:
        for number, (by_json, by_csv, on_page, by_command) in window.of_one_state(partial(read, by)).items():
            assert by_json, (number, by)
            assert by_csv == by_json == by_command, (number, by)
            # A page names every district, also one of which nothing was told.
            told_on_page = [each for each in on_page if by != "district" or each[-1] != "0"]
            assert told_on_page == [each[1:] for each in by_json], (number, by)


def cells(figures: Sequence[dict[str, Any]], by: str) -> list[tuple[str, ...]]:
    """Give number, labels and amount of each row, sorted."""
    labels = ([each["labels"].get(name, {"en": ""})["en"] for name in by.split(",")] for each in figures)
    rows = zip(figures, labels, strict=True)
    return sorted((each["number"], *said, "" if each["amount"] is None else str(each["amount"])) for each, said in rows)


def of_csv(rows: Sequence[dict[str, str]], by: str) -> list[tuple[str, ...]]:
    return sorted((each["number"], *(each[f"{name}_label"] for name in by.split(",")), each["amount"]) for each in rows)


def of_page(rows: Sequence[list[str]], by: str) -> list[tuple[str, ...]]:
    """Give labels and amount of each row of the breakdown, which stands before every other table."""
    width = len(by.split(",")) + 2
    heads = next(place for place, row in enumerate(rows) if len(row) == width and row[-2:] == ["Amount", "Note"])
    found = itertools.takewhile(
        lambda row: len(row) == width and row[0] != "Month" and row[0] != "Year", rows[heads + 1 :]
    )
    return sorted((*row[:-2], "" if (read := amount(row[-2])) is None else str(read)) for row in found)


def test_months_and_years_are_the_same_in_all_four_places(window: Window) -> None:
    months, years = ([f"2024-{month:02}" for month in range(1, 13)], [str(year) for year in range(2020, 2027)])

    def read() -> tuple[int, Any]:
        page, found = window.rows(f"/figures/M1?{YEAR}"), []
        [by_month] = [row[1:] for row in page if row[0] == "Amount" and len(row) == len(months) + 1]
        by_year = {row[0]: row[1] for row in page if row[0] in years}
        for periods, on_page in ((months, by_month), (list(by_year), list(by_year.values()))):
            data = [window.data(f"/v1/figures/M1?period={each}")["figures"][0]["amount"] for each in periods]
            rows = [window.csv(f"/v1/figures/M1.csv?period={each}")[0]["amount"] for each in periods]
            found.append(([amount(each) for each in on_page], data, [amount(each) for each in rows]))
        said = window.command("figures", "--number", "M1", "--each", "month")
        return said["complete_to"], (found, [each["amount"] for each in said["figures"]], list(by_year))

    (of_months, of_years), by_command, shown = window.of_one_state(read)
    assert all(each == by_command for each in of_months)
    assert len({tuple(each) for each in of_years}) == 1
    assert "2024" in shown
    assert sum(by_command) > 0


def test_the_time_to_record_is_the_same_on_the_page_in_json_and_from_the_command(window: Window) -> None:
    def read() -> tuple[int, Any]:
        said = window.command("grid")
        names = {each["agency"]: each["agency_label"] for each in window.csv(f"/v1/grid.csv?{YEAR}")}
        by_json, by_command = (
            {
                names[each["agency"]]: [str(each["facts"]), str(each["median_days"])]
                for each in found["lag"]
                if each["facts"]
            }
            for found in (window.data(f"/v1/grid?{YEAR}"), said)
        )
        page = window.rows(f"/measures?{YEAR}")
        first = next(place for place, row in enumerate(page) if row[1:2] == ["Facts"])
        return said["complete_to"], (
            {row[0]: row[1:3] for row in page[first + 1 :][: len(by_json)]},
            by_json,
            by_command,
        )

    on_page, by_json, by_command = window.of_one_state(read)
    assert on_page == by_json == by_command
    assert by_json


def test_what_does_not_agree_is_the_same_in_all_four_places(window: Window) -> None:
    def read() -> tuple[int, Any]:
        said = window.command("findings")
        by_json, by_command = (
            sorted(each["text"]["en"] if isinstance(each["text"], dict) else each["text"] for each in found["findings"])
            for found in (window.data(f"/v1/findings?{YEAR}"), said)
        )
        by_csv = sorted(each["text"] for each in window.csv(f"/v1/findings.csv?{YEAR}"))
        on_page = sorted(row[0] for row in window.rows(f"/findings?{YEAR}") if len(row) == 4 and row[0] != "Finding")
        return said["complete_to"], (on_page, by_json, by_csv, by_command)

    on_page, by_json, by_csv, by_command = window.of_one_state(read)
    assert on_page == by_json == by_csv == by_command
    assert by_json


def test_how_far_the_figures_are_complete_is_the_same_in_all_four_places(window: Window) -> None:
    def read() -> tuple[int, Any]:
        said = window.command("figures", "--number", "M1")["complete_to"]
        [row] = window.csv("/v1/status.csv")
        on_page = re.search(r"Complete to event (\d+)", window.text("/figures?lang=en"))
        assert on_page is not None
        return said, (int(on_page[1]), int(row["complete_to"]), window.data("/v1/status")["complete_to"], said)

    assert len(set(window.of_one_state(read))) == 1


def test_what_waits_for_an_agency_is_the_same_in_all_four_places(user: User) -> None:
    person = derive(Kind.PERSON, "numbers")
    adult_who_consents(user, person, "protection_services", recipients=("dhs",))
    sent = ("referral", "send", "--agency", "bpd", "--to", "dhs", "--person", person, "--service", "shelter", "--json")
    referral = json.loads(user.atips(*sent))["referral"]
    added = user.atips("users", "add", "numbers-dhs", "--role", "officer", "--agency", "dhs", "--json")
    link: str = json.loads(added)["link"]
    base = link.partition("/link/")[0]
    with httpx2.Client(base_url=base, headers={"origin": base}, timeout=60, trust_env=False) as client:
        assert client.post(link).status_code == 303
        office = Window(client, user)
        wait_for(lambda: any(referral in row[0] for row in office.rows("/referrals?lang=en")), "the referral is there")
        data = office.data("/v1/referrals")
        said = json.loads(user.atips("referrals", *user.officer("dhs"), "--json"))["waiting"]
        listed = {row[0] for row in office.rows("/referrals?lang=en") if row[0].startswith("ref-")}
        inbox = office.rows("/inbox?lang=en")
        by_csv = {each["referral"]: each["due_at"] for each in office.csv("/v1/referrals.csv")}
    assert listed == {each["referral"] for each in data["referrals"]} == set(by_csv)
    assert {each["referral"]: each["due_at"] or "" for each in data["referrals"]} == by_csv
    by_json, by_command = (
        sorted((each["about"], each["due_at"], each["late"]) for each in found) for found in (data["waiting"], said)
    )
    assert by_json == by_command
    own = [each["about"] for each in data["waiting"] if each["waits_for"] == "dhs"]
    waits = [row for row in inbox if len(row) == 5 and row[1][:4] in {"ref-", "bpd/", "dhs/"}]
    assert sorted(re.findall(r"^\S+", row[1])[0][:31] for row in waits) == sorted(each[:31] for each in own)
    assert referral in own


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
