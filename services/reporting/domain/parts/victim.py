"""A person as a victim: which suspects are tied to them, by an arrest or by a link."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from schemas.ids import Kind
from schemas.justice.links import VictimSuspectLinkedV1, VictimSuspectUnlinkedV1
from schemas.justice.police import ArrestMadeV1
from schemas.times import Interval
from services.reporting.domain.figure import NEVER, Area, Counted, Days, Figure, Nature, Reader, Unit
from services.reporting.domain.part import Part, having, surely


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties a suspect to this victim, since when; and from when on it no longer holds."""

    since: Interval | None
    until: Interval | None = None
    ended: bool = False

    @property
    def dated(self) -> bool:
        """Whether it is known when it began and, if it has, when it ended."""
        return self.since is not None and (not self.ended or self.until is not None)

    def days(self) -> Days | None:
        """The days on which it surely holds; None where there are none."""
        opened = NEVER if self.since is None else self.since.last_day
        return surely(opened, NEVER if self.until is None else self.until.first_day)


@dataclass(frozen=True, slots=True)
class Victim:
    """`ties` are by suspect and arrest, or by suspect and case for a link."""

    ties: Mapping[tuple[str, str], Tie] = field(default_factory=dict)


def _arrest_made(person: str, victim: Victim, event: ArrestMadeV1) -> Victim:
    data = event.data
    if data.person == person or person not in data.linked_victims:
        return victim
    return replace(victim, ties=having(victim.ties, (data.person, data.arrest), Tie(event.occurred)))


def _linked(person: str, victim: Victim, event: VictimSuspectLinkedV1) -> Victim:
    data = event.data
    if data.victim != person or data.suspect == person:
        return victim
    return replace(victim, ties=having(victim.ties, (data.suspect, data.case), Tie(event.occurred)))


def _unlinked(person: str, victim: Victim, event: VictimSuspectUnlinkedV1) -> Victim:
    """Everything that tied the two until then is over."""
    data = event.data
    if data.victim != person:
        return victim
    ended = {
        key: replace(tie, until=event.occurred, ended=True)
        for key, tie in victim.ties.items()
        if key[0] == data.suspect and not tie.ended
    }
    return replace(victim, ties={**victim.ties, **ended}) if ended else victim


def suspects_of_victim(victim: Victim) -> Iterator[Counted]:
    """How many suspects are tied to this victim, for each stretch of days on which the number surely is that."""
    dated = [(suspect, tie) for (suspect, _), tie in victim.ties.items() if tie.dated]
    spells = [(suspect, days) for suspect, tie in dated if (days := tie.days()) is not None]
    edges = sorted({edge for _, days in spells for edge in (days.first, _day_after(days.last))} - {NEVER})
    for number, first in enumerate(edges):
        tied = {suspect for suspect, days in spells if days.first <= first <= days.last}
        until = surely(first, edges[number + 1] if number + 1 < len(edges) else NEVER)
        if tied and until is not None:
            yield Counted(until, dims={"suspects": (str(len(tied)),)})
    every = {suspect for suspect, _ in victim.ties}
    undated = every - {suspect for suspect, _ in dated}
    if undated:
        yield Counted(None, len(undated), {"suspects": (str(len(every)),)})


def _day_after(day: date) -> date:
    return day if day == NEVER else day + timedelta(days=1)


FIGURES: Final[tuple[Figure[Victim], ...]] = (
    Figure(
        number="O12",
        name="suspects_of_one_victim",
        en="The most suspects tied to one and the same victim, by an arrest or a link, at the end of the period.",
        es="El mayor número de sospechosos ligados a una misma víctima, por detención o vínculo, al final del período.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        nature=Nature.GAUGE,
        reader=Reader.MAXIMUM,
        counted=suspects_of_victim,
        area=Area.PROSECUTION,
        over="suspects",
    ),
)

PART: Final = Part(
    name="victim",
    kind=Kind.PERSON,
    empty=Victim(),
    folds={
        "bz.atips.arrest.made.v1": _arrest_made,
        "bz.atips.victim_suspect.linked.v1": _linked,
        "bz.atips.victim_suspect.unlinked.v1": _unlinked,
    },
    figures=FIGURES,
)
