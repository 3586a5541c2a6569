"""Amounts of readings as text for people and as JSON for programs, with the facts that are not in the amount."""

from datetime import date
from typing import Any

from services.presentation.figure_row_texts import amount_of
from services.presentation.labels import label_in
from services.reporting.domain.declaration.figure import Nature, Reader
from services.reporting.domain.read.reading import Reading


def amount_text(reading: Reading, twice: str | None = None, lang: str = "en") -> str:
    """Format a reading's amount, such as "7 + ? (2 possibly twice)"; "+ ?" means that some facts have no number.

    `twice`: text with {n} to use instead of "{n} possibly twice".
    """
    row = {"amount": reading.value, "unit": reading.unit, "not_yet": reading.not_yet, **facts_beside(reading)}
    return amount_of(row, twice, lang)


def facts_beside(reading: Reading) -> dict[str, Any]:
    """Return counts of facts that are not in a reading's amount, or in it twice: undated, cut, unknown and twice.

    For durations the dict has their details too: ended, under_way, oldest_since, ninth_decile and each.
    """
    found: dict[str, Any] = {name: getattr(reading, name) for name in ("undated", "cut", "unknown", "twice")}
    if reading.figure.reader is not Reader.QUANTILE:
        return found
    return found | {
        "ended": reading.ended,
        "under_way": reading.under_way,
        "oldest_since": None if reading.oldest is None else reading.oldest.isoformat(),
        "ninth_decile": reading.ninth_decile,
        "each": reading.few_durations,
    }


def stands_at(reading: Reading) -> date | None:
    """Return the day for which a stock is counted: the period's last, or today if earlier. None for other figures."""
    if reading.figure.nature is not Nature.STOCK or reading.not_yet:
        return None
    return reading.period.last if reading.today is None else min(reading.period.last, reading.today)


def plain(reading: Reading) -> dict[str, Any]:
    """Convert a reading to a dict for JSON. `at`: the day of a stock, as ISO text."""
    return {
        "number": reading.number,
        "name": reading.name,
        "unit": reading.unit,
        "period": str(reading.period),
        "dimensions": dict(reading.dimensions),
        "labels": {
            name: label_in(reading.period, reading.number, name, value)._asdict()
            for name, value in reading.dimensions.items()
        },
        "amount": reading.value,
        **({"not_yet": True} if reading.not_yet else {}),
        **({} if (day := stands_at(reading)) is None else {"at": day.isoformat()}),
        **facts_beside(reading),
    }
