"""Warnings about figures whose rows overlap: adding the rows up would count something twice."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from services.presentation.bilingual_text import Language, Words
from services.presentation.figure_row_texts import number_text
from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.read.reading import Reading

_OVERLAPPING: Final = Words(
    "{number}: the rows add up to {rows}, and the figure is {amount}. What is in several rows counts once.",
    "{number}: las filas suman {rows} y la cifra es {amount}. Lo que está en varias filas cuenta una vez.",
)
_ADDING: Final = frozenset({Reader.SUM, Reader.RUNNING_SUM, Reader.LATEST, Reader.ACTIVE})
"""Readers of figures whose rows a person might add up."""


def overlapping(rows: Iterable[Reading], wholes: Iterable[Reading], lang: Language = Language.EN) -> list[str]:
    """Return a warning for each figure whose rows add up to more than its whole amount.

    `rows`: readings of a breakdown, or of months. `wholes`: readings of the undivided figures.
    """
    added = Counter[str]()
    for row in rows:
        added[row.number] += row.amount
    return [
        _OVERLAPPING.of(lang).format(
            number=whole.number,
            rows=number_text(added[whole.number], whole.unit),
            amount=number_text(whole.amount, whole.unit),
        )
        for whole in wholes
        if whole.figure.reader in _ADDING and added[whole.number] > whole.amount
    ]
