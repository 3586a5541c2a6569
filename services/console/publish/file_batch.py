"""The content of a file of any format: lines to send, verdicts that need no sending, and words for verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.sheet.cell_advice import CellAdvice
from services.sheet.cell_errors import Lang
from services.sheet.code_hint import with_codes
from services.sheet.json_lines import FileLine
from services.sheet.verdict import Verdict


class LineBatch(Protocol):
    """Lines on their way; verdicts about them come in their order."""

    @property
    def lines(self) -> Sequence[FileLine]:
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

    def explained(self, verdict: Verdict, lang: Lang | None) -> Sequence[CellAdvice]:
        """Explain each wrong cell of a verdict; None: in both languages."""
        ...


@dataclass(frozen=True, slots=True)
class SystemEvents:
    """Events that a system wrote itself: each line stands for itself, and nothing is remembered."""

    lines: Sequence[FileLine]
    settled: Sequence[Verdict] = ()

    def told(self, verdict: Verdict) -> Verdict:  # noqa: D102 - as `LineBatch` says
        return with_codes(verdict, self.lines)

    def rehearsed(self, verdict: Verdict) -> Verdict:  # noqa: D102
        return with_codes(verdict, self.lines)

    def keep(self, verdict: Verdict) -> None:  # noqa: D102
        pass

    def explained(self, verdict: Verdict, lang: Lang | None) -> Sequence[CellAdvice]:  # noqa: ARG002, D102
        return ()
