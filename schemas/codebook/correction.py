"""Reasons of corrections, retractions and merges."""

from schemas.codebook.code import Code


class CorrectionReason(Code):
    """The reason for which a fact is stated again."""

    ENTRY_ERROR = "entry_error", "Entry error", "Error de registro"
    NEW_INFORMATION = "new_information", "New information", "Nueva información"
    WRONG_PERSON = "wrong_person", "Wrong person", "Persona equivocada"
    WRONG_DATE = "wrong_date", "Wrong date", "Fecha equivocada"
    OTHER = "other", "Other", "Otro"


class RetractionReason(Code):
    """The reason for which an event is taken back."""

    ENTRY_ERROR = "entry_error", "Entry error", "Error de registro"
    DUPLICATE = "duplicate", "Duplicate", "Duplicado"
    DID_NOT_HAPPEN = "did_not_happen", "Did not happen", "No ocurrió"
    WRONG_PERSON = "wrong_person", "Wrong person", "Persona equivocada"
    OTHER = "other", "Other", "Otro"


class MergeReason(Code):
    """Evidence that two ids are one."""

    SAME_DOCUMENTS = "same_documents", "Same documents", "Mismos documentos"
    SAME_BIOMETRICS = "same_biometrics", "Same biometrics", "Mismos datos biométricos"
    SAME_RECORD = "same_record", "Same record", "Mismo registro"
    STATEMENT = "statement", "A statement", "Declaración"
    OTHER = "other", "Other", "Otro"
