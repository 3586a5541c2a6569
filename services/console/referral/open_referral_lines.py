"""Open referrals and acknowledgements as lines of at most 80 columns. Ids are never cut, so that they can be copied."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from rich.console import Console

from schemas.codebook.code import Code
from schemas.codebook.protection import ServiceType
from schemas.codebook.referral import ReferralState, Urgency
from schemas.times import BELIZE
from services.console import terminal_layout
from services.console.terminal_layout import INDENT, joined, wrapped
from services.presentation.bilingual_text import Language, Words
from services.presentation.pending_action_texts import kind_text, span

_LATE: Final = Words("LATE by {span}", "CON RETRASO de {span}")
_TO_DO: Final = Words("{to_do} by {agency}", "{agency}: {to_do}")
_PARTIES: Final = Words("from {sender} to {receiver}", "de {sender} a {receiver}")
_HELD: Final = Words(", held by {holder}", ", la tiene {holder}")
_ASKS: Final = Words("asks for {services}", "pide {services}")


def show(console: Console, found: Iterable[Mapping[str, Any]], now: datetime, lang: Language = Language.EN) -> None:
    """Print each row as a block of lines; what is late is red and says by how much."""
    for each in found:
        terminal_layout.show(console, lines(each, now, lang), "bold red" if each["late"] else None)


def lines(each: Mapping[str, Any], now: datetime, lang: Language = Language.EN) -> Iterator[str]:
    """Yield the lines of one row: due time and agency, the referral and its parties, the person and the services.

    English names kinds, states and services by their codes, Spanish by their labels.
    """
    due = datetime.fromisoformat(each["due_at"])
    late = _LATE.of(lang).format(span=span(now - due)) if each["late"] else None
    to_do = _TO_DO.of(lang).format(to_do=_kind(str(each["to_do"]), lang), agency=each["waits_for"])
    yield from wrapped(joined((f"{due.astimezone(BELIZE):%Y-%m-%d %H:%M}", late, to_do)), "")
    state = "" if each["state"] is None else _label(ReferralState, str(each["state"]), lang)
    urgency = "" if each["urgency"] is None else _label(Urgency, str(each["urgency"]), lang)
    yield from wrapped(joined((each["about"], ", ".join(part for part in (urgency, state) if part))))
    if each["sender"] is not None or each["receiver"] is not None:
        parties = _PARTIES.of(lang).format(sender=each["sender"] or "–", receiver=each["receiver"] or "–")
        holder = "" if each["holder"] is None else _HELD.of(lang).format(holder=each["holder"])
        yield from wrapped(parties + holder)
    yield f"{INDENT}{each['person']}"
    if each["service_types"]:
        services = ", ".join(_service(name, lang) for name in each["service_types"])
        yield from wrapped(_ASKS.of(lang).format(services=services))


def _kind(kind: str, lang: Language) -> str:
    return kind_text(kind, lang) if lang is Language.ES else kind.replace("_", " ")


def _service(name: str, lang: Language) -> str:
    """Return a service type for people: in English its code, as a command takes it; in Spanish its label."""
    return _label(ServiceType, name, lang) if lang is Language.ES else name


def _label(codes: type[Code], value: str, lang: Language) -> str:
    """Return a code's Spanish label in lower case; in English, or for an unknown code, the code with blanks."""
    found = next((each.es.lower() for each in codes if each.value == value), None)
    return found if found is not None and lang is Language.ES else value.replace("_", " ")
