"""A row that states why it should never have been sent takes the record of its own number back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.codebook.correction import RetractionReason
from schemas.codec import decode
from schemas.correction_events import EventRetractedV1
from schemas.errors import Reason
from schemas.facts_in_force import facts_in_force_of
from services.sheet import template
from services.sheet.cell_errors import SheetRule
from services.sheet.dry_run_judgement import rehearse
from services.sheet.file_reading import from_xlsx
from services.sheet.own_number_ids import OwnNumbers, event_id
from services.sheet.published_rows import NoPublishedRows, PublishedRowsFile, RowName, SentRows, rows_by_event
from services.sheet.sheet_publishing import Correcting, Sheet
from services.sheet.table import read_table
from services.sheet.verdict import Verdict, VerdictStatus

ARREST = "bz.atips.arrest.made.v1"
OWN = OwnNumbers("bpd", bytes(32))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HEADINGS = "own_number,revision,occurred,recorded,own_person,own_arrest,on_warrant,retraction_reason"
FACT = "24/1,,2024-06-03,2024-06-04,P-1,A-1,yes,"
CORRECTED = "24/1,2,2024-06-02,2024-06-04,P-1,A-1,yes,"
BACK = "24/1,,2024-06-03,2024-06-04,P-1,A-1,yes,did_not_happen"


class Sent:
    """Everything that intake took, of sheets with or without memory."""

    def __init__(self, sent: SentRows) -> None:
        self.sent = sent
        self.taken: dict[str, bytes] = {}

    def sheet(self, *rows: str) -> Sheet:
        content = "\n".join((HEADINGS, *rows)).encode()
        return Sheet(read_table("a.csv", content, ARREST), OWN, self.sent, Correcting())

    def publish(self, *rows: str) -> list[Verdict]:
        sheet = self.sheet(*rows)
        answers = []
        for line, judged in zip(sheet.lines, rehearse("bpd", sheet.lines, NOW), strict=True):
            known = self.taken.get(judged.id or "")
            status = judged.status if known is None else VerdictStatus.DUPLICATE
            if self.taken.setdefault(judged.id or "", line.value) != line.value:
                status = VerdictStatus.REFUSED
            answer = Verdict(line.number, status, judged.id, reason=judged.reason)
            sheet.keep(answer)
            answers.append(sheet.told(answer))
        return sorted((*sheet.settled, *answers), key=lambda each: each.line)

    def in_force(self) -> int:
        events = [decode(value) for value in self.taken.values()]
        return len(facts_in_force_of(events[0].concerns()[0], events))


@pytest.fixture
def office(tmp_path: Path) -> Sent:
    return Sent(PublishedRowsFile(tmp_path / "sheets/bpd.jsonl"))


def statuses(verdicts: Sequence[Verdict]) -> list[str]:
    return [each.status.value for each in verdicts]


@pytest.mark.parametrize("memory", [True, False])
@pytest.mark.parametrize("before", [[FACT], [FACT, CORRECTED]])
def test_the_record_is_taken_back_once_after_corrections_too(office: Sent, before: list[str], *, memory: bool) -> None:
    sent = office if memory else Sent(NoPublishedRows())
    for row in before:
        sent.publish(row)
    assert sent.in_force() == 1
    back = BACK if len(before) == 1 else f"{CORRECTED}did_not_happen"
    assert statuses(sent.publish(back)) == ["accepted"]
    assert sent.in_force() == 0
    assert statuses(sent.publish(back)) == ["duplicate"]
    change = decode(list(sent.taken.values())[-1])
    assert isinstance(change, EventRetractedV1)
    assert change.supersedes == f"bpd/sheet/{event_id('bpd', ARREST, '24/1', 1)}"
    assert change.data.reason is RetractionReason.DID_NOT_HAPPEN
    assert change.subject == decode(next(iter(sent.taken.values()))).concerns()[0]


def test_a_row_of_its_own_beside_the_record_takes_it_back_too(office: Sent) -> None:
    assert statuses(office.publish(FACT, BACK)) == ["accepted", "accepted"]
    assert office.in_force() == 0
    assert statuses(office.publish(FACT, BACK)) == ["duplicate", "duplicate"]


def test_a_record_that_was_taken_back_is_not_sent_again(office: Sent) -> None:
    office.publish(FACT)
    office.publish(BACK)
    for row in (FACT, CORRECTED):
        (verdict,) = office.publish(row)
        assert verdict.status is VerdictStatus.REFUSED
        assert [(each.column, each.why) for each in verdict.cells] == [("own_number", SheetRule.RETRACTED)]


def test_another_reason_for_a_record_that_was_taken_back_changes_nothing(office: Sent) -> None:
    office.publish(FACT)
    office.publish(BACK)
    assert statuses(office.publish(BACK.replace("did_not_happen", "duplicate"))) == ["duplicate"]
    assert len(office.taken) == 2


def test_a_retraction_recorded_before_the_correction_would_not_count(office: Sent) -> None:
    office.publish(FACT)
    office.publish(CORRECTED.replace("2024-06-04", "2024-06-09"))
    (verdict,) = office.publish(BACK)
    assert [(each.column, each.why) for each in verdict.cells] == [("recorded", SheetRule.RECORDED_TOO_EARLY)]
    assert statuses(office.publish(BACK.replace("2024-06-04", "2024-06-09"))) == ["accepted"]
    assert office.in_force() == 0


def test_a_reason_that_does_not_exist_is_named_with_the_ones_that_do(office: Sent) -> None:
    sheet = office.sheet(BACK.replace("did_not_happen", "no_reason"))
    (verdict,) = sheet.settled
    assert [(each.column, each.why) for each in verdict.cells] == [("retraction_reason", Reason.UNKNOWN_CODE)]
    (advice,) = sheet.explained(verdict, "es")
    assert advice.sentence() == (
        "H2 motivo del retiro: no está en la lista (unknown_code). "
        "Una de: Error de registro, Duplicado, No ocurrió, Persona equivocada, Otro."
    )


def test_a_record_that_intake_does_not_know_is_not_taken_back() -> None:
    sheet = Sent(NoPublishedRows()).sheet(FACT, BACK, BACK.replace("24/1", "24/2"))
    target = event_id("bpd", ARREST, "24/2", 1)
    assert sheet.targets == {4: target}, "the record of line 3 is sent with the same sheet"
    sheet.refuse_targets({4})
    assert [line.number for line in sheet.lines] == [2, 3]
    (verdict,) = sheet.settled
    assert (verdict.line, verdict.cells[0].column, verdict.cells[0].why) == (4, "own_number", SheetRule.NOTHING_SENT)
    assert "4" in sheet.given_back("en").decode().splitlines()[3]


def test_a_known_record_needs_no_question(office: Sent) -> None:
    office.publish(FACT)
    assert office.sheet(BACK).targets == {}


def test_a_receipt_of_a_retraction_names_its_row(office: Sent, tmp_path: Path) -> None:
    office.publish(FACT)
    office.publish(BACK)
    again = PublishedRowsFile(tmp_path / "sheets/bpd.jsonl")
    assert again.retraction(ARREST, "24/1") is not None
    assert set(rows_by_event(tmp_path / "sheets/bpd.jsonl").values()) == {RowName(ARREST, "24/1")}
    assert len(rows_by_event(tmp_path / "sheets/bpd.jsonl")) == 2


def test_an_empty_workbook_has_the_column_on_its_second_page_and_offers_the_reasons() -> None:
    pages = from_xlsx(template.xlsx(ARREST, lang="es"))
    assert "motivo del retiro" in pages["más"].rows[0]
    assert ("motivo del retiro", "No ocurrió", "did_not_happen") in pages["códigos"].rows
