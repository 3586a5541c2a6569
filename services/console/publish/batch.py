"""What a file holds, whatever its format: lines to be sent, verdicts that need no sending, and words for the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.console.publish.lines import Line
from services.console.publish.verdict import Verdict


class Batch(Protocol):
    """Lines on their way; verdicts about them come in their order."""

    @property
    def lines(self) -> Sequence[Line]:
        """What is to be sent."""
        ...

    @property
    def settled(self) -> Sequence[Verdict]:
        """What is settled without being sent, in the order of lines."""
        ...

    def told(self, verdict: Verdict) -> Verdict:
        """A verdict in the words of the file's format."""
        ...

    def rehearsed(self, verdict: Verdict) -> Verdict:
        """The same for one of a dry run."""
        ...

    def keep(self, verdict: Verdict) -> None:
        """Remember what intake has answered."""
        ...


@dataclass(frozen=True, slots=True)
class Events:
    """Events that a system wrote itself: each line stands for itself, and nothing is remembered."""

    lines: Sequence[Line]
    settled: Sequence[Verdict] = ()

    def told(self, verdict: Verdict) -> Verdict:  # noqa: D102 - as `Batch` says
        return verdict

    def rehearsed(self, verdict: Verdict) -> Verdict:  # noqa: D102
        return verdict

    def keep(self, verdict: Verdict) -> None:  # noqa: D102
        pass
