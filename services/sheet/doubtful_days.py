"""Questions to a clerk about an accepted event whose day may be mistyped."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from schemas.codec import decode
from schemas.errors import BadMessage
from schemas.times import belize_day
from services.sheet.cell_errors import Lang


class Question(StrEnum):
    """Codes of the questions; programs read the value."""

    RECORDED_BEFORE_FACT = "recorded_before_fact"


_SENTENCES: Final[Mapping[Question, Mapping[Lang, str]]] = {
    Question.RECORDED_BEFORE_FACT: {
        "en": "the record's day is before the day of what happened. Is it right? Both days count as they stand.",
        "es": "el día del registro es anterior al del hecho. ¿Es correcto? Ambas fechas cuentan tal como están.",
    }
}


def questions(value: bytes) -> tuple[Question, ...]:
    """Return the questions about the bytes of an event; none if they cannot be decoded."""
    try:
        event = decode(value)
    except BadMessage:
        return ()
    if event.occurred is not None and belize_day(event.recordedtime) < event.occurred.first_day:
        return (Question.RECORDED_BEFORE_FACT,)
    return ()


def sentence(question: Question, lang: Lang | None) -> str:
    """Return a question as text, in one language or in both."""
    said = _SENTENCES[question]
    return f"{said['en']} / {said['es']}" if lang is None else said[lang]
