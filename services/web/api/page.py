"""Rendering of pages: the templates' environment, and its functions for text and amounts in the reader's language."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from schemas.times import BELIZE, Period
from services.presentation import declaration_terms
from services.presentation.bilingual_text import Words
from services.presentation.contradicting_figures import sentence
from services.presentation.figure_amounts import amount_text
from services.presentation.figure_row_texts import number_text
from services.presentation.figure_titles import TITLES
from services.presentation.label_functions import agency
from services.presentation.labels import label, last_day
from services.presentation.pending_action_texts import span
from services.presentation.period_parsing import period_text
from services.presentation.rates import rate_text as told_rate
from services.presentation.units import DOLLARS, unit
from services.reporting.domain.declaration.figure import Figure, Reader, Unit
from services.reporting.domain.rates import Rate
from services.reporting.domain.read.reading import Reading
from services.web.api.dependencies import form_token, language, parts
from services.web.domain.account_rules import Session
from services.web.domain.finding_figures import figures_of
from services.web.domain.page_texts import WORDS, Language
from services.web.domain.roles import PARTS

_HERE: Final = Path(__file__).resolve().parents[1]
TEMPLATES: Final = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_LONG_MINUTES: Final = 120
"""From this number on, minutes are written as hours or days too."""
_YEAR_SECONDS: Final = 365 * 24 * 3600


def page(
    request: Request,
    template: str,
    session: Session | None = None,
    *,
    status: int = 200,
    look_again: str | None = None,
    **values: object,
) -> HTMLResponse:
    """Render a template in the reader's language, and store the language in a cookie if it was just chosen.

    `look_again`: address of the page for reload and language links, if the response is to a form with another address.
    """
    lang = language(request)
    other = Language.EN if lang is Language.ES else Language.ES
    own_path, own_query = urlsplit(look_again)[2:4] if look_again else (request.url.path, request.url.query)
    query = [each for each in parse_qsl(own_query, keep_blank_values=True) if each[0] != "lang"]
    shown = TEMPLATES.get_template(template).render(
        lang=lang.value,
        other=other.value,
        other_url=_address(own_path, [*query, ("lang", other.value)]),
        path=request.url.path,
        self_url=_address(own_path, query),
        t=partial(word, lang),
        title_of=partial(title, lang),
        label=partial(_label, lang),
        unit_of=partial(unit_of, lang),
        unit_beside=partial(unit, lang=lang.value),
        value_label=partial(value_label, lang),
        short=partial(short, lang),
        rate_text=partial(rate_text, lang),
        told=partial(amount, lang),
        why_of=partial(why, lang),
        notes=partial(notes, lang),
        agency_name=partial(agency_name, lang),
        number=number_text,
        signed=signed,
        finding_sentence=lambda finding: sentence(finding, lang),
        finding_figures=figures_of,
        month_name=partial(month_name, lang),
        moment=moment,
        period_text=period_text,
        goes_on=partial(goes_on, parts(request).today()),
        session=session,
        menu=PARTS[session.account.role] if session else (),
        form_token=form_token(request),
        at_provider=parts(request).provider is not None,
        freshness=parts(request).figures.freshness,
        **values,
    )
    response = HTMLResponse(shown, status_code=status)
    if request.query_params.get("lang") == lang.value:
        needed = parts(request)
        response.set_cookie(
            needed.language_cookie,
            lang.value,
            max_age=_YEAR_SECONDS,
            path="/",
            secure=needed.secure,
            httponly=True,
            samesite="lax",
        )
    return response


def _address(path: str, query: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def word(lang: Language, name: str, **values: object) -> str:
    """Return the text `name` of `WORDS` in a language, with `values` filled in.

    For the value n=1 it is the text NAME_one, if there is one. Raises `KeyError` for an unknown name.
    """
    several = WORDS[name]
    found: str = getattr(WORDS.get(f"{name}_one", several) if values.get("n") == 1 else several, lang.value)
    return found.format(**values) if values else found


def title(lang: Language, figure: Figure[Any]) -> str:
    """Return a figure's title in a language."""
    found: str = getattr(TITLES[figure.number], lang.value)
    return found


def short(lang: Language, number: str) -> str:
    """Return a figure's title without its remark in parentheses, such as that about a cohort."""
    found: str = getattr(TITLES[number], lang.value)
    return found.partition(" (")[0]


def rate_text(lang: Language, rate: Rate) -> str:
    """Return a rate as text, with the two numbers that it divides."""
    return told_rate(rate, lang.value)


def unit_of(lang: Language, reading: Reading) -> str:
    """Return the unit to write beside a reading's amount, singular or plural."""
    return unit(reading.unit, reading.value, lang.value)


def value_label(lang: Language, number: str, dimension: str, value: str, period: Period | str | None = None) -> str:
    """Return the label of a dimension's value, as it was at the period's end; without a period the newest."""
    found: str = getattr(label(number, dimension, value, last_day(period)), lang.value)
    return found


def amount(lang: Language, reading: Reading) -> str:
    """Return a reading's amount as text, with the note about amounts that may count twice."""
    return amount_text(reading, getattr(WORDS["twice"], lang.value), lang.value)


def why(lang: Language, reading: Reading, before: Reading | None = None) -> str:
    """Return the text of a link to the events: "Why 18?", "Why from 7 to 8?", or "Why?" without an amount."""
    value, earlier = (None if each is None or each.not_yet else each.value for each in (reading, before))
    if value is None or (before is not None and earlier is None):
        return word(lang, "why_short")
    number = number_text(value, reading.unit)
    if earlier is None:
        return word(lang, "why", n=number)
    return word(lang, "why_moved", before=number_text(earlier, reading.unit), after=number)


def notes(lang: Language, reading: Reading) -> list[str]:
    """Return the notes beside an amount, or only "the period has not begun" for a period to come.

    They give the number of facts that are not in the amount. Those have no date, are perhaps outside the period, or
    were counted by nobody. A median's notes give its number of durations, and of those under way. Many minutes are said
    in days and hours too.
    """
    if reading.not_yet:
        return [word(lang, "not_begun")]
    found = [
        word(lang, name, n=count)
        for name, count in (("undated", reading.undated), ("cut", reading.cut), ("unknown", reading.unknown))
        if count
    ]
    if reading.unit == Unit.MINUTES and (reading.value or 0) >= _LONG_MINUTES:
        found.append(f"= {span(timedelta(minutes=reading.value or 0))}")
    if reading.figure.reader is Reader.QUANTILE:
        ended = word(lang, "medians", n=reading.ended) if reading.ended else word(lang, "none_ended")
        found += [ended, word(lang, "under_way", n=reading.under_way)]
    return found


def goes_on(today: date, period: Period) -> bool:
    """Whether a period has begun and is not over, so that its amounts are not those of the whole period yet."""
    return period.first <= today <= period.last


def signed(amount: int, unit_name: str) -> str:
    """Return a difference with its sign, such as +1 or −4. `amount` of money is in cents, the text in dollars."""
    return ("+" if amount >= 0 else "−") + number_text(abs(amount), unit_name)


def month_name(lang: Language, month: Period) -> str:
    """Return the short name of a month, such as Jan or ene."""
    return MONTHS[lang][month.first.month - 1]


MONTHS: Final[Mapping[Language, tuple[str, ...]]] = {
    Language.EN: ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    Language.ES: ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
}
_LABELS: Final[Mapping[str, Mapping[str, Words]]] = {
    "unit": {**declaration_terms.UNITS, Unit.MONEY: DOLLARS},
    "area": declaration_terms.AREAS,
    "owner": declaration_terms.OWNERS,
    "nature": declaration_terms.NATURES,
    "reader": declaration_terms.READERS,
    "committee": declaration_terms.COMMITTEES,
    "dimension": declaration_terms.DIMENSIONS,
}


def _label(lang: Language, kind: str, term: str) -> str:
    return declaration_terms.word(_LABELS[kind], term, lang.value)


def agency_name(lang: Language, code: str, period: Period | str | None = None) -> str:
    """Return the name of an agency or service, as it was at the period's end; an unknown code as it is."""
    found = agency(code, last_day(period))
    return code if found is None else found.of(lang)


def moment(at: datetime | None) -> str:
    """Return date and minute of a time in Belize; empty for None."""
    return "" if at is None else f"{at.astimezone(BELIZE):%Y-%m-%d %H:%M}"
