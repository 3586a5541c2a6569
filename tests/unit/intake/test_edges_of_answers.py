"""Edges of what intake answers: cursors of an inbox, all that is wrong with an envelope, codes that a field takes."""

from datetime import UTC, date, datetime

import orjson
import pytest
from pydantic import ValidationError

from schemas.codebook.dated_groups_and_labels import Relabelled
from schemas.codebook.identification import Exploitation, VictimStatus
from schemas.codec import decode
from schemas.errors import BadMessage, Mistake, Reason
from services.intake.domain.acceptance_line import NumberedRefusal
from services.intake.domain.found_mistakes import (
    FoundMistake,
    envelope_mistakes,
    find_mistakes,
    mistakes_as_json,
    read,
)
from services.intake.domain.merged_messages_to_agencies import InboxPlace, NumberedMessage, WrongCursor, merge_messages
from services.intake.domain.own_number_ids import IdentityRequest
from services.intake.domain.receipt import code_list_path, permitted_values_at, receipt_of, refused_places
from services.intake.domain.retired_code_check import codes_out_of_use
from services.intake.domain.submission import RefusedSubmission
from tests.unit.intake.samples import CANARY, accepted, refused, screening, victim

MOST = 2**63 - 1
LATEST = datetime(2024, 6, 16, 12, tzinfo=UTC)
COURT = "bz.atips.indictment.filed.v1"


@pytest.mark.parametrize("place", [InboxPlace(), InboxPlace(0, 7), InboxPlace(MOST, MOST)])
def test_a_place_of_an_inbox_is_read_as_it_was_written(place: InboxPlace) -> None:
    assert InboxPlace.read(place.written()) == place
    assert InboxPlace.read(None) == InboxPlace(0, 0)


@pytest.mark.parametrize("numbers", [(-1, 0), (0, MOST + 1)])
def test_a_cursor_beyond_what_a_number_holds_is_none(numbers: tuple[int, int]) -> None:
    with pytest.raises(WrongCursor):
        InboxPlace.read(InboxPlace(*numbers).written())


@pytest.mark.parametrize("text", ["", "x", "MC4wLjA=", "YS5i"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(WrongCursor):
        InboxPlace.read(text)


def test_the_place_behind_a_message_moves_its_service_alone() -> None:
    assert InboxPlace(3, 4).after("referral", 9) == InboxPlace(9, 4)
    assert InboxPlace(3, 4).after("case_tracker", 9) == InboxPlace(3, 9)


def test_lists_are_merged_by_time_up_to_a_limit() -> None:
    one = [NumberedMessage("referral", n, {"time": f"2024-0{n}"}) for n in (1, 3)]
    two = [NumberedMessage("case_tracker", 2, {"time": "2024-02"})]
    assert [each.number for each in merge_messages([one, two], 5)] == [1, 2, 3]
    assert [each.number for each in merge_messages([one, two], 2)] == [1, 2]


def test_an_envelope_tells_of_another_agencys_source_and_of_a_time_to_come() -> None:
    late, now = "2024-06-16T12:00:01Z", "2024-06-16T12:00:00Z"
    said = {"source": "hti/register", "time": now, "occurredto": late, "recordedtime": None}
    found = [Mistake(Reason.SOURCE_NOT_OF_THIS_DOOR, "/source"), Mistake(Reason.TIME_IN_FUTURE, "/occurredto")]
    assert list(envelope_mistakes(said, "bpd", LATEST)) == found
    assert list(envelope_mistakes(said, "hti", LATEST)) == found[1:]
    assert list(envelope_mistakes({"source": CANARY, "recordedtime": late}, "bpd", LATEST)) == [
        Mistake(Reason.TIME_IN_FUTURE, "/recordedtime")
    ]


def test_nearest_codes_are_searched_for_the_first_three_wrong_codes_of_a_list_alone() -> None:
    payload = orjson.dumps({"data": {"status": "confirmd", "exploitation": ["servitud"] * 3, "case": "confirmd"}})
    missing = Mistake(Reason.MISSING_FIELD, "/data/status")
    wrong = [Mistake(Reason.UNKNOWN_CODE, f"/data/{each}") for each in ("case", "status")]
    wrong += [Mistake(Reason.UNKNOWN_CODE, f"/data/exploitation/{place}") for place in range(3)]
    found = find_mistakes(BadMessage(*missing, wrong), payload, "bz.atips.victim.identified.v1")
    assert [(each.reason, each.pointer) for each in found] == [(reason.value, at) for reason, at in (missing, *wrong)]
    assert [each.nearest[:1] for each in found] == [(), (), ("confirmed",), ("servitude",), ("servitude",), ()]


def test_mistakes_are_read_as_they_were_written() -> None:
    found = (FoundMistake("unknown_code", "/data/status", ("confirmed",)), FoundMistake("missing_field", "/data/case"))
    assert read(mistakes_as_json(found)) == found
    assert mistakes_as_json(()) is None
    assert read(None) == ()


def test_a_retired_code_is_found_whether_or_not_another_code_got_a_new_label() -> None:
    event = decode(accepted(victim(data={"exploitation": ["forced_begging"]})).payload)
    gone = Relabelled(Exploitation.FORCED_BEGGING, date(2024, 3, 1), "Begging", "Mendicidad", in_use=False)
    renamed = Relabelled(VictimStatus.POTENTIAL, date(2023, 1, 1), "Possible", "Posible")
    told = [Mistake(Reason.CODE_NOT_IN_USE, "/data/exploitation/0")]
    assert [list(codes_out_of_use(event, changes)) for changes in ([gone], [gone, renamed], [renamed], [])] == [
        told,
        told,
        [],
        [],
    ]


def test_a_refusal_of_a_code_names_its_list_and_the_codes_that_the_field_takes() -> None:
    judged = refused(screening(data={"persons": None, "count": 3, "count_basis": "inspections"}))
    assert isinstance(judged, RefusedSubmission)
    said = receipt_of(judged, NumberedRefusal(1, 1, judged))
    assert (said.reason, said.pointer) == (Reason.UNKNOWN_CODE, "/data/count_basis")
    assert said.permitted == ("estimate", "participations", "persons")
    assert said.codes == "/v1/codes/count_basis"
    assert said.errors is not None
    assert said.errors[0].permitted == said.permitted


def test_what_is_permitted_is_said_of_codes_and_authors_alone() -> None:
    for reason in (Reason.UNKNOWN_CODE, Reason.CONTRADICTORY_CODES):
        assert permitted_values_at("odpp", COURT, reason, "/data/court") == ("high_court",)
        assert permitted_values_at("odpp", COURT, reason, "/data/charges/0") is None
        assert permitted_values_at("odpp", None, reason, None) is None
    assert permitted_values_at("odpp", COURT, Reason.MISSING_FIELD, "/data/court") is None
    assert permitted_values_at("bpd", "bz.atips.verdict.returned.v1", Reason.NOT_AN_AUTHOR, "/data/court") == (
        "magistrates",
    )
    assert code_list_path(COURT, Reason.CONTRADICTORY_CODES, "/data/court") is None
    assert code_list_path(COURT, Reason.UNKNOWN_CODE, "/data/charges/0") is None
    assert code_list_path(COURT, Reason.UNKNOWN_CODE, "/data/court") == "/v1/codes/court"


def test_an_unknown_field_alone_is_answered_with_the_fields_that_there_are() -> None:
    wrong = [FoundMistake(each.value, "/data") for each in (Reason.UNKNOWN_FIELD, Reason.MISSING_FIELD)]
    unknown, missing = refused_places("bpd", victim()["type"], wrong)
    assert unknown.fields
    assert "person" in unknown.fields
    assert missing.fields is None


@pytest.mark.parametrize(
    ("kind", "sort", "holds"), [("act", "session", True), ("per", None, True), ("per", "session", False)]
)
def test_only_an_activity_has_a_sort(kind: str, sort: str | None, *, holds: bool) -> None:
    asked = orjson.dumps({"kind": kind, "number": "17", "activity": sort})
    if holds:
        assert IdentityRequest.model_validate_json(asked).activity == sort
    else:
        with pytest.raises(ValidationError, match=Reason.CONTRADICTORY_CODES.value):
            IdentityRequest.model_validate_json(asked)
