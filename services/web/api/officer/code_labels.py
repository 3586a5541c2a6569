"""Text of codes, agencies and messages on the officer's pages, in the reader's language; and pages of lists."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final, TypeVar

from fastapi import Request

from schemas.agencies import AGENCIES, agency_of
from schemas.codebook.code import Code
from schemas.codebook.dated_groups_and_labels import labels_on
from schemas.codebook.governance import FindingClosure, FindingRuling, FindingSeverity, ViewPurpose
from schemas.codebook.protection import ServiceType
from schemas.codebook.referral import ReferralState, Urgency
from services.presentation.bilingual_text import Words
from services.presentation.case_page import ANOTHERS, finding_text
from services.presentation.messages_to_agencies import Delivery
from services.presentation.pending_action_texts import kind_text
from services.presentation.referral_move_decision_texts import consent_gaps_text, move_text, reason_text
from services.web.api.dependencies import language
from services.web.api.figure_question import WrongQuestion

T = TypeVar("T")

_MOST_DIGITS: Final = 6

_LISTS: Final[Mapping[str, type[Code]]] = MappingProxyType(
    {
        "state": ReferralState,
        "urgency": Urgency,
        "service": ServiceType,
        "severity": FindingSeverity,
        "closure": FindingClosure,
        "ruling": FindingRuling,
        "purpose": ViewPurpose,
    }
)


def labels(request: Request) -> dict[str, Any]:
    """Return the template functions that turn codes into text, by name."""
    lang = language(request).value
    return {
        "code": partial(code_text, lang),
        "todo": partial(_todo, lang),
        "sentence": partial(sentence, lang),
        "options_of": partial(options, lang),
        "move_of": lambda event_type: move_text(event_type, lang),
        "reason_of": lambda reason: reason_text(reason, lang),
        "missing_of": lambda missing: consent_gaps_text(missing, lang),
        "agencies": partial(agency_text, lang),
        "agency_options": lambda found: [(each, agency_text(lang, each)) for each in found],
        "finding_text": lambda finding: finding_text(finding.code, lang),
        "record": lambda record: record or ANOTHERS.of(lang),
    }


def page_number(text: str | None) -> int:
    """Parse the number of a page of a list, from 1 on; None means 1. Raises `WrongQuestion`."""
    if text is None:
        return 1
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS and int(text)):
        raise WrongQuestion(parameter="page")
    return int(text)


def cut(rows: Sequence[T], text: str | None, most: int) -> tuple[Sequence[T], int, int]:
    """Return (rows of the page, its number, number of the last page) of a list with `most` rows a page.

    `text`: the typed number of the page; None means 1. A page after the last one has no rows. Raises `WrongQuestion` if
    the text is no number from 1 on.
    """
    at, last = page_number(text), max(-(-len(rows) // most), 1)
    return rows[(at - 1) * most : at * most], at, last


def code_text(lang: str, kind: str, value: str | None) -> str:
    """Return a code's label. `kind`: key of `_LISTS`. A dash for None; an unknown code as it is."""
    found = next((each for each in _LISTS[kind] if each.value == value), None)
    return value or "–" if found is None else _in(lang, found)


def options(lang: str, codes: Iterable[Code]) -> list[tuple[str, str]]:
    """Return (code, label) pairs for a form's choice."""
    return [(each.value, _in(lang, each)) for each in codes]


def agency_text(lang: str, code: str | None) -> str:
    """Return an agency's name; a dash for None, an unknown code as it is."""
    found = AGENCIES.get(code or "")
    return (code or "–") if found is None else (found.name_es if lang == "es" else found.name_en)


def sentence(lang: str, message: Delivery) -> str:
    """Return the sentence of an inbox message, with names of agencies, states and reasons in place of codes."""
    data = message.data
    fields = ("sender", "receiver", "holder", "by", "kept_from")
    named = {name: agency_text(lang, data[name]) for name in fields if data.get(name)}
    if data.get("state"):
        named["state"] = code_text(lang, "state", data["state"]).lower()
    if data.get("reason") and message.kind == "move_refused":
        named["reason"] = reason_text(data["reason"], lang)
    said = message.sentence(lang, named)
    return said[:1].upper() + said[1:]


def is_of(agency: str | None, own: str) -> bool:
    """Whether an agency or a unit belongs to the reader's own agency."""
    return agency is not None and agency_of(agency) == agency_of(own)


def _todo(lang: str, kind: str) -> str:
    return kind_text(kind, lang)


def _in(lang: str, found: Code) -> str:
    return Words(*labels_on(found, None)).of(lang)
