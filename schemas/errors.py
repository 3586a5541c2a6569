"""Errors of a submission. None repeats any part of the submission.

A `BadMessage` has a rule's code and a JSON Pointer made of our own field names. It never has a value or a name that the
sender chose. It is the only exception that `schemas` raises for a submission; business refusals are values elsewhere.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from typing_extensions import override


class Reason(StrEnum):
    """Code of the rule that a submission broke; part of the wire contract, so members are only ever added."""

    # bytes
    TOO_LARGE = "too_large"
    NOT_UTF8 = "not_utf8"
    BYTE_ORDER_MARK = "byte_order_mark"
    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    DUPLICATE_KEY = "duplicate_key"
    TOO_DEEP = "too_deep"
    NUMBER_NOT_ALLOWED = "number_not_allowed"
    TEXT_TOO_LONG = "text_too_long"
    # fields
    UNKNOWN_TYPE = "unknown_type"
    MISSING_FIELD = "missing_field"
    UNKNOWN_FIELD = "unknown_field"
    WRONG_TYPE = "wrong_type"
    WRONG_FORM = "wrong_form"
    OUT_OF_RANGE = "out_of_range"
    TOO_MANY = "too_many"
    BAD_ID = "bad_id"
    UNKNOWN_CODE = "unknown_code"
    UNKNOWN_AGENCY = "unknown_agency"
    REPEATED_ITEM = "repeated_item"
    CONTRADICTORY_CODES = "contradictory_codes"
    # fields against each other
    SUBJECT_MISMATCH = "subject_mismatch"
    DATASCHEMA_MISMATCH = "dataschema_mismatch"
    TIME_WITHOUT_PRECISION = "time_without_precision"
    TIME_NOT_START_OF_UNIT = "time_not_start_of_unit"
    TIME_SPAN_REVERSED = "time_span_reversed"
    COUNT_WITHOUT_BASIS = "count_without_basis"
    COUNT_OR_PERSONS = "count_or_persons"
    AGENCY_MISMATCH = "agency_mismatch"
    SUPERSEDES_NOT_ALLOWED = "supersedes_not_allowed"
    # rules of intake: they need more than the bytes of the event
    NOT_AN_AUTHOR = "not_an_author"
    SOURCE_NOT_OF_THIS_DOOR = "source_not_of_this_door"
    SOURCE_NOT_ENROLLED = "source_not_enrolled"
    NOT_ENFORCED = "not_enforced"
    TIME_IN_FUTURE = "time_in_future"
    CODE_NOT_IN_USE = "code_not_in_use"
    ID_ALREADY_USED = "id_already_used"
    JUDGING_TOOK_TOO_LONG = "judging_took_too_long"
    TOO_MANY_RELATED = "too_many_related"
    # lost with the database: the topics have nothing of the number
    LOST_BEFORE_SENT = "lost_before_sent"


class Mistake(NamedTuple):
    """A rule that a submission breaks, and the place: a JSON Pointer made of our own names."""

    reason: Reason
    pointer: str = ""


MOST_MISTAKES: Final = 20
"""The most mistakes of one submission that are reported at once, as each costs time and space."""


class BadMessage(Exception):
    """Raised for a submission that can never be accepted; it goes to quarantine, and its position is committed.

    `more`: further mistakes that were found together with the first one, which `reason` and `pointer` name.
    """

    def __init__(self, reason: Reason, pointer: str = "", more: Sequence[Mistake] = ()) -> None:
        super().__init__(reason, pointer)
        self.reason = reason
        self.pointer = pointer
        self.more = tuple(more)

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """All mistakes that were found, each once, at most `MOST_MISTAKES`; `reason` and `pointer` are the first."""
        return tuple(dict.fromkeys((Mistake(self.reason, self.pointer), *self.more)))[:MOST_MISTAKES]

    @override
    def __str__(self) -> str:
        return f"{self.reason} at {self.pointer}" if self.pointer else str(self.reason)
