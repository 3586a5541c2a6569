"""Times at which an answer of sight may change without a new event, when a stored answer must be decided again."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from schemas.sight.consent_gate import last_day_of_determination
from schemas.sight.consent_history import ConsentHistory, grown_up_on
from schemas.sight.state import SightState
from schemas.times import BELIZE, day_after


def next_change(state: SightState) -> datetime | None:
    """Return the first time after `state.now` at which sight may differ; None if only an event changes it."""
    return min((each for each in _times(state) if each > state.now), default=None)


def _times(state: SightState) -> Iterator[datetime]:
    for restriction in state.restrictions:
        yield restriction.since
        if restriction.until is not None:
            yield restriction.until
    for words in state.words.values():
        yield from (_begin(day) for day in _days(words))


def _days(words: ConsentHistory) -> Iterator[date]:
    """Yield the days on which a person's statements may open or close something else than the day before.

    A consent still holds on the day on which it expires, and a determination on the day of its review.
    """
    for consent in words.consents:
        ends = consent.data.expires_on, last_day_of_determination(consent.data)
        yield from (day_after(day) for day in ends if day is not None)
        if consent.data.determined_on is not None:
            yield consent.data.determined_on
    for age in words.ages:
        day = grown_up_on(age)
        if day is not None:
            yield day


def _begin(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BELIZE).astimezone(UTC)
