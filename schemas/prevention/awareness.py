"""Events of public awareness: activities, and media."""

from typing import Annotated, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from schemas.codebook.prevention import (
    Audience,
    AwarenessForm,
    Campaign,
    Magnitude,
    MediaChannel,
    MediaForm,
    Venue,
)
from schemas.codebook.shared import District
from schemas.envelope import Event, entities
from schemas.fields import CODES, AgencyCode, Amount, Count, PeriodText, Wire, check_number_or_word
from schemas.ids import ActivityId


class AwarenessActivityHeld(Wire):
    """One awareness activity, or several that are told of as one."""

    activity: ActivityId
    campaign: Campaign | None = None
    form: AwarenessForm | None = None
    audience: Audience | None = None
    district: District | None = None
    venue: Venue | None = None
    organisers: Annotated[tuple[AgencyCode, ...], CODES] = ()
    funders: Annotated[tuple[AgencyCode, ...], CODES] = ()
    activities_n: Count | None = None
    activities_text: Magnitude | None = None
    sites_n: Amount | None = None
    sites_text: Magnitude | None = None
    reach_n: Amount | None = None
    reach_text: Magnitude | None = None

    @model_validator(mode="after")
    def _counted_or_not(self) -> Self:
        check_number_or_word(self.activities_n, self.activities_text, "/activities_text")
        check_number_or_word(self.sites_n, self.sites_text, "/sites_text")
        check_number_or_word(self.reach_n, self.reach_text, "/reach_text")
        return self


class AwarenessActivityHeldV1(Event):
    """bz.atips.awareness.activity_held.v1."""

    type: Literal["bz.atips.awareness.activity_held.v1"]
    subject: ActivityId
    data: AwarenessActivityHeld

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.activity)


class AwarenessMediaPublished(Wire):
    """An asset, as a video, on a channel, at the time at which it was first there; one asset may be on several."""

    asset: ActivityId
    form: MediaForm
    channel: MediaChannel | None = None
    created_by: AgencyCode | None = None
    created_in: PeriodText | None = None
    publishers: Annotated[tuple[AgencyCode, ...], CODES] = ()
    audience: Audience | None = None


class AwarenessMediaPublishedV1(Event):
    """bz.atips.awareness.media_published.v1."""

    type: Literal["bz.atips.awareness.media_published.v1"]
    subject: ActivityId
    data: AwarenessMediaPublished

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.asset)
