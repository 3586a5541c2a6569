"""A person as a victim, and as a suspect: who is tied to them, by an arrest or by a link."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.ids import Kind
from schemas.justice.links import VictimSuspectLinkedV1, VictimSuspectUnlinkedV1
from schemas.justice.police import ArrestMadeV1
from schemas.times import Interval, surely_before
from services.reporting.domain.figure import NEVER, Area, Counted, Days, Figure, Nature, Reader, Unit
from services.reporting.domain.part import Part, having, surely

Times: TypeAlias = tuple[Interval | None, ...]


class Ties(Struct, frozen=True):
    """When each tie was told to begin, by the other person and the arrest, or the case of a link; when one was ended.

    Several may tell of one link, each with a day of its own. What was `ended` is by the other person alone.
    """

    began: Mapping[tuple[str, str], Times] = field(default_factory=dict)
    ended: Mapping[str, Times] = field(default_factory=dict)

    def linked(self, other: str, case: str, when: Interval | None) -> "Ties":
        """With one more telling of a link."""
        return replace(self, began=having(self.began, (other, case), (*self.began.get((other, case), ()), when)))

    def unlinked(self, other: str, when: Interval | None) -> "Ties":
        """With one more end of whatever ties the two."""
        return replace(self, ended=having(self.ended, other, (*self.ended.get(other, ()), when)))

    def spells(self) -> Iterator[tuple[str, Days | None]]:
        """The other person and the days on which a tie surely holds, for each telling of which these are known."""
        for (other, _), told in self.began.items():
            ends = self.ended.get(other, ())
            if None not in ends:
                yield from ((other, holding(since, ends)) for since in told if since is not None)


def holding(since: Interval, ends: Iterable[Interval | None]) -> Days | None:
    """The days on which a tie surely holds: an end that may lie before it, or after, ends it as well."""
    over = (end.first_day for end in ends if end is not None and not surely_before(end, since))
    return surely(since.last_day, min(over, default=NEVER))


class Victim(Struct, frozen=True):
    """A person's ties to suspects, as a victim; and to `victims`, as a suspect."""

    suspects: Ties = Ties()
    victims: Ties = Ties()


def _arrest_made(person: str, victim: Victim, event: ArrestMadeV1) -> Victim:
    """An arrest has one author, whose last word stands."""
    data = event.data
    if data.person == person:
        mine = {(each, data.arrest): (event.occurred,) for each in data.linked_victims if each != person}
        return replace(victim, victims=replace(victim.victims, began={**victim.victims.began, **mine}))
    if person not in data.linked_victims:
        return victim
    began = having(victim.suspects.began, (data.person, data.arrest), (event.occurred,))
    return replace(victim, suspects=replace(victim.suspects, began=began))


def _linked(person: str, victim: Victim, event: VictimSuspectLinkedV1) -> Victim:
    data = event.data
    if data.victim == data.suspect:
        return victim
    if data.victim == person:
        return replace(victim, suspects=victim.suspects.linked(data.suspect, data.case, event.occurred))
    if data.suspect == person:
        return replace(victim, victims=victim.victims.linked(data.victim, data.case, event.occurred))
    return victim


def _unlinked(person: str, victim: Victim, event: VictimSuspectUnlinkedV1) -> Victim:
    """Everything that ties the two and does not surely begin later is over."""
    data = event.data
    if data.victim == person:
        return replace(victim, suspects=victim.suspects.unlinked(data.suspect, event.occurred))
    if data.suspect == person:
        return replace(victim, victims=victim.victims.unlinked(data.victim, event.occurred))
    return victim


def suspects_of_victim(victim: Victim) -> Iterator[Counted]:
    """How many suspects are tied to this victim, for each stretch of days on which the number surely is that."""
    return _tied(victim.suspects, "suspects")


def victims_of_suspect(victim: Victim) -> Iterator[Counted]:
    """Yield the victims linked to a suspect."""
    return _tied(victim.victims, "victims")


def _tied(ties: Ties, name: str) -> Iterator[Counted]:
    dated = list(ties.spells())
    spells = [(other, days) for other, days in dated if days is not None]
    edges = sorted({edge for _, days in spells for edge in (days.first, _day_after(days.last))} - {NEVER})
    for number, first in enumerate(edges):
        tied = {other for other, days in spells if days.first <= first <= days.last}
        until = surely(first, edges[number + 1] if number + 1 < len(edges) else NEVER)
        if tied and until is not None:
            yield Counted(until, dims={name: (str(len(tied)),)})
    every = {other for other, _ in ties.began}
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
