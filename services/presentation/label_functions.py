"""Functions that label values: from code lists, agencies, countries and tables of words, or with the value itself."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Protocol

from schemas.agencies import agency_on
from schemas.catalogue import CATALOGUE
from schemas.codebook.code import Code
from schemas.codebook.dated_groups_and_labels import labels_on
from services.presentation import declaration_terms
from services.presentation.bilingual_text import Words
from services.presentation.countries import COUNTRIES


class Labels(Protocol):
    """Function from a value to its label in both languages on a day; without a day the newest. None if unknown."""

    def __call__(self, value: str, day: date | None = None, /) -> Words | None:
        """Return the label, or None for an unknown value."""
        ...


def code_labels(*lists: type[Code]) -> Labels:
    """Make a function that labels a code from the first of these code lists that has it."""
    by_value = [{each.value: each for each in codes} for codes in lists]

    def found(value: str, day: date | None = None, /) -> Words | None:
        known = next((codes[value] for codes in by_value if value in codes), None)
        return None if known is None else Words(*labels_on(known, day))

    return found


def words(rows: Mapping[str, Words]) -> Labels:
    """Make a function that labels a value from a table, which has no days."""
    return lambda value, _=None, /: rows.get(value)


SERVICES: Final = {
    "intake": Words("Intake service", "Servicio de recepción"),
    "referral": Words("Referral service", "Servicio de remisiones"),
    "case_tracker": Words("Case tracker", "Servicio de casos"),
    "reporting": Words("Reporting service", "Servicio de informes"),
}
"""Names of this system's services, which publish events of their decisions, by code."""


def agency(value: str, day: date | None = None, /) -> Words | None:
    """Return the name of an agency on a day, or of one of `SERVICES`; None for another code."""
    found = agency_on(value, day)
    return SERVICES.get(value) if found is None else Words(found.name_en, found.name_es)


def verbatim(value: str, _: date | None = None, /) -> Words | None:
    """Return the value itself as its label in both languages: for numbers, periods and register numbers."""
    return Words(value, value)


def event_type(value: str, _: date | None = None, /) -> Words | None:
    """Return the name of an event type, such as "Arrest made"; None for an unknown type."""
    found = CATALOGUE.get(value)
    return None if found is None else Words(found.en, found.es)


def several(one: Labels) -> Labels:
    """Make a function that labels several codes separated by spaces; None if any of them is unknown."""

    def found(value: str, day: date | None = None, /) -> Words | None:
        each = [one(code, day) for code in value.split()]
        known = [label for label in each if label is not None]
        return (
            Words(", ".join(e.en for e in known), ", ".join(e.es for e in known)) if len(known) == len(each) else None
        )

    return found


ANSWERS: Final = words({"accepted": Words("Accepted", "Aceptada"), "rejected": Words("Rejected", "Rechazada")})
COMMITTEES: Final = words(
    {
        "operations": declaration_terms.COMMITTEES["operations"],
        "iec": declaration_terms.COMMITTEES["iec"],
        "m_and_e": declaration_terms.COMMITTEES["m_and_e"],
    }
)
KINDS_OF_BODIES: Final = words(
    {
        "government": Words("Government", "Gobierno"),
        "statutory": Words("Statutory body", "Organismo estatutario"),
        "igo": Words("Intergovernmental organization", "Organización intergubernamental"),
        "ngo": Words("Non-governmental organization", "Organización no gubernamental"),
        "unit": Words("Unit", "Unidad"),
        "court": Words("Court", "Tribunal"),
        "other": Words("Other", "Otro"),
    }
)
LAW_GROUPS: Final = words(
    {
        "tip": Words("Trafficking in persons", "Trata de personas"),
        "csec": Words(
            "Commercial sexual exploitation of children", "Explotación sexual comercial de niñas, niños y adolescentes"
        ),
        "other": Words("Other offence", "Otro delito"),
    }
)
ICCS: Final = words(
    {
        "0204": Words("Trafficking in persons (0204)", "Trata de personas (0204)"),
        "02041": Words("Trafficking for sexual exploitation (02041)", "Trata para explotación sexual (02041)"),
        "02042": Words(
            "Trafficking for forced labour or services (02042)", "Trata para trabajo o servicios forzados (02042)"
        ),
        "03022": Words("Sexual exploitation of children (03022)", "Explotación sexual de menores (03022)"),
    }
)
STANDINGS_OF_CLAIMS: Final = words(
    {
        "alone": Words("Nobody else states it", "Nadie más lo declara"),
        "contested": Words("Contested", "En disputa"),
        "settled": Words("Settled", "Resuelto"),
    }
)
STANDINGS_OF_INDICATORS: Final = words(
    {
        "reached": Words("Target reached", "Meta alcanzada"),
        "short": Words("Target not reached", "Meta no alcanzada"),
        "no_target": Words("No target", "Sin meta"),
    }
)
FIELDS: Final = words(
    {name: Words(each.en.capitalize(), each.es.capitalize()) for name, each in declaration_terms.DIMENSIONS.items()}
)
TELLERS: Final = words({"owner": Words("Owner", "Responsable"), "witness": Words("Witness", "Testigo")})
MIXED: Final = Words("Several", "Varias")
NO_MEANS: Final = Words("None", "Ninguno")
STATELESS: Final = {"stateless": Words("Stateless", "Apátrida")}
UNANSWERED: Final = {
    "unknown": Words("Unknown", "Se desconoce"),
    "not_asked": Words("Not asked", "No se preguntó"),
}


def either(rows: Mapping[str, Words], labels: Labels) -> Labels:
    """Make a function that labels a value from a table, or by `labels` if the table does not have it."""
    return lambda value, day=None, /: rows.get(value) or labels(value, day)


COUNTRY: Final = words({**COUNTRIES, **STATELESS, **UNANSWERED})
