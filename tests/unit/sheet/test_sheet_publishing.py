"""A sheet is published once: the same again is the same events, and a changed row a correction or nothing at all."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from schemas.codebook.correction import CorrectionReason
from schemas.codec import decode
from schemas.correction_events import EventCorrectedV1
from schemas.errors import Reason
from services.console.publish.hints import hints
from services.console.verdict_text import text
from services.reporting.domain.ledger.facts_ever_in_force import facts_in_force_of
from services.sheet.dry_run_judgement import rehearse
from services.sheet.own_number_ids import OwnNumbers, event_id
from services.sheet.published_rows import Last, PublishedRowsFile, RowName, rows_by_event
from services.sheet.row import ReadRow
from services.sheet.sheet_publishing import Correcting, Sheet
from services.sheet.table import read_table
from services.sheet.verdict import GOOD, Change, Verdict, VerdictStatus
from tests.unit.reporting.figures_of_events import holds_only_by

ARREST = "bz.atips.arrest.made.v1"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HEADINGS = "own_number,revision,occurred,recorded,own_person,own_arrest,on_warrant,correction_reason"
FIRST = "2024/1,,2024-06-03,2024-06-04,P-1,A-1,yes,"
SECOND = "2024/2,,2024-06-05,2024-06-06,P-2,A-2,no,"
CHANGED = "2024/1,,2024-06-02,2024-06-04,P-1,A-1,,"
REVISED = "2024/1,2,2024-06-02,2024-06-04,P-1,A-1,,wrong_date"


class Office:
    """An agency at one machine, and an intake that takes what a dry run would."""

    def __init__(self, path: Path, agency: str = "bpd", key: bytes = bytes(32)) -> None:
        self.path = path
        self.own = OwnNumbers(agency, key)
        self.taken: dict[str, bytes] = {}

    def sheet(self, *rows: str, correct: bool = False) -> Sheet:
        content = "\n".join((HEADINGS, *rows)).encode()
        correcting = Correcting(correct, CorrectionReason.NEW_INFORMATION)
        return Sheet(read_table("a.csv", content, ARREST), self.own, PublishedRowsFile(self.path), correcting)

    def rehearse(self, *rows: str, correct: bool = False) -> list[Verdict]:
        sheet = self.sheet(*rows, correct=correct)
        said = [sheet.rehearsed(each) for each in rehearse(self.own.agency, sheet.lines, NOW)]
        return sorted((*sheet.settled, *said), key=lambda verdict: verdict.line)

    def publish(self, *rows: str, correct: bool = False, at: "Office | None" = None) -> list[Verdict]:
        """Publish with the intake of one's own, or of another machine that reaches the same one."""
        taken = (at or self).taken
        sheet = self.sheet(*rows, correct=correct)
        answers = []
        for line in sheet.lines:
            event = orjson.loads(line.value)
            known = taken.setdefault(event["id"], line.value)
            status = VerdictStatus.ACCEPTED if known is line.value else VerdictStatus.DUPLICATE
            if orjson.loads(known) != event:
                status = VerdictStatus.REFUSED
            answer = Verdict(line.number, status, reason="id_already_used" if status is VerdictStatus.REFUSED else None)
            sheet.keep(answer)
            answers.append(sheet.told(answer))
        return sorted((*sheet.settled, *answers), key=lambda verdict: verdict.line)

    def holding(self) -> list[str]:
        """The days that hold in the end for everything taken."""
        events = [decode(value) for value in self.taken.values()]
        found = [each.content for entity in {events[0].concerns()[0]} for each in facts_in_force_of(entity, events)]
        return [each.occurred.first_day.isoformat() for each in found if each.occurred is not None]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "sheets/bpd.jsonl")


def statuses(verdicts: Sequence[Verdict]) -> list[str]:
    return [verdict.status.value for verdict in verdicts]


def test_the_same_sheet_again_is_duplicates(office: Office) -> None:
    assert statuses(office.rehearse(FIRST, SECOND)) == ["accepted", "accepted"]
    assert statuses(office.publish(FIRST, SECOND)) == ["accepted", "accepted"]
    assert statuses(office.rehearse(FIRST, SECOND)) == ["duplicate", "duplicate"]
    assert statuses(office.publish(SECOND, FIRST)) == ["duplicate", "duplicate"]
    assert len(office.taken) == 2


def test_a_dry_run_remembers_nothing(office: Office) -> None:
    office.rehearse(FIRST)
    assert not office.path.exists()


def test_a_changed_row_is_shown_and_not_sent(office: Office) -> None:
    office.publish(FIRST, SECOND)
    changed, other = office.publish(CHANGED, SECOND)
    assert (changed.status, changed.reason, other.status) == (VerdictStatus.REFUSED, "changed", VerdictStatus.DUPLICATE)
    assert changed.changes == (
        Change("occurred", "2024-06-03", "2024-06-02"),
        Change("on_warrant", "yes", None),
    )
    assert "occurred: 2024-06-03 → 2024-06-02" in text(changed).plain
    assert changed.plain()["changes"][1] == {"column": "on_warrant", "before": "yes", "after": None}
    assert len(office.taken) == 2


def test_a_changed_row_is_no_second_fact(office: Office) -> None:
    office.publish(FIRST)

    def check() -> None:
        office.path.unlink(missing_ok=True)
        office.publish(CHANGED)
        assert len(office.taken) == 1

    # An id that followed from what the row says, too, would make one.
    holds_only_by((ReadRow, "fact"), _numbered_by_its_day, check)


def _numbered_by_its_day(said: ReadRow, agency: str) -> dict[str, Any]:
    number = f"{said.own_number}/{said.envelope['time'][:10]}"
    plain = {"specversion": "1.0", "source": f"{agency}/sheet", "type": said.type, "subject": said.subject}
    return {**plain, "id": event_id(agency, said.type, number, 1), **said.envelope, "data": dict(said.data)}


def test_with_correct_it_takes_the_place_of_what_was_published(office: Office) -> None:
    office.publish(FIRST)
    assert office.holding() == ["2024-06-03"]
    (rehearsed,) = office.rehearse(CHANGED, correct=True)
    assert (rehearsed.status, len(rehearsed.changes)) == (VerdictStatus.ACCEPTED, 2)
    assert statuses(office.publish(CHANGED, correct=True)) == ["accepted"]
    assert office.holding() == ["2024-06-02"]
    correction = decode(list(office.taken.values())[-1])
    assert isinstance(correction, EventCorrectedV1)
    assert correction.data.reason is CorrectionReason.NEW_INFORMATION
    assert correction.id == event_id("bpd", ARREST, "2024/1", 2)
    # The corrected sheet is from now on the same again, and the old one a change.
    assert statuses(office.publish(CHANGED)) == statuses(office.publish(CHANGED, correct=True)) == ["duplicate"]
    assert office.publish(FIRST)[0].reason == "changed"
    office.publish(FIRST, correct=True)
    assert office.holding() == ["2024-06-03"]
    assert len(office.taken) == 3


def test_a_row_may_say_itself_that_it_is_a_revision(office: Office, tmp_path: Path) -> None:
    office.publish(FIRST)
    elsewhere = Office(tmp_path / "elsewhere.jsonl")
    assert statuses(elsewhere.publish(REVISED, at=office)) == ["accepted"]
    assert office.holding() == ["2024-06-02"]
    assert statuses(office.publish(REVISED)) == ["duplicate"]
    correction = decode(list(office.taken.values())[-1])
    assert isinstance(correction, EventCorrectedV1)
    assert correction.data.reason is CorrectionReason.WRONG_DATE


def test_on_another_machine_a_changed_row_is_refused_and_the_old_sheet_fills_in_what_is_known(
    office: Office, tmp_path: Path
) -> None:
    office.publish(FIRST)
    elsewhere = Office(tmp_path / "elsewhere.jsonl")
    (refused,) = elsewhere.publish(CHANGED, correct=True, at=office)
    assert (refused.status, refused.reason) == (VerdictStatus.REFUSED, "id_already_used")
    assert "own_number" in text(refused).plain
    assert statuses(elsewhere.publish(FIRST, at=office)) == ["duplicate"]
    assert statuses(elsewhere.publish(CHANGED, correct=True, at=office)) == ["accepted"]
    assert office.holding() == ["2024-06-02"]


def test_after_a_correction_that_was_stopped_the_hint_leads_on(office: Office) -> None:
    again = CHANGED.replace("06-02", "06-01")
    office.publish(FIRST)
    noted = office.path.read_bytes()
    office.publish(CHANGED, correct=True)
    office.path.write_bytes(noted)  # killed when intake had it, and before that was noted
    for refused in (again, again.replace(",,", ",2,", 1)):
        [verdict] = office.publish(refused, correct=True)
        assert verdict.reason == Reason.ID_ALREADY_USED
    assert statuses(office.publish(again.replace(",,", ",3,", 1))) == ["accepted"]
    assert office.holding() == ["2024-06-01"]
    (of_row,), (of_event,) = (list(hints({Reason.ID_ALREADY_USED}, of_sheet=of_sheet)) for of_sheet in (True, False))
    assert "2, or 3 where 2 is refused too" in of_row.en
    assert "revision" not in of_event.en


def test_with_another_secret_nothing_counts_twice(office: Office, tmp_path: Path) -> None:
    office.publish(FIRST)
    stranger = Office(tmp_path / "elsewhere.jsonl", key=b"\x01" * 32)
    assert stranger.publish(FIRST, at=office)[0].reason == "id_already_used"


def test_one_number_twice_in_a_sheet_is_refused_unless_it_says_the_same(office: Office) -> None:
    first, again, other = office.publish(FIRST, FIRST, CHANGED)
    assert (first.status, again.status) == (VerdictStatus.ACCEPTED, VerdictStatus.DUPLICATE)
    assert (other.reason, other.cells[0].column) == ("repeated_item", "own_number")


def test_one_number_twice_is_refused_whatever_was_published_before(office: Office) -> None:
    other = "2024/1,,2024-07-09,2024-07-10,P-9,A-9,no,"
    for correct in (False, False, True, True):
        first, refused = office.publish(FIRST, other, correct=correct)
        assert first.status in GOOD
        assert (refused.reason, refused.cells[0].column) == ("repeated_item", "own_number")
    assert len(office.taken) == 1


def test_rows_of_one_number_may_state_different_revisions(office: Office) -> None:
    assert statuses(office.publish(FIRST, REVISED)) == ["accepted", "accepted"]
    for correct in (False, True):
        assert statuses(office.publish(FIRST, REVISED, correct=correct)) == ["duplicate", "duplicate"]
    assert office.holding() == ["2024-06-02"]


def test_a_row_that_states_a_revision_is_corrected_once_more_and_counts_once(office: Office) -> None:
    office.publish(FIRST)
    office.publish(REVISED)
    again, once_more = (REVISED.replace("2024-06-02", day) for day in ("2024-06-01", "2024-05-31"))
    assert statuses(office.publish(again, correct=True)) == ["accepted"]
    for correct in (False, True):
        assert statuses(office.publish(again, correct=correct)) == ["duplicate"]
        assert statuses(office.publish(REVISED, correct=correct)) == ["duplicate"]  # the second is what it was
    (shown,) = office.publish(once_more)
    assert shown.changes == (Change("occurred", "2024-06-01", "2024-05-31"),)
    assert statuses(office.publish(once_more, correct=True)) == ["accepted"]
    assert (office.holding(), len(office.taken)) == (["2024-05-31"], 4)


def test_of_rows_that_state_revisions_only_the_last_is_corrected(office: Office) -> None:
    office.publish(FIRST, REVISED)
    for correct in (False, True):
        changed, last = office.publish(FIRST.replace("2024-06-03", "2024-05-30"), REVISED, correct=correct)
        assert (changed.reason, last.status) == ("changed", VerdictStatus.DUPLICATE)
    assert office.holding() == ["2024-06-02"]


def test_wrong_rows_are_told_by_cell_and_the_others_go_on(office: Office) -> None:
    bad = "2024/3,,5/3/2024,2024-06-04,a name,A-3,maybe,"
    future = "2024/4,,2030-01-01,2024-06-04,P-4,A-4,,"
    refused, late, good = office.rehearse(bad, future, SECOND)
    assert good.status is VerdictStatus.ACCEPTED
    assert refused.plain()["cells"] == [
        {"column": "occurred", "rule": "ambiguous"},
        {"column": "own_person", "rule": "wrong_form"},
        {"column": "on_warrant", "rule": "unknown_code"},
    ]
    assert late.plain()["cells"] == [{"column": "occurred", "rule": "time_in_future"}]
    assert "a name" not in text(refused).plain + json.dumps(refused.plain())


def test_one_odd_cell_does_not_end_the_publication(office: Office) -> None:
    odd = (f"2024/3,{'9' * 20},,2024-06-04,P-3,A-3,,", "2024/4,,0001-01-01T00:00:00Z,2024-06-04,P-4,A-4,,")
    number, time, good = office.publish(*odd, SECOND)
    assert [each.plain()["cells"] for each in (number, time)] == [
        [{"column": "revision", "rule": "out_of_range"}],
        [{"column": "occurred", "rule": "out_of_range"}],
    ]
    assert good.status is VerdictStatus.ACCEPTED


def test_an_agency_that_may_not_say_it_is_told_so(tmp_path: Path) -> None:
    (refused,) = Office(tmp_path / "a.jsonl", agency="labour").rehearse(FIRST)
    assert refused.plain()["cells"] == [{"column": None, "rule": "not_an_author"}]
    assert "row: may not be published by this agency" in text(refused).plain


def test_the_file_comes_back_with_its_errors(office: Office) -> None:
    sheet = office.sheet(FIRST, "2024/2,,2024,2024-06-06,P-2,A-2,maybe,")
    lines = sheet.given_back().decode().splitlines()
    assert lines[0].endswith(",errors")
    assert lines[1].endswith("yes,,")
    assert "G3 on_warrant: is not in the list / no está en la lista (unknown_code). One of: Yes, No" in lines[2]


def test_rows_are_found_again_by_the_ids_of_their_events(office: Office, tmp_path: Path) -> None:
    elsewhere = Office(tmp_path / "elsewhere/bpd.jsonl")
    office.publish(FIRST, SECOND)
    assert rows_by_event(elsewhere.path) == {}
    [refused] = elsewhere.publish(CHANGED, at=office)
    assert refused.status is VerdictStatus.REFUSED
    elsewhere.publish(CHANGED, at=office)
    numbers = {number: event_id("bpd", ARREST, number, 1) for number in ("2024/1", "2024/2")}
    assert rows_by_event(office.path) == {each: RowName(ARREST, number) for number, each in numbers.items()}
    assert rows_by_event(elsewhere.path) == {numbers["2024/1"]: RowName(ARREST, "2024/1")}
    kept = elsewhere.path.with_name("bpd.refused.jsonl")
    assert (kept.stat().st_mode & 0o777, len(kept.read_text().split("\n"))) == (0o600, 2)


def test_what_was_sent_is_readable_by_its_owner_alone_and_survives_a_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "sheets/bpd.jsonl"
    PublishedRowsFile(path).note(ARREST, "A/1", Last(1, b'{"a":1}'))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    with path.open("ab") as file:
        file.write(b'\n{"type": "bz')
    sent = PublishedRowsFile(path)
    assert sent.last(ARREST, "a/1") == Last(1, b'{"a":1}')
    assert sent.last(ARREST, "A/2") is None
    sent.note(ARREST, "a/1", Last(1, b"{}"))
    sent.note(ARREST, "a/2", Last(2, b"{}"))
    again = PublishedRowsFile(path)
    assert again.last(ARREST, "a/1") == Last(1, b'{"a":1}')
    assert again.last(ARREST, "a/2") == Last(2, b"{}")
    assert again.at(ARREST, "A/2", 2) == Last(2, b"{}")
    assert again.at(ARREST, "a/2", 1) is again.at(ARREST, "a/3", 1) is None
