"""Part of an activity: an awareness activity, or several that are reported as one.

A word in place of a number, such as "thousands", is not turned into a number: it counts as unknown.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from msgspec import Struct

from schemas.codebook.prevention import Campaign
from schemas.ids import Kind
from schemas.prevention import AwarenessActivityHeldV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import (
    Part,
    code,
    codes,
    is_statement_of,
    owners_statement,
    possible_days,
    values,
)
from services.reporting.domain.declaration.figure import EVERY_COMMITTEE, Area, Counted, Figure, Unit

_LABOUR: Final = "labour"
_WITH_NCFC: Final = frozenset({"labour", "ncfc"})
_RET: Final = "ret"


class Activity(Struct, frozen=True):
    """An awareness activity, as an organiser last published it, or a witness while no organiser has.

    `activities_n` and `reach_n` are None if nobody counted.
    """

    happened: Interval | None
    campaign: str | None
    form: str | None
    organisers: tuple[str, ...]
    activities_n: int | None
    reach_n: int | None
    by_witness: bool

    def counted(self, amount: int | None) -> Counted:
        """Return an item of this amount at the time and with the dimensions of the activity."""
        dims = {"campaign": values(self.campaign), "form": values(self.form)}
        return Counted(possible_days(self.happened), amount, dims, twice=self.by_witness)


def _activity_held(entity: str, activity: Activity | None, event: AwarenessActivityHeldV1) -> Activity | None:
    data = event.data
    if data.activity != entity:
        return activity
    one = None if data.activities_text is not None else 1
    said = Activity(
        happened=event.occurred,
        campaign=code(data.campaign),
        form=code(data.form),
        organisers=codes(data.organisers),
        activities_n=one if data.activities_n is None else data.activities_n,
        reach_n=data.reach_n,
        by_witness=bool(data.organisers) and not is_statement_of(event, *data.organisers),
    )
    return owners_statement(activity, said)


def wear_blue_fridays(activity: Activity | None) -> Iterator[Counted]:
    """Yield the days of the campaign Wear Blue Fridays."""
    if activity is not None and activity.campaign == Campaign.WEAR_BLUE_FRIDAYS:
        yield activity.counted(activity.activities_n)


def held_by(activity: Activity | None, organisers: frozenset[str]) -> Iterator[Counted]:
    """Yield the number of activities if all of `organisers` are among its organisers."""
    if activity is not None and organisers <= set(activity.organisers):
        yield activity.counted(activity.activities_n)


def reached_by_labour(activity: Activity | None) -> Iterator[Counted]:
    """Yield the number of persons reached by an activity of the Labour Department, None if nobody counted them."""
    if activity is not None and _LABOUR in activity.organisers:
        yield activity.counted(activity.reach_n)


# Arguments that all figures of awareness share.
_figure = partial(
    Figure,
    entity=Kind.ACTIVITY,
    area=Area.PREVENTION,
    seen_by=EVERY_COMMITTEE,
)

FIGURES: Final[tuple[Figure[Activity | None], ...]] = (
    _figure(
        number="M8",
        name="wear_blue_fridays",
        en="Days of the campaign Wear Blue Fridays.",
        es="Jornadas de la campaña Viernes de azul.",
        unit=Unit.ACTIVITIES,
        counted=wear_blue_fridays,
    ),
    _figure(
        number="M11a",
        name="labour_awareness_activities",
        en="Awareness activities organised by the Labour Department, alone or with others, by campaign and form. If "
        "only a word is known, such as several, it stands beside the number and not in it.",
        es="Actividades de sensibilización organizadas por el Departamento de Trabajo, solo o con otros, por campaña "
        "y forma. Si solo se conoce una palabra, como varias, se indica junto al número y no dentro de él.",
        unit=Unit.ACTIVITIES,
        counted=partial(held_by, organisers=frozenset({_LABOUR})),
        breakdowns=((), ("campaign",), ("form",)),
    ),
    _figure(
        number="M11b",
        name="labour_awareness_reach",
        en="Persons reached by the Labour Department’s awareness activities, contact by contact; whoever was "
        "reached twice counts twice. Words, as thousands, are not turned into numbers.",
        es="Personas a las que llegaron las actividades de sensibilización del Departamento de Trabajo, contacto "
        "por contacto; a quien se llegó dos veces cuenta dos veces. Las palabras, como miles, no se "
        "convierten en números.",
        unit=Unit.CONTACTS,
        counted=reached_by_labour,
        breakdowns=((), ("campaign",)),
    ),
    _figure(
        number="M15c",
        name="ret_awareness_activities",
        en="Awareness activities organised by RET International, alone or with others, by form.",
        es="Actividades de sensibilización organizadas por RET International, solo o con otros, por forma.",
        unit=Unit.ACTIVITIES,
        counted=partial(held_by, organisers=frozenset({_RET})),
        breakdowns=((), ("form",)),
    ),
    _figure(
        number="M16",
        name="labour_ncfc_awareness_activities",
        en="Awareness activities organised by the Labour Department together with the National Commission for "
        "Families and Children, in communities and schools.",
        es="Actividades de sensibilización organizadas por el Departamento de Trabajo junto con la Comisión Nacional "
        "de Familias y Niñez, en comunidades y escuelas.",
        unit=Unit.ACTIVITIES,
        counted=partial(held_by, organisers=_WITH_NCFC),
        breakdowns=((), ("form",)),
        part_of="M11a",
    ),
)

PART: Final[Part[Activity | None]] = Part(
    name="awareness",
    kind=Kind.ACTIVITY,
    empty=None,
    folds={"bz.atips.awareness.activity_held.v1": _activity_held},
    figures=FIGURES,
)
