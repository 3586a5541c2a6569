"""R14 to R17: a sentence has its own day, months that were not stated are no number, and paid is not ordered."""

from schemas.ids import Kind
from services.reporting.domain.figures.justice.suspect import sentences
from tests.unit.reporting.figures_of_events import Event, by, holds_only_by, reading, readings
from tests.unit.reporting.samples import an_id, person
from tests.unit.reporting.traps.justice import sentenced, verdict


def ordered(number: int, who: int, when: str, cents: int | None, purpose: str = "harm_to_victim") -> Event:
    data = {"person": person(who), "restitution": an_id(Kind.RESTITUTION, number), "amount_cents": cents}
    return "restitution.ordered", data | {"purpose": purpose}, when


def paid(number: int, who: int, when: str, cents: int | None, order: int = 1) -> Event:
    data = {"person": person(who), "payment": an_id(Kind.PAYMENT, number), "amount_cents": cents}
    return "restitution.paid", data | {"restitution": an_id(Kind.RESTITUTION, order)}, when


def test_a_sentence_is_of_its_own_year() -> None:
    events = verdict(1, 1, "2023-12-12"), sentenced(1, 1, "2024-01-18", "imprisonment", custodial_months=60)
    assert [reading("O13a", year, *events).amount for year in ("2023", "2024")] == [1, 0]
    assert [reading("R14a", year, *events).amount for year in ("2023", "2024")] == [0, 1]


def test_a_fine_is_no_prison() -> None:
    def check() -> None:
        events = (
            sentenced(1, 1, "2024-06-13", "imprisonment", custodial_months=96),
            sentenced(2, 2, "2024-11-19", "fine", fine_cents=3_000_000),
            sentenced(3, 3, "2024-11-19", "suspended_imprisonment", custodial_months=12),
        )
        found = {number: reading(number, "2024", *events).amount for number in ("R14a", "R14b", "R15a", "R16")}
        assert found == {"R14a": 3, "R14b": 1, "R15a": 96, "R16": 3_000_000}
        assert by(readings("R14a", "2024", *events, by=("kind",))) == {
            ("imprisonment",): 1,
            ("fine",): 1,
            ("suspended_imprisonment",): 1,
        }

    holds_only_by((sentences, "custodial"), lambda _: True, check)


def test_what_sentences_confiscate_counts_on_their_day_and_what_names_no_value_is_nothing() -> None:
    events = (
        sentenced(1, 1, "2024-06-13", "imprisonment", custodial_months=96, confiscated_cents=2_500_000),
        sentenced(2, 2, "2024-11-19", "fine", fine_cents=3_000_000, confiscated_cents=500),
        sentenced(3, 3, "2024-11-19", "fine", fine_cents=100),
        sentenced(4, 4, "2025-01-01", "fine", confiscated_cents=7),
    )
    found = reading("R30", "2024", *events)
    assert (found.amount, found.unknown) == (2_500_500, 0)


def test_what_was_not_stated_is_unknown() -> None:
    prison = sentenced(1, 1, "2024-06-13", "imprisonment"), sentenced(2, 2, "2024-06-13", "fine")
    for number in ("R15a", "R15b", "R16"):
        found = reading(number, "2024", *prison)
        assert (found.value, found.unknown) == (None, 1)
    order = ordered(1, 1, "2024-06-13", None), ordered(2, 1, "2024-06-13", 500)
    assert (reading("R17a", "2024", *order).amount, reading("R17a", "2024", *order).unknown) == (500, 1)


def test_the_median_of_the_months_is_of_sentences_and_not_of_years() -> None:
    events = [
        sentenced(number, number, "2024-06-13", "imprisonment", custodial_months=months)
        for number, months in enumerate((60, 96, 144))
    ]
    assert reading("R15b", "2024", *events).value == 96
    assert reading("R15a", "2024", *events).amount == 300


def test_a_sentence_told_again_replaces_what_was_told() -> None:
    told = sentenced(1, 1, "2024-06-13", "imprisonment", custodial_months=84)
    again = sentenced(1, 1, "2024-06-14", "imprisonment", custodial_months=96)
    assert reading("R15a", "2024", told, again).amount == 96


def test_ordered_and_paid_are_two_sums_each_of_its_own_day() -> None:
    events = ordered(1, 1, "2023-06-13", 1_500), paid(1, 1, "2024-12-10", 400), paid(2, 1, "2025-02-11", 1_100)
    assert [reading("R17a", year, *events).amount for year in ("2023", "2024", "2025")] == [1_500, 0, 0]
    assert [reading("R17b", year, *events).amount for year in ("2023", "2024", "2025")] == [0, 400, 1_100]
    assert reading("R17b", "2024", *events, paid(1, 1, "2024-12-10", 400)).amount == 400


def test_restitution_is_told_by_what_it_makes_good() -> None:
    events = ordered(1, 1, "2024-06-13", 1_500), ordered(2, 1, "2024-06-13", 700, "unpaid_wages")
    assert by(readings("R17a", "2024", *events, by=("purpose",))) == {
        ("harm_to_victim",): 1_500,
        ("unpaid_wages",): 700,
    }


def test_a_fine_beside_a_term_is_no_fine_only() -> None:
    events = (
        sentenced(1, 1, "2024-06-13", "imprisonment", "fine", custodial_months=96, fine_cents=1_000),
        sentenced(2, 2, "2024-11-19", "fine", fine_cents=3_000_000),
        sentenced(3, 2, "2024-11-20", "fine", fine_cents=1_000),
        sentenced(4, 3, "2024-11-19", "suspended_imprisonment", custodial_months=12),
    )
    assert [reading(number, "2024", *events).amount for number in ("R14a", "R14c")] == [3, 1]


def test_what_was_paid_of_what_was_ordered_belongs_to_the_year_of_the_order() -> None:
    events = (
        ordered(1, 1, "2024-06-13", 500), paid(1, 1, "2024-12-01", 100), paid(2, 1, "2025-02-01", 250),
        ordered(2, 1, "2023-06-13", 900), paid(3, 1, "2024-03-01", 400, order=2),
        paid(4, 1, "2024-03-01", 70, order=3),
    )  # fmt: skip
    assert [reading(number, "2024", *events).amount for number in ("R17a", "R17b", "R17c")] == [500, 570, 350]
    assert [reading("R17c", year, *events).amount for year in ("2023", "2025")] == [400, 0]


def test_a_fine_beside_prison_of_the_same_day_is_no_fine_only() -> None:
    """Of two charges of one trial, one led to prison and one to a fine: one person, who goes to prison."""
    prison, fine = sentenced(1, 1, "2024-05-01", "imprisonment"), sentenced(2, 1, "2024-05-01", "fine")
    assert [reading(f"R14{of}", "2024", prison, fine).amount for of in "abc"] == [1, 1, 0]
    later = sentenced(3, 1, "2024-08-01", "fine")
    assert [reading(f"R14{of}", "2024", prison, later).amount for of in "abc"] == [1, 1, 1]
    assert reading("R14c", "2024", fine, later).amount == 1
