"""A person as a victim, and as a suspect: who is tied to them, by an arrest or by a link."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.ids import Kind
from schemas.justice.links import VictimSuspectLinkedV1, VictimSuspectUnlinkedV1
from schemas.justice.police import ArrestMadeV1
from schemas.times import Interval
from services.reporting.domain.figure import NEVER, Area, Counted, Days, Figure, Nature, Reader, Unit
from services.reporting.domain.part import Part, having, surely


class Tie(Struct, frozen=True):
    """What ties a suspect and a victim, since when; and from when on it no longer holds."""

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


class Victim(Struct, frozen=True):
    """`ties` are by suspect and arrest, or by suspect and case for a link; `victims` those of this suspect alike."""

    ties: Mapping[tuple[str, str], Tie] = field(default_factory=dict)
    victims: Mapping[tuple[str, str], Tie] = field(default_factory=dict)


def _arrest_made(person: str, victim: Victim, event: ArrestMadeV1) -> Victim:
    data = event.data
    if data.person == person:
        mine = {(each, data.arrest): Tie(event.occurred) for each in data.linked_victims if each != person}
        return replace(victim, victims={**victim.victims, **mine}) if mine else victim
    if person not in data.linked_victims:
        return victim
    return replace(victim, ties=having(victim.ties, (data.person, data.arrest), Tie(event.occurred)))


def _linked(person: str, victim: Victim, event: VictimSuspectLinkedV1) -> Victim:
    data = event.data
    if data.victim == data.suspect:
        return victim
    if data.victim == person:
        return replace(victim, ties=having(victim.ties, (data.suspect, data.case), Tie(event.occurred)))
    if data.suspect == person:
        return replace(victim, victims=having(victim.victims, (data.victim, data.case), Tie(event.occurred)))
    return victim


def _unlinked(person: str, victim: Victim, event: VictimSuspectUnlinkedV1) -> Victim:
    """Everything that tied the two until then is over."""
    data = event.data
    if data.victim == person:
        ended = _ended(victim.ties, data.suspect, event.occurred)
        return replace(victim, ties={**victim.ties, **ended}) if ended else victim
    if data.suspect == person:
        ended = _ended(victim.victims, data.victim, event.occurred)
        return replace(victim, victims={**victim.victims, **ended}) if ended else victim
    return victim


def _ended(ties: Mapping[tuple[str, str], Tie], other: str, when: Interval | None) -> dict[tuple[str, str], Tie]:
    return {key: replace(tie, until=when, ended=True) for key, tie in ties.items() if key[0] == other and not tie.ended}


def suspects_of_victim(victim: Victim) -> Iterator[Counted]:
    """How many suspects are tied to this victim, for each stretch of days on which the number surely is that."""
    return _tied(victim.ties, "suspects")


def victims_of_suspect(victim: Victim) -> Iterator[Counted]:
    """The same the other way round."""
    return _tied(victim.victims, "victims")


def _tied(ties: Mapping[tuple[str, str], Tie], name: str) -> Iterator[Counted]:
    dated = [(other, tie) for (other, _), tie in ties.items() if tie.dated]
    spells = [(other, days) for other, tie in dated if (days := tie.days()) is not None]
    edges = sorted({edge for _, days in spells for edge in (days.first, _day_after(days.last))} - {NEVER})
    for number, first in enumerate(edges):
        tied = {other for other, days in spells if days.first <= first <= days.last}
        until = surely(first, edges[number + 1] if number + 1 < len(edges) else NEVER)
        if tied and until is not None:
            yield Counted(until, dims={name: (str(len(tied)),)})
    every = {other for other, _ in ties}
    undated = every - {other for other, _ in dated}
    if undated:
        yield Counted(None, len(undated), {name: (str(len(every)),)})


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
    Figure(
        number="R26",
        name="victims_of_one_suspect",
        en="The most victims tied to one and the same suspect, by an arrest or a link, at the end of the period.",
        es="El mayor número de víctimas ligadas a un mismo sospechoso, por detención o vínculo, al final del período.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        nature=Nature.GAUGE,
        reader=Reader.MAXIMUM,
        counted=victims_of_suspect,
        area=Area.PROSECUTION,
        over="victims",
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
