"""Lists on a terminal of 80 columns: no line is longer, and every id that may be typed again is whole."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from schemas.agencies import AGENCIES
from schemas.catalogue import CATALOGUE
from schemas.codebook.governance import FindingCode
from schemas.codebook.protection import ServiceType
from schemas.codebook.referral import ReferralState
from schemas.ids import Kind, derive
from services.case_tracker.domain.rules import BY_CODE
from services.client.receipt_and_errors import Receipt
from services.client.referral_state import MoveEffect
from services.client.referral_state import Referral as Standing
from services.console import findings, inbox, receipts, why
from services.console.case import case_text
from services.console.referral import open_referral_lines, show
from services.presentation.bilingual_text import Language
from services.presentation.messages_to_agencies import ACTIONS, Delivery

NOW: Final = datetime(2024, 12, 31, 17, 59, tzinfo=UTC)
IDS: Final = {kind: derive(kind, "width") for kind in Kind}
AGENCY: Final = max(AGENCIES, key=len)
UUID: Final = "01930000-0000-7000-8000-000000000001"
RECORD: Final = f"{AGENCY}/register/{UUID}"
TYPE: Final = max(CATALOGUE, key=len)
SERVICES: Final = [each.value for each in ServiceType]
PERSON, CASE, ACTIVITY, REFERRAL = (IDS[each] for each in (Kind.PERSON, Kind.CASE, Kind.ACTIVITY, Kind.REFERRAL))

Rendered = tuple[Iterable[str], set[str]]


def a_case() -> Rendered:
    """Every section, each with its longest words."""
    days = "2024-01-01..2024-12-31"
    page: dict[str, Any] = {
        "case": CASE,
        "as_of": NOW.isoformat(),
        "agency": AGENCY,
        "purpose": "subject_request",
        "parties": [{"role": "victim", "from": days, "to": days, "person": PERSON}],
        "ties": [{"victim": PERSON, "suspect": PERSON}],
        "charges": [
            {
                **dict.fromkeys(("charge", "person"), PERSON),
                "at": days,
                "stage": "charge.withdrawn",
                "counts": 12,
                "verdicts": ["not_guilty"] * 4,
                "offence": "tip_organ_removal",
                "statute": "Trafficking in Persons Act, s. 11 " * 4,
                "iccs": "02041",
            }
        ],
        "hearings": [
            {"person": PERSON, "at": days, "court": "c" * 30, "last": "l" * 30, "next_on": "2024-01-01", "missed": True}
        ],
        "kept": [{"at": days, "kind": "restitution", "last": "restitution.ordered", "person": PERSON}],
        "services": [{"service_type": max(SERVICES, key=len), "person": PERSON}],
        "findings": [
            {
                "state": "coming",
                "severity": "critical",
                "finding": ACTIVITY,
                "records": [RECORD],
                "text": max((rule.es for rule in BY_CODE.values()), key=len),
            }
        ],
        "timeline": [
            {
                "at": days,
                "type": TYPE,
                "agency": AGENCY,
                "register_number": "2" * 24,
                "says": {"linked_victims": [PERSON] * 5, "service_types": SERVICES, "note": 7},
            }
        ],
        "hidden": 1234,
        "later": 0,
    }
    return case_text.lines(page, Language.ES), {CASE, PERSON, ACTIVITY, RECORD}


def a_why() -> Rendered:
    event: dict[str, Any] = {
        "n": 123456789,
        "happened": NOW.isoformat(),
        "happened_to": NOW.isoformat(),
        "precision": None,
        "type": TYPE,
        "agency": AGENCY,
        "register_number": "2" * 24,
        "reason": "entered_in_error",
        "ruling": True,
        "recorded": NOW.isoformat(),
        "accepted": NOW.isoformat(),
        "states": None,
        "entity": PERSON,
    }
    whole = event | {"first_told": None, "corrections": [event | {"states": TYPE}]}
    return why.lines(whole, "+1 sexual_exploitation orange_walk"), {PERSON, "123456789"}


def a_wait() -> Rendered:
    row: dict[str, Any] = {
        **dict.fromkeys(("waits_for", "sender", "receiver", "holder"), AGENCY),
        "to_do": "acknowledgement",
        "about": RECORD,
        "person": PERSON,
        "case": CASE,
        "late": True,
        "due_at": "2024-01-01T00:00:00Z",
        "urgency": "emergency",
        "state": max(ReferralState, key=len).value,
        "service_types": SERVICES,
    }
    return (*open_referral_lines.lines(row, NOW), *open_referral_lines.lines(row, NOW, Language.ES)), {RECORD, PERSON}


def a_standing() -> Rendered:
    moves = (
        MoveEffect(RECORD, "refused", "taken_by_another", (), "bz.atips.referral.cancelled.v1", NOW.isoformat()),
        MoveEffect(RECORD, "in_effect"),
    )
    found = Standing(REFERRAL, "in_progress", AGENCY, AGENCY, AGENCY, "emergency", PERSON, moves)
    both = (show.shown(found, REFERRAL, AGENCY, lang) for lang in Language)
    return [line for lines in both for line in lines], {REFERRAL, PERSON, RECORD}


def a_message(kind: str, lang: Language) -> Callable[[], Rendered]:
    def made() -> Rendered:
        data = {
            **dict.fromkeys(("sender", "receiver", "holder", "by", "kept_from"), AGENCY),
            "finding": ACTIVITY,
            "case": CASE,
            "referral": REFERRAL,
            "event": RECORD,
            "reason": "r" * 30,
            "state": "entered_in_error",
            "persons": [PERSON] * 2,
            "due_at": NOW.isoformat(),
        }
        named = {
            value
            for name, value in data.items()
            if isinstance(value, str) and name != "state" and f"{{{name}}}" in ACTIONS[kind].en
        }
        return inbox.lines(Delivery(7, NOW, kind, data, unread=True), lang), {PERSON, *(named - {AGENCY})}

    return made


def a_receipt() -> Rendered:
    found = Receipt("refused", UUID, 123456789, reason="r" * 30, pointer="/data/" + "p" * 40)
    return (*receipts.lines(found), *receipts.lines(found, Language.ES)), {UUID, found.pointer or ""}


def a_finding(code: FindingCode) -> Callable[[], Rendered]:
    row = {
        "state": "closed",
        "severity": "critical",
        "text": BY_CODE[code].es,
        "finding": ACTIVITY,
        "case": CASE,
        "records": [RECORD, f"{AGENCY}:{TYPE}:2024-01..2024-03"],
    }
    return lambda: (findings.lines(row), {ACTIVITY, CASE, RECORD})


def every() -> Iterator[Any]:
    """Give each kind of row."""
    yield from (pytest.param(each, id=each.__name__) for each in (a_case, a_why, a_wait, a_standing, a_receipt))
    yield from (
        pytest.param(a_message(kind, lang), id=f"message {kind} {lang}") for kind in ACTIONS for lang in Language
    )
    yield from (pytest.param(a_finding(code), id=f"finding {code}") for code in BY_CODE)


@pytest.mark.parametrize("made", list(every()))
def test_at_80_columns_no_line_is_longer_and_no_id_is_cut(made: Callable[[], Rendered]) -> None:
    given, ids = made()
    lines = list(given)
    assert [line for line in lines if len(line) > 80] == []
    words = {word.strip(",:;.()") for line in lines for word in line.split()}
    assert ids - words == set()
