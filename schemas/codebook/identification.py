"""Code lists about persons: identification, screening, exploitation and profile."""

from schemas.codebook.code import Code


class VictimStatus(Code):
    """The status of a person as a victim. An identification gives one of the first three, later decisions any."""

    SUSPECTED = "suspected", "Suspected victim", "Víctima presunta"
    POTENTIAL = "potential", "Potential victim", "Víctima potencial"
    CONFIRMED = "confirmed", "Confirmed victim", "Víctima confirmada"
    NOT_A_VICTIM = "not_a_victim", "Not a victim", "No es víctima"
    UNDETERMINED = "undetermined", "Could not be determined", "No se pudo determinar"


class DecidedBy(Code):
    """Kinds of bodies that decide on a status."""

    POLICE = "police", "Police", "Policía"
    DHS = "dhs", "Department of Human Services", "Departamento de Servicios Humanos"
    NGO = "ngo", "Non-governmental organization", "Organización no gubernamental"
    COURT_OR_PROSECUTION = "court_or_prosecution", "Court or prosecution", "Tribunal o fiscalía"
    OTHER_GOV = "other_gov", "Other government body", "Otro organismo público"


class IdentifiedBy(Code):
    """Kinds of bodies that identify a person."""

    POLICE = "police", "Police", "Policía"
    DHS = "dhs", "Department of Human Services", "Departamento de Servicios Humanos"
    NGO = "ngo", "Non-governmental organization", "Organización no gubernamental"
    COURT_OR_PROSECUTION = "court_or_prosecution", "Court or prosecution", "Tribunal o fiscalía"
    OTHER_GOV = "other_gov", "Other government body", "Otro organismo público"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class ReferralSource(Code):
    """Through whom a person came to the agency's notice."""

    BPD = "bpd", "Police", "Policía"
    ATIPS_PU_OPERATION = "atips_pu_operation", "Operation of the A-TIPs Police Unit", "Operativo de la unidad policial"
    IGO = "igo", "Inter-governmental organization", "Organización intergubernamental"
    MOHW = "mohw", "Health services", "Servicios de salud"
    IMMIGRATION = "immigration", "Immigration", "Inmigración"
    LABOUR = "labour", "Labour Department", "Departamento de Trabajo"
    CUSTOMS = "customs", "Customs", "Aduanas"
    NGO = "ngo", "Non-governmental organization", "Organización no gubernamental"
    SCHOOL = "school", "School", "Escuela"
    HOTLINE_911 = "hotline_911", "911", "911"
    CRIME_STOPPERS = "crime_stoppers", "Crime Stoppers", "Crime Stoppers"
    DHS_DIRECT = "dhs_direct", "Human Services, directly", "Servicios Humanos, directamente"
    SOCIAL_MEDIA = "social_media", "Social media", "Redes sociales"
    SELF = "self", "The person", "La propia persona"
    FAMILY = "family", "Family", "Familia"
    COURT = "court", "Court", "Tribunal"
    OTHER = "other", "Other", "Otra"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class Exploitation(Code):
    """The purpose of the trafficking: HTCDS's eleven and four that Belize's record needs."""

    FORCED_LABOUR = "forced_labour", "Forced labour", "Trabajo forzoso"
    SEXUAL_EXPLOITATION = "sexual_exploitation", "Sexual exploitation", "Explotación sexual"
    CHILD_LABOUR = "child_labour", "Child labour", "Trabajo infantil"
    FORCED_MARRIAGE = "forced_marriage", "Forced marriage", "Matrimonio forzado"
    SERVITUDE = "servitude", "Servitude", "Servidumbre"
    FORCED_MILITARY_BY_NON_STATE_ACTORS = (
        "forced_military_by_non_state_actors",
        "Forced military service, non-state actors",
        "Reclutamiento forzado por actores no estatales",
    )
    ORGAN_REMOVAL = "organ_removal", "Organ removal", "Extracción de órganos"
    FORCED_BEGGING = "forced_begging", "Forced begging", "Mendicidad forzada"
    FORCED_ADOPTION = "forced_adoption", "Forced adoption", "Adopción forzada"
    SURROGACY = "surrogacy", "Surrogacy", "Gestación subrogada"
    OTHER = "other", "Other", "Otra"
    COMMERCIAL_SEXUAL_EXPLOITATION_OF_CHILD = (
        "commercial_sexual_exploitation_of_child",
        "Commercial sexual exploitation of a child",
        "Explotación sexual comercial infantil",
    )
    CRIMINAL_ACTIVITY = "criminal_activity", "Criminal activity", "Actividad delictiva"
    DOMESTIC_SERVITUDE = "domestic_servitude", "Domestic servitude", "Servidumbre doméstica"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class Means(Code):
    """The means of the Palermo Protocol, article 3(a); a child's trafficking needs none."""

    THREAT_OR_FORCE = "threat_or_force", "Threat or use of force", "Amenaza o uso de la fuerza"
    OTHER_COERCION = "other_coercion", "Other coercion", "Otras formas de coacción"
    ABDUCTION = "abduction", "Abduction", "Rapto"
    FRAUD = "fraud", "Fraud", "Fraude"
    DECEPTION = "deception", "Deception", "Engaño"
    ABUSE_OF_POWER = "abuse_of_power", "Abuse of power", "Abuso de poder"
    ABUSE_OF_VULNERABILITY = (
        "abuse_of_vulnerability",
        "Abuse of a position of vulnerability",
        "Abuso de una situación de vulnerabilidad",
    )
    PAYMENT_FOR_CONTROL = (
        "payment_for_control",
        "Payment to a person having control over another",
        "Pago a quien tiene autoridad sobre otra persona",
    )
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class RecruiterRelation(Code):
    """Relation of a recruiter or an exploiter to the victim."""

    INTIMATE_PARTNER = "intimate_partner", "Intimate partner", "Pareja"
    FAMILY = "family", "Family member", "Familiar"
    FRIEND = "friend", "Friend", "Amistad"
    ACQUAINTANCE = "acquaintance", "Acquaintance", "Persona conocida"
    EMPLOYER = "employer", "Employer", "Empleador"
    STRANGER = "stranger", "Stranger", "Persona desconocida"
    ONLINE_CONTACT = "online_contact", "Online contact", "Contacto en línea"
    OTHER = "other", "Other", "Otra"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class NewOrCarriedOver(Code):
    """Whether the victim is new to the agency's books or carried over from an earlier reporting period."""

    NEW = "new", "New", "Nueva"
    CARRIED_OVER = "carried_over", "Carried over", "De un período anterior"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class PersonRole(Code):
    """The role in which a profile describes a person."""

    VICTIM = "victim", "Victim", "Víctima"
    SUSPECT = "suspect", "Suspect", "Sospechoso"


class Sex(Code):
    """Sex as recorded; gender is another list."""

    FEMALE = "female", "Female", "Femenino"
    MALE = "male", "Male", "Masculino"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class Gender(Code):
    """Gender as the person tells it, in HTCDS's words; never taken from the sex that a register has."""

    FEMININE = "feminine", "Feminine", "Femenino"
    MASCULINE = "masculine", "Masculine", "Masculino"
    TRANSGENDER_FEMININE = "transgender_feminine", "Transgender, feminine", "Transgénero, femenino"
    TRANSGENDER_MASCULINE = "transgender_masculine", "Transgender, masculine", "Transgénero, masculino"
    NON_CONFORMING = "non_conforming", "Gender non-conforming", "Género no conforme"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class AgeGroup(Code):
    """Broad age, in CTDC's groups; never a birth date."""

    CHILD_0_8 = "child_0_8", "0 to 8", "0 a 8"
    CHILD_9_17 = "child_9_17", "9 to 17", "9 a 17"
    ADULT_18_20 = "adult_18_20", "18 to 20", "18 a 20"
    ADULT_21_23 = "adult_21_23", "21 to 23", "21 a 23"
    ADULT_24_26 = "adult_24_26", "24 to 26", "24 a 26"
    ADULT_27_29 = "adult_27_29", "27 to 29", "27 a 29"
    ADULT_30_38 = "adult_30_38", "30 to 38", "30 a 38"
    ADULT_39_47 = "adult_39_47", "39 to 47", "39 a 47"
    ADULT_48_PLUS = "adult_48_plus", "48 and over", "48 o más"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class Vulnerability(Code):
    """Vulnerabilities that the Council's report names for Belize."""

    MIGRANT = "migrant", "Migrant", "Migrante"
    ASYLUM_SEEKER = "asylum_seeker", "Asylum seeker", "Solicitante de asilo"
    REFUGEE = "refugee", "Refugee", "Refugiado"
    CHILD = "child", "Child", "Menor de edad"
    LOW_INCOME = "low_income", "Low income", "Bajos ingresos"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class ScreeningTool(Code):
    """The tool of a screening."""

    INTERVIEW = "interview", "Interview", "Entrevista"
    QUESTIONNAIRE = "questionnaire", "Questionnaire", "Cuestionario"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class ScreeningOutcome(Code):
    """Outcomes of a screening. Screened persons are not victims."""

    NO_INDICATORS = "no_indicators", "No indicators", "Sin indicios"
    INDICATORS = "indicators", "Indicators found", "Con indicios"
    REFERRED = "referred", "Referred", "Remitida"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
