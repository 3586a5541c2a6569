"""The media: made in one year and by one, shown in another and by others."""

from services.reporting.domain.figures.prevention import media
from tests.unit.reporting.figures_of_events import Event, by, holds_only_by, reading, readings
from tests.unit.reporting.samples import activity


def shown(number: int, when: str, channel: str = "television", /, **more: object) -> Event:
    return "awareness.media_published", {"asset": activity(number), "form": "video", "channel": channel, **more}, when


COUNCILS = {"created_by": "council", "created_in": "2024"}
DECEMBER = (
    shown(1, "2024-10", "website", **COUNCILS),
    shown(1, "2024-12", **COUNCILS),
    shown(2, "2024-12", **COUNCILS),
    shown(3, "2023-06", "social_media", created_by="labour"),
    shown(3, "2024-12", created_by="labour"),
)


def test_two_were_created_and_three_were_aired() -> None:
    assert by(readings("M9b", "2024", *DECEMBER, by=("created_by",))) == {("council",): 2, ("labour",): 0}

    def check() -> None:
        assert reading("M9c", "2024", *DECEMBER).amount == 3

    holds_only_by((media, "MediaChannel"), _Online, check)
    assert by(readings("M9c", "2024", *DECEMBER, by=("created_by",))) == {("council",): 2, ("labour",): 1}


class _Online:
    TELEVISION = "website"


def test_a_video_shown_twice_is_one() -> None:
    events = shown(1, "2024-11"), shown(1, "2024-12"), shown(1, "2025-01")
    assert [reading("M9c", period, *events).amount for period in ("2024", "2025", "2024..2025")] == [1, 1, 1]


def test_when_it_was_made_is_not_when_it_was_shown() -> None:
    events = shown(1, "2024-12", created_by="council", created_in="2023-11"), shown(2, "2024-12", created_by="council")
    assert [reading("M9b", period, *events).amount for period in ("2023", "2024")] == [1, 0]
    assert reading("M9b", "2024", *events).undated == 1


def test_a_later_showing_that_says_less_does_not_take_the_maker_away() -> None:
    events = shown(1, "2024-10", created_by="council", created_in="2024"), shown(1, "2024-12")
    assert by(readings("M9c", "2024", *events, by=("created_by",))) == {("council",): 1}
    assert reading("M9b", "2024", *events).amount == 1


def test_an_appearance_is_no_video_and_its_copy_online_is_no_second_one() -> None:
    events = (
        shown(1, "2024-05", form="appearance"),
        shown(1, "2024-05", "social_media", form="appearance"),
        shown(2, "2024-05", "radio", form="appearance"),
    )
    assert [reading(number, "2024", *events).amount for number in ("M9a", "M9b", "M9c")] == [1, 0, 0]
