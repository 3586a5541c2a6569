import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas.catalogue import CATALOGUE
from schemas.codebook import LISTS
from schemas.codec import decode_strict
from schemas.type_table import FACTS
from services.console.__main__ import app
from services.intake.api.problem_titles import WORDS


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == code, done.output
    return done.output


@pytest.mark.parametrize("agency", ["", "bpd"])
def test_examples_are_events_of_one_line_each(tmp_path: Path, agency: str) -> None:
    file = tmp_path / "events.jsonl"
    run("examples", "--out", str(file), *(["--agency", agency] if agency else []))
    events = [decode_strict(line).event for line in file.read_bytes().splitlines()]
    assert {each.type for each in events} <= CATALOGUE.keys()
    assert (len(events) == len(CATALOGUE)) is not bool(agency)
    assert {each.agency for each in events} >= {"bpd"}
    assert not agency or {each.agency for each in events} == {agency}


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text("mine")
    run("examples", "--out", str(file), code=1)
    assert file.read_text() == "mine"


@pytest.mark.parametrize("name", sorted(LISTS))
def test_codes_are_those_of_the_list(name: str) -> None:
    found = json.loads(run("codes", name, "--json"))
    assert [each["code"] for each in found["codes"]] == [code.value for code in LISTS[name]]


def test_a_list_that_is_misspelt_is_suggested() -> None:
    assert "age_group" in run("codes", "age_grup", code=2)


def test_every_reason_has_words() -> None:
    found = json.loads(run("reasons", "--json"))["reasons"]
    assert {each["reason"] for each in found} == {why.value for why in WORDS}
    assert all(each["en"] and each["es"] for each in found)


def test_a_figure_that_is_misspelt_is_suggested() -> None:
    assert "Did you mean O9" in run("figures", "--number", "persons_arrested", code=2)


def test_a_figure_is_suggested_by_a_word_of_its_name_and_a_dimension_by_its_spelling() -> None:
    assert "(persons_arrested)" in run("figures", "--number", "arested", code=2)
    assert "There is no breakdown by sexx. Did you mean sex? " in run("figures", "--by", "sexx", code=2)
    assert "kept are: " in run("figures", "--number", "O9", "--by", "court", code=2)


@pytest.mark.parametrize("typed", ["09", "o9", "personas detenidas", "PERSONAS DETENIDÁS"])
def test_a_figure_is_suggested_by_its_number_with_a_nought_and_by_its_title_without_accents(typed: str) -> None:
    said = run("figures", "--number", typed, code=2)
    assert f"There is no figure {typed}. Did you mean O9" in " ".join(said.split())


@pytest.mark.parametrize("typed", ["0", "é", "x" * 500, "09x09x09x09"])
def test_what_is_like_no_figure_leads_to_the_list(typed: str) -> None:
    said = " ".join(run("figures", "--number", typed, code=2).split())
    assert "List them: atips figures --definitions" in said


def test_the_version_is_printed() -> None:
    assert run("--version").startswith("atips ")


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("arrest", "arrest.made or arrest.released"),
        ("bz.atips.arrest", "arrest.made or arrest.released"),
        ("arrest.mad", "arrest.made"),
        ("victim.identifed", "victim.identified"),
        ("Arest.made", "arrest.made"),
    ],
)
def test_a_wrong_type_of_a_sheet_is_told_with_those_that_may_be_meant(typed: str, near: str) -> None:
    """Found by a new user: `template arrest` named all types and not the one that was meant."""
    said = " ".join(run("template", typed, code=2).split())
    assert f"No event type has the name {typed}. Did you mean {near}? List all: atips template" in said
    assert "Did you mean" not in run("template", "zzz", code=2)
    assert len(said) < 150, "the list of all types hid the ones that may be meant"


def test_the_types_are_listed_by_the_command_that_the_message_names() -> None:
    listed = run("template").splitlines()
    assert "arrest.made: Arrest made / Detención efectuada" in listed
    assert len(listed) == len(FACTS)
    own = run("template", "--agency", "iom").splitlines()
    assert 0 < len(own) < len(listed)
    assert "arrest.made: Arrest made / Detención efectuada" not in own
