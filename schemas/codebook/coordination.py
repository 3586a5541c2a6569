"""Code lists of coordination: meetings, conferences, strategy, laws, roles."""

from schemas.codebook.code import Code


class MeetingKind(Code):
    """What sort of meeting it was; figures of one kind never add to another's."""

    REGIONAL_CONFERENCE = "regional_conference", "Regional conference", "Conferencia regional"
    MULTILATERAL_MEETING = "multilateral_meeting", "Multilateral meeting", "Reunión multilateral"
    TECHNICAL_VISIT = "technical_visit", "Technical visit or exchange", "Visita o intercambio técnico"
    ANNUAL_MEETING = "annual_meeting", "Annual meeting of a network", "Reunión anual de una red"
    DRAFTING_REVIEW = "drafting_review", "Review of a draft with its drafter", "Revisión de un borrador con su redactor"
    CONSULTATION = "consultation", "Consultation", "Consulta"
    SUMMIT = "summit", "Summit", "Cumbre"
    FORUM = "forum", "Forum", "Foro"
    ADVOCACY = "advocacy", "Advocacy", "Incidencia"
    OTHER = "other", "Other", "Otra"


class AttendeeGroup(Code):
    """Those who took part without being an agency of the list, or whom a number of attendees counts."""

    GOVERNMENT = "government", "Government representatives", "Representantes del Gobierno"
    STATUTORY_BODIES = "statutory_bodies", "Statutory bodies", "Entes estatutarios"
    LAW_ENFORCEMENT = "law_enforcement", "Law enforcement", "Fuerzas del orden"
    CIVIL_SOCIETY = "civil_society", "Civil society", "Sociedad civil"
    PRIVATE_SECTOR = "private_sector", "Private sector", "Sector privado"
    TOURISM_SECTOR = "tourism_sector", "Tourism sector", "Sector turístico"
    MEDICAL_SECTOR = "medical_sector", "Medical sector", "Sector médico"
    EVERYBODY = "everybody", "Everybody who came", "Todos los asistentes"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"


class Law(Code):
    """A law that is being made or changed."""

    COUNTER_TRAFFICKING = "counter_trafficking", "Counter-trafficking law", "Ley contra la trata de personas"
    SEASONAL_WORKERS = (
        "seasonal_workers",
        "Law on seasonal migrant workers",
        "Ley sobre trabajadores migrantes de temporada",
    )
    LABOUR = "labour", "Labour legislation", "Legislación laboral"
    OTHER = "other", "Other", "Otra"
