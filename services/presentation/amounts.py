"""Amounts as people and programs read them, with what stands beside an amount and is not in it."""

from datetime import date
from typing import Any

from services.presentation.amount_rows import amount_of
from services.presentation.labels import label
from services.reporting.domain.declaration.figure import Nature, Reader
from services.reporting.domain.read.reading import Reading


def amount_text(reading: Reading, twice: str | None = None, lang: str = "en") -> str:
    """Give an amount as people read it: with what nobody counted, and with what may be in it twice.

    `twice`: the words for the last one, with {n}, in place of those of the language.
    """
    row = {"amount": reading.value, "unit": reading.unit, "not_yet": reading.not_yet, **facts_beside(reading)}
    return amount_of(row, twice, lang)


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
