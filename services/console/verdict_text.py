"""Verdicts of published lines as terminal text."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from rich.text import Text

from schemas.writing_hints import how_written
from services.presentation.bilingual_text import Words
from services.presentation.receipt_texts import status_text
from services.sheet.cell_advice import CellAdvice
from services.sheet.cell_errors import Lang, sentence
from services.sheet.doubtful_days import sentence as asked
from services.sheet.verdict import FurtherMistake, Verdict, VerdictStatus

_EMPTY: Final = "(empty)"
_MORE: Final = Words("and {n} more mistakes: {command}", "y {n} errores más: {command}")
_ONE_MORE: Final = Words("and 1 more mistake: {command}", "y 1 error más: {command}")
_STYLES: Final = {
    VerdictStatus.ACCEPTED: "green",
    VerdictStatus.DUPLICATE: "cyan",
    VerdictStatus.REFUSED: "red",
    VerdictStatus.UNCONFIRMED: "yellow",
}


class _Why(NamedTuple):
    """Templates of the parts of the sentence about a broken rule, in one language."""

    place: str
    permitted: str
    near: str
    all_codes: str
    fields: str


_EN: Final = _Why(
    "{reason} at {place}",
    "; permitted: {codes}",
    ". Did you mean one of: {codes}?",
    " See all: atips codes {list} (/v1/codes/{list})",
    ". Fields here: {names}",
)
_ES: Final = _Why(
    "{reason} en {place}",
    "; se permite: {codes}",
    ". ¿Quiso decir uno de estos: {codes}?",
    " Véalos todos: atips codes {list} (/v1/codes/{list})",
    ". Campos aquí: {names}",
)


def text(verdict: Verdict, explained: Sequence[CellAdvice] = (), lang: Lang | None = None) -> Text:
    """Return a verdict as terminal text: its line, and below it each further mistake, wrong cell, change and question.

    `explained`: advice for the wrong cells of a sheet, with the cells' addresses; printed in place of `verdict.cells`.
    `lang`: None prints the advice in both languages and the rest in English.
    """
    status = status_text(verdict.status.value, lang or "en")
    told = Text.assemble(f"{verdict.line:>5}  ", (f"{status:<11}", _STYLES[verdict.status]))
    is_told = verdict.reason is not None and not verdict.cells  # with cells, their lines give the reason
    if is_told:
        told.append(f"  {mistake_text(verdict, lang)}")
    if verdict.n is not None:
        told.append(f"  n={verdict.n}")
    if verdict.id is not None:
        told.append(f"  {verdict.id}", "dim")
    if is_told:
        told.append(_form(verdict, lang))
        for mistake in verdict.more:
            told.append(f"\n       {mistake_text(mistake, lang)}{_form(mistake, lang)}")
    for each in explained:
        told.append(f"\n       {each.sentence()}")
    for cell in () if explained else verdict.cells:
        told.append(f"\n       {cell.column or 'row'}: {sentence(cell.why, cell.permitted, lang)}")
    for change in verdict.changes:
        told.append(f"\n       {change.column}: {change.before or _EMPTY} → {change.after or _EMPTY}")
    for question in verdict.questions:
        told.append(f"\n       {asked(question, lang)}", "yellow")
    return told


def mistake_text(verdict: Verdict | FurtherMistake, lang: Lang | None) -> str:
    """Return the broken rule, its place in the event and the permitted values, codes or fields, as one line."""
    words = _ES if lang == "es" else _EN
    told = words.place.format(reason=verdict.reason, place=verdict.pointer) if verdict.pointer else f"{verdict.reason}"
    if verdict.permitted:
        told += words.permitted.format(codes=", ".join(verdict.permitted))
    if verdict.code_list:
        near = words.near.format(codes=", ".join(verdict.nearest)) if verdict.nearest else "."
        told += near + words.all_codes.format(list=verdict.code_list)
    if verdict.known_fields:
        told += words.fields.format(names=", ".join(verdict.known_fields))
    return told


def more_text(count: int, command: str, lang: str = "en") -> str:
    """Return the line "and N more mistakes: COMMAND". `count`: the mistakes that are not printed."""
    return (_ONE_MORE if count == 1 else _MORE).of(lang).format(n=count, command=command)


def form_text(mistake: Verdict | FurtherMistake, lang: Lang | None) -> str:
    """Return how the refused field must be written; empty if there is no hint."""
    found = how_written(mistake.reason or "", mistake.pointer)
    return "" if found is None else found.es if lang == "es" else found.en


def _form(verdict: Verdict | FurtherMistake, lang: Lang | None) -> str:
    """Return `form_text` on a new indented line; empty if there is no hint."""
    found = form_text(verdict, lang)
    return f"\n       {found}" if found else ""
