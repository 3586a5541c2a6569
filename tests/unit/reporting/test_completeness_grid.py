"""Each agency's months: facts, an explicit nought, or a silence that is neither; and how late facts are recorded."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from schemas.agencies import AGENCIES, agency_on
from schemas.codebook.governance import FindingCode
from schemas.codec import decode
from schemas.times import Period
from services.reporting.domain.declaration.durations import MEDIAN
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read import completeness_grid as grids
from services.reporting.domain.read.amounts_from_cells import read
from services.reporting.domain.read.completeness_grid import AgencyMonth, AgencyRow, MonthState, lags
from services.reporting.domain.read.expected_reports import parse_expected_reports
from services.reporting.domain.read.reading import Reading
from services.reporting.domain.rules import Finding, agency_and_type_names, evaluate_rules
from services.reporting.domain.rules.missing_reports import nothing_published
from tests.unit.reporting.figures_of_events import holds_only_by
from tests.unit.reporting.rules.evaluated_rules import Said, grid_of, says
from tests.unit.reporting.samples import activity, at, case, on_behalf, person, raw
from tests.unit.reporting.test_expected_reports import row, table
from tests.unit.reporting.test_fold import all_cells

INSPECTION = "bz.atips.labour.inspection_completed.v1"
LATE = date(2025, 3, 1)
YEAR = Period.parse("2024")


def inspection(number: int, when: str, **more: str) -> Said:
    return says("labour", "labour.inspection_completed", when, {"inspection": activity(number), **more})


def closed(period: str, agency: str = "labour", **more: Any) -> Said:  # noqa: ANN401
    return says(agency, "period.closed", "2025-02-01", {"agency": agency, "period": period, **more})


def rows(*said: Said, of: Sequence[str] = (), period: Period = YEAR, on: date = LATE) -> list[AgencyRow]:
    cells = all_cells([decode(each(number)) for number, each in enumerate(said)])
    return grid_of(cells, period, parse_expected_reports(table(*of)) if of else (), on)


def labour(*said: Said, on: date = LATE, every: str = "month") -> list[AgencyMonth]:
    (found,) = [each for each in rows(*said, of=[row(every)], on=on) if each.agency == "labour"]
    return list(found.months)


def stand(cells: Sequence[AgencyMonth]) -> list[MonthState]:
    return [each.standing for each in cells]


def missing(*said: Said, of: Sequence[str], on: date = LATE) -> list[Finding]:
    found = evaluate_rules({}, [nothing_published(rows(*said, of=of, on=on))])
    assert all(each.code is FindingCode.NOTHING_PUBLISHED for each in found)
    return found


def test_a_missing_report_of_a_past_month_names_the_agency_as_it_was_called_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    former = (replace(AGENCIES["labour"], name_en="Former Name", valid_to=date(2024, 6, 30)),)
    monkeypatch.setattr(agency_and_type_names, "agency_on", partial(agency_on, former=former))
    names = [each.en.partition(":")[0] for each in missing(of=[row("month")])]
    assert set(names[:6]) == {"Former Name"}
    assert set(names[6:]) == {"Labour Department"}


def test_a_month_has_events_or_an_explicit_nought_or_is_missing_and_silence_is_not_zero() -> None:
    said = (
        inspection(1, "2024-01-10"),
        inspection(2, "2024-01-31"),
        closed("2024-02", zero_types=[INSPECTION]),
        closed("2024-03", counts={}),
    )

    def check() -> None:
        cells = labour(*said)
        assert [each.events for each in cells[:4]] == [2, 0, 0, 0]
        assert stand(cells[:4]) == [MonthState.EVENTS, MonthState.ZERO, MonthState.MISSING, MonthState.MISSING]

    holds_only_by((grids, "expected_report_state"), lambda *_: MonthState.ZERO, check)


def test_a_grid_without_amounts_tells_neither_a_nought_from_events_nor_what_was_not_expected() -> None:
    """An agency's only event of a month may be about one person."""
    noughts = closed("2024-02", zero_types=[INSPECTION])
    published = rows(inspection(1, "2024-01-10"), noughts, of=[row("month")], on=date(2024, 4, 20))
    told = grids.without_amounts(published)
    (seen,) = [each for each in told if each.agency == "labour"]
    assert stand(seen.months[:4]) == [
        *(MonthState.REPORTED, MonthState.REPORTED),
        *(MonthState.MISSING, MonthState.NOT_DUE),
    ]
    assert {(each.events, *(cell.events for cell in each.months)) for each in told} == {(0,) * 13}
    unexpected = grids.without_amounts(rows(inspection(1, "2024-01-10"), noughts))
    assert {state for each in unexpected for state in stand(each.months)} == {MonthState.NOT_EXPECTED}


def test_the_lag_of_an_agency_is_that_of_all_its_units_too() -> None:
    def lag(agency: str, durations: dict[int, int], unknown: int) -> Reading:
        return Reading(FIGURES["G5a"], YEAR, {"agency": agency}, 0, unknown=unknown, durations=durations)

    (found,) = lags([lag("dhs", {1: 2, 9: 1}, 1), lag("tip_care_unit", {1: 3}, 4), lag("hti", {}, 2)])
    assert (found.agency, found.durations, found.unknown) == ("dhs", {1: 5, 9: 1}, 5)


def test_nothing_is_missing_before_it_is_due() -> None:
    assert stand(labour(on=date(2024, 2, 15)))[:2] == [MonthState.NOT_DUE, MonthState.NOT_DUE]
    assert stand(labour(on=date(2024, 2, 16)))[:2] == [MonthState.MISSING, MonthState.NOT_DUE]


def test_what_is_not_expected_is_neither_nought_nor_missing() -> None:
    found = rows(closed("2024-05", "customs", zero_types=["bz.atips.training.session_delivered.v1"]))
    by_agency = {each.agency: each for each in found}
    assert set(stand(by_agency["sib"].months)) == {MonthState.NOT_EXPECTED}
    assert stand(by_agency["customs"].months).count(MonthState.ZERO) == 1


def test_what_else_an_agency_sent_does_not_stand_for_what_is_missing() -> None:
    session = says("labour", "training.session_delivered", "2024-01-15", {"session": activity(3)})

    def check() -> None:
        (first, *_) = labour(session)
        assert (first.events, first.standing) == (1, MonthState.MISSING)

    holds_only_by((grids, "expected_report_state"), lambda *_: MonthState.EVENTS, check)


def test_a_nought_of_another_type_or_month_and_any_other_number_is_none_of_what_is_missing() -> None:
    of_sessions = closed("2024-01", zero_types=["bz.atips.training.session_delivered.v1"])
    of_march, three = closed("2024-03", zero_types=[INSPECTION]), closed("2024-04", counts={INSPECTION: 3})
    found = stand(labour(of_sessions, of_march, three))[:4]
    assert found == [MonthState.MISSING, MonthState.MISSING, MonthState.ZERO, MonthState.MISSING]


def test_a_quarter_is_judged_where_it_ends_and_by_any_of_its_days() -> None:
    cells = labour(inspection(1, "2024-01-10"), inspection(2, "2024-04"), every="quarter")
    assert [str(each.month) for each in cells if each.standing is MonthState.MISSING] == ["2024-09", "2024-12"]
    in_no_month = at("2024-01", "2024-03")
    across = says("labour", "labour.inspection_completed", in_no_month, {"inspection": activity(1)})
    assert stand(labour(across, every="quarter"))[2] is MonthState.NOT_EXPECTED


def test_a_nought_of_the_year_is_one_of_each_month_and_of_months_without_a_gap_one_of_the_quarter() -> None:
    assert set(stand(labour(closed("2024", zero_types=[INSPECTION])))) == {MonthState.ZERO}
    each_month = [closed(f"2024-0{month}", zero_types=[INSPECTION]) for month in (1, 2, 3)]
    assert stand(labour(*each_month, every="quarter"))[2] is MonthState.ZERO
    assert stand(labour(*each_month[::2], every="quarter"))[2] is MonthState.MISSING


def test_a_unit_speaks_for_its_agency() -> None:
    for_the_unit = raw("investigation.opened", 1, {"case": case(1)}, on_behalf("atips_pu", "2024-02-03"))
    found = {each.agency: each for each in rows(lambda _: for_the_unit)}
    assert (found["bpd"].months[1].events, found["bpd"].events) == (1, 1)
    its_own = says("bpd", "investigation.opened", "2024-02-04", {"case": case(2)})
    found = {each.agency: each for each in rows(lambda _: for_the_unit, its_own)}
    assert (found["bpd"].months[1].events, found["bpd"].events, found["labour"].events) == (2, 2, 0)


def test_a_fact_that_lies_in_no_single_month_is_in_the_whole() -> None:
    (found,) = [each for each in rows(inspection(1, "2024")) if each.agency == "labour"]
    assert ([each.events for each in found.months], found.events) == ([0] * 12, 1)


def test_one_finding_names_all_that_is_missing_of_an_agency_and_a_span() -> None:
    two = row(agency="customs", types="[referral.sent, training.session_delivered]")
    every_other = [closed(f"2024-{m:02}", "customs", zero_types=["bz.atips.referral.sent.v1"]) for m in range(1, 13)]
    found = missing(*every_other, of=[two])
    assert len(found) == 12
    assert found[7].records == ("customs:bz.atips.training.session_delivered.v1:2024-08",)
    assert found[7].en == (
        "Customs and Excise Department: for 2024-08 nothing was published of “Training session delivered”, "
        "and nobody said that there was nothing."
    )
    assert "Departamento de Aduanas" in found[7].es


def test_a_late_fact_closes_the_finding_and_a_retracted_one_would_open_it() -> None:
    assert len(missing(of=[row("year")])) == 1
    assert missing(inspection(1, "2024-11-30"), of=[row("year")]) == []


def lag_of(*said: Said) -> grids.Lag:
    cells = all_cells([decode(each(number)) for number, each in enumerate(said)])
    readings = [each for number in ("G5a", "G5b", "G5c") for each in read(FIGURES[number], cells, YEAR, ("agency",))]
    (found,) = lags(readings)
    return found


def recorded(name: str, when: str, at_: str, **data: object) -> Said:
    return lambda number: raw(name, number, data, when, agency="labour", recordedtime=f"{at_}T09:00:00-06:00")


def test_the_lag_is_from_what_happened_to_its_record_over_all_kinds_of_entities() -> None:
    found = lag_of(
        recorded("labour.inspection_completed", "2024-03-04", "2024-03-04", inspection=activity(1)),
        recorded("labour.inspection_completed", "2024-03-04", "2024-03-11", inspection=activity(2)),
        recorded("victim.identified", "2024-03-01", "2024-03-31", person=person(1), status="suspected"),
        recorded("labour.inspection_completed", "2024-02", "2024-03-04", inspection=activity(4)),
        recorded("labour.inspection_completed", "2024-03-09", "2024-03-04", inspection=activity(5)),
    )
    assert (found.agency, dict(found.durations)) == ("labour", {0: 1, 7: 1, 30: 1})
    assert (found.facts, found.within(MEDIAN), found.unknown) == (3, 7, 2)


def test_the_lag_of_an_agency_is_that_of_its_units_and_of_persons_cases_and_activities_together() -> None:
    def opened(number: int, when: str, **unit: str) -> Said:
        attributes = {**at(when), **unit}
        said = {"case": case(number)}, attributes
        return lambda n: raw("investigation.opened", n, *said, recordedtime="2024-03-11T09:00:00-06:00")

    def of_person(number: int, when: str) -> Said:
        data = {"person": person(number), "status": "suspected"}
        return lambda n: raw("victim.identified", n, data, when, recordedtime="2024-03-11T09:00:00-06:00")

    found = lag_of(
        opened(1, "2024-03-04"), opened(2, "2024-03-04", onbehalfof="atips_pu"), of_person(1, "2024-03-04"),
        opened(3, "2024-03"), of_person(2, "2024-03"),
    )  # fmt: skip
    assert (found.agency, dict(found.durations), found.unknown) == ("bpd", {7: 3}, 2)


def test_the_lag_of_a_period_is_that_of_what_was_recorded_in_it() -> None:
    late = recorded("labour.inspection_completed", "2023-12-30", "2024-01-03", inspection=activity(1))
    assert dict(lag_of(late).durations) == {4: 1}
