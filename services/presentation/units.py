"""Names of the units of amounts, in singular and plural."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Words
from services.presentation.declaration_terms import UNITS, word
from services.reporting.domain.declaration.figure import Unit

ONE: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Unit.PERSONS: Words("person", "persona"),
        Unit.CASES: Words("case", "caso"),
        Unit.COUNTS: Words("count of a charge", "imputación de un cargo"),
        Unit.INSPECTIONS: Words("inspection", "inspección"),
        Unit.VIOLATIONS: Words("violation", "infracción"),
        Unit.NATIONALITIES: Words("nationality", "nacionalidad"),
        Unit.DAYS: Words("day", "día"),
        Unit.MINUTES: Words("minute", "minuto"),
        Unit.MONTHS: Words("month", "mes"),
        Unit.CHARGES: Words("charge", "cargo"),
        Unit.HEARINGS: Words("hearing", "audiencia"),
        Unit.APPEALS: Words("appeal", "apelación"),
        Unit.OPERATIONS: Words("operation", "operativo"),
        Unit.MONEY: Words("cent of a Belize dollar", "centavo de dólar beliceño"),
        Unit.REPORTS: Words("report", "denuncia"),
        Unit.UNIDENTIFIED: Words("victim without identity", "víctima sin identificar"),
        Unit.PARTICIPATIONS: Words("participation", "participación"),
        Unit.SESSIONS: Words("session", "sesión"),
        Unit.MEETINGS: Words("meeting", "reunión"),
        Unit.ATTENDANCES: Words("attendance", "asistencia"),
        Unit.BODIES: Words("body", "entidad"),
        Unit.ACTIVITIES: Words("activity", "actividad"),
        Unit.CONTACTS: Words("contact", "contacto"),
        Unit.ASSETS: Words("asset", "material"),
        Unit.PROJECTS: Words("project", "proyecto"),
        Unit.OUTPUTS: Words("output", "producto"),
        Unit.SHELTERS: Words("shelter", "albergue"),
        Unit.AREAS: Words("area", "área"),
        Unit.OBJECTIVES: Words("objective", "objetivo"),
        Unit.INDICATORS: Words("indicator", "indicador"),
        Unit.YEARS: Words("year", "año"),
        Unit.ROLES: Words("role", "función"),
        Unit.DATASETS: Words("dataset", "conjunto de datos"),
        Unit.MILESTONES: Words("milestone", "hito"),
        Unit.COMMITTEES: Words("committee", "comité"),
        Unit.SEATS: Words("seat", "puesto"),
        Unit.REFERRALS: Words("referral", "remisión"),
        Unit.NEEDS: Words("need", "necesidad"),
        Unit.WITHDRAWALS: Words("withdrawal of consent", "retiro de consentimiento"),
        Unit.ACKNOWLEDGEMENTS: Words("acknowledgement", "acuse de recibo"),
        Unit.SERVICES: Words("service", "servicio"),
        Unit.PLACEMENTS: Words("placement", "ingreso en albergue"),
        Unit.CLAIMS: Words("statement", "declaración"),
        Unit.CLOSINGS: Words("closed period", "período cerrado"),
        Unit.CONTRADICTIONS: Words("contradiction", "contradicción"),
        Unit.FACTS: Words("fact", "hecho"),
        Unit.ANSWERS: Words("answer", "respuesta"),
    }
)
"""Singular names of units, for an amount of 1."""
DOLLARS: Final = Words("Belize dollars", "dólares beliceños")
"""Unit in which amounts of money are shown. Data hold cents."""


def unit(name: str, amount: int | None, lang: str = "en") -> str:
    """Return the name of a unit beside an amount: "person" for 1, "persons" for others and None; dollars for money."""
    return DOLLARS.of(lang) if name == Unit.MONEY else word(ONE if amount == 1 else UNITS, name, lang)
