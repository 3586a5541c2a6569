"""Summary of a case as tables of texts: its parties, ties, charges, hearings, bail, shelter and services."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.catalogue import CATALOGUE
from schemas.codebook.case import PartyRole
from schemas.codebook.code import Code
from schemas.codebook.courts import Court
from schemas.codebook.dated_groups_and_labels import labels_on
from schemas.codebook.justice import ChargeOutcome
from schemas.codebook.protection import ServiceType
from services.case_tracker.domain.summary import Summary
from services.presentation.bilingual_text import Words
from services.presentation.case_page import time_text

_PERSON: Final = Words("Person", "Persona")
_LAST: Final = Words("Last event", "Último hecho")
_WHEN: Final = Words("When", "Cuándo")
_MISSED: Final = Words("missed", "no se realizó")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a case's summary."""

    name: str
    """Anchor of the table within the page."""
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(found: Summary, lang: str) -> Iterator[Table]:
    """Yield the summary's tables that have rows, in a language (`en` or `es`)."""

    def table(name: str, title: Words, heads: Sequence[Words], rows: Sequence[tuple[str, ...]]) -> Iterator[Table]:
        if rows:
            yield Table(name, title.of(lang), tuple(each.of(lang) for each in heads), tuple(rows))

    yield from table(
        "parties",
        Words("Who is in the case", "Quiénes están en el caso"),
        (_PERSON, Words("Role", "Función"), Words("From", "Desde"), Words("To", "Hasta")),
        [
            (
                each.person,
                _code(PartyRole, each.role, lang),
                time_text(each.since),
                time_text(each.until) if each.over else "–",
            )
            for each in found.parties
        ],
    )
    yield from table(
        "ties",
        Words("Victims and suspects who are linked", "Víctimas y personas sospechosas vinculadas"),
        (Words("Victim", "Víctima"), Words("Suspect", "Persona sospechosa")),
        found.ties,
    )
    yield from table(
        "charges",
        Words("Charges", "Cargos"),
        (_PERSON, Words("Offence", "Delito"), _LAST, _WHEN, Words("Verdict", "Veredicto")),
        [
            (
                each.person,
                "–" if each.offence is None else _in(each.offence, lang),
                _type(each.stage, lang),
                time_text(each.at),
                ", ".join(_code(ChargeOutcome, one, lang) for one in each.outcomes) or "–",
            )
            for each in found.charges
        ],
    )
    yield from table(
        "hearings",
        Words("Hearings", "Audiencias"),
        (_PERSON, Words("Court", "Tribunal"), _LAST, _WHEN, Words("Next day", "Próxima fecha")),
        [
            (
                each.person,
                _code(Court, each.court, lang),
                _type(each.what, lang),
                time_text(each.at),
                f"{each.next_on} ({_MISSED.of(lang)})" if each.missed else each.next_on or "–",
            )
            for each in found.hearings
        ],
    )
    yield from table(
        "kept",
        Words("Bail, shelter, restitution", "Fianza, albergue, restitución"),
        (_PERSON, _LAST, _WHEN),
        [(each.person, _type(each.last, lang), time_text(each.at)) for each in found.kept],
    )
    yield from table(
        "services",
        Words("Services", "Servicios"),
        (_PERSON, Words("Service", "Servicio")),
        [(person, _code(ServiceType, kind, lang)) for person, kind in found.services],
    )


def _type(name: str, lang: str) -> str:
    kind = CATALOGUE[f"bz.atips.{name}.v1"]
    return kind.es if lang == "es" else kind.en


def _code(codes: type[Code], value: str, lang: str) -> str:
    found = next((each for each in codes if each.value == value), None)
    return value if found is None else _in(found, lang)


def _in(found: Code, lang: str) -> str:
    return Words(*labels_on(found, None)).of(lang)
