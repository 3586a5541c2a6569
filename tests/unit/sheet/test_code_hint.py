"""A refused code is told with its list and the nearest codes, found in the line that was sent."""

import orjson

from services.console.verdict_text import text
from services.sheet.code_hint import with_codes
from services.sheet.json_lines import FileLine
from services.sheet.verdict import Verdict, VerdictStatus

LINES = [
    FileLine(2, b"no json"),
    FileLine(5, orjson.dumps({"type": "bz.atips.victim.identified.v1", "data": {"status": "confirmd"}})),
]


def refused(line: int, reason: str = "unknown_code", pointer: str | None = "/data/status") -> Verdict:
    return Verdict(line, VerdictStatus.REFUSED, "x", 7, reason, pointer)


def test_a_refused_code_is_told_with_its_list_and_what_was_meant() -> None:
    told = with_codes(refused(5), LINES)
    assert told.plain()["codes"] == "/v1/codes/victim_status"
    assert told.plain()["nearest"] == ["confirmed"]
    assert (
        "Did you mean one of: confirmed? See all: atips codes victim_status (/v1/codes/victim_status)"
        in text(told).plain
    )


def test_an_unknown_field_is_told_with_the_fields_that_are_known() -> None:
    told = with_codes(refused(5, "unknown_field", "/data"), LINES)
    assert "status" in told.plain()["fields"]
    assert "Fields here: " in text(told).plain


def test_a_refused_id_is_told_with_its_form() -> None:
    assert "UUID version 7" in text(refused(5, "wrong_form", "/id")).plain
    assert "per-…" in text(refused(5, "bad_id", "/data/person")).plain


def test_nothing_is_added_to_any_other_verdict() -> None:
    others = (refused(2), refused(3), refused(9), refused(5, "too_deep"), refused(5, pointer=None))
    for each in (*others, refused(5, pointer="/data/person")):
        assert with_codes(each, LINES) == each
        assert "See all:" not in text(each).plain
