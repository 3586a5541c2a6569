"""Code lists about how trafficking is done: the acts, how a victim is controlled, and who does what."""

from schemas.codebook.code import Code


class Act(Code):
    """The acts of the Palermo Protocol, article 3(a); means and purposes are `Means` and `Exploitation`."""

    RECRUITMENT = "recruitment", "Recruitment", "Captación"
    TRANSPORTATION = "transportation", "Transportation", "Transporte"
    TRANSFER = "transfer", "Transfer", "Traslado"
    HARBOURING = "harbouring", "Harbouring", "Acogida"
    RECEIPT = "receipt", "Receipt", "Recepción"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class Control(Code):
    """The means by which a victim is controlled: HTCDS's methods, and the two that only its definitions name."""

    PHYSICAL_THREATS = "physical_threats", "Physical threats", "Amenazas físicas"
    THREATS_LAW_ENFORCEMENT = (
        "threats_law_enforcement",
        "Threats of action by the authorities",
        "Amenazas de denuncia ante las autoridades",
    )
    THREATENS_CHILDREN_FAMILY = (
        "threatens_children_family",
        "Threats against children or family",
        "Amenazas contra hijos o familiares",
    )
    DEBT_BONDAGE = "debt_bondage", "Debt bondage", "Servidumbre por deudas"
    FALSE_PROMISES = "false_promises", "False promises", "Promesas falsas"
    PHYSICAL_ABUSE = "physical_abuse", "Physical abuse", "Maltrato físico"
    SEXUAL_ABUSE = "sexual_abuse", "Sexual abuse", "Abuso sexual"
    TAKES_EARNINGS = "takes_earnings", "Earnings taken", "Retención de ingresos"
    RESTRICTS_FINANCIAL_ACCESS = (
        "restricts_financial_access",
        "Access to money restricted",
        "Restricción del acceso al dinero",
    )
    RESTRICTS_MEDICAL_CARE = (
        "restricts_medical_care",
        "Access to medical care restricted",
        "Restricción de la atención médica",
    )
    WITHHOLDS_NECESSITIES = "withholds_necessities", "Necessities withheld", "Privación de lo necesario para vivir"
    PSYCHOLOGICAL_ABUSE = "psychological_abuse", "Psychological abuse", "Maltrato psicológico"
    PSYCHOACTIVE_SUBSTANCE = "psychoactive_substance", "Psychoactive substances", "Sustancias psicoactivas"
    EXCESSIVE_WORKING_HOURS = "excessive_working_hours", "Excessive working hours", "Jornadas de trabajo excesivas"
    WITHHOLDS_DOCUMENTS = "withholds_documents", "Documents withheld", "Retención de documentos"
    RESTRICTS_MOVEMENT = "restricts_movement", "Movement restricted", "Restricción de movimiento"
    USES_CHILDREN = "uses_children", "Children used as leverage", "Utilización de los hijos como presión"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class PerpetratorRole(Code):
    """Roles in the trafficking process, as HTCDS lists them."""

    TRAVELLING_PARTNER = "travelling_partner", "Travelling companion", "Acompañante de viaje"
    TRANSPORTER = "transporter", "Transporter", "Transportista"
    RECRUITER_OR_INTERMEDIARY = "recruiter_or_intermediary", "Recruiter or intermediary", "Reclutador o intermediario"
    BROKER_TRAVEL_AGENT = "broker_travel_agent", "Broker or travel agent", "Gestor o agente de viajes"
    TRANSFERRED_INDIVIDUAL = "transferred_individual", "Transferred the person", "Trasladó a la persona"
    HARBOURED_INDIVIDUAL = "harboured_individual", "Harboured the person", "Acogió a la persona"
    SOLD_INDIVIDUAL = "sold_individual", "Sold the person", "Vendió a la persona"
    BOUGHT_INDIVIDUAL = "bought_individual", "Bought the person", "Compró a la persona"
    RECEIVED_INDIVIDUAL = "received_individual", "Received the person", "Recibió a la persona"
    CONTROLLED_INDIVIDUAL = "controlled_individual", "Controlled the person", "Controló a la persona"
    SMUGGLER = "smuggler", "Smuggler", "Traficante de migrantes"
    ABUSER = "abuser", "Abuser", "Maltratador"
    KIDNAPPER = "kidnapper", "Kidnapper", "Secuestrador"
    EXPLOITER = "exploiter", "Exploiter", "Explotador"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class SexualExploitationForm(Code):
    """Forms of sexual exploitation, in the words of HTCDS."""

    PROSTITUTION = "prostitution", "Prostitution", "Prostitución"
    PORNOGRAPHY = "pornography", "Pornography", "Pornografía"
    REMOTE_INTERACTIVE_SERVICES = (
        "remote_interactive_services",
        "Remote interactive services",
        "Servicios interactivos a distancia",
    )
    PRIVATE_SEXUAL_SERVICES = "private_sexual_services", "Private sexual services", "Servicios sexuales privados"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class RecruitmentMethod(Code):
    """Places and channels of recruitment, in the words of HTCDS."""

    AT_PLACE_OF_BUSINESS = "at_place_of_business", "At a place of business", "En un comercio"
    AT_EDUCATIONAL_INSTITUTION = (
        "at_educational_institution",
        "At an educational institution",
        "En un centro educativo",
    )
    AT_WORK = "at_work", "At work", "En el trabajo"
    ONLINE_SOCIAL_NETWORK = (
        "online_social_network",
        "Through online social networks",
        "Por redes sociales en línea",
    )
    ONLINE_ADVERTISEMENT = "online_advertisement", "Through an online advertisement", "Por un anuncio en línea"
    TELEVISION_ADVERTISEMENT = (
        "television_advertisement",
        "Through a television advertisement",
        "Por un anuncio de televisión",
    )
    NEWSPAPER_ADVERTISEMENT = (
        "newspaper_advertisement",
        "Through a newspaper advertisement",
        "Por un anuncio de periódico",
    )
    FAMILY = "family", "Through family or family events", "Por la familia o reuniones familiares"
    FRIENDS = "friends", "Through friends or social events", "Por amistades o reuniones sociales"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class TraffickingScope(Code):
    """Whether a victim was trafficked within one country or across a border, as GLOTIP asks."""

    DOMESTIC = "domestic", "Within one country", "Dentro de un país"
    CROSS_BORDER = "cross_border", "Across a border", "A través de una frontera"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class SuspectKind(Code):
    """Whether a suspect is a human being or a body with legal personality, such as a company."""

    NATURAL_PERSON = "natural_person", "Natural person", "Persona natural"
    LEGAL_PERSON = "legal_person", "Legal person", "Persona jurídica"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class PublicOffice(Code):
    """Public office that a suspect holds, for the question on complicit officials."""

    NONE = "none", "Not a public official", "No es funcionario público"
    POLICE = "police", "Police officer", "Agente de policía"
    IMMIGRATION = "immigration", "Immigration officer", "Agente de inmigración"
    CUSTOMS = "customs", "Customs officer", "Agente de aduanas"
    OTHER = "other", "Other public official", "Otro funcionario público"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"
