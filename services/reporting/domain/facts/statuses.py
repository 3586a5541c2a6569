"""Whether a person is a victim: who said so, in which case, and whose word counts where two differ.

A word that names a case counts in that case alone; a word that names none counts in each. In one case the weightiest
word counts. A person is held as the most that any of the cases holds them as.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import merge
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from schemas.agencies import PARTNERS, house
from schemas.codebook.identification import DecidedBy, VictimStatus
from schemas.envelope import Event
from schemas.identification import VictimIdentifiedV1, VictimStatusChangedV1
from schemas.times import Interval
from services.reporting.domain.declaration.figure import Counted, Days
from services.reporting.domain.declaration.value_periods import foremost, turns

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
"""Ranks of agencies' statements on a status: court or prosecution, police, human services, others, partners.

The Council says it only by a ruling, on behalf of an agency, whose word it stays."""


NOT_HELD: Final = frozenset({VictimStatus.NOT_A_VICTIM, VictimStatus.UNDETERMINED})
"""Statuses of a person who is not counted as a victim: found to be none, or nobody could determine it."""


_MOST: Final[Mapping[str, int]] = MappingProxyType(
    {
        VictimStatus.NOT_A_VICTIM: 0,
        VictimStatus.UNDETERMINED: 1,
        VictimStatus.SUSPECTED: 2,
        VictimStatus.POTENTIAL: 3,
        VictimStatus.CONFIRMED: 4,
    }
)
"""Ranks of statuses, where cases differ: a finding in one case ends nothing of another case."""


class StatusGiven(Struct, frozen=True):
    """A status that somebody gave the person. `case` is None where it is said of no case in particular."""

    since: Interval | None
    standing: int
    status: str
    case: str | None = None


def speaking_agency(event: Event) -> str:
    """Give the agency whose statement an event is. Speaking for another gains nothing, and a unit is its agency."""
    return _lesser(event.onbehalfof or event.agency, event.agency)


def speaker_weight(event: Event) -> int:
    """Give the weight of an agency's statement on a status.

    Courts publish no status. A decision of court or prosecution has that weight where Human Services tell it, or an
    agency that weighs more than these.
    """
    own = _own(speaking_agency(event))
    decided_by = event.data.decided_by if isinstance(event, VictimStatusChangedV1) else None
    return _COURT if decided_by is DecidedBy.COURT_OR_PROSECUTION and own >= _HUMAN_SERVICES else own


@lru_cache(maxsize=1024)
def _lesser(*voices: str) -> str:
    return min(map(house, voices), key=_own)


def _own(agency: str) -> int:
    return _STANDING.get(agency, _OTHER_GOVERNMENT)


def counting(decisions: Iterable[StatusGiven]) -> list[tuple[Days, StatusGiven]]:
    """The decisions that hold in turn: on each day, of each case the last of those, by then, whose word weighs most.

    Of several cases the decision holds that says most, and of such the last. Decisions come in the order in which they
    happened.
    """
    said = list(decisions)
    by_case: dict[str | None, list[StatusGiven]] = {}
    for each in said:
        by_case.setdefault(each.case, []).append(each)
    general = by_case.pop(None, [])
    if len(by_case) <= 1:  # as mostly
        return _weightiest(said)
    place = {each: number for number, each in enumerate(said)}
    histories = [_weightiest(merge(general, own, key=place.__getitem__)) for own in by_case.values()]
    return foremost(histories, lambda each: (_MOST[each.status], place[each]))


def _weightiest(decisions: Iterable[StatusGiven]) -> list[tuple[Days, StatusGiven]]:
    return turns((each.since, each) for each in sorted(decisions, key=lambda each: each.standing))


def is_victim(status: str) -> bool:
    """Whether a person with this status is counted as a victim: suspected, potential or confirmed."""
    return status not in NOT_HELD


def victim_days(decisions: Iterable[StatusGiven]) -> list[Days]:
    """The days on which a person is held as a victim, by the decisions that hold in turn."""
    return [days for days, each in counting(decisions) if is_victim(each.status)]


def while_a_victim(counted: Counted, decisions: Sequence[StatusGiven]) -> Iterator[Counted]:
    """Count it in periods at whose end the person is held as a victim; undated where nobody knows since when."""
    held = victim_days(decisions)
    for days in held:
        yield counted._replace(asof=days)
    if not held and any(each.since is None and is_victim(each.status) for each in decisions):
        yield counted._replace(when=None)


def decided(
    decisions: Iterable[StatusGiven], event: VictimIdentifiedV1 | VictimStatusChangedV1
) -> tuple[StatusGiven, ...]:
    """The decisions with that of one more event, which must come in the order of what happened."""
    return (*decisions, decision(event, event.data.status))


def decision(event: VictimIdentifiedV1 | VictimStatusChangedV1, status: VictimStatus) -> StatusGiven:
    """The decision that an event states; an identification decides as well."""
    return StatusGiven(event.occurred, speaker_weight(event), str(status), event.data.case)
