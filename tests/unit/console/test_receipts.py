"""Receipts of rows of sheets have their register numbers, and a refused one says how much else is wrong with it."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from services.client.receipt_and_errors import Receipt
from services.console import receipts, send_as_agency
from services.presentation.bilingual_text import Language
from services.sheet.published_rows import PublishedRowsFile, RowName

ARREST = "bz.atips.arrest.made.v1"
ROW = "00000000-0000-7cd8-8000-000000000001"
OTHER = "00000000-0000-7cd8-8000-000000000002"
ERRORS: Sequence[dict[str, Any]] = (
    {"rule": "unknown_code", "pointer": "/data/sex", "codes": "/v1/codes/sex", "nearest": ["female"]},
    {"rule": "bad_id", "pointer": "/data/person"},
    {"rule": "unknown_field", "pointer": "/data", "fields": ["arrest", "person"]},
)


def refused(n: int, event: str, errors: Sequence[dict[str, Any]] = ERRORS) -> Receipt:
    return Receipt("refused", event, n, reason="unknown_code", pointer="/data/sex", errors=errors)


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Receipt]:
    """An agency's receipts at the door; a row of a sheet was refused from here."""
    found: list[Receipt] = []
    PublishedRowsFile(tmp_path / "sheets/bpd.jsonl").note_refused(ROW, RowName(ARREST, "2024-117"))
    at = SimpleNamespace(root=tmp_path, agency="bpd")
    door = SimpleNamespace(receipts=lambda **_: found)
    monkeypatch.setattr(receipts, "office", lambda *_: at)
    monkeypatch.setattr(send_as_agency, "open_intake_client", lambda *_: nullcontext(door))
    return found


def test_a_row_of_a_sheet_has_its_register_number(office: list[Receipt], capsys: pytest.CaptureFixture[str]) -> None:
    office += [refused(4, ROW), Receipt("accepted", OTHER, 5, type="bz.atips.bail.decided.v1")]
    receipts.receipts()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"4  refused  arrest.made  {ROW}"
    assert lines[1].strip() == "register 2024-117"
    assert lines[4] == f"5  accepted  bail.decided  {OTHER}"
    receipts.receipts(as_json=True)
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["register_number"], first["type"], len(first["errors"])) == ("2024-117", ARREST, 3)
    assert "register_number" not in second
    assert second["type"] == "bz.atips.bail.decided.v1"
    assert "errors" not in second


def test_a_type_that_intake_could_not_read_or_of_which_an_earlier_version_says_nothing_is_unknown(
    office: list[Receipt], capsys: pytest.CaptureFixture[str]
) -> None:
    """An office's PC may be newer than intake. Found by clerks: the list had ids alone, not which record each was."""
    office += [Receipt("accepted", OTHER, 5), refused(6, "", ())]
    receipts.receipts()
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], lines[1]) == (f"5  accepted  unknown type  {OTHER}", "6  refused  unknown type  –")
    receipts.receipts(lang=Language.ES)
    assert capsys.readouterr().out.startswith(f"5  aceptado  tipo desconocido  {OTHER}")
    receipts.receipts(as_json=True)
    assert [json.loads(line)["type"] for line in capsys.readouterr().out.splitlines()] == [None, None]


def test_a_refused_one_says_how_much_else_is_wrong_and_how_to_see_it(
    office: list[Receipt], capsys: pytest.CaptureFixture[str]
) -> None:
    office.append(refused(4, ROW))
    receipts.receipts()
    text = capsys.readouterr().out
    assert "unknown_code at /data/sex\n  and 2 more mistakes: atips receipts --errors --since 3\n" in text
    receipts.receipts(lang=Language.ES)
    assert "y 2 errores más: atips receipts --errors --since 3" in capsys.readouterr().out
    receipts.receipts(errors=True)
    text = " ".join(capsys.readouterr().out.split())
    assert "unknown_code at /data/sex. Did you mean one of: female? See all: atips codes sex" in text
    assert "bad_id at /data/person An id is written per-…" in text
    assert "unknown_field at /data. Fields here: arrest, person" in text
    assert "more mistakes" not in text


@pytest.mark.parametrize(
    ("errors", "said"), [((), None), (ERRORS[:1], None), (ERRORS[:2], "and 1 more mistake: atips receipts")]
)
def test_one_mistake_or_none_is_no_list(errors: Sequence[dict[str, Any]], said: str | None) -> None:
    text = " ".join(receipts.lines(refused(4, ROW, errors)))
    assert "unknown_code at /data/sex" in text
    assert ("more mistake" in text) is (said is not None)
    assert (said or "") in text


def test_a_refusal_of_an_earlier_version_is_told_with_errors_too() -> None:
    assert "unknown_code at /data/sex" in " ".join(receipts.lines(refused(4, ROW, ()), errors=True))


@pytest.mark.parametrize(
    ("accepted_n", "lang", "said"),
    [
        (None, Language.EN, None),
        (7, Language.EN, "An event of this id was accepted later, as no. 7: nothing is missing."),
        (7, Language.ES, "se aceptó después, con el n.º 7: no falta nada."),
        (2, Language.EN, "was accepted before, as no. 2, and still counts: this copy changes nothing."),
        (2, Language.ES, "se aceptó antes, con el n.º 2, y sigue valiendo: esta copia no cambia nada."),
    ],
)
@pytest.mark.parametrize("errors", [False, True])
def test_a_refused_one_says_whether_an_event_of_its_id_counts_and_what_to_do(
    accepted_n: int | None, lang: Language, said: str | None, *, errors: bool
) -> None:
    receipt = replace(refused(4, ROW), accepted_n=accepted_n)
    lines = list(receipts.lines(receipt, lang, errors=errors))
    text = " ".join(" ".join(lines).split())
    assert (said or "") in text
    assert ("id was accepted" in text or "con este id" in text) is (said is not None)
    assert ("--correct" in text) is (accepted_n == 2)
    assert max(map(len, receipts.lines(receipt, lang))) <= 80
    assert receipts._plain(receipt, {}).get("accepted_n") == accepted_n
