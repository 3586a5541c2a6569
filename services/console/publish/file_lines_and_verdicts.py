"""The content of a file, of events or of a sheet: lines to send, verdicts known without sending, and explanations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.sheet.cell_advice import CellAdvice
from services.sheet.cell_errors import Lang
from services.sheet.code_hint import with_codes
from services.sheet.json_lines import FileLine
from services.sheet.verdict import Verdict


class LineBatch(Protocol):
    """A file to publish, of events (`SystemEvents`) or a sheet (`Sheet`): its lines, and wording of their verdicts."""

    @property
    def lines(self) -> Sequence[FileLine]:
        """Return the lines to send, in the order of the file."""
        ...

    @property
    def settled(self) -> Sequence[Verdict]:
        """Return the verdicts about lines that are not sent, in the order of lines."""
        ...

    def told(self, verdict: Verdict) -> Verdict:
        """Return intake's verdict with places in terms of the file's format, such as a sheet's columns."""
        ...

    def rehearsed(self, verdict: Verdict) -> Verdict:
        """Return a dry run's verdict with each wrong field named as in the file, such as by a sheet's column.

        A sheet's row that was published before is a duplicate. The dry run itself is done by intake.
        """
        ...

    def keep(self, verdict: Verdict) -> None:
        """Store intake's verdict, so that the next publish knows what was sent."""
        ...

    def explained(self, verdict: Verdict, lang: Lang | None) -> Sequence[CellAdvice]:
        """Return advice for each wrong cell of a verdict; with `lang` None in both languages."""
        ...


@dataclass(frozen=True, slots=True)
class SystemEvents:
    """A file of events as JSON Lines: every line is sent, and no verdict is stored."""

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
