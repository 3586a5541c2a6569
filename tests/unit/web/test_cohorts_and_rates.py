"""Cohorts, rates and contested figures of a period, from readings that are all there or partly not."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from schemas.times import Period
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.rates import RATES
from services.reporting.domain.read.claims_beside_figures import ClaimBeside, ClaimStanding
from services.reporting.domain.read.reading import Reading
from services.web.domain.cohorts_and_rates import (
    Contested,
    breakdown_of,
    cohorts,
    contested,
    rates,
    readings_with_omissions,
)

PERIOD: Final = Period.parse("2024")
STAGES: Final = {
    "R5a": "R5b R5c",
    "R1a": "R1b R1c R1d R1e R1f R1g R1h R1i R1j R1k",  # R8d is a part of R1a, and no stage of it
    "R2a": "R3a R3b R3c R3d R3e R3f R3g R3h R3i",
    "R10a": "R10b R10c R10d R10e R10f R10g R10h",
    "R11a": "R11b R11c",
    "R22a": "R22b R22c R22d R22e R22f R22g",
    "R23a": "R23b R23c R23d R23e R23f R23g R23h",
}


def read(numbers: Iterable[str]) -> dict[str, Reading]:
    return {number: Reading(FIGURES[number], PERIOD, {}, 4) for number in numbers}


def reading(amount: int = 4, dims: Mapping[str, str] | None = None, **more: Any) -> Reading:  # noqa: ANN401 - counts
    return Reading(FIGURES["O9"], PERIOD, dims or {}, amount, **more)


def claim(number: str = "O9", of: str = "", agency: str = "bpd") -> ClaimBeside:
    return ClaimBeside(number, "2024", of, agency, "annual report", 9, ClaimStanding.ALONE, f"{agency}/desk/{of}")


def test_a_cohort_has_its_whole_and_its_stages_in_order() -> None:
    found = cohorts(read(FIGURES))
    assert {each.whole.number: " ".join(stage.number for stage in each.stages) for each in found} == STAGES


def test_a_cohort_without_one_of_its_readings_is_left_out() -> None:
    for absent in ("R11a", "R11b", "R11c"):
        found = {each.whole.number for each in cohorts(read(set(FIGURES) - {absent}))}
        assert found == set(STAGES) - {"R11a"}, absent


def test_a_rate_is_told_where_all_its_figures_were_read() -> None:
    assert [each.variant for each in rates(read(FIGURES))] == list(RATES)
    assert [each.variant for each in rates(read(("R11a", "R11b", "R11c")))] == ["conviction_of_persons_charged"]
    for absent in ("R11a", "R11b", "R11c"):
        assert rates(read({"R11a", "R11b", "R11c"} - {absent})) == [], absent


def test_a_reading_with_any_kind_of_omission_is_listed_and_no_other_one() -> None:
    omissions: list[dict[str, Any]] = [{"undated": 1}, {"cut": 1}, {"unknown": 1}, {"twice": 1}]
    with_one = [reading(**each) for each in omissions]
    assert readings_with_omissions([reading(), *with_one, reading(under_way=1)]) == with_one


def test_claims_stand_beside_the_amount_of_their_own_figure_period_and_row() -> None:
    women = {"sex": "female"}
    claims = [claim(), claim(of="sex=female"), claim(agency="odpp"), claim("O10"), claim(of="sex=male")]
    found = contested(claims, [reading(), reading(2, women)], {"O9": FIGURES["O9"]})
    assert found == [
        Contested(FIGURES["O9"], [claims[0], claims[2]], 4),
        Contested(FIGURES["O9"], [claims[1]], 2),
        Contested(FIGURES["O9"], [claims[4]], None),
    ]
    of_another_year = Reading(FIGURES["O9"], Period.parse("2023"), {}, 4)
    for other in (of_another_year, reading(0, unknown=1)):
        assert contested(claims[:1], [other], FIGURES)[0].computed is None


def test_a_row_of_a_claim_is_one_of_the_figures_own_breakdowns() -> None:
    figure = FIGURES["O9"]
    for names in figure.breakdowns:
        assert breakdown_of(claim(of=",".join(f"{name}=a" for name in reversed(names))), figure) == names
    assert breakdown_of(claim(of="no_such_dimension=a"), figure) is None
