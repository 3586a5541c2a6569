"""O18, O26, O29: cases reviewed are not the year's, the first source stays, a channel is no source."""

from services.reporting.domain.cells import cells_from_items
from services.reporting.domain.figures.cases import agency_case_files
from services.reporting.domain.figures.cases import suspicion_reports as report_part
from tests.unit.reporting.figures_of_events import Said, by, first_to_begin, holds_only_by, reading, readings
from tests.unit.reporting.samples import activity, case


def opened(number: int, source: str | None, when: str, agency: str = "bpd") -> Said:
    data = {"case": case(number), **({"referral_source": source} if source else {})}
    return "case.opened", data, when, agency


def reviewed(number: int, when: str, agency: str = "hti", **more: object) -> Said:
    return "case.review_provided", {"case": case(number), **more}, when, agency


def report(number: int, channel: str | None, when: str, agency: str = "dhs", **more: object) -> Said:
    return "report.received", {"report": activity(number), "channel": channel, **more}, when, agency


def test_a_case_reviewed_twice_counts_once() -> None:
    def check() -> None:
        events = reviewed(1, "2024-02-01"), reviewed(1, "2024-09-01"), reviewed(2, "2024-09-01")
        assert reading("O18", "2024", *events).amount == 2

    holds_only_by((cells_from_items, "pairwise"), lambda _: iter(()), check)


def test_a_review_counts_in_its_own_year_whenever_the_case_was_opened() -> None:
    def check() -> None:
        investigated = "investigation.opened", {"case": case(1)}, "2022-03-01"
        events = investigated, reviewed(1, "2024-02-01"), reviewed(2, "2023-12-31")
        assert (reading("O18", "2024", *events).amount, reading("O1a", "2024", *events).amount) == (1, 0)

    holds_only_by((agency_case_files, "possible_days"), lambda _: None, check)


def test_a_review_is_of_whoever_reviewed_and_else_of_who_says_so() -> None:
    events = (
        reviewed(1, "2024-02-01"),
        reviewed(2, "2024-02-01", "odpp"),
        reviewed(1, "2024-03-01", "odpp", reviewer="hti"),
    )
    assert by(readings("O18", "2024", *events, by=("reviewer",))) == {("hti",): 1, ("odpp",): 1}


def test_a_case_that_comes_from_two_sources_is_of_the_first() -> None:
    def check() -> None:
        events = opened(1, "atips_pu_operation", "2024-03-04"), opened(1, "mohw", "2024-03-11", "dhs")
        assert by(readings("O26", "2024", *events, by=("referral_source",))) == {("atips_pu_operation",): 1}
        assert reading("O26", "2024-03-05..2024-12", *events).amount == 0

    holds_only_by((agency_case_files, "first"), lambda openings: openings[::-1], check)


def test_the_first_source_that_anybody_named_stays_and_an_undated_word_is_not_first() -> None:
    silent = opened(1, None, "2024-03-04"), opened(1, "mohw", "2024-03-11", "dhs")
    assert by(readings("O26", "2024", *silent, by=("referral_source",))) == {("mohw",): 1}
    undated = opened(1, "bpd", "2024-03-04"), opened(1, "mohw", "", "dhs")
    assert by(readings("O26", "2024", *undated, by=("referral_source",))) == {("bpd",): 1}


def test_a_file_that_may_have_been_the_first_at_any_time_was_opened_no_later_than_another() -> None:
    def check() -> None:
        events = opened(1, "mohw", "2024", "dhs"), opened(1, "atips_pu_operation", "2024-03-04")
        assert [reading("O26", period, *events).amount for period in ("2024-01..2024-06", "2024-03")] == [1, 0]

    holds_only_by((agency_case_files, "first_of"), first_to_begin, check)


def test_a_report_told_by_two_offices_is_one_report() -> None:
    def check() -> None:
        first = report(1, "p3_app", "2024-03-01", "crime_stoppers", anonymous="yes")
        events = first, report(1, None, "2024-03-02", "bpd", district="cayo")
        assert reading("O29", "2024", *events).amount == 1
        for name, value in (("channel", "p3_app"), ("anonymous", "yes"), ("district", "cayo")):
            assert by(readings("O29", "2024", *events, by=(name,))) == {(value,): 1}

    holds_only_by((report_part, "code"), str, check)


def test_a_channel_is_no_source_and_a_report_is_no_case() -> None:
    events = (
        report(1, "hotline_911", "2024-03-01", "bpd", referral_source="school"),
        report(2, "hotline_911", "2024-03-01", "bpd", referral_source="family", case=case(1), anonymous="yes"),
        report(3, None, "2024-03-01"),
    )
    assert by(readings("O29", "2024", *events, by=("channel",))) == {("hotline_911",): 2, ("absent",): 1}
    found = by(readings("O29", "2024", *events, by=("referral_source",)))
    assert found == {("school",): 1, ("family",): 1, ("absent",): 1}
    assert by(readings("O29", "2024", *events, by=("anonymous",))) == {("yes",): 1, ("absent",): 2}
    assert reading("O26", "2024", *events).amount == 0


def test_that_one_office_does_not_know_takes_no_answer_from_another() -> None:
    """The case was of no known source, and the report came by no known way, though somebody had said so."""
    for events in (
        (opened(1, "unknown", "2024-03-04"), opened(1, "mohw", "2024-03-11", "dhs")),
        (opened(1, "mohw", "2024-03-04", "dhs"), opened(1, "unknown", "2024-03-11")),
    ):
        assert by(readings("O26", "2024", *events, by=("referral_source",))) == {("mohw",): 1}
    alone = opened(1, "unknown", "2024-03-04")
    assert by(readings("O26", "2024", alone, by=("referral_source",))) == {("unknown",): 1}
    told = report(1, "p3_app", "2024-03-01", "crime_stoppers"), report(1, "unknown", "2024-03-02", "bpd")
    for reports in (told, told[::-1]):
        assert by(readings("O29", "2024", *reports, by=("channel",))) == {("p3_app",): 1}
