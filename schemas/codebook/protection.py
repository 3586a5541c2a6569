"""Code lists of protection: needs, services, shelter, return, status."""

from typing import Final

from schemas.codebook.code import Code


class ServiceType(Code):
    """Services to a person: the sixteen of the Council's report, and five that partners offer.

    One service is one episode. A stay in a shelter is one, however many nights. A course of counselling is one, however
    many meetings.
    """

    MEDICAL = "medical", "Medical care", "Atención médica"
    REPATRIATION = "repatriation", "Repatriation", "Repatriación"
    SHELTER = "shelter", "Shelter", "Albergue"
    CLOTHING = "clothing", "Clothing and footwear", "Ropa y calzado"
    FOOD_WATER = "food_water", "Food and water", "Alimentos y agua"
    COUNSELLING = "counselling", "Counselling", "Apoyo psicosocial"
    SCHOOL_ENROLMENT = "school_enrolment", "School enrolment", "Matrícula escolar"
    SKILLS = "skills", "Skills development", "Desarrollo de habilidades"
    WITNESS_TRANSPORT = "witness_transport", "Transport of returning witnesses", "Transporte de testigos que regresan"
    STIPEND = "stipend", "Stipend, for adults", "Estipendio, para personas adultas"
    INDEPENDENT_LIVING_RENT = (
        "independent_living_rent",
        "Rent for independent living, for adults",
        "Alquiler para vida independiente, para personas adultas",
    )
    FAMILY_REUNIFICATION = "family_reunification", "Family reunification", "Reunificación familiar"
    TRANSLATION = "translation", "Translation", "Traducción e interpretación"
    FAMILY_COMMUNICATION = "family_communication", "Communication with family", "Comunicación con la familia"
    IMMIGRATION_REGULARISATION = (
        "immigration_regularisation",
        "Regularization of immigration status",
        "Regularización migratoria",
    )
    OTHER = "other", "Other needs", "Otras necesidades"
    ACCOMPANIMENT = "accompaniment", "Accompaniment to interviews", "Acompañamiento a entrevistas"
    LEGAL_INFORMATION = "legal_information", "Legal information", "Información jurídica"
    EMBASSY_SUPPORT = "embassy_support", "Support with embassies", "Apoyo ante embajadas"
    REINTEGRATION = "reintegration", "Reintegration", "Reintegración"
    ADVOCACY = "advocacy", "Advocacy", "Defensa de sus intereses"


class ShelterForm(Code):
    """The form that shelter takes; the place itself is never public."""

    RESIDENTIAL_CARE_FACILITY = "residential_care_facility", "Residential care facility", "Centro residencial"
    INDEPENDENT_LIVING = "independent_living", "Independent living", "Vida independiente"
    FOSTER_CARE = "foster_care", "Foster care", "Familia de acogida"
    FAMILY_REUNIFICATION = "family_reunification", "Family reunification", "Reunificación familiar"
    MIGRANT_SHELTER = "migrant_shelter", "Migrant shelter", "Albergue para migrantes"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class ShelterPopulation(Code):
    """The group as a member of which a person is sheltered. A migrant child is not for that reason a victim."""

    VICTIM = "victim", "Victim of trafficking", "Víctima de trata"
    MIGRANT_CHILD = "migrant_child", "Migrant child", "Niña, niño o adolescente migrante"


class ReturnKind(Code):
    """Kinds of return. A deportation is no service and is not counted as a repatriation."""

    VOLUNTARY = "voluntary", "Voluntary return", "Retorno voluntario"
    DEPORTATION = "deportation", "Deportation", "Deportación"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class ImmigrationScheme(Code):
    """Under what a person applies to stay."""

    AMNESTY = "amnesty", "Amnesty programme", "Programa de amnistía"
    PERMISSION_FOR_VICTIMS = "permission_for_victims", "Permission for victims", "Permiso para víctimas de trata"
    ASYLUM = "asylum", "Asylum", "Asilo"
    WORK_PERMIT = "work_permit", "Work permit", "Permiso de trabajo"
    TEMPORARY_RESIDENCE = "temporary_residence", "Temporary residence", "Residencia temporal"
    PERMANENT_RESIDENCE = "permanent_residence", "Permanent residence", "Residencia permanente"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class PlacementEndReason(Code):
    """Reasons why a placement ended."""

    PLAN_COMPLETED = "plan_completed", "Plan completed", "Plan concluido"
    OTHER_PLACEMENT = "other_placement", "Moved to another placement", "Traslado a otro albergue"
    INDEPENDENT_LIVING = "independent_living", "Moved to independent living", "Paso a vida independiente"
    FAMILY_REUNIFICATION = "family_reunification", "Reunited with family", "Reunificación con la familia"
    RETURNED = "returned", "Returned to another country", "Retorno a otro país"
    LEFT_BY_CHOICE = "left_by_choice", "Left by choice, in contact", "Salida por decisión propia, con contacto"
    ABSCONDED = "absconded", "Left without notice", "Salida sin aviso"
    MISSING = "missing", "Missing", "Persona desaparecida"
    SAFETY = "safety", "Moved for safety", "Traslado por seguridad"
    DIED = "died", "Died", "Fallecimiento"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


LEFT_WITHOUT_SHELTER: Final = frozenset[PlacementEndReason | None](
    {
        None,
        PlacementEndReason.PLAN_COMPLETED,
        PlacementEndReason.FAMILY_REUNIFICATION,
        PlacementEndReason.LEFT_BY_CHOICE,
        PlacementEndReason.ABSCONDED,
        PlacementEndReason.MISSING,
        PlacementEndReason.OTHER,
        PlacementEndReason.UNKNOWN,
        PlacementEndReason.NOT_ASKED,
    }
)
"""Reasons by which a placement ended and no other place to be safe in followed, or none is known."""
