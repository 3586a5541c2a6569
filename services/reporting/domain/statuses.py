"""Whether a person is a victim: who said so, and whose word counts where two differ."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from schemas.agencies import AGENCIES, PARTNERS
from schemas.codebook.identification import VictimStatus
from schemas.envelope import Event
from schemas.times import Interval
from services.reporting.domain.figure import Days
from services.reporting.domain.turns import turns

_OTHER_GOVERNMENT: Final = 1
_STANDING: Final[Mapping[str, int]] = MappingProxyType(
    {
        **dict.fromkeys(PARTNERS, 0),
        "dhs": 2,
        "bpd": 3,
        **dict.fromkeys(("odpp", "magistrates_court", "high_court", "council"), 4),
    }
)
"""Whose word on a status counts where two differ: court or prosecution, police, human services, others, partners.

The Council says it only by a ruling, on behalf of an agency, whose word it stays."""


class Decision(Struct, frozen=True):
    """A status that somebody gave the person."""

    since: Interval | None
    standing: int
    status: str


def standing(event: Event) -> int:
    """How much the author's word on a status weighs; nobody gains by speaking for somebody else."""
    return _least(event.agency, event.onbehalfof)


@lru_cache(maxsize=1024)
def _least(*voices: str | None) -> int:
    return min(_STANDING.get(AGENCIES[each].parent or each, _OTHER_GOVERNMENT) for each in voices if each is not None)


def counting(decisions: Iterable[Decision]) -> list[tuple[Days, Decision]]:
    """The decisions that hold in turn: on each day the last of those, by then, whose word weighs most.

    They come in the order in which they happened.
    """
    return turns((each.since, each) for each in sorted(decisions, key=lambda each: each.standing))


def decision(event: Event, status: VictimStatus) -> Decision:
    """The decision that an event states; an identification decides as well."""
    return Decision(event.occurred, standing(event), str(status))
