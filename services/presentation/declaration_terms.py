"""Labels, in English and Spanish, of the terms of figures' declarations: units, readers, dimensions and others."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Words
from services.reporting.domain.declaration.figure import Area, DateRole, Nature, Reader, SeenBy, Unit

UNITS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Unit.PERSONS: Words("persons", "personas"),
        Unit.CASES: Words("cases", "casos"),
        Unit.COUNTS: Words("counts of a charge", "imputaciones de un cargo"),
        Unit.INSPECTIONS: Words("inspections", "inspecciones"),
        Unit.VIOLATIONS: Words("violations", "infracciones"),
        Unit.NATIONALITIES: Words("nationalities", "nacionalidades"),
        Unit.DAYS: Words("days", "días"),
        Unit.MINUTES: Words("minutes", "minutos"),
        Unit.MONTHS: Words("months", "meses"),
        Unit.CHARGES: Words("charges", "cargos"),
        Unit.HEARINGS: Words("hearings", "audiencias"),
        Unit.APPEALS: Words("appeals", "apelaciones"),
        Unit.OPERATIONS: Words("operations", "operativos"),
        Unit.MONEY: Words("cents of a Belize dollar", "centavos de dólar beliceño"),
        Unit.REPORTS: Words("reports", "denuncias"),
        Unit.UNIDENTIFIED: Words("victims without identity", "víctimas sin identificar"),
        Unit.PARTICIPATIONS: Words("participations", "participaciones"),
        Unit.SESSIONS: Words("sessions", "sesiones"),
        Unit.MEETINGS: Words("meetings", "reuniones"),
        Unit.ATTENDANCES: Words("attendances", "asistencias"),
        Unit.BODIES: Words("bodies", "entidades"),
        Unit.ACTIVITIES: Words("activities", "actividades"),
        Unit.CONTACTS: Words("contacts", "contactos"),
        Unit.ASSETS: Words("assets", "materiales"),
        Unit.PROJECTS: Words("projects", "proyectos"),
        Unit.OUTPUTS: Words("outputs", "productos"),
        Unit.SHELTERS: Words("shelters", "albergues"),
        Unit.AREAS: Words("areas", "áreas"),
        Unit.OBJECTIVES: Words("objectives", "objetivos"),
        Unit.INDICATORS: Words("indicators", "indicadores"),
        Unit.YEARS: Words("years", "años"),
        Unit.ROLES: Words("roles", "funciones"),
        Unit.DATASETS: Words("datasets", "conjuntos de datos"),
        Unit.MILESTONES: Words("milestones", "hitos"),
        Unit.COMMITTEES: Words("committees", "comités"),
        Unit.SEATS: Words("seats", "puestos"),
        Unit.REFERRALS: Words("referrals", "remisiones"),
        Unit.NEEDS: Words("needs", "necesidades"),
        Unit.WITHDRAWALS: Words("withdrawals of consent", "retiros de consentimiento"),
        Unit.ACKNOWLEDGEMENTS: Words("acknowledgements", "acuses de recibo"),
        Unit.SERVICES: Words("services", "servicios"),
        Unit.PLACEMENTS: Words("placements", "ingresos en albergue"),
        Unit.CLAIMS: Words("statements", "declaraciones"),
        Unit.CLOSINGS: Words("closed periods", "períodos cerrados"),
        Unit.CONTRADICTIONS: Words("contradictions", "contradicciones"),
        Unit.FACTS: Words("facts", "hechos"),
        Unit.ANSWERS: Words("answers", "respuestas"),
    }
)

NATURES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Nature.FLOW: Words("flow", "flujo"),
        Nature.STOCK: Words("stock", "existencia"),
        Nature.GAUGE: Words("level", "nivel"),
        Nature.REGISTRY: Words("of the registry, without events", "del registro, sin eventos"),
    }
)

READERS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Reader.SUM: Words("what happened within the period", "lo que ocurrió dentro del período"),
        Reader.RUNNING_SUM: Words("what there was at the period’s end", "lo que había al final del período"),
        Reader.ACTIVE: Words(
            "what there was at any time in the period", "lo que hubo en cualquier momento del período"
        ),
        Reader.NONZERO: Words(
            "how many different ones there were within the period",
            "cuántos distintos hubo dentro del período",
        ),
        Reader.COHORT: Words(
            "how many different persons there were at the period’s end in what began within the period",
            "cuántas personas distintas había al final del período en lo que comenzó dentro de él",
        ),
        Reader.LARGEST: Words(
            "the largest number that one person is tied to within the period",
            "el mayor número al que una persona está ligada dentro del período",
        ),
        Reader.TOTALS: Words(
            "what happened within the period; of a batch and the items or persons within it the larger number",
            "lo que ocurrió dentro del período; de un lote y sus elementos o personas, el número mayor",
        ),
        Reader.QUANTILE: Words(
            "the median of those that ended within the period",
            "la mediana de los que terminaron dentro del período",
        ),
        Reader.MAXIMUM: Words("the highest value at the period’s end", "el valor más alto al final del período"),
        Reader.LATEST: Words(
            "what there was at the period’s end, by the latest alone",
            "lo que había al final del período, solo según lo más reciente",
        ),
    }
)

DATE_ROLES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        DateRole.OCCURRED: Words("the day on which it happened", "el día en que ocurrió"),
        DateRole.DECIDED: Words("the day on which it was decided", "el día en que se decidió"),
        DateRole.RECORDED: Words("the day on which it was recorded", "el día en que se registró"),
    }
)

AREAS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Area.PREVENTION: Words("prevention", "prevención"),
        Area.PROTECTION: Words("protection", "protección"),
        Area.PROSECUTION: Words("prosecution", "persecución penal"),
        Area.PARTNERSHIP: Words("partnership", "alianzas"),
    }
)

COMMITTEES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        SeenBy.OPERATIONS: Words("Operations Committee", "Comité de Operaciones"),
        SeenBy.IEC: Words(
            "Information, Education and Communications Committee",
            "Comité de Información, Educación y Comunicaciones",
        ),
        SeenBy.M_AND_E: Words("Monitoring and Evaluation Committee", "Comité de Monitoreo y Evaluación"),
    }
)

OWNERS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Area.PREVENTION: COMMITTEES[SeenBy.IEC],
        Area.PROTECTION: COMMITTEES[SeenBy.OPERATIONS],
        Area.PROSECUTION: COMMITTEES[SeenBy.OPERATIONS],
        Area.PARTNERSHIP: COMMITTEES[SeenBy.M_AND_E],
    }
)
"""Committee that is responsible for the definitions of an area's figures, by area."""

DIMENSIONS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "activity": Words("activity", "actividad"),
        "against": Words("against", "contra"),
        "age_group": Words("age group", "grupo de edad"),
        "agencies": Words("agencies", "instituciones"),
        "agency": Words("agency", "institución"),
        "announced": Words("announced before", "avisada antes"),
        "anonymous": Words("anonymous", "anónima"),
        "answer": Words("answer", "respuesta"),
        "appellant": Words("appealed by", "quién apela"),
        "area": Words("area", "área"),
        "audience": Words("audience", "público"),
        "baseline": Words("baseline", "línea de base"),
        "body": Words("body", "entidad"),
        "by": Words("told by", "informado por"),
        "campaign": Words("campaign", "campaña"),
        "channel": Words("channel", "canal"),
        "citizenship": Words("citizenship", "ciudadanía"),
        "claimed": Words("stated amount", "cantidad declarada"),
        "closes": Words("closed period", "período cerrado"),
        "code": Words("code", "código"),
        "committee": Words("committee", "comité"),
        "condition": Words("condition", "condición"),
        "control": Words("control", "forma de control"),
        "country": Words("country", "país"),
        "court": Words("court", "tribunal"),
        "created_by": Words("maker", "autor"),
        "destination": Words("destination", "destino"),
        "district": Words("district", "distrito"),
        "document": Words("document", "documento"),
        "exploitation": Words("exploitation", "explotación"),
        "exploitation_country": Words("country of exploitation", "país de explotación"),
        "exploiter_relation": Words("exploiter", "relación con quien explotó"),
        "facilitator": Words("led by", "impartida por"),
        "field": Words("field", "campo"),
        "figure": Words("figure", "cifra"),
        "form": Words("form", "forma"),
        "from_agency": Words("referred by", "remitida por"),
        "funder": Words("funder", "financiador"),
        "iccs": Words("ICCS category", "categoría ICCS"),
        "identified_by": Words("identified by", "identificada por"),
        "indicator": Words("indicator", "indicador"),
        "kind": Words("kind", "tipo"),
        "law": Words("law", "ley"),
        "lead": Words("led by", "dirigido por"),
        "led_by": Words("led by", "dirigido por"),
        "level": Words("level", "nivel"),
        "mark": Words("day and what it was", "día y lo que fue"),
        "means": Words("means", "medios"),
        "minor_at_exploitation": Words("minor when exploited", "menor de edad al ser explotada"),
        "nationality": Words("nationality", "nacionalidad"),
        "new_or_carried_over": Words("new or carried over", "nueva o de un período anterior"),
        "objective": Words("objective", "objetivo"),
        "of": Words("of which part", "de qué parte"),
        "offence": Words("offence", "delito"),
        "offence_group": Words("group of offences", "grupo de delitos"),
        "on_warrant": Words("on a warrant", "por orden judicial"),
        "opened_year": Words("year of opening", "año de apertura"),
        "outcome": Words("outcome", "resultado"),
        "period": Words("period", "período"),
        "perpetrator_role": Words("role", "papel en la trata"),
        "policy": Words("policy", "política"),
        "population": Words("sheltered as", "en calidad de"),
        "programme_year": Words("year of the programme", "año del programa"),
        "progress": Words("progress", "avance"),
        "project": Words("project", "proyecto"),
        "provider": Words("provider", "prestador"),
        "public_office": Words("public office", "cargo público"),
        "purpose": Words("purpose", "finalidad"),
        "rank": Words("rank", "rango"),
        "reason": Words("reason", "motivo"),
        "recipient": Words("recipient", "destinatario"),
        "record": Words("record", "registro"),
        "records": Words("records", "registros"),
        "recruiter_relation": Words("recruiter", "relación con quien captó"),
        "recruitment_method": Words("recruited", "forma de captación"),
        "referral_source": Words("source", "fuente"),
        "refused_by": Words("refused by", "quién no quiso"),
        "requested_by": Words("requested by", "solicitado por"),
        "reviewer": Words("reviewer", "quien revisó"),
        "scheme": Words("scheme", "programa migratorio"),
        "scope": Words("domestic or cross-border", "interna o transfronteriza"),
        "sector": Words("sector", "sector"),
        "service_type": Words("kind of service", "tipo de servicio"),
        "severity": Words("severity", "gravedad"),
        "sex": Words("sex", "sexo"),
        "sexual_exploitation_form": Words("form of sexual exploitation", "forma de explotación sexual"),
        "shelter_form": Words("form of shelter", "forma de albergue"),
        "stage": Words("stage", "etapa"),
        "standing": Words("standing", "situación"),
        "state": Words("state", "situación"),
        "stated": Words("stated total", "total declarado"),
        "status": Words("status", "estado"),
        "suspect_kind": Words("kind of suspect", "tipo de sospechoso"),
        "suspected_offence": Words("suspected offence", "presunto delito"),
        "target": Words("target", "meta"),
        "to_agency": Words("referred to", "remitida a"),
        "topic": Words("topic", "tema"),
        "trafficking_type": Words("type of trafficking", "tipo de trata"),
        "trigger": Words("trigger", "motivo"),
        "type": Words("type of event", "tipo de evento"),
        "unit": Words("unit", "unidad"),
        "urgency": Words("urgency", "urgencia"),
        "victim_status": Words("status as a victim", "condición de víctima"),
        "why": Words("why", "por qué"),
    }
)

HEADINGS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "unit": Words("unit", "unidad"),
        "counts": Words("counts", "cuenta"),
        "kind": Words("kind", "tipo"),
        "placed by": Words("placed by", "se ubica por"),
        "area": Words("area", "área"),
        "owner": Words("owner", "responsable"),
        "breakdowns": Words("can be broken down by", "se puede desglosar por"),
        "seen by": Words("seen exactly by", "visto con exactitud por"),
        "part of": Words("part of", "forma parte de"),
        "none": Words("nothing", "nada"),
    }
)


def word(words: Mapping[str, Words], term: str, lang: str) -> str:
    """Return the label of a term in `en` or `es`; for a term without one, the term with spaces for underscores."""
    found = words.get(term)
    return term.replace("_", " ") if found is None else str(getattr(found, lang))
