"""Part of a case: the days on which it is active and no event has happened in it for more than 90 days.

These days follow from the dates of events, so no clock is needed.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.envelope import Event
from schemas.identification import PersonDeceasedRecordedV1
from schemas.ids import Kind
from schemas.pydantic_errors import data_class_of
from schemas.type_table import FACTS
from services.reporting.domain.declaration.entity_state_part import Fold, Part, certain_days
from services.reporting.domain.declaration.figure import (
    NEVER,
    VERSION_2_FROM,
    Area,
    Counted,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.figures.cases.investigation import PART as INVESTIGATION
from services.reporting.domain.figures.cases.investigation.state import Investigation

LONG: Final = timedelta(days=90)
"""Days without an event after which an active case counts as one without news (T19)."""

_DAY: Final = timedelta(days=1)


class CaseActivityDays(Struct, frozen=True):
    """An investigation, and `days`: the last possible day of each event that names the case."""

    investigation: Investigation = field(default_factory=Investigation)
    days: frozenset[date] = frozenset()


def _heard(case: str, contact: CaseActivityDays, event: Event) -> CaseActivityDays:
    data: Any = event.data
    named = data.cases if isinstance(event, PersonDeceasedRecordedV1) else (data.case,)
    if case not in named or event.occurred is None:
        return contact
    day = event.occurred.last_day
    return contact if day in contact.days else replace(contact, days=contact.days | {day})


def _investigated(said: Fold[Investigation]) -> Fold[CaseActivityDays]:
    """Return a fold for an event about the investigation. The day of such an event is added too."""

    def fold(case: str, contact: CaseActivityDays, event: Event) -> CaseActivityDays:
        heard, after = _heard(case, contact, event), said(case, contact.investigation, event)
        return heard if after is contact.investigation else replace(heard, investigation=after)

    return fold


def silences(contact: CaseActivityDays) -> Iterator[Counted]:
    """Yield the days on which the case is certainly active and nothing has happened in it for more than `LONG`.

    An active time whose beginning is unknown is yielded without days.
    """
    for spell in contact.investigation.spells(lambda step: step.active):
        if spell.begins is None:
            yield Counted(None)
            continue
        begins = spell.begins.last_day
        ends = NEVER if spell.ends is None else spell.ends.first_day
        heard = sorted(day for day in {begins, *contact.days} if begins <= day < ends)
        for last, following in pairwise([*heard, ends]):
            days = certain_days(last + LONG + _DAY, following)
            if days is not None:
                yield Counted(days)


FIGURES: Final[tuple[Figure[CaseActivityDays], ...]] = (
    Figure(
        number="T19",
        name="cases_without_word",
        en="Active cases in which nothing has happened for more than 90 days at the end of the period, by any event "
        "that names the case, whoever published it. They are the cases to ask about.",
        es="Casos activos en los que al final del período no ha ocurrido nada durante más de 90 días, según cualquier "
        "evento que mencione el caso, lo haya publicado quien sea. Son los casos por los que hay que preguntar.",
        entity=Kind.CASE,
        unit=Unit.CASES,
        nature=Nature.STOCK,
        reader=Reader.RUNNING_SUM,
        counted=silences,
        area=Area.PROTECTION,
        distinct=True,
        part_of="O7",
        version=2,
        valid_from=VERSION_2_FROM,
    ),
)

_NAMING: Final = tuple(name for name, row in FACTS.items() if "case" in data_class_of(row.model).model_fields)
"""Event types that may name a case."""

_FOLDS: Final[Mapping[str, Fold[CaseActivityDays]]] = {
    **dict.fromkeys(_NAMING, _heard),
    **{name: _investigated(said) for name, said in INVESTIGATION.folds.items()},
}

PART: Final[Part[CaseActivityDays]] = Part(
    "inactive_cases", Kind.CASE, CaseActivityDays(), _FOLDS, FIGURES, whatever_is_said=True
)
