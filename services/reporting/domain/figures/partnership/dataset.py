"""Part of an activity: an extract of data that was shared. It counts on the day on which it was shared."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from schemas.coordination import DatasetSharedV1
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import Part, possible_days
from services.reporting.domain.declaration.figure import EVERY_COMMITTEE, Area, Counted, Figure, Unit


class Dataset(Struct, frozen=True):
    """A shared extract of data, as last published."""

    shared: Interval | None
    recipient: str


def _shared(activity: str, dataset: Dataset | None, event: DatasetSharedV1) -> Dataset | None:
    data = event.data
    return dataset if data.dataset != activity else Dataset(event.occurred, data.recipient)


def datasets_shared(dataset: Dataset | None) -> Iterator[Counted]:
    """Yield the extract on the day on which it was shared, not on the days that its data cover."""
    if dataset is not None:
        yield Counted(possible_days(dataset.shared), dims={"recipient": (dataset.recipient,)})


FIGURES: Final[tuple[Figure[Dataset | None], ...]] = (
    Figure(
        number="P5",
        name="datasets_shared",
        en="Extracts of data given to others in the period, by recipient, whatever years they cover.",
        es="Extractos de datos entregados a otros en el período, por destinatario, sin importar los años que abarcan.",
        unit=Unit.DATASETS,
        counted=datasets_shared,
        entity=Kind.ACTIVITY,
        area=Area.PARTNERSHIP,
        seen_by=EVERY_COMMITTEE,
        breakdowns=((), ("recipient",)),
    ),
)

PART: Final[Part[Dataset | None]] = Part(
    name="dataset",
    kind=Kind.ACTIVITY,
    empty=None,
    folds={"bz.atips.dataset.shared.v1": _shared},
    figures=FIGURES,
)
