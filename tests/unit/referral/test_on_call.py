"""Hand-overs of those on call: whoever is on call at the moment is told, and at no moment nobody is."""

from datetime import timedelta
from importlib.resources import files

import pytest

from schemas.yaml_table import WrongTable
from services.referral.domain.decide import decide
from services.referral.domain.decision import Subject
from services.referral.domain.pending_action import WaitKind
from services.referral.domain.policy import Policy, parse_policy
from tests.unit.referral.sample import PERSON, Log, policy
from tests.unit.referral.test_deadlines import at

SHIFTS = """
  dhs:
    - bpd
    - {agencies: [mohw], weekdays: [saturday], begins: "12:00", ends: "08:00"}
    - {agencies: [iom, hti], first_on: 2024-03-04, last_on: 2024-03-05}
    - {agencies: [cdf], first_on: 2024-03-13, every_weeks: 2, weekdays: [wednesday]}"""


def by_shifts(text: str = SHIFTS) -> Policy:
    table = (files("services.referral") / "policy.yaml").read_text()
    assert "\n  dhs: [bpd]" in table
    rota = parse_policy(table.replace("\n  dhs: [bpd]", text, 1))
    return rota.model_copy(update={"duty": policy().duty})  # whom consent or duty lets be told is another matter


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2024-03-02T11:59", ("bpd",)),
        ("2024-03-02T12:00", ("mohw",)),
        ("2024-03-03T07:59", ("mohw",)),  # the shift of Saturday
        ("2024-03-03T08:00", ("bpd",)),
        ("2024-03-03T23:59", ("bpd",)),
        ("2024-03-04T00:00", ("iom", "hti")),
        ("2024-03-05T23:59", ("iom", "hti")),
        ("2024-03-06T00:00", ("bpd",)),
        ("2024-03-13T09:00", ("cdf",)),
        ("2024-03-20T09:00", ("bpd",)),  # the week between
        ("2024-03-27T09:00", ("cdf",)),
    ],
)
def test_who_is_on_call_at_a_moment_is_told(moment: str, told: tuple[str, ...]) -> None:
    assert by_shifts().on_call_at("dhs", at(moment)) == told
    log = Log(now=at(moment))
    log.sends("immigration", urgency="emergency", after=timedelta(0))
    called = decide(PERSON, (), log.entries, by_shifts()).told
    assert tuple(each.agency for each in called if each.subject is Subject.ON_CALL) == told


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2024-03-04T07:59", ("bpd",)),
        ("2024-03-04T08:00", ("iom",)),
        ("2024-03-04T16:59", ("iom",)),
        ("2024-03-04T17:00", ("bpd",)),
        ("2024-03-09T09:00", ("bpd",)),
    ],
)
def test_a_shift_within_a_day_begins_at_its_first_minute_and_ends_before_its_last(
    moment: str, told: tuple[str, ...]
) -> None:
    shift = '{agencies: [iom], begins: "08:00", ends: "17:00", weekdays: [monday, tuesday]}'
    assert by_shifts(f"\n  dhs: [bpd, {shift}]").on_call_at("dhs", at(moment)) == told


def test_what_is_late_after_a_hand_over_is_told_to_who_is_on_call_then() -> None:
    log = Log(now=at("2024-03-02T11:30"))
    log.sends(urgency="emergency", after=timedelta(0))
    (late,) = [each for each in decide(PERSON, (), log.entries, by_shifts()).waiting if each.kind is WaitKind.ANSWER]
    assert late.told == ("bpd", "dhs", "mohw", "council")


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2024-03-12", "bpd"),  # before the first day
        ("2024-03-13", "cdf"),
        ("2024-03-17", "cdf"),  # the Sunday of the first week
        ("2024-03-18", "bpd"),
        ("2024-03-24", "bpd"),
        ("2024-03-25", "cdf"),  # the Monday of the third week, twelve days after the first day
        ("2024-03-31", "cdf"),
        ("2024-04-01", "bpd"),
    ],
)
def test_a_rotation_changes_over_on_monday_whatever_its_first_day(day: str, told: str) -> None:
    policy = by_shifts("\n  dhs: [bpd, {agencies: [cdf], first_on: 2024-03-13, every_weeks: 2}]")
    assert policy.on_call_at("dhs", at(f"{day}T09:00")) == (told,)


def test_a_shift_may_be_of_one_day() -> None:
    policy = by_shifts("\n  dhs: [bpd, {agencies: [iom], first_on: 2024-03-05, last_on: 2024-03-05}]")
    days = [policy.on_call_at("dhs", at(f"2024-03-0{day}T12:00")) for day in (4, 5, 6)]
    assert days == [("bpd",), ("iom",), ("bpd",)]


NOBODY = "at some time nobody else is on call for an emergency of dhs"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("\n  dhs: [{agencies: [bpd], weekdays: [saturday]}]", NOBODY),
        ("\n  dhs: [dhs, {agencies: [bpd], weekdays: [saturday]}]", NOBODY),  # its own desk alone between the shifts
        ("\n  dhs: [bpd, {agencies: [dhs], weekdays: [saturday]}]", NOBODY),  # its own desk alone in a shift
        ("\n  dhs: [bpd, {agencies: [iom]}]", "a shift without a time"),
        ('\n  dhs: [bpd, {agencies: [iom], begins: "08:00"}]', "begins and ends go together"),
        ('\n  dhs: [bpd, {agencies: [iom], begins: "08:00", ends: "08:00"}]', "begins is ends"),
        ("\n  dhs: [bpd, {agencies: [iom], first_on: 2024-03-05, last_on: 2024-03-04}]", "last_on is before first_on"),
        ("\n  dhs: [bpd, {agencies: [iom], weekdays: [monday], every_weeks: 2}]", "every_weeks needs first_on"),
        ("\n  dhs: [bpd, {agencies: [atips_pu], weekdays: [monday]}]", "atips_pu cannot be notified"),
    ],
)
def test_a_list_that_leaves_nobody_on_call_is_refused(wrong: str, why: str) -> None:
    with pytest.raises(WrongTable, match=why):
        by_shifts(wrong)
