"""Texts of an event's fields and their values, in English and Spanish."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from schemas.agencies import AGENCIES
from schemas.codebook.code import Code
from schemas.codebook.dated_groups_and_labels import labels_on
from schemas.envelope import Event
from schemas.meanings import meaning_of
from schemas.times import BELIZE
from services.presentation.bilingual_text import Words
from services.presentation.label_functions import COUNTRY

_YES, _NO = Words("yes", "sí"), Words("no", "no")
_ENDS: Final = ".;:"
_OF_COUNTRIES: Final = frozenset({"citizenship", "country", "destination", "exploitation_countries", "nationalities"})
"""Names of fields whose values are country codes."""


def fields(event: Event, lang: str, without: frozenset[str] = frozenset({"case"})) -> Iterator[tuple[str, str]]:
    """Yield (meaning, value as text) for each field of an event's data that has a value, except fields in `without`."""
    data = event.data
    for name in type(data).model_fields:
        value = getattr(data, name)
        if name in without or value in (None, (), []):
            continue
        shown = _countries(value, lang) if name in _OF_COUNTRIES else value_text(value, lang)
        yield field_text(type(data).__name__, name, lang), shown


def field_text(model: str, name: str, lang: str) -> str:
    """Return the meaning of a field of the model `model`, up to its first full stop, semicolon or colon.

    For a field without a meaning it is the field's name with spaces.
    """
    meaning = meaning_of(model, name)
    if meaning is None:
        return name.replace("_", " ")
    said = meaning.es if lang == "es" else meaning.en
    return said[: min((said.index(each) for each in _ENDS if each in said), default=len(said))]


def _countries(value: str | Iterable[str], lang: str) -> str:
    """Return the names of country codes, joined by commas. An unknown code stays."""
    codes = [value] if isinstance(value, str) else value
    return ", ".join(found.of(lang) if (found := COUNTRY(code)) else code for code in codes)


def value_text(value: Any, lang: str) -> str:  # noqa: ANN401 - whatever a field may be
    """Return a value as text: the label of a code, the name of an agency, times in Belize; others as they are."""
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(value_text(each, lang) for each in value)
    match value:
        case Code():
            said = Words(*labels_on(value, None)).of(lang)
        case bool():
            said = (_YES if value else _NO).of(lang)
        case datetime():
            said = f"{value.astimezone(BELIZE):%Y-%m-%d %H:%M}"
        case str() if (agency := AGENCIES.get(value)) is not None:
            said = agency.name_es if lang == "es" else agency.name_en
        case _:
            said = str(value)
    return said
