"""The options of `atips figures` as they were typed."""

from dataclasses import dataclass
from pathlib import Path

from services.presentation.bilingual_text import Language
from services.presentation.period_parsing import SeriesLength


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureOptions:
    """Typed options of `atips figures`. A field is empty, or None, when the option was not given.

    `share`: name of a rate. `defined`: print definitions instead of amounts. `xlsx`: file of a workbook to write.
    """

    period: str
    by: list[str] | None
    number: list[str] | None
    as_of: str
    known_at: str
    defined: bool
    lang: Language
    share: str
    each: SeriesLength | None
    as_csv: bool
    xlsx: Path | None
    token_file: Path | None
    data_dir: Path
    as_json: bool
