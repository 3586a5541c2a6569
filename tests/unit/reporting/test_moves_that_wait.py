"""A move that the referral service keeps counts as little as one that it refused, until its finding is closed."""

import pytest

from tests.unit.reporting.figures_of_events import Said
from tests.unit.reporting.samples import activity, event_id, person
from tests.unit.reporting.test_referrals import amounts, moved, sent, times_of


def finding(name: str, when: str, answered_n: int, agency: str = "referral", **more: object) -> Said:
    data = {"finding": activity(1), "names": [person(1)], "answered_n": answered_n, **more}
    return f"finding.{name}", data, when, agency


def waits(move: str, when: str, answered_n: int, code: str = "move_without_predecessor") -> Said:
    return finding("opened", when, answered_n, code=code, severity="warning", records=[move])


def test_r2_a_move_that_waits_for_the_one_before_it_has_no_effect() -> None:
    """The one before it is the service's to judge: without its word the referral would be done."""
    events = sent(1, "2024-05-01T16:05"), moved("completed", 1, "2024-05-03T16:30")
    move = f"hti/register/{event_id(1)}"
    assert amounts("2024", (*events, waits(move, "2024-05-03T16:31", 2)), "R2g", "R2j", "R3c", "R3f") == [0, 1, 0, 1]
    assert times_of("T4", "2024", *events, waits(move, "2024-05-03T16:31", 2)) == ([], 1)
    assert amounts("2024", events, "R2g", "R2j", "R3c", "R3f") == [1, 0, 1, 0]
    other = waits(move, "2024-05-03T16:31", 2, code="after_death")
    assert amounts("2024", (*events, other), "R2g") == [1]


@pytest.mark.parametrize(("opened_n", "closed_n", "counts"), [(3, 4, 1), (4, 3, 0), (3, 3, 1)])
def test_r2_of_two_words_of_a_finding_the_one_that_answers_more_counts_and_of_equal_ones_the_later(
    opened_n: int, closed_n: int, counts: int
) -> None:
    events = (
        sent(1, "2024-05-01T16:05"),
        moved("completed", 1, "2024-05-03T16:30"),
        waits(f"hti/register/{event_id(1)}", "2024-05-03T16:31", opened_n),
        finding("closed", "2024-05-03T16:31", closed_n, reason="later_event"),
    )
    assert amounts("2024", events, "R2g") == [counts]


def test_r2_a_finding_that_another_service_closed_still_keeps_the_move() -> None:
    events = (
        sent(1, "2024-05-01T16:05"),
        moved("completed", 1, "2024-05-03T16:30"),
        waits(f"hti/register/{event_id(1)}", "2024-05-03T16:31", 2),
    )
    for agency, counts in (("case_tracker", 0), ("referral", 1)):
        closed = finding("closed", "2024-05-04", 3, agency, reason="later_event")
        assert amounts("2024", (*events, closed), "R2g") == [counts]
