"""Texts of amounts for people, made from rows. A row is a dict as `figure_amounts.plain` makes it.

Rows come from readings of the database, or from the pages' JSON data.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.presentation import declaration_terms
from services.presentation.bilingual_text import Words
from services.presentation.units import unit
from services.reporting.domain.declaration.figure import Unit

NOT_YET: Final = Words("not yet", "aún no")
"""Text instead of an amount, for a period that has not begun."""
TWICE: Final = Words("{n} possibly twice", "{n} posiblemente dos veces")
_DOLLAR: Final = 100
_AT: Final = Words("at {day}", "al {day}")
_NOT_BEGUN: Final = Words("the period has not begun", "el período no ha comenzado")
_BESIDE: Final[Mapping[str, Words]] = {
    "undated": Words("{n} undated", "{n} sin fecha"),
    "cut": Words("{n} cut by the period", "{n} en el borde del período"),
    "unknown": Words("{n} not counted by anybody", "{n} que nadie contó"),
}
_MEDIAN: Final = Words("median of {n}", "mediana de {n}")
_NINTH: Final = Words("; nine of ten within {n}", "; nueve de diez en {n}")
_UNDER_WAY: Final = Words("{n} under way", "{n} en curso")
_SINCE: Final = Words(", the oldest since {day}", ", desde {day} la más antigua")
_COMPLETE: Final = Words("complete to event {n}", "completo hasta el evento {n}")
_WITHHELD: Final = Words("; {n} entities withheld", "; {n} entidades retenidas")
_WITHHELD_ONE: Final = Words("; {n} entity withheld", "; {n} entidad retenida")


def number_text(amount: int, unit: str) -> str:
    """Format a number with commas between thousands, as Belize does in both languages. Cents become dollars.

    Example: 1669 is 1,669; 2240000 cents are 22,400.00.
    """
    return f"{amount / _DOLLAR:,.2f}" if unit == Unit.MONEY else f"{amount:,}"


def amount_of(row: Mapping[str, Any], twice: str | None = None, lang: str = "en") -> str:
    """Format a row's amount, such as "7 + ? (2 possibly twice)"; "+ ?" means that some facts have no number.

    `twice`: text with {n} to use instead of "{n} possibly twice".
    """
    if row.get("not_yet"):
        return NOT_YET.of(lang)
    if row["amount"] is None and row.get("shown"):  # a protected small number, for a token without exact amounts
        return str(row["shown"])
    if row["amount"] is None:
        counted = "—" if _is_of_durations(row) else "?"
    else:
        number = number_text(row["amount"], row["unit"])
        counted = f"{number} + ?" if row["unknown"] else number
    return f"{counted} ({(twice or TWICE.of(lang)).format(n=row['twice'])})" if row["twice"] else counted


def notes_of(row: Mapping[str, Any], lang: str = "en") -> Iterator[str]:
    """Yield notes on a row's amount, in `lang`.

    They are the day of a stock, numbers of undated, cut and uncounted facts, and details of durations. A period that
    has not begun has at most the day, and a note that it has not begun.
    """
    if row.get("at") is not None:
        yield _AT.of(lang).format(day=row["at"])
    if row.get("not_yet"):
        yield _NOT_BEGUN.of(lang)
        return
    for name, words in _BESIDE.items():
        if row[name]:
            yield words.of(lang).format(n=row[name])
    if _is_of_durations(row):
        yield from _of_durations(row, lang)


def label_of(row: Mapping[str, Any], lang: str = "en") -> str:
    """Return a row's label, such as "O9 persons_arrested, sex: Female, persons"; in Spanish with the figure's title."""
    parts = (name_of(row, lang), dimensions_text(row, lang), unit(row["unit"], None, lang))
    return f"{row['number']} " + ", ".join(part for part in parts if part)


def name_of(row: Mapping[str, Any], lang: str = "en") -> str:
    """Return the figure's name as commands take it, such as persons_arrested; in Spanish its title."""
    return str(row["title"]["es"] if lang == "es" else row["name"])


def dimensions_text(row: Mapping[str, Any], lang: str = "en") -> str:
    """Return a row's dimensions with their labels, such as "sex: Female"; empty for the whole."""
    return ", ".join(
        f"{declaration_terms.word(declaration_terms.DIMENSIONS, name, lang)}: {row['labels'][name][lang]}"
        for name in row["dimensions"]
    )


def nothing_like(row: Mapping[str, Any], period: str, *, not_yet: bool) -> dict[str, Any]:
    """Return the row to add for a period that has no row for the figure and combination of dimensions of `row`.

    Its amount is 0; None for durations, for a period that has not begun, and for rows with protected amounts.
    """
    durations: dict[str, Any] = {"ended": 0, "under_way": 0, "oldest_since": None, "ninth_decile": None, "each": []}
    kept = {name: each for name, each in row.items() if name not in {"at", "not_yet"}}
    return {
        **kept,
        "period": period,
        "amount": None if not_yet or _is_of_durations(row) else 0,
        **dict.fromkeys(("undated", "cut", "unknown", "twice"), 0),
        **(durations if _is_of_durations(row) else {}),
        **({"not_yet": True} if not_yet else {}),
        # A missing row of protected amounts is small, but need not be 0.
        **({"amount": None, "shown": "[c]", "marks": "[c]"} if row.get("shown") else {}),
    }


def complete_text(complete_to: int, withheld: int, lang: str = "en") -> str:
    """Return the text "complete to event {n}", followed by the number of withheld entities if there are any."""
    return _COMPLETE.of(lang).format(n=complete_to) + withheld_text(withheld, lang)


def withheld_text(withheld: int, lang: str = "en") -> str:
    """Return the text "; {n} entities withheld"; empty for 0."""
    words = _WITHHELD_ONE if withheld == 1 else _WITHHELD
    return words.of(lang).format(n=withheld) if withheld else ""


def _is_of_durations(row: Mapping[str, Any]) -> bool:
    return "ended" in row


def _of_durations(row: Mapping[str, Any], lang: str) -> Iterator[str]:
    ninth = "" if row["ninth_decile"] is None else _NINTH.of(lang).format(n=row["ninth_decile"])
    each = f": {', '.join(map(str, row['each']))}" if row["each"] else ""
    since = "" if row["oldest_since"] is None else _SINCE.of(lang).format(day=row["oldest_since"])
    yield _MEDIAN.of(lang).format(n=row["ended"]) + each + ninth
    yield _UNDER_WAY.of(lang).format(n=row["under_way"]) + since
