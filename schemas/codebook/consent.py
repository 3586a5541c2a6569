"""Code lists of consent: the basis, the purposes, and the person who gave it."""

from typing import Final

from schemas.codebook.code import Code


class ConsentBasis(Code):
    """The basis of sharing data. The overriding ones say that nobody consented, and why data are still shared."""

    GIVEN = "given", "Consent given", "Consentimiento otorgado"
    GIVEN_WITH_LIMITS = "given_with_limits", "Consent given with limits", "Consentimiento otorgado con límites"
    GUARDIAN = "guardian", "Consent of a guardian", "Consentimiento de quien ejerce la tutela"
    REFUSED = "refused", "Consent refused", "Consentimiento denegado"
    WITHDRAWN = "withdrawn", "Consent withdrawn", "Consentimiento retirado"
    OVERRIDDEN_BEST_INTEREST = (
        "overridden_best_interest",
        "Overridden in a child’s best interest",
        "Sin consentimiento, por el interés superior de la niñez",
    )
    OVERRIDDEN_LEGAL_DUTY = (
        "overridden_legal_duty",
        "Overridden by a duty to report",
        "Sin consentimiento, por obligación legal de denunciar",
    )


OPENING: Final = frozenset(
    {
        ConsentBasis.GIVEN,
        ConsentBasis.GIVEN_WITH_LIMITS,
        ConsentBasis.GUARDIAN,
        ConsentBasis.OVERRIDDEN_BEST_INTEREST,
        ConsentBasis.OVERRIDDEN_LEGAL_DUTY,
    }
)
"""Bases on which a recipient may learn of a person."""

OVERRIDING: Final = frozenset({ConsentBasis.OVERRIDDEN_BEST_INTEREST, ConsentBasis.OVERRIDDEN_LEGAL_DUTY})
"""Bases without anybody's consent, so that a refusal changes nothing."""


class ChildWish(Code):
    """A child's own wish, asked in words that the child understands. It is recorded, whoever decides."""

    AGREES = "agrees", "Agrees", "Está de acuerdo"
    AGREES_IN_PART = "agrees_in_part", "Agrees in part", "Está de acuerdo en parte"
    OBJECTS = "objects", "Objects", "Se opone"
    CANNOT_SAY = "cannot_say", "Too young, or cannot say", "Por su edad o estado no puede expresarlo"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class BestInterestReason(Code):
    """The reason for which sharing is in a child's best interest although no guardian consented."""

    NO_GUARDIAN = "no_guardian", "No guardian is known", "No se conoce a quien ejerza la tutela"
    GUARDIAN_NOT_REACHED = (
        "guardian_not_reached",
        "The guardian cannot be reached",
        "No se puede localizar a quien ejerce la tutela",
    )
    GUARDIAN_SUSPECTED = (
        "guardian_suspected",
        "The guardian is under suspicion",
        "Quien ejerce la tutela está bajo sospecha",
    )
    GUARDIAN_REFUSES_NEEDED_CARE = (
        "guardian_refuses_needed_care",
        "The guardian refuses what the child needs",
        "Quien ejerce la tutela niega lo que la niñez necesita",
    )
    IMMEDIATE_SAFETY = "immediate_safety", "The child is in danger now", "La niña o el niño corre peligro ahora"
    OTHER = "other", "Other", "Otro"


class ConsentPurpose(Code):
    """The purpose for which a person agrees that their data are shared."""

    PROTECTION_SERVICES = "protection_services", "Protection services", "Servicios de protección"
    HEALTH_CARE = "health_care", "Health care", "Atención de salud"
    LEGAL_HELP = "legal_help", "Legal help", "Asistencia jurídica"
    INVESTIGATION_AND_PROSECUTION = (
        "investigation_and_prosecution",
        "Investigation and prosecution",
        "Investigación y persecución penal",
    )
    RETURN_AND_REINTEGRATION = "return_and_reintegration", "Return and reintegration", "Retorno y reintegración"
    STATISTICS = "statistics", "Statistics", "Estadística"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class ConsentGivenBy(Code):
    """The person who consented. For a child a guardian, a court or the state may."""

    PERSON = "person", "The person", "La propia persona"
    GUARDIAN = "guardian", "Parent or guardian", "Madre, padre o quien ejerce la tutela"
    STATE_GUARDIAN = "state_guardian", "Human Services, as guardian", "Servicios Humanos, en ejercicio de la tutela"
    COURT = "court", "Court", "Tribunal"
    OTHER = "other", "Other", "Otra persona"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class ShutOut(Code):
    """Agencies that may see nothing of a person: none, the named ones, or all but the named ones."""

    NOBODY = "nobody", "Nobody", "Ninguna"
    NAMED = "named", "The agencies named", "Las entidades nombradas"
    ALL_BUT_NAMED = "all_but_named", "All but the agencies named", "Todas menos las entidades nombradas"
