"""The content of a file of any format: lines to send, verdicts that need no sending, and words for verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.console.publish.lines import Line
from services.console.publish.verdict import Verdict


class Batch(Protocol):
    """Lines on their way; verdicts about them come in their order."""

    @property
    def lines(self) -> Sequence[Line]:
        """Give the lines to send."""
        ...

    @property
    def settled(self) -> Sequence[Verdict]:
        """Give the verdicts that need no sending, in the order of lines."""
        ...

    def told(self, verdict: Verdict) -> Verdict:
        """A verdict in the words of the file's format."""
        ...

    def rehearsed(self, verdict: Verdict) -> Verdict:
        """Put a dry run's verdict into the words of the file's format."""
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
