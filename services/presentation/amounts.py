"""Amounts as people and programs read them, with what stands beside an amount and is not in it."""

from datetime import date
from typing import Any, Final

from services.presentation.labels import label
from services.presentation.words import Words
from services.reporting.domain.declaration.figure import Nature, Reader, Unit
from services.reporting.domain.read.reading import Reading

NOT_YET: Final = Words("not yet", "aún no")
"""In place of an amount of a period that has not begun."""
_DOLLAR: Final = 100


def number_text(amount: int, unit: str) -> str:
    """Write a number with a comma between thousands, as in Belize in both languages. Cents are written as dollars.

    Example: 1,669 participations; 2240000 cents are 22,400.00.
    """
    return f"{amount / _DOLLAR:,.2f}" if unit == Unit.MONEY else f"{amount:,}"


def amount_text(reading: Reading, twice: str = "{n} possibly twice", lang: str = "en") -> str:
    """Give an amount as people read it: with what nobody counted, and with what may be in it twice."""
    if reading.not_yet:
        return NOT_YET.of(lang)
    if reading.value is None:
        counted = "—" if reading.figure.reader is Reader.QUANTILE else "?"
    else:
        number = number_text(reading.value, reading.unit)
        counted = f"{number} + ?" if reading.unknown else number
    return f"{counted} ({twice.format(n=reading.twice)})" if reading.twice else counted


def facts_beside(reading: Reading) -> dict[str, Any]:
    """Give what is beside an amount, or in it twice; of durations what a median alone would hide."""
    found: dict[str, Any] = {name: getattr(reading, name) for name in ("undated", "cut", "unknown", "twice")}
    if reading.figure.reader is not Reader.QUANTILE:
        return found
    return found | {
        "ended": reading.ended,
        "under_way": reading.under_way,
        "oldest_since": None if reading.oldest is None else reading.oldest.isoformat(),
        "ninth_decile": reading.ninth_decile,
        "each": reading.each,
    }


def stands_at(reading: Reading) -> date | None:
    """Give the day at whose end a stock stands: the last of the period, or today. None for a flow."""
    if reading.figure.nature is not Nature.STOCK or reading.not_yet:
        return None
    return reading.period.last if reading.today is None else min(reading.period.last, reading.today)


def plain(reading: Reading) -> dict[str, Any]:
    """Give a reading as JSON-ready values."""
    return {
        "number": reading.number,
        "name": reading.name,
        "unit": reading.unit,
        "period": str(reading.period),
        "dimensions": dict(reading.dimensions),
        "labels": {name: label(reading.number, name, value)._asdict() for name, value in reading.dimensions.items()},
        "amount": reading.value,
        **({"not_yet": True} if reading.not_yet else {}),
        **({} if (day := stands_at(reading)) is None else {"at": day.isoformat()}),
        **facts_beside(reading),
    }
