"""O1, O2, O7: opened is not active, an outcome has two cut-offs, and what is active at an end is never summed."""

import pytest

from schemas.codebook.case import InvestigationOutcome
from services.reporting.domain.cells import cells_from_items
from services.reporting.domain.declaration.values_over_time import turns
from services.reporting.domain.figures.cases.investigation import folds, state
from services.reporting.domain.read.reading import NotAdditive, total
from tests.unit.reporting.figures_of_events import Said, by, holds_only_by, reading, readings
from tests.unit.reporting.samples import case, person
from tests.unit.reporting.traps.justice import charge, verdict

YEARS = ("2022", "2023", "2024", "2025")


def opened(number: int, when: str, **more: object) -> Said:
    return "investigation.opened", {"case": case(number), **more}, when


def in_case(event: Said, number: int = 1) -> Said:
    name, data, when = event[:3]
    return name, {**data, "case": case(number)}, when


def outcome(number: int, what: str, when: str) -> Said:
    return "investigation.status_changed", {"case": case(number), "outcome": what}, when


def closed(number: int, what: str | None, when: str) -> Said:
    return "investigation.closed", {"case": case(number), "outcome": what}, when


def case_closed(number: int, when: str, agency: str = "bpd") -> Said:
    return "case.closed", {"case": case(number), "reason": "other"}, when, agency


def reopened(number: int, when: str, agency: str = "bpd") -> Said:
    return "case.reopened", {"case": case(number), "reason": "new_information"}, when, agency


def amounts(number: str, *events: Said, periods: tuple[str, ...] = YEARS) -> list[int]:
    return [reading(number, period, *events).amount for period in periods]


def test_opened_in_a_year_and_active_in_it_are_two_numbers() -> None:
    events = opened(1, "2022-03-01"), closed(1, "closed_unfounded", "2023-05-05"), opened(2, "2024-06-01")
    assert amounts("O1a", *events) == [1, 0, 1, 0]
    assert amounts("O1b", *events) == [1, 1, 1, 1]


def test_a_closing_ends_what_is_active_and_not_what_was_opened() -> None:
    """Until a type closed an investigation every case stayed active for ever."""

    def check() -> None:
        events = opened(1, "2022-03-01"), outcome(1, "transferred", "2023-05-05")
        assert amounts("O1b", *events) == [1, 1, 0, 0]
        assert amounts("O7", *events) == [1, 0, 0, 0]

    holds_only_by((folds, "CLOSING"), frozenset(), check)


@pytest.mark.parametrize("again", [opened(1, "2023-05-05T15:00"), reopened(1, "2023-05-05T15:00")])
def test_a_case_that_is_taken_up_again_on_the_day_of_its_closing_is_active(again: Said) -> None:
    """The closing of the morning ended what was opened once more in the afternoon, too."""
    closing = closed(1, "closed_unfounded", "2023-05-05T10:00")
    assert amounts("O7", opened(1, "2022-03-01"), closing, again) == [1, 1, 1, 1]
    assert amounts("O1b", opened(1, "2022-03-01"), closing, again) == [1, 1, 1, 1]
    assert amounts("R23h", opened(1, "2022-03-01"), closing, again, periods=("2022",)) == [1]
    late = closed(1, "closed_unfounded", "2023-05-05T16:00")
    assert amounts("O7", opened(1, "2022-03-01"), closing, again, late) == [1, 0, 0, 0]


def test_a_case_stays_active_while_it_is_open_charged_or_referred_and_with_any_other_word_no_longer() -> None:
    begun = opened(1, "2022-03-01")
    active = {word for word in InvestigationOutcome if amounts("O1b", begun, outcome(1, word.value, "2023-05-05"))[-1]}
    assert active == {"open", "charged", "referred_to_dpp"}


def test_a_case_is_neither_a_victim_nor_a_suspect() -> None:
    both = [person(1), person(2), person(3)]
    events = opened(1, "2024-03-01", persons=both), opened(2, "2024-04-01", persons=both[:1])
    assert reading("O1a", "2024", *events).amount == 2
    for number in ("O9", "O32a", "O32b"):
        assert reading(number, "2024", *events).amount == 0


def test_an_outcome_counts_as_of_the_periods_end_and_the_case_in_the_period_in_which_it_was_opened() -> None:
    def check() -> None:
        events = (
            opened(1, "2024-03-01"),
            outcome(1, "charged", "2024-07-01"),
            opened(2, "2024-04-01"),
            closed(2, "closed_unfounded", "2025-01-10"),
            opened(3, "2023-12-30"),
            outcome(3, "charged", "2024-02-01"),
        )
        asked = {p: by(readings("O2", p, *events, by=("outcome",))) for p in ("2024-01..2024-06", "2024", "2024..2025")}
        assert asked == {
            "2024-01..2024-06": {("open",): 2},
            "2024": {("charged",): 1, ("open",): 1},
            "2024..2025": {("charged",): 1, ("closed_unfounded",): 1},
        }

    holds_only_by((cells_from_items, "as_of"), lambda span, _: iter([(span, 1, False)]), check)


def test_an_outcome_that_becomes_known_later_was_not_known_then() -> None:
    """The second cut-off: without the event that came later the same day reads as it was published."""
    known_then = (opened(1, "2024-03-01"),)
    known_now = (*known_then, closed(1, "closed_insufficient_evidence", "2024-12-17"))
    assert by(readings("O2", "2024", *known_then, by=("outcome",))) == {("open",): 1}
    assert by(readings("O2", "2024", *known_now, by=("outcome",))) == {("closed_insufficient_evidence",): 1}


def test_the_results_are_of_the_cases_opened_and_sum_to_them() -> None:
    events = (
        *(opened(1, "2024-03-01"), opened(1, "2024-05-01"), outcome(1, "charged", "2024-04-01")),
        *(opened(2, "2023-03-01"), outcome(2, "charged", "2024-04-01"), opened(3, "2024-12")),
    )
    for period in ("2024", "2024-03", "2024-04..2024-06", "2023..2024", "2024-12-05..2024-12-31"):
        assert reading("O2", period, *events).amount == reading("O1a", period, *events).amount
        assert sum(by(readings("O2", period, *events, by=("outcome",))).values()) == (
            reading("O1a", period, *events).amount
        )


def test_an_outcome_of_which_nobody_knows_when_is_in_no_row_and_an_undated_opening_is_beside() -> None:
    found = by(readings("O2", "2024", opened(1, "2024-03-01"), outcome(1, "charged", ""), by=("outcome",)))
    assert found == {("open",): 1}
    undated = reading("O2", "2024", opened(1, ""))
    assert (undated.amount, undated.undated) == (0, 1)


def test_an_outcome_of_which_the_year_only_is_known_undoes_none_that_came_later() -> None:
    def check() -> None:
        events = opened(1, "2024-03-01"), outcome(1, "charged", "2024"), closed(1, "closed_unfounded", "2024-09-01")
        assert by(readings("O2", "2024", *events, by=("outcome",))) == {("closed_unfounded",): 1}

    holds_only_by((state, "turns"), lambda said, before: turns([*said][::-1], before), check)


def test_what_was_closed_without_an_outcome_is_not_open() -> None:
    def results(*events: Said) -> dict[tuple[str, ...], int]:
        return by(readings("O2", "2024", opened(1, "2024-02-01"), *events, by=("outcome",)))

    for end in (closed(1, None, "2024-06-01"), case_closed(1, "2024-06-01")):
        assert results(end) == {("absent",): 1}
        assert results(outcome(1, "open", "2024-05-01"), end) == {("absent",): 1}
        assert results(outcome(1, "charged", "2024-05-01"), end) == {("charged",): 1}
        assert results(end, outcome(1, "charged", "2024-07-01")) == {("charged",): 1}
    assert results(case_closed(1, "2024-06-01", "dhs")) == {("open",): 1}


def test_a_case_that_is_taken_up_again_is_open_again() -> None:
    ended = opened(1, "2023-02-01"), closed(1, "closed_unfounded", "2023-06-01")
    for again in (opened(1, "2024-03-01"), reopened(1, "2024-03-01")):
        events = *ended, again
        assert by(readings("O2", "2023..2024", *events, by=("outcome",))) == {("open",): 1}
        assert by(readings("O2", "2023", *events, by=("outcome",))) == {("closed_unfounded",): 1}
        assert by(readings("O7", "2024", *events, by=("outcome",))) == {("open",): 1}
    by_others = *ended, reopened(1, "2024-03-01", "dhs")
    assert by(readings("O2", "2023..2024", *by_others, by=("outcome",))) == {("closed_unfounded",): 1}


def test_a_change_after_the_end_is_no_doubt_about_the_period() -> None:
    events = opened(1, "2024-03-01"), outcome(1, "charged", "2025-02-01")
    assert [each.cut for each in readings("O2", "2024", *events, by=("outcome",))] == [0]
    assert reading("O2", "2024-06..2024-12", opened(2, "2024")).cut == 1


def test_an_active_case_is_one_however_often_it_was_opened() -> None:
    """O7: a case that was merged out of two has one year and one district, or the rows are more than the cases."""
    two = opened(1, "2022-03-01", district="cayo"), opened(1, "2024-03-01", district="belize")
    more = *two, opened(1, "2024-04-01", exploitation=["forced_labour"])
    for events in (two, two[::-1], more):
        assert by(readings("O7", "2024", *events, by=("opened_year",))) == {("2022",): 1}
        assert by(readings("O7", "2024", *events, by=("district",))) == {("belize",): 1}
    assert by(readings("O7", "2024", *more, by=("exploitation",))) == {("forced_labour",): 1}
    nobody_knows = *two, opened(1, "2024-04-01", district="unknown")
    assert by(readings("O7", "2024", *nobody_knows, by=("district",))) == {("belize",): 1}
    assert by(readings("O1a", "2024", *two, by=("district",))) == {("belize",): 1}
    assert by(readings("O1a", "2022", *two, by=("district",))) == {("cayo",): 1}


def test_what_is_before_the_court_is_still_active_and_no_longer_investigated() -> None:
    def check() -> None:
        events = opened(1, "2021-10-01"), closed(1, "charged", "2022-03-01"), case_closed(1, "2024-05-30")
        assert amounts("O7", *events) == [1, 1, 0, 0]
        assert amounts("O1b", *events) == [1, 0, 0, 0]
        assert by(readings("O7", "2023", *events, by=("opened_year", "outcome"))) == {("2021", "charged"): 1}

    holds_only_by((folds, "CLOSING"), frozenset(InvestigationOutcome), check)


def test_a_case_before_the_court_of_which_nobody_told_the_opening_is_active() -> None:
    """Courts' events of older cases arrive before the police have told of them, and the case was in no figure."""
    charged = in_case(charge(1, 1, "2024-03-01"))
    assert [reading("O7", each, charged).amount for each in ("2024-02", "2024-03", "2024")] == [0, 1, 1]
    assert by(readings("O7", "2024", charged, by=("opened_year", "outcome"))) == {("absent", "open"): 1}
    over = charged, in_case(verdict(1, 1, "2024-09-01", "acquitted"))
    assert [reading("O7", each, *over).amount for each in ("2024-08", "2024")] == [1, 0]
    assert [reading("T19", each, charged).amount for each in ("2024-04", "2024")] == [0, 1]
    assert [reading(number, "2024", charged).amount for number in ("O1a", "O1b", "O2", "R23a")] == [0, 0, 0, 0]
    nobody_knows = reading("O7", "2024", in_case(charge(1, 1, "")))
    assert (nobody_knows.amount, nobody_knows.undated) == (0, 1)
    taken_up: Said = "investigation.status_changed", {"case": case(1), "outcome": "open"}, "2024-04-01"
    assert [reading(number, "2024", taken_up).amount for number in ("O1b", "O7")] == [1, 1]
    told = opened(1, "2023-05-01"), charged
    assert by(readings("O7", "2024", *told, by=("opened_year",))) == {("2023",): 1}


def test_a_case_that_was_taken_up_again_nobody_knows_when_has_one_row() -> None:
    events = opened(1, "2024-02-01", district="cayo"), reopened(1, "")
    assert by(readings("O1b", "2024", *events, by=("district",))) == {("cayo",): 1}


def test_human_services_close_their_file_and_not_the_case() -> None:
    def check() -> None:
        events = opened(1, "2022-03-01"), case_closed(1, "2022-12-20", "dhs"), case_closed(1, "2024-02-01")
        assert amounts("O7", *events) == [1, 1, 0, 0]

    holds_only_by((folds, "of_police"), lambda _: True, check)


def test_a_case_taken_up_again_is_active_again() -> None:
    events = (
        *(opened(1, "2022-03-01"), closed(1, "closed_insufficient_evidence", "2022-11-01")),
        *(reopened(1, "2024-02-01"), closed(1, "closed_unfounded", "2025-03-01")),
    )
    assert amounts("O7", *events) == [0, 0, 1, 0]
    assert amounts("O1b", *events) == [1, 0, 1, 1]
    assert by(readings("O7", "2024", *events, by=("opened_year",))) == {("2022",): 1}
    assert amounts("O7", *events[:2], outcome(1, "open", "2024-02-01")) == [0, 0, 1, 1]


def test_a_charge_does_not_take_up_the_investigation_that_it_ended() -> None:
    events = opened(1, "2022-03-01"), closed(1, "referred_to_dpp", "2022-06-01"), outcome(1, "charged", "2023-02-01")
    assert amounts("O1b", *events) == [1, 0, 0, 0]
    assert amounts("O7", *events) == [1, 1, 1, 1]


def test_closed_and_reopened_on_one_day_it_is_active() -> None:
    events = opened(1, "2022-03-01"), case_closed(1, "2023-06-01"), reopened(1, "2023-06-01")
    assert amounts("O7", *events) == [1, 1, 1, 1]


def test_an_end_of_which_nobody_knows_when_leaves_the_case_beside_the_number() -> None:
    for number in ("O7", "O1b"):
        found = reading(number, "2024", opened(1, "2022-03-01"), closed(1, "closed_unfounded", ""))
        assert (found.amount, found.undated) == (0, 1)


def test_cases_active_at_the_end_of_each_month_are_not_added_up() -> None:
    """V9: twelve ends of months hold one case twelve times."""
    events = (opened(1, "2024-01-10"),)
    january, february = (reading("O7", period, *events) for period in ("2024-01", "2024-02"))
    assert (january.amount, february.amount, reading("O7", "2024", *events).amount) == (1, 1, 1)
    with pytest.raises(NotAdditive):
        total(january, february)


def test_active_cases_and_opened_ones_overlap_and_are_not_added() -> None:
    events = opened(1, "2024-01-10"), opened(2, "2023-01-10")
    active, new = reading("O7", "2024", *events), reading("O1a", "2024", *events)
    assert (active.amount, new.amount) == (2, 1)
    with pytest.raises(NotAdditive):
        total(active, new)


def test_results_of_two_halves_are_not_the_results_of_the_year() -> None:
    events = opened(1, "2024-03-01"), outcome(1, "charged", "2024-08-01")
    first, second = (readings("O2", p, *events)[0] for p in ("2024-01..2024-06", "2024-07..2024-12"))
    with pytest.raises(NotAdditive):
        total(first, second)


def test_the_year_of_opening_is_belizes_and_unknown_where_the_opening_spans_two() -> None:
    late = opened(1, "2023-12-31T23:30")
    assert by(readings("O7", "2024", late, by=("opened_year",))) == {("2023",): 1}
    spanning = "investigation.opened", {"case": case(2)}, {
        "time": "2023-12-30T00:00:00-06:00", "occurredto": "2024-01-02T00:00:00-06:00", "occurredprecision": "day"
    }  # fmt: skip
    assert by(readings("O7", "2024", spanning, by=("opened_year",))) == {("absent",): 1}
