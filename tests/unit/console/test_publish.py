"""`atips publish` answers in the language that was asked for: counts, hints, and labels with or without accents."""

import json
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from infra.local.data_folder import Folder
from schemas.errors import Reason
from schemas.ids import Kind, derive
from schemas.type_table import FACTS
from services.client.receipt_and_errors import Receipt
from services.console import send_as_agency
from services.console.__main__ import app
from services.console.agency_connection import Office
from services.console.publish import command, stored_intake_ids
from services.console.publish.hints import hints
from services.sheet.cell_errors import SheetRule
from services.sheet.cell_kinds import Choice
from services.sheet.column import columns_of, short
from services.sheet.own_number_ids import OwnNumbers, event_id
from services.sheet.sheet_publishing import Correcting
from services.sheet.table import read_table

EXAMPLE = Path(__file__).parents[3] / "schemas/examples/bz.atips.arrest.made.v1.json"
HEADINGS = "own_number,occurred,recorded,own_person,own_arrest"


def rehearsed(folder: Path, file: Path, *words: str, code: int) -> Result:
    """Publish a file as the police without sending it."""
    typed = ["publish", str(file), "--agency", "bpd", "--dry-run", "--data-dir", str(folder), *words]
    done = CliRunner().invoke(app, typed)
    assert done.exit_code == code, done.output
    return done


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """A file with a good event and a broken line."""
    file = tmp_path / "events.jsonl"
    file.write_text(f"{json.dumps(json.loads(EXAMPLE.read_text('utf-8')))}\n{{\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("lang", "counts", "hint"),
    [
        ("en", "1 accepted, 1 refused (dry run: nothing was sent;", "Each event is one line of JSON."),
        ("es", "1 aceptado, 1 rechazado (", "Cada evento es una línea de JSON."),
    ],
)
def test_counts_and_hints_are_in_the_language_that_was_asked_for(
    events: Path, tmp_path: Path, lang: str, counts: str, hint: str
) -> None:
    done = rehearsed(tmp_path / "data", events, "--lang", lang, code=1)
    said, beside = (" ".join(text.split()) for text in (done.stdout, done.stderr))
    assert counts in said
    assert hint in beside
    other = {"en": "aceptado", "es": "accepted"}[lang]
    assert other not in said
    assert beside.count("JSON") == 1, "in one language alone"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_wrong_cell_has_its_hint_in_the_language_that_was_asked_for(tmp_path: Path, lang: str) -> None:
    sheet = tmp_path / "arrests.csv"
    sheet.write_text(f"{HEADINGS}\n24/1,3/6/2024,2024-06-04,P-1,A-1\n", encoding="utf-8")
    done = rehearsed(tmp_path / "data", sheet, "--type", "arrest.made", "--lang", lang, code=1)
    (hint,) = hints({SheetRule.AMBIGUOUS}, of_sheet=True)
    assert done.stderr.split() == hint.of(lang).split()


@pytest.mark.parametrize("of_sheet", [True, False])
def test_every_hint_says_the_same_commands_in_both_languages(of_sheet: bool) -> None:
    every = [*SheetRule, *Reason]
    found = list(hints({str(each) for each in every}, of_sheet=of_sheet))
    assert len(found) == 5
    for each in found:
        assert each.en != each.es
        for typed in ("--correct", "atips examples --out events.jsonl", "2024-04-01", "supersedes"):
            assert (typed in each.en) is (typed in each.es), typed


@pytest.mark.parametrize("event_type", FACTS, ids=short)
def test_a_label_means_its_code_without_its_accents_and_in_any_capitals(event_type: str) -> None:
    bare = str.maketrans("áéíóúüñÁÉÍÓÚÜÑ", "aeiouunAEIOUUN")
    own = OwnNumbers("bpd", bytes(32))
    for column in columns_of(event_type).values():
        if isinstance(column.cell, Choice):
            for code in column.cell.labels:
                label = column.cell.label(code, "es")
                for typed in (label.translate(bare), label.upper(), label.translate(bare).lower()):
                    assert column.cell.read(typed, own) == code, (column.name, typed)


def test_ids_that_intake_gave_are_kept_for_a_dry_run_without_any_number(tmp_path: Path) -> None:
    folder, own = Folder(tmp_path), OwnNumbers("bpd", bytes(32))
    assert stored_intake_ids.read(folder, own) == own
    found = replace(own, given={own.id(Kind.PERSON, "", "P-117"): derive(Kind.PERSON, "minted in another way")})
    stored_intake_ids.keep(folder, found)
    stored_intake_ids.keep(folder, found)
    assert stored_intake_ids.read(folder, own) == found
    assert "117" not in folder.given_ids("bpd").read_text()
    stored_intake_ids.keep(folder, own)  # none differ any more
    assert stored_intake_ids.read(folder, own).given == {}


def test_a_record_to_take_back_is_asked_for_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistyped number would be accepted, and take nothing back."""
    known = event_id("bpd", "bz.atips.arrest.made.v1", "24/1", 1)
    asked: list[str] = []

    def outcome(wanted: str) -> Receipt | None:
        asked.append(wanted)
        return Receipt("accepted", wanted) if wanted == known else None

    monkeypatch.setattr(send_as_agency, "open_intake_client", lambda *_: nullcontext(SimpleNamespace(outcome=outcome)))
    (tmp_path / "secrets").mkdir()
    row = f"2024-06-03,2024-06-04,{derive(Kind.PERSON, 'one')},{derive(Kind.ARREST, 'one')},duplicate"
    text = f"own_number,occurred,recorded,person,arrest,retraction_reason\n24/1,{row}\n24/2,{row}\n"
    opened = read_table("a.csv", text.encode(), "bz.atips.arrest.made.v1")
    sheet = command._sheet(Office(tmp_path, "bpd"), opened, Correcting(), 5.0)
    assert [line.number for line in sheet.lines] == [2]
    [refused] = sheet.settled
    assert (refused.line, refused.reason) == (3, "nothing_sent")
    assert len(asked) == 2
    rehearsed = command._sheet(Office(tmp_path, "bpd"), opened, Correcting(), None)
    assert (len(rehearsed.lines), len(asked)) == (2, 2), "a dry run asks nobody"
