"""A clerk's way, as typed: an empty sheet, filled in, rehearsed, published, published again, changed, corrected."""

import csv
import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from services.sheet.file import from_xlsx
from tests.journey.conftest import ATIPS, User
from tests.support.pipeline import wait_for

pytestmark = pytest.mark.timeout(600)  # many commands, and whoever comes first makes the cluster

ROWS = (
    {"own_number": "2019/41", "occurred": "30/12/2019", "own_person": "P-1", "own_arrest": "41", "on_warrant": "Sí"},
    {"own_number": "2019/42", "occurred": "2019-12", "own_person": "P-2", "own_arrest": "42"},
    {"own_number": "2019/43", "occurred": "3/12/2019", "own_person": "P-3", "own_arrest": "43"},
)
RECORDED = {"recorded": "02/01/2020"}


def fill_in(sheet: Path, *rows: dict[str, str]) -> None:
    """Write rows below the headings of a template, as a program in Spanish saves them."""
    headings = sheet.read_text(encoding="utf-8-sig").splitlines()[0].replace(",", ";").split(";")
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, headings, delimiter=";")
        writer.writeheader()
        writer.writerows([RECORDED | row for row in rows])


def test_a_sheet_from_template_to_correction(user: User, tmp_path: Path) -> None:
    sheet, back = tmp_path / "arrests.csv", tmp_path / "back.csv"
    user.run([str(ATIPS), "template", "arrest.made", "--out", str(sheet)])
    fill_in(sheet, *ROWS)

    def publish(*options: str, code: int = 0) -> list[dict[str, Any]]:
        arguments = ("publish", str(sheet), "--agency", "bpd", "--type", "arrest.made", "--json", *options)
        return [json.loads(line) for line in user.atips(*arguments, code=code).splitlines()]

    rehearsed = publish("--dry-run", "--errors-to", str(back), code=1)
    assert [each["status"] for each in rehearsed] == ["accepted", "accepted", "refused"]
    assert (rehearsed[2]["line"], rehearsed[2]["cells"]) == (4, [{"column": "occurred", "rule": "ambiguous"}])
    assert "se puede leer de dos maneras" in back.read_text(encoding="utf-8-sig").splitlines()[3]
    assert user.figure("O9", "2019") == 0

    third = ROWS[2] | {"occurred": "03/12/2019"}
    fill_in(sheet, *ROWS[:2], third)
    assert [each["status"] for each in publish()] == ["accepted"] * 3
    wait_for(lambda: user.figure("O9", "2019") == 3, "three persons arrested")
    assert [each["status"] for each in publish()] == ["duplicate"] * 3

    moved = ROWS[0] | {"occurred": "02/01/2020"}
    fill_in(sheet, moved, ROWS[1], third)
    changed, *others = publish("--dry-run", code=1)
    assert (changed["status"], changed["reason"]) == ("refused", "changed")
    assert changed["changes"] == [{"column": "occurred", "before": "2019-12-30", "after": "2020-01-02"}]
    assert {each["status"] for each in others} == {"duplicate"}
    assert [each["status"] for each in publish(code=1)] == ["refused", "duplicate", "duplicate"]
    assert user.figure("O9", "2019") == 3

    publish("--correct", "--reason", "wrong_date")
    wait_for(lambda: user.figure("O9", "2020") == 1, "the corrected arrest counts in its year")
    assert user.figure("O9", "2019") == 2
    assert [each["status"] for each in publish()] == ["duplicate"] * 3

    key = user.data_dir / "secrets/bpd.own-numbers.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert b"P-1" not in (user.data_dir / "sheets/bpd.jsonl").read_bytes()


def fill_in_workbook(book: Path, *rows: dict[str, object]) -> None:
    """Write rows below the headings of a template's two pages, days as a spreadsheet holds them."""
    pages = from_xlsx(book.read_bytes())
    with xlsxwriter.Workbook(str(book)) as filled:
        day = filled.add_format({"num_format": "dd/mm/yyyy"})
        for name in ("arrest.made", "more"):
            page, headings = filled.add_worksheet(name), pages[name].rows[0]
            heads: dict[str, object] = dict(zip(headings, headings, strict=True))
            for number, row in enumerate([heads, *rows]):
                for place, heading in enumerate(headings):
                    value = row.get(heading, "")
                    if isinstance(value, date):
                        page.write_datetime(number, place, datetime.combine(value, time()), day)
                    else:
                        page.write(number, place, value)


def test_a_workbook_is_rehearsed_given_back_and_published(user: User, tmp_path: Path) -> None:
    book, back = tmp_path / "arrests.xlsx", tmp_path / "back.xlsx"
    user.run([str(ATIPS), "template", "arrest.made", "--out", str(book)])
    who: dict[str, object] = {"own_person": "P-18", "occurred": date(2018, 4, 30), "recorded": date(2018, 5, 2)}
    good = {**who, "own_number": "2018/1", "own_arrest": 1}
    fill_in_workbook(book, good, {**good, "own_number": "2018/2", "own_arrest": 2, "on_warrant": "perhaps"})

    def publish(*options: str, code: int = 0) -> list[dict[str, Any]]:
        printed = user.atips("publish", str(book), "--agency", "bpd", "--json", *options, code=code)
        return [json.loads(line) for line in printed.splitlines()]

    rehearsed = publish("--dry-run", "--errors-to", str(back), code=1)
    assert [each["status"] for each in rehearsed] == ["accepted", "refused"]
    given_back = from_xlsx(back.read_bytes())["arrest.made"].rows
    assert given_back[0][-1] == "errors"
    assert "on_warrant" in given_back[2][-1]
    assert [each["status"] for each in publish(code=1)] == ["accepted", "refused"]
    wait_for(lambda: user.figure("O9", "2018-04-30") == 1, "the arrest of the workbook counts on its day")
    fill_in_workbook(book, good, {**good, "own_number": "2018/2", "own_arrest": 2, "on_warrant": "No"})
    assert [each["status"] for each in publish()] == ["duplicate", "accepted"]
    assert user.figure("O9", "2018") == 1, "one person arrested twice"
