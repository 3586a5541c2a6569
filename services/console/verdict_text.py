"""Verdicts as people read them on a terminal."""

from collections.abc import Sequence
from typing import Final

from rich.text import Text

from services.sheet.advice import CellAdvice
from services.sheet.question import sentence as asked
from services.sheet.rule import Lang, sentence
from services.sheet.verdict import Verdict, VerdictStatus

_EMPTY: Final = "(empty)"
_STYLES: Final = {
    VerdictStatus.ACCEPTED: "green",
    VerdictStatus.DUPLICATE: "cyan",
    VerdictStatus.REFUSED: "red",
    VerdictStatus.UNCONFIRMED: "yellow",
}


def text(verdict: Verdict, explained: Sequence[CellAdvice] = (), lang: Lang | None = None) -> Text:
    """Give a verdict as people read it: a line, and below it each wrong cell and each change.

    `explained` are the wrong cells with their addresses, where they are known.
    """
    told = Text.assemble(f"{verdict.line:>5}  ", (f"{verdict.status.value:<11}", _STYLES[verdict.status]))
    if verdict.reason is not None and not verdict.cells:
        told.append(f"  {verdict.reason} at {verdict.pointer}" if verdict.pointer else f"  {verdict.reason}")
        if verdict.permitted:
            told.append(f"; permitted: {', '.join(verdict.permitted)}")
        if verdict.code_list:
            near = f"; did you mean {' or '.join(verdict.nearest)}?" if verdict.nearest else ""
            told.append(f"{near} Codes: atips codes {verdict.code_list} (/v1/codes/{verdict.code_list})")
    if verdict.n is not None:
        told.append(f"  n={verdict.n}")
    if verdict.id is not None:
        told.append(f"  {verdict.id}", "dim")
    for each in explained:
        told.append(f"\n       {each.sentence()}")
    for cell in () if explained else verdict.cells:
        told.append(f"\n       {cell.column or 'row'}: {sentence(cell.why, cell.permitted)}")
    for change in verdict.changes:
        told.append(f"\n       {change.column}: {change.before or _EMPTY} → {change.after or _EMPTY}")
    for question in verdict.questions:
        told.append(f"\n       {asked(question, lang)}", "yellow")
    return told
