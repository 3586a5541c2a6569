"""R25b: what ends the wait for an answer to a referral without one."""

from tests.unit.reporting.figures_of_events import Said, reading
from tests.unit.reporting.samples import person
from tests.unit.reporting.test_referrals import decided, escalated, identified, sent


def test_nobody_waits_for_an_answer_for_the_dead_or_for_who_is_no_victim() -> None:
    """The referral service lets both waits end; the figure let them go on for ever."""
    late_since = sent(1, "2024-05-01T09:00"), escalated(1, "2024-05-01T12:00")
    dead: Said = "person.deceased_recorded", {"person": person(1)}, "2024-05-10", "mohw"
    none = identified(1, "2024-04-01"), decided(1, "2024-05-10", "not_a_victim")
    days = "2024-05-09", "2024-05-10", "2024-07-01", "2024"
    assert [reading("R25b", day, *late_since, dead).amount for day in days] == [1, 0, 0, 0]
    assert [reading("R25b", day, *late_since, *none).amount for day in days] == [1, 0, 0, 0]
    again = decided(1, "2024-07-01", "confirmed")
    assert [reading("R25b", day, *late_since, *none, again).amount for day in days] == [1, 0, 1, 1]
    before = (
        identified(1, "2024-04-01"),
        decided(1, "2024-04-10", "not_a_victim"),
        decided(1, "2024-04-20", "confirmed"),
    )
    assert [reading("R25b", day, *before, *late_since).amount for day in ("2024-04-25", "2024-05-01")] == [0, 1]
    after_death = *late_since, dead, none[0], decided(1, "2024-06-01", "not_a_victim")
    assert [reading("R25b", day, *after_death).amount for day in ("2024-05-09", "2024-05-20")] == [1, 0]
    unclear = decided(1, "2024-05-10", "undetermined")
    assert [reading("R25b", day, *late_since, none[0], unclear).amount for day in days] == [1, 1, 1, 1]
