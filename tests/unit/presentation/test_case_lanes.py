"""Events of a case in lanes: each event once, by area and month, with a mark that needs no colour."""

from schemas.ids import Kind
from schemas.sight import Matter
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.fact import Fact
from services.presentation.case_lanes import Lanes, lanes
from services.presentation.case_page import AREAS
from tests.unit.case_tracker.sample import CHARGE, NOBODY_KNOWS, VICTIM, Log, an_id, day, month


def facts(log: Log) -> tuple[Fact, ...]:
    return spine(log.case, log.entries).facts


def cell(found: Lanes, row: str, area: Matter) -> list[tuple[str, str]]:
    [months] = [each for each in found.months if each.month == row]
    return [(each.mark.value, each.days) for each in months.cells[found.areas.index(AREAS[area].en)]]


def test_events_stand_by_area_and_month_with_the_day_and_a_mark() -> None:
    log = Log()
    log.identified(**day("2024-03-05"))
    log.says(
        "dhs", "need.assessed", person=VICTIM, need=an_id(Kind.NEED, "n"), service_types=["shelter"], **month("2024-03")
    )
    arrest = log.arrested(**day("2024-03-09"))
    log.charged(**day("2024-01-31"))
    log.says("bpd", "charge.withdrawn", charge=CHARGE, **NOBODY_KNOWS)
    found = lanes(facts(log), {arrest.ref}, "en")
    assert found is not None
    assert [each.month for each in found.months] == ["2024-01", "2024-03", ""]
    assert cell(found, "2024-01", Matter.JUSTICE) == [("●", "31")]
    assert cell(found, "2024-01", Matter.PROTECTION) == []
    assert ("▲", "09") in cell(found, "2024-03", Matter.JUSTICE)
    assert ("○", "2024-03-01..2024-03-31") in cell(found, "2024-03", Matter.PROTECTION)
    assert sum(len(each) for row in found.months for each in row.cells) == len(log.entries)
    spanish = lanes(facts(log), (), "es")
    assert spanish is not None
    assert set(spanish.areas) & {"Justicia", "Protección"} == {"Justicia", "Protección"}


def test_a_case_of_one_area_has_no_lanes() -> None:
    log = Log()
    log.arrested()
    log.charged()
    assert lanes(facts(log), (), "en") is None
    assert lanes((), (), "en") is None
