"""Hearings whose day has passed without any event about them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Any, Final

from schemas.times import BELIZE, day_after, surely_before
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.rules.finding_rule import CaseContradiction, text_of_field

WORD_WITHIN: Final = timedelta(days=2)
"""Time after the end of a hearing's day within which agencies can report on it."""

_HEARING_WORDS: Final = ("court.hearing_scheduled", "court.hearing_held", "court.adjourned")
_COURT_WORDS: Final = (
    *_HEARING_WORDS,
    *("court.committed", "indictment.filed", "trial.started", "verdict.returned", "sentence.imposed"),
    "charge.withdrawn",
)


def hearing_missed(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield hearings on which no event reports. Each is valid from `due` on: `WORD_WITHIN` after the hearing's day."""
    for set_down in spine.named(*_HEARING_WORDS):
        data: Any = set_down.content.data
        if data.next_on is None or spine.of(data.person, "person.deceased_recorded"):
            continue
        words = [each for each in spine.of(data.person, *_COURT_WORDS) if each is not set_down]
        told = any(_tells_of(each, data.next_on) and _may_be_of(spine, each, set_down) for each in words)
        followed = any(_follows(each, set_down) for each in spine.of(data.hearing, *_HEARING_WORDS))
        if told or followed or _is_settled(spine, set_down):
            continue
        yield CaseContradiction((set_down,), (data.person,), due=_midnight(day_after(data.next_on)) + WORD_WITHIN)


def _tells_of(word: Fact, day: date) -> bool:
    """Whether an event may be about that day or a later one."""
    return word.at is None or word.at.last_day >= day


def _may_be_of(spine: Spine, word: Fact, set_down: Fact) -> bool:
    """Whether an event may be about the hearing. It is not if both have known charges and none in common."""
    theirs, ours = _charges(spine, word), _charges(spine, set_down)
    return not theirs or not ours or not theirs.isdisjoint(ours)


def _charges(spine: Spine, word: Fact) -> frozenset[str]:
    """Return the charges that an event is about: its own charge, or those that any event of its hearing names."""
    hearing = getattr(word.content.data, "hearing", None)
    words = (word,) if hearing is None else spine.of(hearing, *_HEARING_WORDS)
    one = getattr(word.content.data, "charge", None)
    several = chain.from_iterable(getattr(each.content.data, "charges", ()) for each in words)
    return frozenset(several if one is None else [one])


def _is_settled(spine: Spine, set_down: Fact) -> bool:
    """Whether every charge to be heard has ended since. If none is named: all charges that were open at that time."""
    data: Any = set_down.content.data
    ends = spine.of(data.person, "verdict.returned", "charge.withdrawn")
    since = {text_of_field(each, "charge") for each in ends if not surely_before(each.at, set_down.at)}
    filed = spine.of(data.person, "charge.filed")
    stood = {text_of_field(each, "charge") for each in filed if not surely_before(set_down.at, each.at)}
    stood -= {text_of_field(each, "charge") for each in ends} - since
    return bool(since) and since.issuperset(data.charges or stood)


def _follows(word: Fact, set_down: Fact) -> bool:
    """Whether a later event reports on the hearing, or schedules it for another day."""
    if word is set_down or surely_before(word.at, set_down.at):
        return False
    anew, scheduled = (each.name == "court.hearing_scheduled" for each in (word, set_down))
    if not anew:
        # What is put off on the day on which it was heard is heard in part: only a certainly later event reports on it.
        return scheduled or surely_before(set_down.at, word.at)
    later = scheduled and (word.content.recordedtime, word.ref) > (set_down.content.recordedtime, set_down.ref)
    return text_of_field(word, "person") == text_of_field(set_down, "person") and (
        later or surely_before(set_down.at, word.at)
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, BELIZE).astimezone(UTC)
