"""Part of a person: the victims that a suspect is tied to, by arrests or links, and the days of these ties."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.ids import Kind
from schemas.justice.police import ArrestMadeV1
from schemas.justice.victim_suspect_links import VictimSuspectLinkedV1, VictimSuspectUnlinkedV1
from schemas.times import Interval, surely_before
from services.reporting.domain.declaration.entity_state_part import (
    Part,
    certain_days,
    code,
    day_after,
    possible_days,
    with_entry,
)
from services.reporting.domain.declaration.figure import (
    NEVER,
    PERSON,
    VERSION_2_FROM,
    Area,
    Counted,
    Days,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.declaration.values_over_time import join_spans
from services.reporting.domain.facts import offence_groups

Times: TypeAlias = tuple[Interval | None, ...]


class VictimTies(Struct, frozen=True):
    """Ties of a person. `began`: times of statements, by (other person, id of the arrest or of the link's case).

    Several agencies may state one link, each with a time of its own. `ended`: times of ends, by the other person.
    """

    began: Mapping[tuple[str, str], Times] = field(default_factory=dict)
    ended: Mapping[str, Times] = field(default_factory=dict)

    def linked(self, other: str, case: str, when: Interval | None) -> "VictimTies":
        """Return the ties with one more statement of a link."""
        return replace(self, began=with_entry(self.began, (other, case), (*self.began.get((other, case), ()), when)))

    def unlinked(self, other: str, when: Interval | None) -> "VictimTies":
        """Return the ties with one more end of every tie to the other person."""
        return replace(self, ended=with_entry(self.ended, other, (*self.ended.get(other, ()), when)))

    def spells(self) -> Iterator[tuple[str, Days | None]]:
        """Yield, for each dated statement, the other person and the days on which the tie certainly holds, or None.

        Persons to whom a tie ended at an unknown time are left out.
        """
        for (other, _), told in self.began.items():
            ends = self.ended.get(other, ())
            if None not in ends:
                yield from ((other, holding(since, ends)) for since in told if since is not None)

    def undated(self) -> set[str]:
        """Return the other persons of whose ties no day is known."""
        return {other for other, _ in self.began} - {other for other, _ in self.spells()}


def holding(since: Interval, ends: Iterable[Interval | None]) -> Days | None:
    """Return the days on which a tie begun at `since` certainly holds, or None. Ends surely before `since` are ignored.

    An end that may lie before or after the beginning ends the tie.
    """
    over = (end.first_day for end in ends if end is not None and not surely_before(end, since))
    return certain_days(since.last_day, min(over, default=NEVER))


class TiesToVictims(Struct, frozen=True):
    """A suspect's ties to victims, and times of arrests for offences that count as trafficking, by the arrests' ids."""

    victims: VictimTies = VictimTies()
    arrests: Mapping[str, Interval | None] = field(default_factory=dict)


def _arrest_made(person: str, tied: TiesToVictims, event: ArrestMadeV1) -> TiesToVictims:
    """Replace an arrest and the ties that it states. The last event about an arrest counts."""
    data = event.data
    if data.person != person:
        return tied
    mine = {(each, data.arrest): (event.occurred,) for each in data.linked_victims if each != person}
    others = {key: told for key, told in tied.victims.began.items() if key[1] != data.arrest}
    arrests = {arrest: made for arrest, made in tied.arrests.items() if arrest != data.arrest}
    if offence_groups.is_counted_offence(code(data.suspected_offence), event.occurred):
        arrests[data.arrest] = event.occurred
    return TiesToVictims(replace(tied.victims, began={**others, **mine}), arrests)


def _linked(person: str, tied: TiesToVictims, event: VictimSuspectLinkedV1) -> TiesToVictims:
    data = event.data
    if data.suspect != person or data.victim == person:
        return tied
    return replace(tied, victims=tied.victims.linked(data.victim, data.case, event.occurred))


def _unlinked(person: str, tied: TiesToVictims, event: VictimSuspectUnlinkedV1) -> TiesToVictims:
    """End every tie between two persons that does not surely begin later."""
    data = event.data
    if data.suspect != person:
        return tied
    return replace(tied, victims=tied.victims.unlinked(data.victim, event.occurred))


def arrested_for_a_victim(tied: TiesToVictims) -> Iterator[Counted]:
    """Yield each arrest once for each tied victim, with the days on which the tie certainly holds as `asof`.

    A victim whose ties have no known day is yielded once without days. Nothing is yielded without an arrest.
    """
    tied_to: dict[str, list[Days]] = {}
    for victim, days in tied.victims.spells() if tied.arrests else ():
        if days is not None:
            tied_to.setdefault(victim, []).append(days)
    for victim, spells in tied_to.items():
        for days in join_spans(spells):
            for made in tied.arrests.values():
                yield Counted(possible_days(made), dims={PERSON: (victim,)}, asof=None if made is None else days)
    for victim in sorted(tied.victims.undated()) if tied.arrests else ():
        yield Counted(None, dims={PERSON: (victim,)})


def victims_of_suspect(tied: TiesToVictims) -> Iterator[Counted]:
    """Yield the number of victims tied to the suspect, for each span of days on which it is certain.

    The number is the dimension `victims`. If some ties have no known day, one more item without days has the number of
    all tied victims. Its amount is the number of victims without a known day.
    """
    return _tied(tied.victims, "victims")


def _tied(ties: VictimTies, name: str) -> Iterator[Counted]:
    dated = list(ties.spells())
    spells = [(other, days) for other, days in dated if days is not None]
    edges = sorted({edge for _, days in spells for edge in (days.first, day_after(days.last))} - {NEVER})
    for number, first in enumerate(edges):
        tied = {other for other, days in spells if days.first <= first <= days.last}
        until = certain_days(first, edges[number + 1] if number + 1 < len(edges) else NEVER)
        if tied and until is not None:
            yield Counted(until, dims={name: (str(len(tied)),)})
    undated = ties.undated()
    if undated:
        every = {other for other, _ in ties.began}
        yield Counted(None, len(undated), {name: (str(len(every)),)})


FIGURES: Final[tuple[Figure[TiesToVictims], ...]] = (
    Figure(
        number="O12",
        name="suspects_of_one_victim",
        en="Of the persons arrested in the period (O9), the most who are tied to one and the same victim at its end. "
        "A tie is an arrest or a link.",
        es="De las personas detenidas en el período (O9), el mayor número de las ligadas a una misma víctima al final "
        "de este. El lazo es una detención o un vínculo.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        reader=Reader.LARGEST,
        counted=arrested_for_a_victim,
        area=Area.PROSECUTION,
        over=PERSON,
        distinct=True,
        part_of="O9",
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    Figure(
        number="R26",
        name="victims_of_one_suspect",
        en="The most victims tied to one and the same suspect, by an arrest or a link, at the end of the period. "
        "Of an arrest that was told again the last word counts.",
        es="El mayor número de víctimas ligadas a un mismo sospechoso, por detención o vínculo, al final del período. "
        "De una detención informada de nuevo vale la última palabra.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        nature=Nature.GAUGE,
        reader=Reader.MAXIMUM,
        counted=victims_of_suspect,
        area=Area.PROSECUTION,
        over="victims",
        version=2,
        valid_from=VERSION_2_FROM,
    ),
)

PART: Final = Part(
    name="victims_per_suspect",
    kind=Kind.PERSON,
    empty=TiesToVictims(),
    folds={
        "bz.atips.arrest.made.v1": _arrest_made,
        "bz.atips.victim_suspect.linked.v1": _linked,
        "bz.atips.victim_suspect.unlinked.v1": _unlinked,
    },
    figures=FIGURES,
)
