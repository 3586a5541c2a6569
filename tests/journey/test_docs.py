"""Every command of a page for users runs as it stands, with ids of its own cluster."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from schemas.ids import Kind, derive
from tests.journey.conftest import ROOT, User, lines_of
from tests.support.pipeline import wait_for
from tests.support.random_events import History, encode

pytestmark = pytest.mark.timeout(600)  # whoever comes first makes the cluster

ELSEWHERE: Final[Mapping[str, str]] = {
    "make environment": "makes what runs this test",
    "pip install": "tests/journey/test_office.py",
    "kcat": "tests/journey/test_auditor.py",
    "atips connect": "tests/journey/test_office.py",
    "atips receipts": "tests/journey/test_office.py: the PC of an office is connected as its agency",
    "export ATIPS_CA_KEY_FILE": "every command of `User` has it",
    ".venv/bin/atips up": "the fixture `user`",
    ".venv/bin/atips down": "the fixture `user`",
    ".venv/bin/atips replay": "tests/journey/test_auditor.py, tests/wire/test_replay.py",
    ".venv/bin/atips agency rotate": "tests/journey/test_office.py: the agency's key would not open the door any more",
    ".venv/bin/atips agency hand-out": "tests/unit/console/test_provision.py: no agency would have a key here any more",
    ".venv/bin/atips agency add --auditor": "tests/journey/test_auditor.py",
    ".venv/bin/atips agency revoke --auditor": "tests/journey/test_auditor.py",
    ".venv/bin/atips finding rule": "tests/journey/test_operator.py: the year has no finding here",
    ".venv/bin/atips quarantine close": "tests/journey/test_operator.py: entries have other numbers here",
}
"""Commands that are tried in another place, by their first words."""


def here(page: str) -> list[str]:
    """Give the commands of a page that are tried here, in their order."""
    return [line for line in lines_of(page) if not line.startswith(tuple(ELSEWHERE)) and "…" not in line]


def followed(
    user: User,
    lines: list[str],
    known: dict[str, str],
    codes: Mapping[str, int | None],
    learn: Callable[[str, str], None],
) -> None:
    """Run lines one after the other, with the ids that are known by then. `codes`: exit codes, None for any."""
    for line in lines:
        filled = re.sub(r"\b[A-Z]{4,}\b", lambda word: known.get(word[0], word[0]), line)
        code = next((code for words, code in codes.items() if f" {words}" in line), 0)
        learn(line, user.typed(filled, code))


def nothing(_line: str, _said: str) -> None:
    """Learn nothing."""


def test_a_clerk_follows_the_page(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    row = {"own_number": "2024/77", "recorded": "2024-05-07", "occurred": "2024-05-06", "own_person": "P-77"}

    def filled(line: str, _said: str) -> None:
        if " template " in line:
            sheet = Path("arrests.csv")
            text = sheet.read_text(encoding="utf-8-sig")
            cells = row | {"own_arrest": "77"}
            filled_in = ",".join(cells.get(head, "") for head in re.split("[;,]", text.splitlines()[0]))
            sheet.write_text(f"{text.rstrip()}\n{filled_in}\n", encoding="utf-8")

    followed(user, here("clerk.md"), {}, {}, filled)
    assert Path("arrests-errors.csv").exists()


CELLS: Final[Mapping[str, dict[str, str]]] = {
    "age.csv": {"role": "victim", "age_group": "adult_24_26"},
    "consent.csv": {
        "basis": "given",
        "given_by": "person",
        "purposes": "protection_services|health_care",
        "recipients": "dhs|hti",
    },
}
"""Cells of the two sheets of a case officer, as the page says."""


def fill_in(sheet: Path, cells: Mapping[str, str]) -> None:
    """Write one row below what stands in an empty sheet."""
    text = sheet.read_text(encoding="utf-8-sig")
    row = ",".join(cells.get(head, "") for head in re.split("[;,]", text.splitlines()[0]))
    sheet.write_text(f"{text.rstrip()}\n{row}\n", encoding="utf-8")


def test_a_case_officer_follows_the_page(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    history = History(78)
    person, case, referred = history.mint(Kind.PERSON), history.mint(Kind.CASE), derive(Kind.PERSON, "of the docs")
    said = {"person": person, "case": case, "status": "potential"}
    user.publish("dhs", encode(history.event("victim.identified", "dhs", person, said)))
    known = {"PERSON": referred, "CASE": case}

    def learnt(line: str, said: str) -> None:
        if " template " in line:
            name = line.rpartition(" ")[2]
            own = {"own_number": "2024/78", "recorded": "2024-05-07", "person": referred}
            fill_in(Path(name), own | CELLS[name])
        if " referral send " in line:
            known["REFERRAL"] = re.findall(r"ref-[0-9a-z]{27}", said)[0]

    lines = here("case-officer.md")
    first = [line for line in lines if " users " in line or " sign-in " in line]
    last = [line for line in lines if " sign-out" in line]
    followed(user, first, known, {}, learnt)
    seen = ["cases", "--purpose", "protection", "--json"]
    wait_for(lambda: case in user.atips(*seen, code=None), "the case is there")
    followed(user, [line for line in lines if line not in first + last], known, {}, learnt)
    followed(user, last, known, {}, learnt)


def test_an_auditor_follows_the_page(user: User) -> None:
    user.publish("bpd", encode(History(79).arrest()))
    followed(user, here("auditor.md"), {}, {"diff": None}, nothing)


def test_an_operator_follows_the_page(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = here("operator.md")
    assert len(lines) >= 4
    followed(user, lines, {}, {"status": None}, nothing)


@pytest.mark.parametrize("page", ["clerk.md", "case-officer.md", "auditor.md", "operator.md"])
def test_what_is_tried_elsewhere_is_on_a_page_still(page: str) -> None:
    assert len(here(page)) >= 3, page
    of_all = [line for each in ("clerk.md", "case-officer.md", "auditor.md", "operator.md") for line in lines_of(each)]
    assert [words for words in ELSEWHERE if not any(line.startswith(words) for line in of_all)] == []


@pytest.mark.parametrize("words", [words for words, where in ELSEWHERE.items() if where.startswith("tests/")])
def test_where_a_command_is_tried_instead_it_stands(words: str) -> None:
    files = [ROOT / each for each in re.findall(r"tests/[\w/]+\.py", ELSEWHERE[words])]
    command = words.removeprefix(".venv/bin/").removeprefix("atips ")
    typed = re.escape(command).replace("\\ ", r"""[" ,']+""")
    assert any(re.search(typed, file.read_text(encoding="utf-8")) for file in files), command
