"""A clerk's way with the page for clerks: an empty sheet, filled in, rehearsed, published, changed, corrected."""

import asyncio
import csv
import hmac
import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from infra.local.data_folder import Folder
from schemas.ids import Kind, derive
from services.client.http import Http
from services.console.database import connected
from services.sheet.file_reading import from_xlsx
from tests.journey.conftest import User, line_of
from tests.support.pipeline import wait_for

pytestmark = pytest.mark.timeout(600)  # many commands, and whoever comes first makes the cluster

ROWS = (
    {"own_number": "2019/41", "occurred": "30/12/2019", "own_person": "P-1", "own_arrest": "41", "on_warrant": "Sí"},
    {"own_number": "2019/42", "occurred": "2019-12", "own_person": "P-2", "own_arrest": "42"},
    {"own_number": "2019/43", "occurred": "3/12/2019", "own_person": "P-3", "own_arrest": "43"},
)
RECORDED = {"recorded": "02/01/2020"}


def fill_in(sheet: Path, *rows: dict[str, str]) -> int:
    """Write rows below what stands in a template, as a program in Spanish saves them; gives the line of the first."""
    text = sheet.read_text(encoding="utf-8-sig")
    headings, *others = csv.reader(text.splitlines(), delimiter=";" if ";" in text.splitlines()[0] else ",")
    explained = [each for each in others if each and each[0].startswith("#")]
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerows([headings, *explained])
        writer.writerows([[(RECORDED | row).get(heading, "") for heading in headings] for row in rows])
    return len(explained) + 2


TEMPLATE = line_of("clerk.md", "template arrest.made")
PUBLISH = line_of("clerk.md", "publish arrests.csv --agency bpd")
REHEARSE = line_of("clerk.md", "publish arrests.csv --agency bpd --dry-run")
CORRECT = line_of("clerk.md", "publish arrests.csv --agency bpd --correct")


def test_a_sheet_from_template_to_correction(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sheet, back = Path("arrests.csv"), Path("arrests-errors.csv")
    user.typed(TEMPLATE)
    first = fill_in(sheet, *ROWS)

    def publish(line: str = PUBLISH, code: int = 0) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = user.told(line, code)
        return found

    rehearsed = publish(REHEARSE, code=1)
    assert [each["status"] for each in rehearsed] == ["accepted", "accepted", "refused"]
    cells = [{"column": "occurred", "rule": "ambiguous"}]
    assert (rehearsed[2]["line"], rehearsed[2]["cells"]) == (first + 2, cells)
    assert "se puede leer de dos maneras" in back.read_text(encoding="utf-8-sig").splitlines()[first + 1]
    assert user.figure("O9", "2019") == 0

    third = ROWS[2] | {"occurred": "03/12/2019"}
    fill_in(sheet, *ROWS[:2], third)
    assert [each["status"] for each in publish()] == ["accepted"] * 3
    wait_for(lambda: user.figure("O9", "2019") == 3, "three persons arrested")
    assert [each["status"] for each in publish()] == ["duplicate"] * 3

    moved = ROWS[0] | {"occurred": "02/01/2020"}
    fill_in(sheet, moved, ROWS[1], third)
    changed, *others = publish(f"{PUBLISH} --dry-run", code=1)
    assert (changed["status"], changed["reason"]) == ("refused", "changed")
    assert changed["changes"] == [{"column": "occurred", "before": "2019-12-30", "after": "2020-01-02"}]
    assert {each["status"] for each in others} == {"duplicate"}
    assert [each["status"] for each in publish(code=1)] == ["refused", "duplicate", "duplicate"]
    assert user.figure("O9", "2019") == 3

    publish(f"{CORRECT} --reason wrong_date")
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


def test_a_workbook_is_rehearsed_given_back_and_published(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    book, back = Path("arrests.xlsx"), Path("arrests-errors.xlsx")
    user.typed(TEMPLATE.replace(".csv", ".xlsx"))
    who: dict[str, object] = {"own_person": "P-18", "occurred": date(2018, 4, 30), "recorded": date(2018, 5, 2)}
    good = {**who, "own_number": "2018/1", "own_arrest": 1}
    fill_in_workbook(book, good, {**good, "own_number": "2018/2", "own_arrest": 2, "on_warrant": "perhaps"})

    def publish(line: str = PUBLISH, code: int = 0) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = user.told(line.replace(".csv", ".xlsx"), code)
        return found

    rehearsed = publish(REHEARSE, code=1)
    assert [each["status"] for each in rehearsed] == ["accepted", "refused"]
    given_back = from_xlsx(back.read_bytes())["arrest.made"].rows
    assert given_back[0][-1] == "errors"
    assert "on_warrant" in given_back[2][-1]
    assert [each["status"] for each in publish(code=1)] == ["accepted", "refused"]
    wait_for(lambda: user.figure("O9", "2018-04-30") == 1, "the arrest of the workbook counts on its day")
    fill_in_workbook(book, good, {**good, "own_number": "2018/2", "own_arrest": 2, "on_warrant": "No"})
    assert [each["status"] for each in publish()] == ["duplicate", "accepted"]
    assert user.figure("O9", "2018") == 1, "one person arrested twice"


BEFORE = derive(Kind.PERSON, "minted before sheets made the same ids")


def test_a_number_has_one_id_in_a_sheet_and_at_the_door(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over both doors, in either order, and for an id that the door minted in the earlier way."""
    monkeypatch.chdir(tmp_path)
    sheet = Path("arrests.csv")
    user.typed(TEMPLATE)
    door = Http.read(Folder(user.data_dir).client("bpd"))
    asyncio.run(mint_as_before(Folder(user.data_dir), "P-2016-1"))
    asked = {"P-2016-1": BEFORE, "P-2016-2": ask(door, "P-2016-2")}
    fill_in(
        sheet,
        *(
            {"own_number": f"2016/{number}", "occurred": "2016-05-06", "own_person": f"P-2016-{number}"}
            | {"own_arrest": f"2016-{number}", "recorded": "2016-05-07"}
            for number in (1, 2, 3)
        ),
    )
    for via in ("http", "kafka"):
        status = {each["status"] for each in user.told(f"{PUBLISH} --via {via}")}
        assert status == ({"accepted"} if via == "http" else {"duplicate"}), via
    kept = (json.loads(line) for line in (user.data_dir / "sheets/bpd.jsonl").read_bytes().splitlines() if line)
    published = {each["event"]["data"]["person"] for each in kept if each["number"].startswith("2016/")}
    asked["P-2016-3"] = ask(door, "p-2016-3")
    door.close()
    assert published == {*asked.values()}
    assert {each["status"] for each in user.told(f"{PUBLISH} --dry-run")} == {"duplicate"}
    wait_for(lambda: user.figure("O9", "2016") == 3, "three persons arrested")


def ask(door: Http, number: str) -> str:
    [shared] = door.identities([{"kind": "per", "number": number}], 30.0)
    return shared


async def mint_as_before(folder: Folder, number: str) -> None:
    """Let the door have given an id that followed from its own key alone."""
    key = bytes.fromhex(folder.identity_key.read_text().strip())
    said = ("atips identity", "hash", "bpd", "per", number.casefold())
    hashed = hmac.digest(key, "\x1f".join(said).encode(), "sha256")
    async with connected(folder, "identity", "identity") as connection:
        await connection.execute("INSERT INTO known VALUES ($1, 'bpd', 'per', $2, now())", hashed, BEFORE)
