"""Code lists that several event types share."""

from typing import Final

from schemas.codebook.code import Code

CODEBOOK_VERSIONS: Final = ("1", "2", "3", "4")
"""All versions of the codebook. A new code adds a version; readers are deployed before anybody sends the code."""


class YesNo(Code):
    """An answer to a question with two answers, or why there is none."""

    YES = "yes", "Yes", "Sí"
    NO = "no", "No", "No"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class District(Code):
    """Belize's six districts: as near as a public record may place anything."""

    BELIZE = "belize", "Belize", "Belice"
    CAYO = "cayo", "Cayo", "Cayo"
    COROZAL = "corozal", "Corozal", "Corozal"
    ORANGE_WALK = "orange_walk", "Orange Walk", "Orange Walk"
    STANN_CREEK = "stann_creek", "Stann Creek", "Stann Creek"
    TOLEDO = "toledo", "Toledo", "Toledo"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class CountBasis(Code):
    """Units of a count without persons. `estimate` says that nobody counted."""

    PERSONS = "persons", "Persons", "Personas"
    PARTICIPATIONS = "participations", "Participations", "Participaciones"
    SESSIONS = "sessions", "Sessions", "Sesiones"
    INSPECTIONS = "inspections", "Inspections", "Inspecciones"
    ESTIMATE = "estimate", "Estimate", "Estimación"


class Classification(Code):
    """Readers of a record beyond its publisher."""

    PUBLIC = "public", "Public", "Público"
    COMMITTEE = "committee", "Committee", "Comité"
    RESTRICTED = "restricted", "Restricted", "Restringido"
