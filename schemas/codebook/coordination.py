"""Code lists of coordination: meetings, conferences, strategy, laws, roles."""

from schemas.codebook.code import Code


class MeetingKind(Code):
    """Kinds of meetings. Figures of one kind never add to another's."""

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
    """Groups of attendees that are no agency of the list."""

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


class StrategyArea(Code):
    """The areas of the national strategy; figures hang on them until its objectives are listed."""

    PREVENTION = "prevention", "Prevention", "Prevención"
    PROTECTION = "protection", "Protection", "Protección"
    PROSECUTION = "prosecution", "Prosecution", "Persecución penal"
    PARTNERSHIP = "partnership", "Partnership", "Alianzas"


class Progress(Code):
    """The progress of something planned."""

    NOT_STARTED = "not_started", "Not started", "No iniciado"
    UNDER_WAY = "under_way", "Under way", "En curso"
    DELAYED = "delayed", "Delayed", "Atrasado"
    ACHIEVED = "achieved", "Achieved", "Logrado"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"


class Policy(Code):
    """A policy or programme of the Government."""

    NATIONAL_CHILD_LABOUR_POLICY = (
        "national_child_labour_policy",
        "National Child Labour Policy",
        "Política Nacional sobre Trabajo Infantil",
    )
    DECENT_WORK_PROGRAMME = (
        "decent_work_programme",
        "Decent Work Country Programme",
        "Programa de Trabajo Decente por País",
    )
    SEASONAL_WORKERS_PROGRAMME = (
        "seasonal_workers_programme",
        "Seasonal Migrant Workers Programme",
        "Programa de Trabajadores Migrantes de Temporada",
    )
    LABOUR_LEGISLATION_REVIEW = (
        "labour_legislation_review",
        "Review of labour legislation",
        "Revisión de la legislación laboral",
    )
    OTHER = "other", "Other", "Otra"


class Stage(Code):
    """Stages of a policy or a law. An approved one is not in force yet."""

    UNDER_REVIEW = "under_review", "Under review", "En revisión"
    DRAFTED = "drafted", "Drafted", "Redactado"
    VALIDATED = "validated", "Validated with partners", "Validado con los socios"
    SUBMITTED = "submitted", "Submitted for approval", "Presentado para aprobación"
    APPROVED = "approved", "Approved", "Aprobado"
    INTRODUCED = "introduced", "Introduced in the National Assembly", "Presentado en la Asamblea Nacional"
    ENACTED = "enacted", "Enacted", "Promulgado"
    LAUNCHED = "launched", "Launched", "Lanzado"
    IN_FORCE = "in_force", "In force", "En vigor"
    WITHDRAWN = "withdrawn", "Withdrawn", "Retirado"


class HeldRole(Code):
    """Belize's role in an international body."""

    PRO_TEMPORE_PRESIDENCY = "pro_tempore_presidency", "Pro tempore presidency", "Presidencia pro tempore"
    CHAIR = "chair", "Chair", "Presidencia"
    VICE_CHAIR = "vice_chair", "Vice-chair", "Vicepresidencia"
    MEMBERSHIP = "membership", "Membership", "Membresía"
    OTHER = "other", "Other", "Otro"


class InternationalBody(Code):
    """A body in which states meet."""

    RCM = "rcm", "Regional Conference on Migration", "Conferencia Regional sobre Migración"
    REGIONAL_COALITION = (
        "regional_coalition",
        "Regional Coalition against Human Trafficking and Human Smuggling",
        "Coalición Regional contra la Trata de Personas y el Tráfico de Migrantes",
    )
    REGIONAL_INITIATIVE_CHILD_LABOUR = (
        "regional_initiative_child_labour",
        "Regional Initiative for Latin America and the Caribbean Free of Child Labour",
        "Iniciativa Regional América Latina y el Caribe Libre de Trabajo Infantil",
    )
    OAS = "oas", "Organization of American States", "Organización de los Estados Americanos"
    SICA = "sica", "Central American Integration System", "Sistema de la Integración Centroamericana"
    CARICOM = "caricom", "Caribbean Community", "Comunidad del Caribe"
    UNITED_NATIONS = "united_nations", "United Nations", "Naciones Unidas"
    OTHER = "other", "Other", "Otro"


class Rank(Code):
    """A police rank, or a position in a unit without ranks."""

    SUPERINTENDENT = "superintendent", "Superintendent", "Superintendente"
    ASSISTANT_SUPERINTENDENT = "assistant_superintendent", "Assistant superintendent", "Superintendente adjunto"
    INSPECTOR = "inspector", "Inspector", "Inspector"
    SERGEANT = "sergeant", "Sergeant", "Sargento"
    CORPORAL = "corporal", "Corporal", "Cabo"
    CONSTABLE = "constable", "Constable", "Agente"
    OFFICERS_OF_VARYING_RANK = "officers_of_varying_rank", "Officers of varying rank", "Oficiales de distinto rango"
    COORDINATOR = "coordinator", "Coordinator", "Coordinador"
    SOCIAL_WORKER = "social_worker", "Social worker", "Trabajador social"
    CIVILIAN_STAFF = "civilian_staff", "Civilian staff", "Personal civil"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
