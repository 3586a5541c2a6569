"""Agencies that a case keeps out, as the case tracker states it in the person's log. They are told nothing."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from schemas.decision_parts import Entered
from schemas.referral.decisions import ConsentSightChanged, ConsentSightChangedV1
from schemas.sight import Restriction

_CASE_TRACKER: Final = "case_tracker"
_BEGAN: Final = datetime(1, 1, 2, tzinfo=UTC)
"""A time before all others: a restriction that the case tracker states holds already."""


@dataclass(frozen=True, slots=True)
class Restrictions:
    """The case tracker's statements on the agencies that cases of a person keep out, with their numbers in the log."""

    said: tuple[tuple[int, ConsentSightChanged], ...] = ()

    def as_of(self, n: int) -> "Restrictions":
        """Give the restrictions that were stated before the event with number `n`."""
        return Restrictions(tuple(each for each in self.said if each[0] < n))

    def keeps_out(self, agency: str, cases: Collection[str] | None, at: datetime) -> bool:
        """Whether an agency is kept out of one of these cases at a time; None: of any case of the person."""
        return any(
            each.kept_from == agency and each.holds(at)
            for case, data in self._last().items()
            if cases is None or case in cases
            for each in _restrictions(data, (agency,))
        )

    def restrictions(self, agencies: Collection[str]) -> tuple[Restriction, ...]:
        """Give the restrictions of these agencies in all cases of the person."""
        return tuple(each for _, each in self.by_case(agencies))

    def by_case(self, agencies: Collection[str]) -> Iterator[tuple[str, Restriction]]:
        """Yield the restrictions of these agencies, each with the case that keeps the agency out."""
        for case, data in self._last().items():
            yield from ((case, each) for each in _restrictions(data, agencies))

    def _last(self) -> dict[str, ConsentSightChanged]:
        """Give by case the last statement of the case tracker."""
        return {data.case: data for _, data in sorted(self.said, key=lambda each: (each[1].answered_n, each[0]))}


def _restrictions(data: ConsentSightChanged, agencies: Iterable[str]) -> Iterator[Restriction]:
    for agency in agencies:
        if data.shuts_out(agency):
            yield Restriction(agency, _BEGAN, None if agency in data.lasting else data.until)


def kept_out(entered: Iterable[Entered]) -> Restrictions:
    """Collect the case tracker's statements of restrictions from a person's log."""
    return Restrictions(
        tuple(
            (each.n, each.event.data)
            for each in entered
            if isinstance(each.event, ConsentSightChangedV1) and each.event.agency == _CASE_TRACKER
        )
    )
