"""Whether a person is held as a victim, by the status decisions of agencies in the person's cases.

A decision that names a case counts only in that case; one that names none counts in every case. In one case the
decision of the agency with the highest rank counts. Of several cases, the highest status counts (`_MOST`). A case
counts from its first decision on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import merge
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from schemas.agencies import PARTNERS, agency_of
from schemas.codebook.identification import DecidedBy, VictimStatus
from schemas.envelope import Event
from schemas.identification import VictimIdentifiedV1, VictimStatusChangedV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import day_before
from services.reporting.domain.declaration.figure import ALWAYS, NEVER, Counted, Days
from services.reporting.domain.declaration.values_over_time import highest_ranked_history, turns, values_during

_OTHER_GOVERNMENT: Final = 1
_HUMAN_SERVICES: Final = 2
_COURT: Final = 4
_STANDING: Final[Mapping[str, int]] = MappingProxyType(
    {
        **dict.fromkeys(PARTNERS, 0),
        "dhs": _HUMAN_SERVICES,
        "bpd": 3,
        **dict.fromkeys(("odpp", "magistrates_court", "high_court", "council"), _COURT),
    }
)
"""Rank of each agency's statements on a status, from high to low: court or prosecution, police, human services, other
government, partners.

The Council states a status only by a ruling on behalf of an agency. The statement then counts as that agency's."""


NOT_HELD: Final = frozenset({VictimStatus.NOT_A_VICTIM, VictimStatus.UNDETERMINED})
"""Statuses of a person who is not counted as a victim."""


_MOST: Final[Mapping[str, int]] = MappingProxyType(
    {
        VictimStatus.NOT_A_VICTIM: 0,
        VictimStatus.UNDETERMINED: 1,
        VictimStatus.SUSPECTED: 2,
        VictimStatus.POTENTIAL: 3,
        VictimStatus.CONFIRMED: 4,
    }
)
"""Rank of each status if cases differ: NOT_A_VICTIM in one case does not end a higher status in another case."""


class StatusGiven(Struct, frozen=True):
    """A decision on a person's status: its time, the rank (`standing`) of the agency's statement, the status, the case.

    `case` is None if the decision names no case.
    """

    since: Interval | None
    standing: int
    status: str
    case: str | None = None


def speaking_agency(event: Event) -> str:
    """Return the agency whose statement a status event is; for a unit, the agency that the unit belongs to.

    Of the publisher and the agency that it publishes for, this is the one with the lower rank. So publishing on behalf
    of another agency does not raise the rank.
    """
    return _lesser(event.onbehalfof or event.agency, event.agency)


def speaker_weight(event: Event) -> int:
    """Return the rank of a status event: that of its agency, or of a court for a decision of court or prosecution.

    Courts publish no status. Their decision has a court's rank if Human Services, or an agency with a higher rank,
    published it.
    """
    own = _own(speaking_agency(event))
    decided_by = event.data.decided_by if isinstance(event, VictimStatusChangedV1) else None
    return _COURT if decided_by is DecidedBy.COURT_OR_PROSECUTION and own >= _HUMAN_SERVICES else own


@lru_cache(maxsize=1024)
def _lesser(*voices: str) -> str:
    return min(map(agency_of, voices), key=_own)


def _own(agency: str) -> int:
    return _STANDING.get(agency, _OTHER_GOVERNMENT)


def counting(decisions: Iterable[StatusGiven]) -> Sequence[tuple[Days, StatusGiven]]:
    """Return pairs of (days, decision that holds on these days), in order and without gaps.

    On each day, in each case, the last of the decisions with the highest rank holds. Of several cases, the decision
    with the highest status holds, and among equal ones the last. `decisions` are in the order in which they happened.
    """
    return _counting(tuple(decisions))


# A status event changes five parts of a person, and each asks for the days of equal decisions.
@lru_cache(maxsize=1_024)
def _counting(decisions: tuple[StatusGiven, ...]) -> Sequence[tuple[Days, StatusGiven]]:
    by_case: dict[str | None, list[StatusGiven]] = {}
    for each in decisions:
        by_case.setdefault(each.case, []).append(each)
    general = by_case.pop(None, [])
    if len(by_case) <= 1:  # the usual case
        return _weightiest(decisions)
    place = {each: number for number, each in enumerate(decisions)}
    begun = {
        case: min(days)
        for case, own in by_case.items()
        if (days := [each.since.last_day for each in own if each.since])
    }
    histories = [
        values_during(Days(first, NEVER), _weightiest(merge(general, by_case[case], key=place.__getitem__)))
        for case, first in begun.items()
    ]
    # A case says nothing of the days before its first decision. On these, decisions without a case hold alone.
    before = Days(ALWAYS, day_before(min(begun.values(), default=NEVER)))
    histories.append(values_during(before, _weightiest(general)))
    return highest_ranked_history(histories, lambda each: (_MOST[each.status], place[each]))


def _weightiest(decisions: Iterable[StatusGiven]) -> list[tuple[Days, StatusGiven]]:
    return turns((each.since, each) for each in sorted(decisions, key=lambda each: each.standing))


def is_victim(status: str) -> bool:
    """Whether a person with this status is counted as a victim: suspected, potential or confirmed."""
    return status not in NOT_HELD


def victim_days(decisions: Iterable[StatusGiven]) -> list[Days]:
    """Return the spans of days on which a person is held as a victim, by the decisions that hold on each day."""
    return [days for days, each in counting(decisions) if is_victim(each.status)]


def while_a_victim(counted: Counted, decisions: Sequence[StatusGiven]) -> Iterator[Counted]:
    """Yield the item once for each span of days on which the person is held as a victim, with the span as `asof`.

    The item then counts in periods at whose end the person is a victim. If no such span has known days, a decision
    without a date may hold the person as a victim. Then the item is yielded once without days.
    """
    held = victim_days(decisions)
    for days in held:
        yield counted._replace(asof=days)
    if not held and any(each.since is None and is_victim(each.status) for each in decisions):
        yield counted._replace(when=None)


def with_decision(
    decisions: Iterable[StatusGiven], event: VictimIdentifiedV1 | VictimStatusChangedV1
) -> tuple[StatusGiven, ...]:
    """Return the decisions with the event's decision added. Call it in the order in which the events happened."""
    return (*decisions, decision(event, event.data.status))


def decision(event: VictimIdentifiedV1 | VictimStatusChangedV1, status: VictimStatus) -> StatusGiven:
    """Return the decision that an event states, with the given status. An identification is a decision too."""
    return StatusGiven(event.occurred, speaker_weight(event), str(status), event.data.case)
