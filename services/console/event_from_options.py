"""Build an event from typed options; if intake would refuse it, name every wrong option."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NoReturn

import orjson

from schemas.codes_at_pointer import list_at, nearest, value_at
from schemas.errors import Mistake, Reason
from schemas.meanings import Meaning
from schemas.writing_hints import how_written
from services.client.event_builder import WrongStatement, statement
from services.console.output import fail, fail_wrong_usage
from services.presentation.bilingual_text import Language, Words
from services.presentation.receipt_texts import WHOLE

_PERSON: Final = "person"
_OPTIONS: Final[Mapping[str, str]] = {
    "subject": _PERSON,
    "person": _PERSON,
    "case": "case",
    "referral": "referral",
    "to_agency": "to",
    "need": "need",
    "previous_referral": "previous",
    "service_types": "service",
    "urgency": "urgency",
    "reason": "reason",
    "consentref": "consent",
    "consent": "consent",
}
"""Field of an event, and the option of the referral and consent commands that gives it."""
_OWN_PERSON: Final = Meaning(
    "Of a person whom you know by a number of your own, give --own-person NUMBER instead.",
    "De una persona que usted conoce por un número propio, indique --own-person NÚMERO en su lugar.",
)
_NOT_UTF8: Final = Words(
    "What was typed is not UTF-8: nothing was sent.", "Lo que se escribió no está en UTF-8: no se envió nada."
)
_NOTHING_SENT: Final = Words("Nothing was sent.", "No se envió nada.")
_PLACE: Final = Words("{reason} at {place}", "{reason} en {place}")
_MEANT: Final = Words("Did you mean one of: {codes}?", "¿Quiso decir uno de estos: {codes}?")
_SEE_ALL: Final = Words("See all: atips {command}", "Véalo todo: atips {command}")


def build_event(
    agency: str,
    name: str,
    data: Mapping[str, Any],
    *,
    subject: str,
    at: datetime,
    consentref: str | None,
    lang: Language,
    found_before: Sequence[str] = (),
) -> dict[str, Any]:
    """Build and return an event of type `name` of the agency. If intake would refuse it, exit with 1.

    A line for each wrong option is printed then. `found_before`: lines about wrong options that the caller found;
    they are printed first, and also cause the exit.
    """
    try:
        event = statement(agency, name, data, subject=subject, at=at, consentref=consentref)
    except WrongStatement as found:
        if not found.mistakes:
            fail_wrong_usage(_NOT_UTF8.of(lang))
        _leave((*found_before, *_mistakes(name, data, found.mistakes, lang)), lang)
    if found_before:
        _leave(found_before, lang)
    return event


def _leave(lines: Iterable[str], lang: Language) -> NoReturn:
    fail("\n".join((*lines, _NOTHING_SENT.of(lang))))


def _mistakes(name: str, data: Mapping[str, Any], mistakes: Sequence[Mistake], lang: Language) -> Iterator[str]:
    """Yield a line for each wrong field; one line only for the person, who is in two fields (subject and person)."""
    persons = [each for each in mistakes if _option(each.pointer) == _PERSON]
    for each in mistakes:
        if each not in persons or each == persons[-1]:
            yield " ".join(_mistake(name, data, each, lang))


def _option(pointer: str) -> str | None:
    """Return the option that gives the field at a JSON pointer; None for other fields."""
    return _OPTIONS.get(pointer.removeprefix("/data").split("/")[1]) if pointer.startswith("/") else None


def _mistake(name: str, data: Mapping[str, Any], mistake: Mistake, lang: Language) -> Iterator[str]:
    """Yield the option that is wrong, the rule, and how the option is written; never its value."""
    event_type, (reason, pointer) = f"bz.atips.{name}.v1", mistake
    option = _option(pointer)
    place = _PLACE.of(lang).format(reason=reason.value, place=pointer or WHOLE.of(lang))
    yield f"{f'--{option}: ' if option else ''}{place}."
    source = _OWN_PERSON if option == _PERSON else None
    form = how_written(reason, pointer, source)
    if form is not None:
        yield form.es if lang is Language.ES else form.en
    codes = list_at(event_type, pointer) if reason is Reason.UNKNOWN_CODE else None
    if codes is not None:
        near = nearest(codes, value_at(orjson.dumps({"data": data}), pointer))
        if near:
            yield _MEANT.of(lang).format(codes=", ".join(near))
        yield _SEE_ALL.of(lang).format(command=f"codes {codes}")
    if reason is Reason.UNKNOWN_AGENCY:
        yield _SEE_ALL.of(lang).format(command="help agencies")
