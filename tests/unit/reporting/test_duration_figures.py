"""Each duration with numbers worked out by hand: when its clock starts and stops, what is under way or unknown."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson
import pytest
from hypothesis import Phase, given, settings

from schemas.codec import decode
from schemas.ids import Kind
from schemas.times import Period
from services.reporting.domain.declaration import durations
from services.reporting.domain.figures.cases import agency_case_files, days_from_report_to_screening
from services.reporting.domain.figures.cases.investigation import durations as investigation_times
from services.reporting.domain.figures.justice.suspect import charge_durations as suspect_times
from services.reporting.domain.figures.protection.identified import figures as identified
from tests.unit.reporting.figures_of_events import Event, Said, by, holds_only_by, reading, readings, unweighed
from tests.unit.reporting.folds_and_oracle import agrees
from tests.unit.reporting.samples import CARE, CASES, activity, an_id, case, histories, periods, person
from tests.unit.reporting.test_fold import all_cells
from tests.unit.reporting.traps.justice import (
    appeal,
    charge,
    committed,
    died,
    sentenced,
    tried,
    verdict,
)

SEARCH = settings(max_examples=400, derandomize=True, report_multiple_bugs=False, phases=[Phase.generate])


def told(number: str, period: str, *events: Said) -> tuple[list[int] | None, int, int, int]:
    """Every duration that ended, how many are under way, how many have no exact length, how many no date."""
    found = reading(number, period, *events)
    return found.few_durations, found.under_way, found.unknown, found.undated


def report(number: int, when: str, of: int | None = 1, agency: str = "dhs", **more: object) -> Said:
    named = {} if of is None else {"case": case(of)}
    return "report.received", {"report": activity(number), **named, **more}, when, agency


def screening(number: int, when: str, of: int = 1) -> Said:
    return "screening.completed", {"screening": activity(number), "case": case(of), "persons": [person(1)]}, when, "bpd"


def test_t1_from_a_report_to_the_first_screening_in_its_case() -> None:
    events = (
        report(1, "2024-03-01", channel="p3_app"),
        report(2, "2024-03-04", channel="hotline_911"),
        screening(11, "2024-03-08"),
        screening(12, "2024-03-20"),
        report(3, "2024-04-01"),
        report(4, "2024-02-01", of=2),
        report(5, "2024-01-01", of=None),
    )
    assert told("T1", "2024", *events) == ([4, 7], 2, 0, 0)
    assert by(readings("T1", "2024", *events, by=("channel",))) == {("hotline_911",): 4, ("p3_app",): 7, ("absent",): 0}
    assert told("T1", "2024-02", *events) == ([], 1, 0, 0)
    closed: Said = ("investigation.closed", {"case": case(2)}, "2024-05-05", "bpd")
    assert told("T1", "2024", *events, closed) == ([4, 7], 1, 0, 0)
    assert told("T1", "2024-05-04", *events, closed) == ([], 2, 0, 0)


def test_t1_a_file_that_human_services_close_ends_no_wait_for_a_screening() -> None:
    """The case goes on with the police, and nobody asked any more why nobody was screened."""
    data = {"case": case(1)}
    by_dhs: Said = ("case.closed", data, "2024-05-05", "dhs")
    assert told("T1", "2024", report(1, "2024-03-01"), by_dhs) == ([], 1, 0, 0)
    assert told("T1", "2024", report(1, "2024-03-01"), by_dhs, ("case.closed", data, "2024-06-05", "bpd"))[1] == 0


def test_t1_a_report_told_by_two_offices_is_one_and_keeps_its_date() -> None:
    events = report(1, "2024-03-01"), report(1, "", agency="bpd"), screening(11, "2024-03-08")
    assert told("T1", "2024", *events) == ([7], 0, 0, 0)


def found(who: int, when: str, status: str = "suspected", **more: object) -> Said:
    return (
        "victim.identified",
        {"person": person(who), "status": status, "identified_by": "police", **more},
        when,
        "bpd",
    )


def decided(who: int, when: str, status: str, agency: str = "bpd") -> Said:
    return "victim.status_changed", {"person": person(who), "status": status}, when, agency


def test_t2_from_the_first_suspicion_to_the_status_that_settles_it() -> None:
    events = (
        found(1, "2024-01-10"),
        found(1, "2024-01-20", "potential"),
        decided(1, "2024-02-01", "undetermined"),
        decided(1, "2024-03-10", "confirmed"),
        decided(1, "2024-06-10", "not_a_victim"),
        found(2, "2024-02-01"),
        decided(2, "2024-02-11", "not_a_victim"),
        found(3, "2024-05-01"),
        found(4, "2024-05-01", "confirmed"),
    )
    assert told("T2", "2024", *events) == ([10, 60], 1, 0, 0)
    assert by(readings("T2", "2024", *events, by=("status",))) == {
        ("absent",): 0,
        ("confirmed",): 60,
        ("not_a_victim",): 10,
    }
    assert told("T2", "2024-01", *events) == ([], 1, 0, 0)
    assert {each.dimensions["status"] for each in readings("T2", "2024-01", *events, by=("status",))} == {"absent"}
    assert told("T2", "2024", *events, died(3, "2024-08-01")) == ([10, 60], 0, 0, 0)


def test_t2_whose_word_does_not_count_settles_nothing_and_what_was_settled_before_is_no_question() -> None:
    weak = found(1, "2024-01-10"), decided(1, "2024-02-10", "confirmed", "hti")
    assert told("T2", "2024", *weak) == ([], 1, 0, 0)
    before = decided(1, "2024-01-05", "confirmed"), found(1, "2024-01-10")
    assert told("T2", "2024", *before) == ([], 0, 0, 0)
    assert told("T2", "2024", found(1, "2024-01-10"), decided(1, "", "confirmed")) == ([], 0, 0, 1)


def test_t12_from_a_charge_to_its_committal() -> None:
    events = (
        charge(1, 1, "2024-01-10"),
        committed(1, 1, "2024-04-09"),
        charge(2, 1, "2024-01-10"),
        charge(3, 2, "2024-02-01"),
        ("charge.withdrawn", {"person": person(2), "charge": an_id(Kind.CHARGE, 3)}, "2024-03-01"),
        charge(4, 3, "2024-02-01"),
        died(3, "2024-05-05"),
        charge(5, 4, "2024-02-01"),
        committed(5, 4, "2024-06"),
    )
    assert told("T12", "2024", *events) == ([90], 1, 1, 0)
    assert told("T12", "2024-02", *events) == ([], 5, 0, 0)
    assert told("T12", "2024-05", *events) == ([], 2, 0, 0)
    assert by(readings("T12", "2024-01..2024-04", *events, by=("offence",))) == {("tip_sex",): 90}

    def check() -> None:
        assert told("T12", "2024-03", *events)[1] == 4

    holds_only_by((suspect_times, "ends"), lambda *_: [], check)


def test_t13_from_a_committal_to_the_first_trial() -> None:
    events = (
        committed(1, 1, "2024-01-10"), tried(1, 1, "2024-03-10"),
        committed(2, 2, "2024-01-10"),
        committed(3, 3, "2024-01-10"), verdict(3, 3, "2024-02-20", "discontinued"),
    )  # fmt: skip
    assert told("T13", "2024", *events) == ([60], 1, 0, 0)
    assert told("T13", "2024-01", *events) == ([], 3, 0, 0)
    assert told("T13", "2024-02", *events) == ([], 2, 0, 0)


def test_t14_from_a_trial_to_the_verdict_and_a_retrial_is_another_trial() -> None:
    events = (
        tried(1, 1, "2024-01-10"), verdict(1, 1, "2024-02-09"), appeal(1, 1, "2024-04-01", "retrial_ordered"),
        tried(1, 1, "2024-05-01"), verdict(1, 1, "2024-05-11", "acquitted"),
        tried(2, 2, "2024-03-01"),
        tried(3, 3, "2024-03-01"), verdict(3, 3, "2024-03-21", "discontinued"),
    )  # fmt: skip
    assert told("T14", "2024", *events) == ([10, 30], 1, 0, 0)
    assert told("T14", "2024-01", *events) == ([], 1, 0, 0)
    assert told("T14", "2024-03-20", *events) == ([], 2, 0, 0)


def test_t15_from_a_verdict_of_guilty_to_the_sentence_which_is_another_day() -> None:
    events = (
        verdict(1, 1, "2021-09-28"), sentenced(1, 1, "2021-10-28"),
        verdict(2, 2, "2021-06-01", "convicted_of_lesser"),
        verdict(3, 3, "2021-06-01", "acquitted"),
        verdict(4, 4, "2021-06-01"), died(4, "2021-07-01"),
    )  # fmt: skip
    assert told("T15", "2021", *events) == ([30], 1, 0, 0)
    assert told("T15", "2021-06", *events) == ([], 2, 0, 0)
    second: Said = (
        "sentence.imposed",
        {"person": person(1), "charges": [an_id(Kind.CHARGE, 1)], "sentence": an_id(Kind.SENTENCE, 2)},
        "2021-05-21",
    )
    again = (
        verdict(1, 1, "2021-01-10"), sentenced(1, 1, "2021-01-20"), appeal(1, 1, "2021-03-01", "retrial_ordered"),
        tried(1, 1, "2021-04-01"), verdict(1, 1, "2021-05-01"), second,
    )  # fmt: skip
    assert told("T15", "2021", *again) == ([10, 20], 0, 0, 0)
    assert told("T15", "2021", verdict(1, 1, "2021-01-10"), appeal(1, 1, "2021-03-01", "conviction_quashed")) == (
        [], 0, 0, 0,
    )  # fmt: skip


def opened(number: int, when: str) -> Said:
    return "investigation.opened", {"case": case(number), "suspected_offence": "tip_sex"}, when, "bpd"


def in_case(event: Event, number: int) -> Said:
    name, data, when = event
    return name, {**data, "case": case(number)}, when, "odpp"


def test_t16_from_an_investigation_to_the_first_verdict_in_its_case() -> None:
    events = (
        opened(1, "2015-11-10"),
        in_case(verdict(1, 1, "2020-03-10"), 1),
        in_case(verdict(2, 2, "2020-04-01", "acquitted"), 1),
        opened(2, "2019-01-01"),
        opened(3, "2019-01-01"),
        ("investigation.closed", {"case": case(3), "outcome": "closed_unfounded"}, "2019-06-01", "bpd"),
        opened(4, "2019-01-01"),
        in_case(verdict(4, 4, "2020-02-01", "discontinued"), 4),
    )
    assert told("T16", "2020", *events) == ([1582], 1, 0, 0), "with its last charge given up a case is over"
    assert told("T16", "2020-01", *events) == ([], 3, 0, 0)
    assert told("T16", "2019-05", *events) == ([], 4, 0, 0)
    assert told("T16", "2019-12", *events) == ([], 3, 0, 0)
    another = in_case(charge(5, 5, "2019-06-01"), 4)
    assert told("T16", "2020", *events, another) == ([1582], 2, 0, 0), "what is discontinued is no verdict"


def test_t16_a_case_taken_up_again_waits_again_and_never_twice() -> None:
    steps: tuple[Said, ...] = (
        opened(1, "2024-01-01"),
        ("investigation.status_changed", {"case": case(1), "outcome": "charged"}, "2024-02-01", "bpd"),
        ("case.closed", {"case": case(1)}, "2024-03-01", "bpd"),
        ("case.reopened", {"case": case(1)}, "2024-05-01", "bpd"),
    )
    assert [told("T16", month, *steps)[1] for month in ("2024-02", "2024-04", "2024-05")] == [1, 0, 1]


def of_offence(number: int, when: str, **offence: str) -> Said:
    return "investigation.opened", {"case": case(number), "suspected_offence": "tip_sex", **offence}, when, "bpd"


def test_t20_from_the_last_day_of_an_offence_to_the_first_investigation() -> None:
    events = (
        of_offence(1, "2024-03-10", offence_from="2023-12-01", offence_to="2024-03-01"),
        of_offence(1, "2024-06-01", offence_from="2024-02-01"),
        of_offence(2, "2024-05-01", offence_from="2024-04-30"),
        of_offence(3, "2024-05-01", offence_from="2023-12"),
        of_offence(4, "2024-05-01"),
        of_offence(5, "2024-05-01", offence_from="2024-05-02"),
    )
    assert told("T20", "2024", *events) == ([1, 38], 0, 3, 0), "no exact day, none told, or told the wrong way round"
    assert told("T20", "2024-02", *events) == ([], 2, 0, 0), "two offences were over and not reported yet"
    assert by(readings("T20", "2024", *events, by=("suspected_offence",))) == {("tip_sex",): 1}


def file(name: str, when: str, agency: str = "dhs") -> Said:
    return f"case.{name}", {"case": case(1)}, when, agency


def test_t17_each_agencys_file_from_its_opening_to_its_closing() -> None:
    events = (
        file("opened", "2024-01-10", "bpd"),
        file("opened", "2024-01-15"),
        file("opened", "2024-01-20"),
        file("closed", "2024-03-15"),
        file("reopened", "2024-06-01"),
        file("closed", "2024-06-11"),
    )
    assert told("T17", "2024", *events) == ([10, 60], 1, 0, 0)
    assert by(readings("T17", "2024", *events, by=("agency",))) == {("bpd",): 0, ("dhs",): 10}
    assert told("T17", "2024-04", *events) == ([], 1, 0, 0)
    assert told("T17", "2024-02", *events) == ([], 2, 0, 0)


def test_t17_a_file_of_which_nobody_knows_when_it_was_opened_or_closed() -> None:
    assert told("T17", "2024", file("opened", "2024-01-10"), file("closed", "")) == ([], 0, 0, 1)
    assert told("T17", "2024", file("opened", ""), file("closed", "2024-01-10")) == ([], 0, 1, 0)
    assert told("T17", "2024", file("opened", "")) == ([], 0, 0, 1)
    assert told("T17", "2024", file("closed", "2024-01-10")) == ([], 0, 0, 0)


def placed(number: int, when: str, population: str = "victim", *, ends: bool = False) -> Said:
    data = {"person": person(1), "placement": an_id(Kind.PLACEMENT, number)}
    name = "ended" if ends else "started"
    return f"shelter.placement_{name}", data | ({} if ends else {"population": population}), when, "dhs"


def test_t18_from_a_placement_to_its_end() -> None:
    events = (
        placed(1, "2024-01-10"), placed(1, "2024-02-09", ends=True),
        placed(2, "2024-03-01", "migrant_child"), placed(2, "2024-03-01", ends=True),
        placed(3, "2024-05-01"),
        placed(4, "2024-05"), placed(4, "2024-07-01", ends=True),
    )  # fmt: skip
    assert told("T18", "2024", *events) == ([0, 30], 1, 1, 0)
    assert by(readings("T18", "2024", *events, by=("population",))) == {("migrant_child",): 0, ("victim",): 30}
    assert told("T18", "2024-06", *events) == ([], 2, 0, 0)


def test_days_that_lie_the_wrong_way_round_are_no_duration() -> None:
    def check() -> None:
        assert told("T18", "2024", placed(1, "2024-02-09"), placed(1, "2024-02-08", ends=True)) == ([], 0, 1, 0)

    real = durations.elapsed
    holds_only_by((durations, "elapsed"), lambda start, stop, unit: real(stop, start, unit), check)


@pytest.mark.parametrize("number", ["T1", "T2", "T11", "T12", "T13", "T14", "T15", "T16", "T17", "T18", "T20"])
def test_where_nothing_happened_there_is_no_median_and_nothing_under_way(number: str) -> None:
    assert told(number, "2024") == ([], 0, 0, 0)
    assert reading(number, "2024").value is None


OFFENCES: tuple[dict[str, str], ...] = (
    {},
    {"offence_from": "2022-12-30"},
    {"offence_from": "2022", "offence_to": "2022-12-31"},
    {"offence_from": "2022-12-30", "offence_to": "2023-10-31"},
    {"offence_to": "2023-01"},
)


def with_offences(history: Sequence[bytes]) -> Iterator[bytes]:
    """Say in each opening of an investigation when the offence was: what each says follows from its id."""
    for payload in history:
        event = orjson.loads(payload)
        said = event["data"].get("data", event["data"])
        if "bz.atips.investigation.opened.v1" in {event["type"], event["data"].get("type")}:
            said |= OFFENCES[int(event["id"][-6:], 16) % len(OFFENCES)]
        yield orjson.dumps(event)


def check(history: Sequence[bytes], period: Period) -> None:
    events = [decode(payload) for payload in with_offences(history)]
    agrees(events, all_cells(events), period, ("T1", "T2", "T16", "T17", "T18", "T20"))


@settings(max_examples=200)
@given(histories(most=9, names=CASES) | histories(most=9, names=CARE), periods())
def test_durations_are_those_of_the_events(history: list[bytes], period: Period) -> None:
    check(history, period)


@pytest.mark.parametrize(
    ("rule", "without", "names"),
    [
        ((durations, "surely_before"), lambda *_: False, ("report.received", "screening.completed")),
        ((durations, "earliest"), lambda times: [*times][-1], ("report.received", "screening.completed")),
        (
            (days_from_report_to_screening, "after"),
            lambda _, times: [*times][:1],
            ("report.received", "screening.completed"),
        ),
        ((identified, "counting"), unweighed, ("victim.identified", "victim.status_changed")),
        ((agency_case_files, "speaker"), lambda _: "bpd", ("case.opened", "case.closed", "case.reopened")),
        ((investigation_times, "certain_days"), lambda *_: None, ("investigation.opened", "investigation.closed")),
    ],
)
def test_the_law_catches_the_loss_of_any_rule(
    monkeypatch: pytest.MonkeyPatch, rule: tuple[object, str], without: Callable[..., Any], names: Sequence[str]
) -> None:
    monkeypatch.setattr(*rule, without)

    @SEARCH
    @given(histories(names=names), periods())
    def law(history: list[bytes], period: Period) -> None:
        check(history, period)

    with pytest.raises(AssertionError):
        law()
