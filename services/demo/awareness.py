"""Entries of public awareness activities in 2024, with words for the amounts that the report does not number."""

from collections.abc import Mapping
from typing import Any, Final

from schemas.ids import Kind
from services.demo.register_entries import AgencyRegisters, RegisterEntry, When, day, month, undated, year

_FRIDAYS: Final = ("2024-07-05", "2024-07-12", "2024-07-19", "2024-07-26")
_WORDS_RECORDED: Final = "2025-01-22T10:00"


def write(book: AgencyRegisters) -> None:
    """Add entries of campaigns, commemorations and videos, and of activities that the figures must not add."""
    _wear_blue(book)
    _labour(book)
    _ret(book)
    _appearance(book)
    _videos(book)


def _wear_blue(book: AgencyRegisters) -> None:
    blue = {"campaign": "wear_blue_fridays", "form": "campaign_day", "organisers": ["council"]}
    fridays = [_activity(book, "council", day(friday), blue) for friday in _FRIDAYS]
    _activity(book, "council", day("2023-07-07"), blue, trap="of 2023")
    first = fridays[0].event
    book.write(
        "btb",
        "awareness.activity_held",
        day(_FRIDAYS[0]),
        {**first["data"], "reach_n": 60},
        subject=first["subject"],
        recorded="2024-07-09T10:00",
        trap="the same Friday, told by who took part",
    )


def _labour(book: AgencyRegisters) -> None:
    """Add the Labour Department's campaigns, with the report's words "several" and "thousands" instead of numbers."""
    schools = {"form": "visit", "audience": "students", "venue": "school", "sites_text": "several"}
    campaign = {"campaign": "child_labour_and_safety", "organisers": ["labour", "ilo"], **schools}
    thousands = {**campaign, "reach_text": "thousands"}
    _activity(book, "labour", month("2024-03"), thousands, recorded="2024-04-05T09:00")
    counted = {**campaign, "reach_n": 800}
    _activity(book, "labour", month("2023-03"), counted, recorded="2023-04-05T09:00", trap="of 2023")
    for campaign_of, at in (("world_day_against_child_labour", "2024-06"), ("labour_day", "2024-05")):
        said = {"campaign": campaign_of, "form": "commemoration", "organisers": ["labour"]}
        _activity(book, "labour", month(at), said, recorded=f"{at}-28T15:00")
    for form in ("webinar", "educational_session"):
        several = {"form": form, "activities_text": "several", "organisers": ["labour"]}
        _activity(book, "labour", year("2024"), several, recorded=_WORDS_RECORDED)
    with_ncfc = {
        "form": "educational_session",
        "audience": "students",
        "organisers": ["labour", "ncfc"],
        "activities_text": "several",
    }
    held = _activity(book, "labour", year("2024"), with_ncfc, recorded=_WORDS_RECORDED)
    book.write(
        "ncfc",
        "awareness.activity_held",
        year("2024"),
        held.event["data"],
        subject=held.event["subject"],
        recorded="2025-01-24T10:00",
        trap="the same sessions, told by the other organiser",
    )


def _ret(book: AgencyRegisters) -> None:
    """Add RET's activities under SAFE, which have no dates and no numbers."""
    tours = {"form": "tour", "activities_text": "several", "organisers": ["ret"]}
    _activity(book, "ret", undated(), tours, recorded=_WORDS_RECORDED, trap="nobody knows when")
    posts = {"form": "online_posts", "reach_text": "thousands", "organisers": ["ret"]}
    _activity(book, "ret", undated(), posts, recorded=_WORDS_RECORDED, trap="nobody knows when")


def _appearance(book: AgencyRegisters) -> None:
    seen = {"form": "appearance", "publishers": ["council", "bpd"]}
    shown = _media(book, "council", year("2024"), seen | {"channel": "television"}, recorded="2025-01-10T09:00")
    again = shown.event["data"] | {"channel": "social_media"}
    _media(book, "council", year("2024"), again, recorded="2025-01-10T09:30", trap="the same appearance, shown online")


def _videos(book: AgencyRegisters) -> None:
    """Add two videos of the Council and one of the Labour Department. All three were on television in December."""
    made = {"form": "video", "created_by": "council", "created_in": "2024", "publishers": ["council"]}
    videos = [_media(book, "council", month("2024-10"), made | {"channel": "website"}, recorded="2024-11-04T09:00")]
    videos += [_media(book, "council", month("2024-11"), made | {"channel": "website"}, recorded="2024-12-03T09:00")]
    labour = {"form": "video", "created_by": "labour", "channel": "social_media", "publishers": ["labour"]}
    videos += [
        _media(book, "labour", month("2023-06"), labour, recorded="2023-07-04T09:00", trap="shown the year before")
    ]
    for video in videos:
        aired = video.event["data"] | {"channel": "television", "publishers": ["council"]}
        _media(book, "council", month("2024-12"), aired, recorded="2025-01-06T09:00")


def _activity(
    book: AgencyRegisters,
    agency: str,
    when: When,
    said: Mapping[str, Any],
    *,
    recorded: str | None = None,
    trap: str = "",
) -> RegisterEntry:
    held = book.id(Kind.ACTIVITY)
    data = {"activity": held, **said}
    return book.write(agency, "awareness.activity_held", when, data, subject=held, recorded=recorded, trap=trap)


def _media(
    book: AgencyRegisters, agency: str, when: When, said: dict[str, Any], *, recorded: str, trap: str = ""
) -> RegisterEntry:
    """Add one showing of an asset. An asset that was shown before keeps the id in `said`."""
    asset = said.get("asset") or book.id(Kind.ACTIVITY)
    data = {**said, "asset": asset}
    return book.write(agency, "awareness.media_published", when, data, subject=asset, recorded=recorded, trap=trap)
