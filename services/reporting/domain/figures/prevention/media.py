"""Part of an activity: a media asset. It counts once, on however many channels it is shown.

It may be created in one year and shown in another.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from schemas.codebook.prevention import MediaChannel, MediaForm
from schemas.ids import Kind
from schemas.prevention import AwarenessMediaPublishedV1
from schemas.times import Interval, Period
from services.reporting.domain.declaration.entity_state_part import Part, code, possible_days, values
from services.reporting.domain.declaration.figure import EVERY_COMMITTEE, Area, Counted, Days, Figure, Unit


class AssetShowing(Struct, frozen=True):
    """One showing of an asset on a channel."""

    happened: Interval | None
    channel: str | None


class Asset(Struct, frozen=True):
    """A media asset as last published, and each showing of it. `created`: the days in which it was made."""

    form: str | None = None
    created_by: str | None = None
    created: Days | None = None
    shown: tuple[AssetShowing, ...] = ()


def _media_published(activity: str, asset: Asset, event: AwarenessMediaPublishedV1) -> Asset:
    data = event.data
    if data.asset != activity:
        return asset
    made = None if data.created_in is None else Period.parse(data.created_in)
    return replace(
        asset,
        form=str(data.form),
        created_by=asset.created_by if data.created_by is None else code(data.created_by),
        created=asset.created if made is None else Days(made.first, made.last),
        shown=(*asset.shown, AssetShowing(event.occurred, code(data.channel))),
    )


def appearances_on_television(asset: Asset) -> Iterator[Counted]:
    """Yield each showing on television of an appearance as a guest."""
    if asset.form == MediaForm.APPEARANCE:
        yield from _on_television(asset)


def videos_created(asset: Asset) -> Iterator[Counted]:
    """Yield a video on the days of the year or month in which it was made."""
    if asset.form == MediaForm.VIDEO:
        yield Counted(asset.created, dims={"created_by": values(asset.created_by)})


def videos_aired(asset: Asset) -> Iterator[Counted]:
    """Yield each showing of a video on television, by any author."""
    if asset.form == MediaForm.VIDEO:
        yield from _on_television(asset)


def _on_television(asset: Asset) -> Iterator[Counted]:
    for each in asset.shown:
        if each.channel == MediaChannel.TELEVISION:
            yield Counted(possible_days(each.happened), dims={"created_by": values(asset.created_by)})


# Arguments that all figures of assets share. An asset counts once, however often it is shown.
_figure = partial(
    Figure,
    entity=Kind.ACTIVITY,
    unit=Unit.ASSETS,
    area=Area.PREVENTION,
    seen_by=EVERY_COMMITTEE,
    distinct=True,
)

FIGURES: Final[tuple[Figure[Asset], ...]] = (
    _figure(
        number="M9a",
        name="television_appearances",
        en="Appearances as guests on television; one that is repeated is one.",
        es="Apariciones como invitados en televisión; la que se repite es una sola.",
        counted=appearances_on_television,
    ),
    _figure(
        number="M9b",
        name="videos_created",
        en="Videos on trafficking or child labour that were made in the period, by maker; "
        "when they are shown is another figure.",
        es="Videos sobre trata o trabajo infantil realizados en el período, por autor; "
        "cuándo se transmiten es otra cifra.",
        counted=videos_created,
        breakdowns=((), ("created_by",)),
    ),
    _figure(
        number="M9c",
        name="videos_aired",
        en="Different videos shown on television in the period, whoever made them and in whatever year.",
        es="Videos distintos transmitidos por televisión en el período, sin importar quién los realizó ni en qué año.",
        counted=videos_aired,
        breakdowns=((), ("created_by",)),
    ),
)

PART: Final[Part[Asset]] = Part(
    name="media",
    kind=Kind.ACTIVITY,
    empty=Asset(),
    folds={"bz.atips.awareness.media_published.v1": _media_published},
    figures=FIGURES,
)
