"""Agencies that a case keeps out, as the case tracker publishes it in the person's log. They get no messages."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from schemas.referral.decision_events import ConsentSightChanged, ConsentSightChangedV1
from schemas.service_decisions import Entered
from schemas.sight import Restriction

_CASE_TRACKER: Final = "case_tracker"
_BEGAN: Final = datetime(1, 1, 2, tzinfo=UTC)
"""Begin of each restriction, before all other times: a restriction holds already when the case tracker publishes it."""


@dataclass(frozen=True, slots=True)
class Restrictions:
    """Statements of the case tracker on agencies that cases of a person keep out, as (number in the log, data).

    A statement is about one id of the person. The log has those about every id that was ever merged with it.
    """

    said: tuple[tuple[int, ConsentSightChanged], ...] = ()

    def about(self, ids: Collection[str]) -> "Restrictions":
        """Return the restrictions that were stated about these ids of the person."""
        return Restrictions(tuple(each for each in self.said if each[1].person in ids))

    def as_of(self, n: int) -> "Restrictions":
        """Return the restrictions that were stated before the event with number `n`."""
        return Restrictions(tuple(each for each in self.said if each[0] < n))

    def keeps_out(self, agency: str, cases: Collection[str] | None, at: datetime) -> bool:
        """Whether one of `cases` keeps an agency out at a time. `cases`: None means any case of the person."""
        return any(
            each.kept_from == agency and each.holds(at)
            for data in self._last()
            if cases is None or data.case in cases
            for each in _restrictions(data, (agency,))
        )

    def restrictions(self, agencies: Collection[str]) -> tuple[Restriction, ...]:
        """Return the restrictions of these agencies in all cases of the person."""
        return tuple(each for _, each in self.by_case(agencies))

    def by_case(self, agencies: Collection[str]) -> Iterator[tuple[str, Restriction]]:
        """Yield (case, restriction) for each of these agencies and each case that keeps it out."""
        for data in self._last():
            yield from ((data.case, each) for each in _restrictions(data, agencies))

    def kept_out_since(self, agency: str, cases: Collection[str] | None, at: datetime) -> datetime | None:
        """Return since when one of `cases` has kept out an agency that it keeps out at a time; None if none does.

        A statement that repeats a restriction does not begin it anew.
        """
        since: dict[tuple[str, str], datetime] = {}
        for data in self._in_order():
            key = data.case, data.person
            if not (cases is None or data.case in cases):
                continue
            if any(each.holds(at) for each in _restrictions(data, (agency,))):
                since.setdefault(key, data.decided_at)
            else:
                since.pop(key, None)
        return min(since.values(), default=None)

    def _last(self) -> Collection[ConsentSightChanged]:
        """Return the last statement of the case tracker for each case and each id of the person.

        When ids are merged, the case names the person by the smallest from then on, and keeps nobody from the others.
        """
        return {(data.case, data.person): data for data in self._in_order()}.values()

    def _in_order(self) -> list[ConsentSightChanged]:
        """Return the statements in the order of the parts of the case that they answer."""
        return [data for _, data in sorted(self.said, key=lambda each: (each[1].answered_n, each[0]))]


def _restrictions(data: ConsentSightChanged, agencies: Iterable[str]) -> Iterator[Restriction]:
    for agency in agencies:
        if data.shuts_out(agency):
            yield Restriction(agency, _BEGAN, None if agency in data.lasting else data.until)


def collect_restrictions(entered: Iterable[Entered]) -> Restrictions:
    """Return the case tracker's statements on restrictions in a person's log."""
    return Restrictions(
        tuple(
            (each.n, each.event.data)
            for each in entered
            if isinstance(each.event, ConsentSightChangedV1) and each.event.agency == _CASE_TRACKER
        )
    )
