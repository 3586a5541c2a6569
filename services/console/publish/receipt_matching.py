"""The match of receipts to lines, by the partition and offset on the inbound topic that the broker gave each line."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.sheet.verdict import FurtherMistake, Verdict, VerdictStatus


class ReceiptMatcher:
    """Matches acknowledgements and receipts, in whatever order they come, and gives verdicts in the order of lines."""

    def __init__(self, lines: Iterable[int]) -> None:
        self._open = dict.fromkeys(lines)
        self._line_at: dict[tuple[int, int], int] = {}
        self._early: dict[tuple[int, int], Mapping[str, Any]] = {}
        self._settled: dict[int, Verdict] = {}

    @property
    def complete(self) -> bool:
        """Whether every line has its verdict."""
        return len(self._settled) >= len(self._open)

    def written(self, line: int, partition: int, offset: int) -> None:
        """Note the place at which the broker wrote a line; a receipt that came earlier is then matched."""
        place = partition, offset
        self._line_at[place] = line
        if place in self._early:
            self.receipt(place, self._early.pop(place))

    def failed(self, line: int, status: VerdictStatus, reason: str) -> None:
        """Return the verdict `status` with `reason` to a line that the broker did not write."""
        self._settle(Verdict(line, status, reason=reason))

    def receipt(self, place: tuple[int, int], data: Mapping[str, Any]) -> None:
        """Return the line at `place` (partition, offset) the verdict of its receipt.

        `data`: data of the receipt event. A receipt that comes before `written` named the place is stored until then.
        Receipts of the agency's other publishers name other places and match no line.
        """
        line = self._line_at.get(place)
        if line is None:
            self._early[place] = data
            return
        verdict = Verdict(
            line=line,
            status=VerdictStatus(data["status"]),
            id=data.get("id"),
            n=data.get("n"),
            reason=data.get("reason"),
            pointer=data.get("pointer") or None,
            permitted=tuple(data.get("permitted") or ()),
            more=FurtherMistake.all_of(data.get("errors") or ()),
        )
        self._settle(verdict)

    def give_up(self) -> None:
        """Return the verdict unconfirmed to every line that has no verdict."""
        for line in self._open:
            self._settle(Verdict(line, VerdictStatus.UNCONFIRMED))

    def _settle(self, verdict: Verdict) -> None:
        """Store a line's first verdict until `next` yields it; later verdicts are ignored."""
        if verdict.line in self._open:
            self._settled.setdefault(verdict.line, verdict)

    def next(self) -> Iterator[Verdict]:
        """Yield new verdicts in the order of lines, each once, up to the first line without one."""
        while self._open:
            line = next(iter(self._open))
            if line not in self._settled:
                return
            del self._open[line]
            yield self._settled.pop(line)
