"""Code lists of training, labour inspection, awareness, outputs and projects."""

from schemas.codebook.code import Code


class TrainingTopic(Code):
    """Topics of a training session."""

    HT101 = "ht101", "Human trafficking 101", "Trata de personas 101"
    MANDATORY_REPORTING = "mandatory_reporting", "Mandatory reporting", "Denuncia obligatoria"
    TRAINING_OF_TRAINERS = "training_of_trainers", "Training of trainers", "Formación de formadores"
    CHILD_LABOUR = "child_labour", "Child labour", "Trabajo infantil"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"


class Audience(Code):
    """The audience of a session."""

    BDF_BCG = "bdf_bcg", "Defence Force and Coast Guard", "Fuerza de Defensa y Guardia Costera"
    TOUR_GUIDES_HOSPITALITY = "tour_guides_hospitality", "Tour guides and hospitality", "Guías y hotelería"
    NGO_IO = "ngo_io", "NGOs and international organizations", "ONG y organizaciones internacionales"
    LIQUOR_BOARDS_REGULATORS = (
        "liquor_boards_regulators",
        "Liquor licence boards and regulators",
        "Juntas de licencias de licor y reguladores",
    )
    TEACHERS = "teachers", "Teachers", "Docentes"
    PARK_RANGERS = "park_rangers", "Park rangers", "Guardaparques"
    POLICE = "police", "Police", "Policía"
    MEDICAL = "medical", "Medical personnel", "Personal médico"
    SOCIAL_WORKERS = "social_workers", "Social workers", "Trabajadores sociales"
    TRANSPORT = "transport", "Transport workers", "Transportistas"
    GOV_OFFICIALS = "gov_officials", "Government officials", "Funcionarios públicos"
    STUDENTS = "students", "Students", "Estudiantes"
    GENERAL_PUBLIC = "general_public", "General public", "Público en general"
    SHELTER_STAFF = "shelter_staff", "Shelter staff", "Personal de albergues"
    MIGRANT_COMMUNITIES = "migrant_communities", "Migrant communities", "Comunidades migrantes"
    EMPLOYERS_WORKERS = "employers_workers", "Employers and workers", "Empleadores y trabajadores"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"


class Programme(Code):
    """The programme that a session belongs to; figures of one programme never add to another's."""

    IEC_PLAN = "iec_plan", "IEC Committee's plan", "Plan del Comité IEC"
    HTI_BPD = "hti_bpd", "HTI with the police", "HTI con la policía"
    HTI_LOCAL_GOV = "hti_local_gov", "HTI with Local Government", "HTI con el Gobierno Local"
    RET_PROTECT = "ret_protect", "RET PROTECT", "RET PROTECT"
    LABOUR = "labour", "Labour Department", "Departamento de Trabajo"
    MANDATORY_REPORTING = "mandatory_reporting", "Mandatory Reporting", "Denuncia obligatoria"
    OTHER = "other", "Other", "Otro"


class Project(Code):
    """A partner's or a national project, by the name under which it is known."""

    SAFE = "safe", "SAFE", "SAFE"
    TLEAP = "tleap", "TLEAP", "TLEAP"
    PROTECT = "protect", "PROTECT Belize", "PROTECT Belice"
    MIGRANT_HUB = "migrant_hub", "Migrant Hub", "Centro para Migrantes"
    MANDATORY_REPORTING = "mandatory_reporting", "Mandatory Reporting", "Denuncia obligatoria"
    OTHER = "other", "Other", "Otro"


class Facilitator(Code):
    """Kinds of facilitators of a training session."""

    POLICE_OFFICER = "police_officer", "Police officer", "Oficial de policía"
    SOCIAL_WORKER = "social_worker", "Social worker", "Trabajador social"
    COORDINATOR = "coordinator", "Coordinator", "Coordinador"
    NGO = "ngo", "Non-governmental organization", "Organización no gubernamental"
    IGO = "igo", "Intergovernmental organization", "Organización intergubernamental"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"


class Venue(Code):
    """Kinds of venues. No event states a place more closely than this and the district."""

    SCHOOL = "school", "School", "Escuela"
    COMMUNITY = "community", "Community", "Comunidad"
    WORKPLACE = "workplace", "Workplace", "Lugar de trabajo"
    BARRACKS_STATION = "barracks_station", "Barracks or station", "Cuartel o estación"
    HEALTH_FACILITY = "health_facility", "Health facility", "Establecimiento de salud"
    TRANSPORT_TERMINAL = "transport_terminal", "Transport terminal", "Terminal de transporte"
    PARK = "park", "Park or reserve", "Parque o reserva"
    OFFICE_CONFERENCE = "office_conference", "Office or conference room", "Oficina o sala de conferencias"
    ONLINE = "online", "Online", "En línea"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"


class Sector(Code):
    """The inspected workplace's industry: the sections of ISIC, revision 4, in their order."""

    AGRICULTURE_FORESTRY_FISHING = (
        "agriculture_forestry_fishing",
        "Agriculture, forestry, fishing",
        "Agricultura y pesca",
    )
    MINING_QUARRYING = "mining_quarrying", "Mining and quarrying", "Minas y canteras"
    MANUFACTURING = "manufacturing", "Manufacturing", "Manufactura"
    ELECTRICITY_GAS = "electricity_gas", "Electricity and gas", "Electricidad y gas"
    WATER_WASTE = "water_waste", "Water and waste", "Agua y desechos"
    CONSTRUCTION = "construction", "Construction", "Construcción"
    TRADE_VEHICLE_REPAIR = "trade_vehicle_repair", "Trade and vehicle repair", "Comercio y reparación de vehículos"
    TRANSPORT_STORAGE = "transport_storage", "Transport and storage", "Transporte y almacenamiento"
    ACCOMMODATION_FOOD = "accommodation_food", "Accommodation and food", "Alojamiento y comidas"
    INFORMATION_COMMUNICATION = (
        "information_communication",
        "Information and communication",
        "Información y comunicaciones",
    )
    FINANCE_INSURANCE = "finance_insurance", "Finance and insurance", "Finanzas y seguros"
    REAL_ESTATE = "real_estate", "Real estate", "Bienes raíces"
    PROFESSIONAL_SCIENTIFIC = "professional_scientific", "Professional and scientific", "Profesionales y científicas"
    ADMINISTRATIVE_SUPPORT = "administrative_support", "Administrative and support", "Administrativas y de apoyo"
    PUBLIC_ADMINISTRATION = "public_administration", "Public administration", "Administración pública"
    EDUCATION = "education", "Education", "Enseñanza"
    HEALTH_SOCIAL_WORK = "health_social_work", "Health and social work", "Salud y asistencia social"
    ARTS_ENTERTAINMENT = "arts_entertainment", "Arts and entertainment", "Arte y entretenimiento"
    OTHER_SERVICES = "other_services", "Other services", "Otros servicios"
    HOUSEHOLDS_AS_EMPLOYERS = "households_as_employers", "Households as employers", "Hogares como empleadores"
    EXTRATERRITORIAL = "extraterritorial", "Extraterritorial bodies", "Organismos extraterritoriales"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"


class InspectionTrigger(Code):
    """The reason for which an inspection was made."""

    ROUTINE = "routine", "Routine", "Rutina"
    COMPLAINT = "complaint", "Complaint", "Denuncia"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"


class InspectionFocus(Code):
    """Subjects of an inspection. Child labour is not yet trafficking."""

    CHILD_LABOUR = "child_labour", "Child labour", "Trabajo infantil"
    FORCED_LABOUR = "forced_labour", "Forced labour", "Trabajo forzoso"
    MIGRANT_WORKERS = "migrant_workers", "Migrant workers", "Trabajadores migrantes"
    WORKING_CONDITIONS = "working_conditions", "Working conditions", "Condiciones de trabajo"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"


class Magnitude(Code):
    """A word for a number that nobody counted. A word is never turned into a number."""

    SEVERAL = "several", "Several", "Varios"
    DOZENS = "dozens", "Dozens", "Decenas"
    HUNDREDS = "hundreds", "Hundreds", "Cientos"
    THOUSANDS = "thousands", "Thousands", "Miles"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"


class Campaign(Code):
    """Campaigns of awareness."""

    WEAR_BLUE_FRIDAYS = "wear_blue_fridays", "Wear Blue Fridays", "Viernes de azul"
    CHILD_LABOUR_AND_SAFETY = (
        "child_labour_and_safety",
        "Dangers of child labour and safety at work",
        "Peligros del trabajo infantil y seguridad laboral",
    )
    WORLD_DAY_AGAINST_CHILD_LABOUR = (
        "world_day_against_child_labour",
        "World Day Against Child Labour",
        "Día Mundial contra el Trabajo Infantil",
    )
    LABOUR_DAY = "labour_day", "Labour Day", "Día del Trabajo"
    WORLD_DAY_AGAINST_TRAFFICKING = (
        "world_day_against_trafficking",
        "World Day Against Trafficking in Persons",
        "Día Mundial contra la Trata de Personas",
    )
    OTHER = "other", "Other", "Otra"


class AwarenessForm(Code):
    """Forms of an awareness activity."""

    CAMPAIGN_DAY = "campaign_day", "Day of a campaign", "Jornada de campaña"
    VISIT = "visit", "Visit to schools, workplaces or communities", "Visita a escuelas, empresas o comunidades"
    EDUCATIONAL_SESSION = "educational_session", "Educational session", "Sesión educativa"
    WEBINAR = "webinar", "Webinar", "Seminario web"
    COMMEMORATION = "commemoration", "Commemoration", "Conmemoración"
    TOUR = "tour", "Tour of municipalities or schools", "Gira por municipios o escuelas"
    ONLINE_POSTS = "online_posts", "Posts online", "Publicaciones en línea"
    OTHER = "other", "Other", "Otra"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"


class MediaForm(Code):
    """Forms of published media."""

    APPEARANCE = "appearance", "Appearance of a guest", "Aparición como invitado"
    VIDEO = "video", "Video", "Video"
    AUDIO = "audio", "Audio spot", "Cuña de audio"
    ARTICLE = "article", "Article", "Artículo"
    POST = "post", "Post", "Publicación"
    OTHER = "other", "Other", "Otro"


class MediaChannel(Code):
    """Through what it reached the public."""

    TELEVISION = "television", "Television", "Televisión"
    RADIO = "radio", "Radio", "Radio"
    PRESS = "press", "Press", "Prensa"
    WEBSITE = "website", "Website", "Sitio web"
    SOCIAL_MEDIA = "social_media", "Social media", "Redes sociales"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"


class OutputKind(Code):
    """Kinds of outputs that others can use."""

    TRAINING_WORKBOOK = "training_workbook", "Training workbook", "Cuaderno de capacitación"
    TRAINING_MODULE = "training_module", "Training module", "Módulo de capacitación"
    E_COURSE = "e_course", "E-course", "Curso en línea"
    OPERATING_PROCEDURE = "operating_procedure", "Standard operating procedure", "Procedimiento operativo estándar"
    RESPONSE_PROTOCOL = "response_protocol", "Response protocol", "Protocolo de respuesta"
    INSTITUTIONAL_PLAN = (
        "institutional_plan",
        "Strategic, action or advocacy plan of an institution",
        "Plan estratégico, de acción o de incidencia de una institución",
    )
    ACTION_PLAN = "action_plan", "Action plan", "Plan de acción"
    ANALYSIS = "analysis", "Analysis of strengths and weaknesses", "Análisis de fortalezas y debilidades"
    NEWSLETTER = "newsletter", "Newsletter issue", "Número de boletín"
    POSTER = "poster", "Poster", "Afiche"
    NETWORK = "network", "Network or coalition formed", "Red o coalición formada"
    OTHER = "other", "Other", "Otro"
