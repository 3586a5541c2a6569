"""Output for people and programs: every mark, the warning, and commands that name this cluster's own files."""

import re
from dataclasses import replace
from io import StringIO
from pathlib import Path
from shlex import split

import pytest
import typer
from rich.console import Console, RenderableType
from typer.testing import CliRunner

from infra.local.cluster import Cluster
from schemas.codec import decode_strict
from schemas.errors import BadMessage, Reason
from services.console.__main__ import app
from services.demo import show, suggestions
from services.demo.changes_after_report import FigureChange, changes_after_report
from services.demo.figures_and_findings import DemoOutcome
from services.demo.invented_year import history
from services.demo.moved_figures import moved
from services.demo.run import _refuse_what_is_not_invented
from services.presentation.report_2024_numbers import PRINTED, PrintedNumber
from services.presentation.report_2024_numbers.comparison_with_figures import ComparedLine, compare_printed_numbers
from services.sheet.own_number_ids import OwnNumbers
from services.sheet.row import ReadRow, read
from services.sheet.table import read_table
from tests.unit.demo.counted_year import accepted, counted


def printed(renderable: RenderableType) -> str:
    console = Console(file=StringIO(), width=200)
    console.print(renderable)
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


def as_printed() -> list[ComparedLine]:
    return [replace(line, computed=line.printed.value or 0) for line in compare_printed_numbers([])]


def test_nothing_counted_agrees_with_nothing_printed() -> None:
    assert [line.agrees for line in compare_printed_numbers([])] == [
        None if row.value is None else False for row in PRINTED
    ]


def test_the_table_marks_what_agrees_what_does_not_and_what_is_not_printed() -> None:
    lines = as_printed()
    assert "✗" not in printed(show.figures(DemoOutcome(lines, 281, 0)))
    wrong = next(position for position, line in enumerate(lines) if line.printed.number == "O9")
    lines[wrong] = replace(lines[wrong], computed=8)
    text = printed(show.figures(DemoOutcome(lines, 281, 0)))
    assert text.count("✗") == 1
    assert text.count("✓") == sum(each.value is not None for each in PRINTED) - 1
    assert text.count("not printed") >= sum(each.value is None and not each.words for each in PRINTED)
    assert "SESSIONS" in text


def test_what_the_report_says_in_words_stands_beside_what_nobody_counted() -> None:
    row = PrintedNumber("M1", "participations", None, "Prevention", words="thousands")
    line = ComparedLine(row, "participations", "participations", computed=None, unknown=1)
    assert line.plain() | {"printed": None, "words": "thousands", "computed": None, "agrees": None} == line.plain()
    text = printed(show.figures(DemoOutcome([line, replace(line, computed=12)], 9, 0)))
    assert re.search(r"thousands +\? ", text)
    assert re.search(r"thousands +12 \+ \? ", text)


def test_what_only_a_witness_told_is_shown_as_possibly_twice() -> None:
    (line,) = (line for line in counted(accepted()) if (line.printed.number, line.printed.dimensions) == ("O20", {}))
    text = printed(show.figures(DemoOutcome([line], 9, 0)))
    assert re.search(r"42 +42 \(1\b", text)
    assert re.search(r"possibly\s+twice\)", text)


def test_the_median_of_nothing_is_a_dash_and_no_nought() -> None:
    (line,) = (line for line in compare_printed_numbers([]) if line.printed.number == "T11")
    assert (line.computed, line.plain()["computed"]) == (None, None)
    assert re.search(r"not printed +— ", printed(show.figures(DemoOutcome([line], 9, 0))))


def test_the_warning_says_that_it_is_invented_and_not_for_production() -> None:
    text = printed(show.warning())
    assert "invented" in text
    assert "not for production" in text


def test_withheld_entities_are_told() -> None:
    assert "2 entities withheld" in printed(show.summary(DemoOutcome([], 9, 2), {"accepted": 9}))
    assert "start 1.5 s" in printed(show.took({"start": 1.5}))


def test_what_moved_is_told_with_its_reason_and_marked_where_there_is_none() -> None:
    lines = as_printed()
    now = [replace(line, computed=(line.computed or 0) + (line.printed.number == "O9")) for line in lines]
    planted = [replace(changes_after_report()[0], moves=(FigureChange("O9", 1),))]
    text = printed(show.moved(moved(lines, now, planted)))
    assert planted[0].why in text
    assert "✗" not in text
    alone = printed(show.moved(moved(lines, now, [])))
    assert "✗" in alone
    assert "nothing that was planted" in alone


def test_a_line_with_a_number_that_nobody_counted_does_not_agree() -> None:
    line = as_printed()[0]
    assert line.agrees is True
    assert replace(line, unknown=1).agrees is False


def test_suggested_events_are_new_ones_and_one_is_refused() -> None:
    files = suggestions.events()
    known = {entry.event["id"] for entry in history()}
    assert not known & {entry.event["id"] for entry in files.values()}
    for name in ("arrest", "session"):
        assert decode_strict(files[name].value).event.agency == files[name].agency
    with pytest.raises(BadMessage) as refused:
        decode_strict(files["broken"].value)
    assert (refused.value.reason, refused.value.pointer) == (Reason.UNKNOWN_CODE, "/data/on_warrant")
    assert "maybe" not in str(refused.value)


def test_the_suggested_sheet_has_a_row_that_is_right_and_one_whose_wrong_cell_is_named() -> None:
    table = read_table("inspections.csv", suggestions.sheet(), None)
    assert table.type == "bz.atips.labour.inspection_completed.v1"
    right, wrong = table.rows()
    own = OwnNumbers("labour", b"0" * 32)
    assert isinstance(read(right, table.type, own), ReadRow)
    refused = read(wrong, table.type, own)
    assert isinstance(refused, tuple)
    assert [each.column for each in refused] == ["district"]


def test_every_suggested_command_of_ours_is_one_that_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestions, "_atips", lambda: "atips")
    monkeypatch.setattr(suggestions, "_not_ours", lambda *_: "kcat")
    folder = tmp_path / "a name's two words"
    files = {name: folder / f"{name}.jsonl" for name in suggestions.events()}
    files[suggestions.SHEET] = folder / "inspections.csv"
    steps = list(suggestions.steps(Cluster.at(folder), files))
    commands = [split(command)[1:] for step in steps for command in step.commands if command.startswith("atips ")]
    names = {"publish", "template", "figures", "why", "diff", "grid", "findings", "case", "replay", "users"}
    assert {name for name, *_ in commands} == names
    for name, *arguments in commands:
        group = [arguments[0]] if name == "users" else []
        told = CliRunner().invoke(app, [name, *group, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
        assert told.exit_code == 0, name
        for option in (each for each in arguments if each.startswith("--")):
            assert f"{option} " in told.output, (name, option)
    places = {word for words in commands for word in words if word.startswith(str(tmp_path))}
    written = {str(folder / name) for name in ("empty.csv", "officer.token")}
    assert places == {str(folder), *map(str, files.values()), *written} - {str(files["session"])}
    assert [word for words in commands for word in words if word.startswith("2025-")][:2] == [
        "2025-03-31",
        "2025-06-30",
    ]


def test_a_folder_of_true_data_is_left_alone(tmp_path: Path) -> None:
    _refuse_what_is_not_invented(None)
    _refuse_what_is_not_invented(tmp_path / "new")
    (tmp_path / "state.json").write_text('{"kafka": {}}')
    with pytest.raises(typer.Exit):
        _refuse_what_is_not_invented(tmp_path)
    (tmp_path / "synthetic").touch()
    _refuse_what_is_not_invented(tmp_path)


def test_servers_of_others_get_no_invented_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATIPS_POSTGRES_ADMIN_DSN_FILE", "somewhere.dsn")
    with pytest.raises(typer.Exit):
        _refuse_what_is_not_invented(None)


def test_one_sentence_says_whether_all_agree_or_names_what_does_not() -> None:
    right = as_printed()
    assert show.verdict(right, [], as_published=True).plain.startswith("All ")
    wrong = [replace(line, computed=(line.computed or 0) + 1) for line in right if line.printed.number == "O9"]
    assert show.verdict([*right, *wrong], [], as_published=True).plain.endswith("planted: O9.")
    assert "is not the one that was read" in show.verdict(right, [], as_published=False).plain
