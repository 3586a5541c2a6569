"""Who published what: every fact that stands, counted once, under the entity that it is about first of all.

Silence is judged by these counts, and an agency's control total is held against them.
"""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from schemas.envelope import Event
from schemas.facts import FACTS
from schemas.ids import Kind
from services.reporting.domain.figure import (
    EVERY_COMMITTEE,
    FIRST_REPORT,
    Area,
    Counted,
    DateRole,
    Days,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.part import Part, having, speaker, touched

Published: TypeAlias = Mapping[tuple[str, str, Days | None], int]
"""How many facts by agency, type and the days that they may lie on."""

CLOSING: Final = "bz.atips.period.closed.v1"
"""Speaks of what was published, and is none of it."""

_NOTHING: Final[Published] = {}


def _published(entity_id: str, published: Published, event: Event) -> Published:
    if event.concerns()[0] != entity_id:
        return published
    key = speaker(event), event.type, touched(event.occurred)
    return having(published, key, published.get(key, 0) + 1)


def facts_published(published: Published) -> Iterator[Counted]:
    """The facts of each agency, type and day."""
    for (agency, name, days), number in published.items():
        yield Counted(days, number, {"agency": (agency,), "type": (name,)})


def part_of(kind: Kind, *, name: str, letter: str, en: str, es: str) -> Part[Published]:
    """The part that counts the facts of one kind of entity."""
    figure: Figure[Published] = Figure(
        number=f"G2{letter}",
        name=name,
        en=en,
        es=es,
        entity=kind,
        unit=Unit.FACTS,
        nature=Nature.FLOW,
        date_role=DateRole.OCCURRED,
        reader=Reader.SUM,
        counted=facts_published,
        area=Area.PARTNERSHIP,
        seen_by=EVERY_COMMITTEE,
        breakdowns=((), ("agency", "type")),
        valid_from=FIRST_REPORT,
    )
    types = [each for each, row in FACTS.items() if row.primary is kind and each != CLOSING]
    return Part(name, kind, _NOTHING, dict.fromkeys(types, _published), (figure,), whatever_is_said=True)
