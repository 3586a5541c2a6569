"""A printed claim stands beside the events' amount. Two claims that differ are contested until settled."""

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import decode
from schemas.times import Period
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.figures.records import figure_claims_in_documents
from services.reporting.domain.read.amounts_from_cells import read
from services.reporting.domain.read.claims_beside_figures import (
    EACH,
    NUMBER,
    ClaimBeside,
    ClaimStanding,
    claims_in,
    claims_on_reading,
)
from tests.unit.reporting.figures_of_events import holds_only_by
from tests.unit.reporting.samples import activity, raw
from tests.unit.reporting.test_fold import all_cells

POLICE = {"audience": "police"}
HTI, COUNCIL = "hti", "council"

Said = Callable[[int], bytes]


def claimed(amount: int | None, agency: str = COUNCIL, when: str = "2025-03-14", **more: Any) -> Said:  # noqa: ANN401
    data = {"number": "M1", "period": "2024", "dimensions": POLICE, "amount": amount, "document": "council_report"}
    return lambda number: raw("figure.claimed", number, data | more, when, agency=agency)


def contested(when: str = "2025-03-20", **more: Any) -> Said:  # noqa: ANN401
    data = {"number": "M1", "period": "2024", "dimensions": POLICE, "reason": "unclear_definition"}
    return lambda number: raw("figure.contested", number, data | more, when, agency="sib")


def resolved(when: str = "2025-04-01", **more: Any) -> Said:  # noqa: ANN401
    data = {"number": "M1", "period": "2024", "dimensions": POLICE, "resolution": "different_things"}
    return lambda number: raw("figure.resolved", number, data | more, when, agency=COUNCIL)


def session(participants_n: int) -> Said:
    data: Mapping[str, Any] = {
        "session": activity(1),
        "audience": "police",
        "programmes": ["iec_plan"],
        "participants_n": participants_n,
    }
    return lambda number: raw("training.session_delivered", number, data, "2024-05-02")


def claims(*said: Said, period: str = "2024") -> list[ClaimBeside]:
    cells = all_cells([decode(each(number)) for number, each in enumerate(said)])
    return claims_in(read(FIGURES[NUMBER], cells, Period.parse(period), EACH))


def standings(*said: Said) -> list[ClaimStanding]:
    return [each.standing for each in claims(*said)]


def test_a_claim_never_enters_a_computed_figure() -> None:
    cells = all_cells([decode(each(number)) for number, each in enumerate((session(480), claimed(500)))])
    (reading,) = read(FIGURES["M1"], cells, Period.parse("2024"), ("audience",))
    assert (reading.amount, [each.amount for each in claims_on_reading(reading, claims(claimed(500)))]) == (480, [500])


def test_a_claim_stands_beside_its_own_figure_period_and_dimensions_only() -> None:
    cells = all_cells([decode(session(480)(0))])
    found = claims(claimed(500), claimed(1669, dimensions=None), claimed(40, period="2024-05"))
    (whole,) = read(FIGURES["M1"], cells, Period.parse("2024"))
    assert [each.amount for each in claims_on_reading(whole, found)] == [1669]
    (other,) = read(FIGURES["M3"], cells, Period.parse("2024"))
    assert claims_on_reading(other, found) == []


def test_two_claims_that_differ_are_contested() -> None:
    def check() -> None:
        assert standings(claimed(500), claimed(631, HTI)) == [ClaimStanding.CONTESTED] * 2

    holds_only_by((figure_claims_in_documents, "_standing"), lambda *_: ClaimStanding.ALONE, check)


def test_two_claims_of_the_same_amount_agree() -> None:
    assert standings(claimed(500), claimed(500, HTI)) == [ClaimStanding.ALONE] * 2


def test_a_claim_in_words_differs_from_no_number_and_is_not_nought() -> None:
    found = claims(claimed(500), claimed(None, HTI), claimed(0, "bpd", dimensions={"audience": "medical"}))
    assert [(each.amount, each.standing) for each in found] == [
        (0, ClaimStanding.ALONE),
        (500, ClaimStanding.ALONE),
        (None, ClaimStanding.ALONE),
    ]


def test_the_same_document_says_one_thing_the_last() -> None:
    found = claims(claimed(500), claimed(475, when="2025-05-01"))
    assert [(each.amount, each.standing) for each in found] == [(475, ClaimStanding.ALONE)]


def test_a_row_is_the_same_however_its_dimensions_are_ordered() -> None:
    one, other = {"audience": "police", "district": "cayo"}, {"district": "cayo", "audience": "police"}
    assert standings(claimed(50, dimensions=one), claimed(60, HTI, dimensions=other)) == [ClaimStanding.CONTESTED] * 2


def test_two_documents_of_one_agency_may_differ() -> None:
    assert standings(claimed(500), claimed(475, document="minutes")) == [ClaimStanding.CONTESTED] * 2


def test_claims_of_two_periods_do_not_differ() -> None:
    assert standings(claimed(500), claimed(631, HTI, period="2024-04..2024-11")) == [ClaimStanding.ALONE] * 2


def test_the_council_may_contest_what_only_one_claims() -> None:
    def check() -> None:
        assert standings(claimed(500), contested()) == [ClaimStanding.CONTESTED]
        assert standings(claimed(500), contested(dimensions=None)) == [ClaimStanding.ALONE]
        assert standings(claimed(500), contested(), contested(dimensions=None)) == [ClaimStanding.CONTESTED]

    holds_only_by((figure_claims_in_documents, "_standing"), lambda *_: ClaimStanding.ALONE, check)


def test_a_resolution_settles_what_was_claimed_by_then() -> None:
    assert standings(claimed(500), claimed(631, HTI), resolved()) == [ClaimStanding.SETTLED] * 2
    assert standings(claimed(500), contested(), resolved()) == [ClaimStanding.SETTLED]
    assert standings(claimed(500), resolved(), contested("2025-05-01")) == [ClaimStanding.CONTESTED]
    stated_anew = claimed(475, when="2025-06-01")
    assert standings(claimed(500), contested(), resolved(), stated_anew) == [ClaimStanding.ALONE], (
        "and is doubted no more"
    )


def test_a_later_claim_of_another_amount_opens_a_settled_contest_again() -> None:
    later = claimed(640, "bpd", when="2025-06-01")
    assert standings(claimed(500), claimed(631, HTI), resolved(), later) == [ClaimStanding.CONTESTED] * 3
    same = claimed(631, "bpd", when="2025-06-01")
    assert standings(claimed(500), claimed(631, HTI), resolved(), same) == [ClaimStanding.SETTLED] * 3


def test_a_claim_counts_in_the_period_that_it_is_of_and_not_when_it_was_printed() -> None:
    assert [claims(claimed(500), period=other) for other in ("2025", "2024-01", "2024-12")] == [[]] * 3
    assert len(claims(claimed(500), period="2023..2025")) == 1


@given(st.permutations([claimed(500), claimed(631, HTI), contested(), resolved(), claimed(640, "bpd", "2025-06-01")]))
def test_the_order_of_arrival_does_not_matter(said: list[Said]) -> None:
    assert standings(*said) == [ClaimStanding.CONTESTED] * 3
