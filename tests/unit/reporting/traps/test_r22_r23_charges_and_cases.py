"""R22 and R23: how far charges and cases go. Neither is a person: one accused of three things is three charges."""

from services.reporting.domain.figures.cases import stages
from services.reporting.domain.figures.justice.suspect import charge_attrition, state
from tests.unit.reporting.figures_of_events import Event, Said, by, holds_only_by, reading, readings
from tests.unit.reporting.samples import case
from tests.unit.reporting.traps.justice import (
    appeal,
    arrest,
    charge,
    committed,
    died,
    sentenced,
    tried,
    verdict,
    withdrawn,
)


def of(number: int, event: Event) -> Event:
    name, data, when = event
    return name, {**data, "case": case(number)}, when


def opened(number: int, when: str, offence: str = "tip_sex") -> Event:
    return "investigation.opened", {"case": case(number), "suspected_offence": offence}, when


def charged(period: str, *events: Event) -> str:
    return "".join(str(reading(f"R22{letter}", period, *events).amount) for letter in "abcdefg")


def cases(period: str, *events: Event) -> str:
    return "".join(str(reading(f"R23{letter}", period, *events).amount) for letter in "abcdefgh")


def test_r22_a_charge_of_which_an_amendment_came_first_was_filed_when_anybody_says_so() -> None:
    amended: Said = "charge.amended", {**charge(1, 1, "2024-01-03")[1], "offence": "tip_labour"}, "2024-01-02", "odpp"
    filed: Said = (*charge(1, 1, "2024-01-03"), "odpp")
    found = readings("R22a", "2024", amended, filed, by=("offence",))
    assert by(found) == {("tip_sex",): 1}


TO_PRISON: tuple[Event, ...] = (
    charge(1, 1, "2024-01-03"),
    committed(1, 1, "2024-05-01"),
    tried(1, 1, "2024-10-07"),
    verdict(1, 1, "2025-02-03"),
    sentenced(1, 1, "2025-03-03", "imprisonment", custodial_months=96),
)


def test_each_step_of_a_charge_counts_in_the_year_of_its_filing() -> None:
    found = [charged("2024", *TO_PRISON[:number]) for number in range(1, len(TO_PRISON) + 1)]
    assert found == ["1000001", "1100001", "1110001", "1111100", "1111110"]
    assert charged("2025", *TO_PRISON) == "0000000"


def test_of_three_charges_of_one_accused_each_goes_its_own_way() -> None:
    events = (
        charge(1, 1, "2024-01-03"), verdict(1, 1, "2024-06-03"), charge(2, 1, "2024-01-03", "procuring_child"),
        verdict(2, 1, "2024-06-03", "acquitted"), charge(3, 1, "2024-01-03"), withdrawn(3, 1, "2024-03-03"),
    )  # fmt: skip
    assert charged("2024", *events) == "3022100"
    assert by(readings("R22e", "2024", *events, by=("offence",))) == {("tip_sex",): 1}
    assert reading("R11a", "2024", *events).amount == 1


def test_a_charge_of_the_dead_or_of_a_retrial() -> None:
    def check() -> None:
        assert charged("2024", charge(1, 1, "2024-01-03"), died(1, "2024-02-02"))[-1] == "0"
        again = appeal(1, 1, "2025-06-02", "retrial_ordered")
        assert charged("2024", *TO_PRISON, again) == "1111001"
        assert charged("2024", *TO_PRISON, appeal(1, 1, "2025-06-02", "conviction_quashed")) == "1111000"

    holds_only_by((state.Suspect, "guilty_of"), lambda *_: True, check)


def test_a_fine_leads_to_no_prison() -> None:
    def check() -> None:
        fined = sentenced(1, 1, "2025-03-03", "fine", fine_cents=5_000)
        assert charged("2024", *TO_PRISON[:-1], fined) == "1111100"
        assert cases("2024", opened(1, "2024-01-02"), *(of(1, each) for each in (*TO_PRISON[:-1], fined)))[6] == "0"

    holds_only_by((charge_attrition, "custodial"), lambda _: True, check)


def test_a_case_is_at_a_step_as_soon_as_anybody_in_it_is() -> None:
    steps = opened(1, "2023-12-12"), *(of(1, each) for each in (arrest(1, 2, "2023-12-20"), *TO_PRISON))
    found = [cases("2023", *steps[:number]) for number in range(1, len(steps) + 1)]
    assert found == ["10000001", "11000001", "11100001", "11110001", "11111001", "11111100", "11111110"]
    again: Event = ("case.reopened", {"case": case(1)}, "2025-06-01")
    assert cases("2023", *steps, again) == "11111111"
    assert cases("2024", *steps) == "00000000"


def test_what_names_another_case_says_nothing_of_this_one() -> None:
    events = opened(1, "2024-01-02"), of(2, arrest(1, 1, "2024-01-03")), charge(1, 1, "2024-01-04")
    assert cases("2024", *events) == "10000001"


def test_a_conviction_in_a_case_stands_until_a_court_above_says_otherwise() -> None:
    def check() -> None:
        steps = opened(1, "2024-01-02"), *(of(1, each) for each in TO_PRISON)
        assert cases("2024", *steps)[5:7] == "11"
        for outcome in ("conviction_quashed", "retrial_ordered"):
            assert cases("2024", *steps, of(1, appeal(1, 1, "2025-06-02", outcome)))[5:7] == "00"
        assert cases("2024", *steps, of(1, appeal(1, 1, "2025-06-02", "dismissed")))[5:7] == "11"

    holds_only_by((stages, "_OVERTURNED"), frozenset(), check)
