"""The acceptance line: gives each submission its number `n`. All readers rely on `n` having no gaps.

Only acceptance uses up a (source, id). The same event again gets its first receipt again and no number. The same key
with another digest is refused and raises an alarm. A refused event that is repaired under its key is accepted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias, assert_never

from schemas.errors import Reason
from services.intake.domain.submission import AcceptedSubmission, InboundPlace, Judged, Key, RefusedSubmission

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


Reach: TypeAlias = tuple[int, int]
"""A point of the line: the last `n`, and the last number of a repetition."""


@dataclass(frozen=True, slots=True)
class LineEnd:
    """The end of the line: the last number, the last time (ms), the last number given to a repetition."""

    last_n: int = 0
    last_at: int = 0
    last_repeat: int = 0

    @property
    def reach(self) -> Reach:
        """The last number and the last repetition, without the time."""
        return self.last_n, self.last_repeat


@dataclass(frozen=True, slots=True)
class LineState:
    """The state before a batch: the end of the line, and (n, digest) of the batch's keys that were accepted before.

    `touched`: a merge, correction or retraction named one of the batch's entities or keys.
    """

    tip: LineEnd
    first: Mapping[Key, tuple[int, bytes]]
    touched: bool = False


@dataclass(frozen=True, slots=True)
class AcceptedEvent:
    """An accepted event and its number; `accepted_at` in ms."""

    n: int
    accepted_at: int
    accepted: AcceptedSubmission


@dataclass(frozen=True, slots=True)
class NumberedRefusal:
    """A refused submission and its number: refusals are numbered so that a rebuild can find every `n`."""

    n: int
    accepted_at: int
    refused: RefusedSubmission


@dataclass(frozen=True, slots=True)
class Repeat:
    """A repetition of an accepted event, whose number is `n`. `seq` is the number of the repetition itself."""

    seq: int
    n: int
    repeated_at: int
    agency: str
    place: InboundPlace | None


LineOutcome: TypeAlias = AcceptedEvent | NumberedRefusal | Repeat


@dataclass(frozen=True, slots=True)
class NumberedBatch:
    """The outcomes of a batch in its order, and the new end of the line."""

    tip: LineEnd
    outcomes: tuple[LineOutcome, ...]


def line(
    judged: Sequence[Judged], known: Mapping[Key, tuple[int, bytes]], tip: LineEnd, now: datetime
) -> NumberedBatch:
    """Number the batch in its order. `known` holds (n, digest) of its keys that were accepted before.

    All get one time: `now` in whole ms, but at least the line's last time, in case the clock was set back.
    """
    at = max((now - _EPOCH) // _MILLISECOND, tip.last_at)
    first = dict(known)
    n, seq = tip.last_n, tip.last_repeat
    outcomes: list[LineOutcome] = []
    for item in judged:
        match item:
            case AcceptedSubmission(key=key, digest=digest):
                seen = first.get(key)
                if seen is None:
                    n += 1
                    first[key] = (n, digest)
                    outcomes.append(AcceptedEvent(n, at, item))
                elif seen[1] == digest:
                    seq += 1
                    outcomes.append(Repeat(seq, seen[0], at, item.inbound.agency, item.inbound.place))
                else:
                    n += 1
                    outcomes.append(NumberedRefusal(n, at, _equivocation(item)))
            case RefusedSubmission():
                n += 1
                outcomes.append(NumberedRefusal(n, at, item))
            case _:
                assert_never(item)
    return NumberedBatch(LineEnd(n, at if outcomes else tip.last_at, seq), tuple(outcomes))


def _equivocation(item: AcceptedSubmission) -> RefusedSubmission:
    return RefusedSubmission(item.inbound, Reason.ID_ALREADY_USED, "/id", item.key, item.type)
