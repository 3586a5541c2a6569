"""In whatever order receipts come, every line has one verdict, and verdicts come in the order of the lines."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.console.publish.receipt_matching import ReceiptMatcher
from services.sheet.verdict import VerdictStatus

LINES = [1, 2, 4, 7]
PLACES = {line: (0, 100 + line) for line in LINES}


def receipt(line: int, status: str = "accepted") -> dict[str, Any]:
    return {"status": status, "id": f"id of {line}", "n": line, "reason": None, "pointer": None}


@given(st.permutations([(kind, line) for kind in ("written", "receipt") for line in LINES]))
def test_any_order_of_what_comes_back_gives_the_order_of_the_lines(steps: list[tuple[str, int]]) -> None:
    board = ReceiptMatcher(LINES)
    given_out = []
    for kind, line in steps:
        assert not board.complete
        if kind == "written":
            board.written(line, *PLACES[line])
        else:
            board.receipt(PLACES[line], receipt(line))
        given_out += list(board.next())
    assert board.complete
    assert [verdict.line for verdict in given_out] == LINES
    assert all(verdict.id == f"id of {verdict.line}" for verdict in given_out)


def test_a_line_waits_for_the_ones_before_it() -> None:
    board = ReceiptMatcher([1, 2])
    board.written(2, 0, 8)
    board.receipt((0, 8), receipt(2))
    assert list(board.next()) == []
    assert not board.complete


def test_a_receipt_of_another_submitter_is_nobody_s() -> None:
    board = ReceiptMatcher([1])
    board.receipt((0, 5), receipt(9))
    board.written(1, 0, 6)
    assert list(board.next()) == []


def test_a_receipt_that_comes_twice_counts_once() -> None:
    board = ReceiptMatcher([1, 2])
    board.written(1, 0, 5)
    board.receipt((0, 5), receipt(1))
    [first] = board.next()
    board.receipt((0, 5), receipt(1, "refused"))
    assert first.status is VerdictStatus.ACCEPTED
    assert list(board.next()) == []
    assert not board.complete


def test_what_the_broker_did_not_take_is_told_with_its_reason() -> None:
    board = ReceiptMatcher([1, 2])
    board.failed(1, VerdictStatus.REFUSED, "too_large")
    board.written(2, 0, 5)
    board.receipt((0, 5), receipt(2, "refused") | {"reason": "unknown_code", "pointer": "/data/sex"})
    first, second = board.next()
    assert first.plain() == {
        "line": 1,
        "id": None,
        "status": "refused",
        "n": None,
        "reason": "too_large",
        "pointer": None,
    }
    assert (second.reason, second.pointer) == ("unknown_code", "/data/sex")


def test_the_whole_document_has_no_pointer() -> None:
    board = ReceiptMatcher([1])
    board.written(1, 0, 5)
    board.receipt((0, 5), receipt(1, "refused") | {"reason": "not_json", "pointer": ""})
    [verdict] = board.next()
    assert verdict.plain()["pointer"] is None


def test_giving_up_leaves_the_rest_unconfirmed() -> None:
    board = ReceiptMatcher([1, 2])
    board.written(1, 0, 5)
    board.receipt((0, 5), receipt(1))
    board.give_up()
    assert board.complete
    assert [verdict.status for verdict in board.next()] == [VerdictStatus.ACCEPTED, VerdictStatus.UNCONFIRMED]
