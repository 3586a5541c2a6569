"""The synthetic year: the same bytes every time, in words that the doors accept, with exactly the planted refusals."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from schemas.catalogue import CATALOGUE, may_publish
from schemas.codebook.governance import FindingCode
from schemas.codec import decode_strict
from schemas.errors import BadMessage, Reason
from schemas.times import Period
from schemas.type_table.event_type import CASE_TRACKER, REFERRAL_SERVICE
from services.demo import suggestions
from services.demo.changes_after_report import changes_after_report
from services.demo.invented_year import YEAR, history
from services.demo.register_entries import AgencyRegisters, RegisterEntry, day
from services.intake.domain.acceptance_line import AcceptedEvent as Numbered
from services.intake.domain.acceptance_line import LineEnd, NumberedRefusal, Repeat, number_batch
from services.intake.domain.judge import judge
from services.intake.domain.submission import Inbound, InboundPlace
from services.reporting.council_input_tables import expectations
from services.reporting.domain.cells.cells_from_items import CellKey
from services.reporting.domain.ledger.facts_ever_in_force import effects
from services.reporting.domain.rules import evaluate_rules
from services.reporting.domain.rules.missing_reports import nothing_published
from tests.unit.reporting.rules.evaluated_rules import grid_of, readings_of
from tests.unit.reporting.test_fold import all_cells

NOW = datetime(2025, 3, 31, 12, tzinfo=UTC)


def inbound(number: int, entry: RegisterEntry) -> Inbound:
    return Inbound(entry.agency, InboundPlace(f"atips.inbound.{entry.agency}.v1", 0, number, 0), None, entry.value, ())


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ones() -> None:
    first = [entry.value for entry in history.__wrapped__(7)]
    assert first == [entry.value for entry in history.__wrapped__(7)]
    assert first != [entry.value for entry in history.__wrapped__(8)]


def test_what_is_to_be_accepted_reads_as_an_event_of_its_agency_and_of_an_author_of_the_type() -> None:
    for entry in history():
        if entry.expected != "refused":
            event = decode_strict(entry.value).event
            assert event.agency == entry.agency, entry.trap
            assert may_publish(event)


def test_every_type_of_the_catalogue_is_in_it() -> None:
    services = REFERRAL_SERVICE | CASE_TRACKER
    decided = {name for name, kind in CATALOGUE.items() if kind.authors <= services}  # no office submits these
    assert {entry.event["type"] for entry in history()} == set(CATALOGUE) - decided


def test_intake_answers_each_submission_as_the_history_says() -> None:
    entries = history()
    judged = [judge(inbound(number, entry), NOW) for number, entry in enumerate(entries)]
    answers = {Numbered: "accepted", Repeat: "duplicate", NumberedRefusal: "refused"}
    outcomes = number_batch(judged, {}, LineEnd(), NOW).outcomes
    assert [answers[type(outcome)] for outcome in outcomes] == [entry.expected for entry in entries]
    refusals = {
        outcome.refused.reason: outcome.refused.pointer for outcome in outcomes if isinstance(outcome, NumberedRefusal)
    }
    assert refusals == {Reason.UNKNOWN_CODE: "/data/district", Reason.SOURCE_NOT_OF_THIS_DOOR: "/source"}


def test_one_repetition_has_other_bytes_and_the_same_digest() -> None:
    rewritten = next(entry for entry in history() if entry.pretty)
    first = next(entry for entry in history() if entry.event["id"] == rewritten.event["id"])
    assert first is not rewritten
    assert first.value != rewritten.value
    assert decode_strict(first.value).digest == decode_strict(rewritten.value).digest


def test_nothing_leaves_an_office_before_it_happened_and_was_recorded() -> None:
    for entry in history():
        recorded = datetime.fromisoformat(entry.event["recordedtime"])
        assert recorded <= entry.leaves_at
        if "time" in entry.event:
            assert datetime.fromisoformat(entry.event["time"]) <= recorded
        milliseconds = int(entry.event["id"].replace("-", "")[:12], 16)
        assert datetime.fromtimestamp(milliseconds / 1000, UTC) == recorded


def test_an_agency_gives_no_register_number_twice() -> None:
    first = [entry for entry in history() if entry.expected != "duplicate"]
    every = [*first, *(planted.entry for planted in changes_after_report()), *suggestions.events().values()]
    numbers = Counter((entry.event["source"], entry.event["sourcerecord"]) for entry in every)
    assert set(numbers.values()) == {1}


def year_cells() -> dict[CellKey, int]:
    """The year without its merges."""
    events = [decode_strict(entry.value).event for entry in history() if entry.expected == "accepted"]
    return all_cells([each.content for each in effects(events) if not each.content.joins()])


def test_all_that_is_expected_was_said_but_for_one_month_of_one_agency() -> None:
    rows = grid_of(year_cells(), Period.parse(YEAR), expectations(), date(2025, 3, 31))
    (found,) = evaluate_rules({}, [nothing_published(rows)])
    assert {each.split(":")[0] + each[-8:] for each in found.records} == {"customs:2024-08"}


def test_closed_periods_say_what_stands_but_for_one_that_was_refused() -> None:
    found = evaluate_rules(readings_of(year_cells(), Period.parse(YEAR)))
    differ = [each for each in found if each.code is FindingCode.CONTROL_TOTAL_DIFFERS]
    assert [each.en.split(" says ")[0] for each in differ] == ["Belize Police Department"]
    assert "“Investigation opened”" in differ[0].en


def test_a_broken_entry_would_be_noticed() -> None:
    book = AgencyRegisters(1)
    entry = book.write("bpd", "investigation.opened", day("2024-01-02"), {"case": "cas-of-somebody"}, subject="x")
    with pytest.raises(BadMessage):
        decode_strict(entry.value)
    book.send_again(entry, after=timedelta(hours=1), trap="again")
    assert [each.expected for each in book.in_order()] == ["accepted", "duplicate"]
