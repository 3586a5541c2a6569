"""Agencies that a case keeps out, as the case tracker publishes it in the person's log. They get no messages."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, TypeAlias

from schemas.facts_in_force import Aliases
from schemas.ids import Kind, is_id
from schemas.referral.decision_events import ConsentSightChanged, ConsentSightChangedV1
from schemas.service_decisions import Entered
from schemas.sight import Restriction
from services.referral.domain.events_in_force import FactsInForce

_CASE_TRACKER: Final = "case_tracker"
_Key: TypeAlias = tuple[str, str, str]
"""Key of a statement: the case that keeps an agency out, the person, and the case that stated it."""
_BEGAN: Final = datetime(1, 1, 2, tzinfo=UTC)
"""Begin of each restriction, before all other times: a restriction holds already when the case tracker publishes it."""


@dataclass(frozen=True, slots=True)
class Restrictions:
    """Statements of the case tracker on agencies that cases of a person keep out, as (number in the log, data).

    A statement is about one id of the person. The log has those about every id that was ever merged with it.
    """

    said: tuple[tuple[int, ConsentSightChanged], ...] = ()
    joins: tuple[tuple[int, frozenset[str]], ...] = ()
    """Merges of cases, and changes of such merges: the number of each event, with the ids of the merged cases."""
    one_with: Aliases = field(default_factory=lambda: MappingProxyType({}))
    """By id of a merged case, the smallest id of that case."""

    def about(self, effect: FactsInForce) -> "Restrictions":
        """Return the restrictions that were stated about the person's ids, with the merges in force."""
        return replace(
            self, said=tuple(each for each in self.said if each[1].person in effect.same), one_with=effect.one_with
        )

    def as_of(self, n: int) -> "Restrictions":
        """Return the restrictions that were stated before the event with number `n`."""
        return replace(self, said=tuple(each for each in self.said if each[0] < n))

    def keeps_out(self, agency: str, cases: Collection[str] | None, at: datetime) -> bool:
        """Whether one of `cases` keeps an agency out at a time. `cases`: None means any case of the person."""
        return any(
            each.kept_from == agency and each.holds(at)
            for case, data in self._last()
            if cases is None or case in cases
            for each in _restrictions(data, (agency,))
        )

    def may_keep_out(self, agency: str, at: datetime) -> bool:
        """Whether any case may keep an agency out at a time: a quick answer, as mostly nobody is kept out."""
        return bool(self.said) and (bool(self.joins) or self.keeps_out(agency, None, at))

    def restrictions(self, agencies: Collection[str]) -> tuple[Restriction, ...]:
        """Return the restrictions of these agencies in all cases of the person."""
        return tuple(each for _, each in self.by_case(agencies))

    def by_case(self, agencies: Collection[str]) -> Iterator[tuple[str, Restriction]]:
        """Yield (case, restriction) for each of these agencies and each case that keeps it out."""
        for case, data in self._last():
            yield from ((case, each) for each in _restrictions(data, agencies))

    def kept_out_since(self, agency: str, cases: Collection[str] | None, at: datetime) -> datetime | None:
        """Return since when one of `cases` has kept out an agency that it keeps out at a time; None if none does.

        A statement that repeats a restriction does not begin it anew.
        """
        since: dict[_Key, datetime] = {}
        for key, data in self._in_order():
            if not (cases is None or key[0] in cases):
                continue
            if any(each.holds(at) for each in _restrictions(data, (agency,))):
                since.setdefault(key, data.decided_at)
            else:
                since.pop(key, None)
        return min(since.values(), default=None)

    def _last(self) -> Iterator[tuple[str, ConsentSightChanged]]:
        """Yield (case, last statement of the case tracker) for each case and each id of the person.

        When ids are merged, the case names the person by the smallest from then on, and keeps nobody from the others.
        """
        yield from ((key[0], data) for key, data in dict(self._in_order()).items())

    def _in_order(self) -> list[tuple[_Key, ConsentSightChanged]]:
        """Return the statements in the order of the parts of the case that they answer."""
        said = [data for _, data in sorted(self.said, key=lambda each: (each[1].answered_n, each[0]))]
        found = [((data.case, data.person, data.case), data) for data in said]
        return [*found, *self._handed_over(said)] if self.joins and said else found

    def _handed_over(self, said: list[ConsentSightChanged]) -> Iterator[tuple[_Key, ConsentSightChanged]]:
        """Yield what a case stated before a merge, or its end, for a case that goes on and has stated nothing since.

        Of two merged cases, the one with the larger id keeps nobody out from then on. Its statement may come first.
        """
        spoke = {data.case: data.answered_n for data in said}
        for n, ids in self.joins:
            for case in (each for each, last in spoke.items() if last == n):
                for other in sorted({self.one_with.get(each, each) for each in ids} - {case}):
                    if spoke.get(other, 0) < n:
                        earlier = (data for data in said if data.case == case and data.answered_n < n)
                        yield from (((other, data.person, case), data) for data in earlier)


def _restrictions(data: ConsentSightChanged, agencies: Iterable[str]) -> Iterator[Restriction]:
    for agency in agencies:
        if data.shuts_out(agency):
            yield Restriction(agency, _BEGAN, None if agency in data.lasting else data.until)


def collect_restrictions(entered: Iterable[Entered]) -> Restrictions:
    """Return the case tracker's statements on restrictions in a person's log, and the merges of cases there."""
    said: list[tuple[int, ConsentSightChanged]] = []
    merges: dict[str, frozenset[str]] = {}
    joins: list[tuple[int, frozenset[str]]] = []
    for each in entered:
        event = each.event
        if isinstance(event, ConsentSightChangedV1):
            if event.agency == _CASE_TRACKER:
                said.append((each.n, event.data))
            continue
        cases = frozenset(an_id for an_id in event.joins() if is_id(an_id, Kind.CASE))
        cases |= merges.get(event.supersedes or "", frozenset())
        if cases:
            merges[event.ref] = cases
            joins.append((each.n, cases))
    return Restrictions(tuple(said), tuple(joins))
