"""The acceptance line: gives each accepted or refused submission its number `n`. Readers rely on `n` having no gaps.

Only acceptance uses up a (source, id). An accepted event that is sent again keeps its first number and gets no other
one. A key with another digest is refused and raises an alarm. A refused event may be repaired and sent under its key.
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
"""A point of the line: the last `n`, and the last `seq` of a repetition."""


@dataclass(frozen=True, slots=True)
class LineEnd:
    """The end of the line: the last number `n`, the last time in ms, and the last `seq` of a repetition."""

    last_n: int = 0
    last_at: int = 0
    last_repeat: int = 0

    @property
    def reach(self) -> Reach:
        """The last number `n` and the last `seq` of a repetition."""
        return self.last_n, self.last_repeat


@dataclass(frozen=True, slots=True)
class LineState:
    """State of the line before a batch: its end, and (n, digest) of each key of the batch that was accepted before.

    `touched`: whether an earlier merge, correction or retraction named one of the batch's entities or keys.
    """

    tip: LineEnd
    first: Mapping[Key, tuple[int, bytes]]
    touched: bool = False


@dataclass(frozen=True, slots=True)
class AcceptedEvent:
    """An accepted event and its number. `accepted_at`: ms since 1970 (UTC)."""

    n: int
    accepted_at: int
    accepted: AcceptedSubmission


@dataclass(frozen=True, slots=True)
class NumberedRefusal:
    """A refused submission and its number `n`. `accepted_at`: time of the refusal in ms since 1970 (UTC).

    Refusals are numbered too, so that a rebuild can find every `n`.
    """

    n: int
    accepted_at: int
    refused: RefusedSubmission


@dataclass(frozen=True, slots=True)
class Repeat:
    """A repetition of the accepted event with number `n`. `seq`: number of the repetition itself, beginning with 1.

    `repeated_at`: ms since 1970 (UTC).
    """

    seq: int
    n: int
    repeated_at: int
    agency: str
    place: InboundPlace | None


LineOutcome: TypeAlias = AcceptedEvent | NumberedRefusal | Repeat


@dataclass(frozen=True, slots=True)
class NumberedBatch:
    """The outcomes of a batch in its order, and the end of the line after it."""

    tip: LineEnd
    outcomes: tuple[LineOutcome, ...]


def number_batch(
    judged: Sequence[Judged], known: Mapping[Key, tuple[int, bytes]], tip: LineEnd, now: datetime
) -> NumberedBatch:
    """Number the submissions of a batch in its order. `known`: (n, digest) of its keys that were accepted before.

    `tip`: the end of the line before the batch. All get one time: `now` in whole ms, but at least the line's last time,
    in case the clock was set back.
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
