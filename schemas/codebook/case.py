"""Code lists of cases: how they come in, who is party to one, how it ends, who may not see it."""

from schemas.codebook.code import Code


class ReportChannel(Code):
    """The way in which a report came in: the ways of the Council's report, and being told in person."""

    HOTLINE_911 = "hotline_911", "911", "911"
    P3_APP = "p3_app", "P3 Tips app", "Aplicación P3 Tips"
    HOTLINE_922 = "hotline_922", "922", "922"
    CRIME_STOPPERS_WEB = "crime_stoppers_web", "Crime Stoppers website", "Sitio web de Crime Stoppers"
    DHS_DIRECT = "dhs_direct", "Human Services by telephone", "Servicios Humanos, por teléfono"
    TOLL_FREE = "toll_free", "Toll-free line", "Línea gratuita"
    SOCIAL_MEDIA = "social_media", "Social media", "Redes sociales"
    IN_PERSON = "in_person", "In person", "En persona"
    OTHER = "other", "Other", "Otra"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class InvestigationOutcome(Code):
    """The state of an investigation, or its end. A case without any event on it is open."""

    OPEN = "open", "Open", "Abierta"
    REFERRED_TO_DPP = "referred_to_dpp", "Referred to the Director of Public Prosecutions", "Remitida a la fiscalía"
    CHARGED = "charged", "Charged", "Con cargos presentados"
    CLOSED_UNFOUNDED = "closed_unfounded", "Closed: unfounded", "Cerrada: sin fundamento"
    CLOSED_INSUFFICIENT_EVIDENCE = (
        "closed_insufficient_evidence",
        "Closed: insufficient evidence",
        "Cerrada: pruebas insuficientes",
    )
    CLOSED_OTHER_OFFENCE = "closed_other_offence", "Closed: another offence", "Cerrada: otro delito"
    TRANSFERRED = "transferred", "Transferred", "Transferida"
    VICTIM_DECLINED = "victim_declined", "Closed: the victim declined", "Cerrada: la víctima no quiso continuar"


class PartyRole(Code):
    """The role of a person who is party to a case. A reporter is no party."""

    VICTIM = "victim", "Victim", "Víctima"
    SUSPECT = "suspect", "Suspect", "Sospechoso"
    WITNESS = "witness", "Witness", "Testigo"
    GUARDIAN = "guardian", "Guardian of a victim", "Tutor de una víctima"
    DEPENDANT = "dependant", "Dependant of a victim", "Persona a cargo de una víctima"
    OTHER = "other", "Other", "Otra"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"


class PartyRemovalReason(Code):
    """The reason for which a person is no longer party to a case."""

    ADDED_IN_ERROR = "added_in_error", "Added in error", "Agregada por error"
    NOT_INVOLVED = "not_involved", "Found not to be involved", "Resultó no estar involucrada"
    NO_LONGER_INVOLVED = "no_longer_involved", "No longer involved", "Ya no está involucrada"
    OTHER_CASE = "other_case", "Belongs to another case", "Corresponde a otro caso"
    OTHER = "other", "Other", "Otra"


class CaseLinkReason(Code):
    """The reason to look at two cases together. They stay two."""

    SAME_SUSPECT = "same_suspect", "The same suspect", "El mismo sospechoso"
    SAME_VICTIM = "same_victim", "The same victim", "La misma víctima"
    SAME_PLACE_OR_EMPLOYER = "same_place_or_employer", "The same place or employer", "El mismo lugar o empleador"
    SAME_NETWORK = "same_network", "The same network", "La misma red"
    OTHER = "other", "Other", "Otra"


class CaseClosureReason(Code):
    """The reason for which a case was closed. The investigation in it may have had any outcome."""

    COURT_DECIDED = "court_decided", "Decided by a court", "Decidido por un tribunal"
    PROSECUTION_ENDED = "prosecution_ended", "Prosecution ended without a decision", "Acción penal sin decisión"
    INVESTIGATION_CLOSED = "investigation_closed", "Investigation closed", "Investigación cerrada"
    ASSISTANCE_COMPLETED = "assistance_completed", "Assistance completed", "Asistencia concluida"
    PERSON_DECLINED = "person_declined", "The person declined", "La persona no quiso continuar"
    CONTACT_LOST = "contact_lost", "Contact lost", "Se perdió el contacto"
    LEFT_COUNTRY = "left_country", "Left the country", "Salió del país"
    DECEASED = "deceased", "The person died", "La persona falleció"
    TRANSFERRED = "transferred", "Transferred", "Transferido"
    OPENED_IN_ERROR = "opened_in_error", "Opened in error", "Abierto por error"
    OTHER = "other", "Other", "Otra"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"


class CaseReopeningReason(Code):
    """The reason for which a closed case was taken up again."""

    NEW_INFORMATION = "new_information", "New information", "Nueva información"
    PERSON_RETURNED = "person_returned", "The person came back", "La persona regresó"
    COURT_ORDERED = "court_ordered", "Ordered by a court", "Ordenado por un tribunal"
    CLOSED_IN_ERROR = "closed_in_error", "Closed in error", "Cerrado por error"
    OTHER = "other", "Other", "Otra"


class RestrictionReason(Code):
    """The reason for which an agency may not see a case that it otherwise could."""

    CONFLICT_OF_INTEREST = "conflict_of_interest", "Conflict of interest", "Conflicto de intereses"
    SAFETY_OF_VICTIM = "safety_of_victim", "Safety of a victim", "Seguridad de una víctima"
    SAFETY_OF_WITNESS = "safety_of_witness", "Safety of a witness", "Seguridad de un testigo"
    COURT_ORDERED = "court_ordered", "Ordered by a court", "Ordenado por un tribunal"
    OTHER = "other", "Other", "Otra"
