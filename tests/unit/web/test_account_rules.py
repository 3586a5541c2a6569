"""Sessions end, failed sign-ins slow down their own address alone, and each role sees its committee's figures."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.declaration.figure import SeenBy
from services.reporting.domain.figures.all_figures import FIGURES
from services.web.domain.account_rules import ABSOLUTE, IDLE, PROOF, Account, Attempts, Session, network, token_hash
from services.web.domain.roles import Part, Role, may_open, may_see_figure, visible_figures

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def session(*, age: timedelta = SECOND, idle: timedelta = SECOND, disabled: bool = False) -> Session:
    return Session(Account("ana", Role.M_AND_E, "sib", disabled=disabled), NOW - age, NOW - idle)


def test_a_session_ends_by_idleness_age_or_a_disabled_account() -> None:
    assert not session(age=ABSOLUTE - SECOND, idle=IDLE - SECOND).over(NOW)
    assert session(idle=IDLE).over(NOW)
    assert session(age=ABSOLUTE).over(NOW)
    assert session(disabled=True).over(NOW)


def test_a_session_of_the_provider_ends_once_that_confirms_it_no_more() -> None:
    for ago, over in ((None, False), (IDLE - SECOND, False), (IDLE, True)):
        assert replace(session(), confirmed_ago=ago).over(NOW) is over


def test_a_page_is_confirmed_by_the_provider_once_half_of_the_idle_time_has_passed() -> None:
    for ago, due in ((None, False), (IDLE / 2 - SECOND, False), (IDLE / 2, True)):
        assert replace(session(), confirmed_ago=ago).to_confirm is due


def test_a_password_counts_for_a_quarter_of_an_hour_from_when_it_was_last_typed() -> None:
    assert session(age=PROOF - SECOND).proved(NOW)
    assert not session(age=PROOF).proved(NOW)
    assert replace(session(age=PROOF), proved_at=NOW - PROOF + SECOND).proved(NOW)
    assert not replace(session(), proved_at=NOW - PROOF).proved(NOW)


def test_each_part_has_an_address_of_its_own() -> None:
    assert Part.HOME.address == "/"
    assert {each.address for each in Part} - {"/"} == {f"/{each.value}" for each in set(Part) - {Part.HOME}}


def test_five_wrong_passwords_are_free_and_the_wait_then_doubles_up_to_five_minutes() -> None:
    attempts = Attempts()
    waits = []
    for _ in range(16):
        attempts.fail("192.0.2.1", NOW)
        waits.append(attempts.wait("192.0.2.1", NOW).total_seconds())
    assert waits[:7] == [0, 0, 0, 0, 2, 4, 8]
    assert max(waits) == 300
    later = NOW + timedelta(minutes=15)
    assert attempts.wait("192.0.2.1", later) == timedelta()
    with ExitStack() as trying:
        for _ in range(4):
            trying.enter_context(attempts.tried("192.0.2.1"))
        assert attempts.wait("192.0.2.1", later) == timedelta(), "four of five are tried, and none failed of late"
    for failed in range(1, 6):
        attempts.fail("192.0.2.1", later)
        assert attempts.wait("192.0.2.1", later) == timedelta(seconds=2 if failed == 5 else 0), failed


@given(st.lists(st.sampled_from(["192.0.2.1", "192.0.2.2"]), max_size=40))
def test_failures_of_an_address_never_make_another_one_wait(failing: list[str]) -> None:
    attempts = Attempts()
    for address in failing:
        attempts.fail(address, NOW)
    assert attempts.wait("192.0.2.3", NOW) == timedelta()
    attempts.succeed("192.0.2.1")
    assert attempts.wait("192.0.2.1", NOW) == timedelta()


def test_attempts_whose_answer_is_not_known_yet_count_too() -> None:
    attempts = Attempts()
    with ExitStack() as trying:
        for _ in range(5):
            assert attempts.wait("192.0.2.1", NOW) == timedelta()
            trying.enter_context(attempts.tried("192.0.2.1"))
        assert attempts.wait("192.0.2.1", NOW) == timedelta(seconds=2)
        assert attempts.wait("192.0.2.2", NOW) == timedelta()
    assert attempts.wait("192.0.2.1", NOW) == timedelta()
    assert not attempts.trying
    for _ in range(5):
        attempts.fail("192.0.2.1", NOW)
    later = NOW + timedelta(seconds=3)
    with attempts.tried("192.0.2.1"):
        assert attempts.wait("192.0.2.1", later) > timedelta(), "one at a time from then on"
    assert attempts.wait("192.0.2.1", later) == timedelta()


def test_attempts_over_ipv6_are_counted_by_network() -> None:
    attempts = Attempts()
    for number in range(8):
        attempts.fail(f"2001:db8:1:2::{number:x}", NOW)
    assert attempts.wait("2001:db8:1:2:ffff::1", NOW) > timedelta()
    assert attempts.wait("2001:db8:1:3::1", NOW) == timedelta()
    assert network("::ffff:192.0.2.1") == network("192.0.2.1")
    assert network("fe80::1%eth0") == network("fe80::2")
    assert network("no address") == "no address"


def test_addresses_that_failed_are_forgotten_when_there_are_too_many() -> None:
    attempts = Attempts()
    for number in range(10_050):
        attempts.fail(str(number), NOW)
    attempts.fail("100", NOW)
    assert list(attempts.failed) == [*map(str, [*range(50, 100), *range(101, 10_050)]), "100"], (
        "those of the last failures stay"
    )


@pytest.mark.parametrize(
    ("role", "committee"),
    [
        (Role.OPERATIONS, SeenBy.OPERATIONS),
        (Role.OFFICER, SeenBy.OPERATIONS),
        (Role.IEC, SeenBy.IEC),
        (Role.M_AND_E, SeenBy.M_AND_E),
    ],
)
def test_a_role_sees_the_figures_that_name_its_committee(role: Role, committee: SeenBy) -> None:
    assert {figure.number for figure in visible_figures(role)} == {
        number for number, figure in FIGURES.items() if committee in figure.seen_by
    }
    assert visible_figures(role)


@pytest.mark.parametrize("role", [Role.CLERK, Role.OPERATOR])
def test_who_is_on_no_committee_sees_no_figure(role: Role) -> None:
    assert visible_figures(role) == []
    assert not may_open(role, Part.FIGURES)


def test_an_auditor_sees_every_figure_and_iec_no_figure_of_justice() -> None:
    assert len(visible_figures(Role.AUDITOR)) == len(FIGURES)
    assert not may_see_figure(Role.IEC, FIGURES["O9"])


def test_a_token_is_stored_as_its_hash() -> None:
    assert token_hash("a") == token_hash("a") != token_hash("b")
    assert len(token_hash("a")) == 32
