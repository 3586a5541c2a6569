"""Code lists of the reporting itself: claims, findings, access, keys."""

from schemas.codebook.code import Code


class ClaimDocument(Code):
    """Where a figure was stated."""

    COUNCIL_REPORT = "council_report", "The Council’s annual report", "Informe anual del Consejo"
    AGENCY_REPORT = "agency_report", "An agency’s own report", "Informe propio de un organismo"
    MINUTES = "minutes", "Minutes of a meeting", "Acta de una reunión"
    QUESTIONNAIRE = (
        "questionnaire",
        "Reply to an international questionnaire",
        "Respuesta a un cuestionario internacional",
    )
    FOREIGN_REPORT = "foreign_report", "Another government’s report", "Informe de otro gobierno"
    PRESS = "press", "Press statement", "Comunicado de prensa"
    SPREADSHEET = "spreadsheet", "Spreadsheet or paper register", "Hoja de cálculo o registro en papel"
    OTHER = "other", "Other", "Otro"


class ContestReason(Code):
    """Why a figure is doubted."""

    CLAIMS_DIFFER = "claims_differ", "Statements of it differ", "Las declaraciones no coinciden"
    DIFFERS_FROM_EVENTS = "differs_from_events", "It differs from the events", "No coincide con los eventos"
    UNCLEAR_DEFINITION = "unclear_definition", "Unclear what it counts", "No está claro qué cuenta"
    COUNTED_TWICE = "counted_twice", "A fact may count twice", "Un hecho puede contarse dos veces"
    FACT_DISPUTED = "fact_disputed", "A fact behind it is disputed", "Se disputa un hecho en que se basa"
    OTHER = "other", "Other", "Otro"


class FigureResolution(Code):
    """What settled a contested figure."""

    EVENTS_HOLD = "events_hold", "What the events give holds", "Vale lo que dan los eventos"
    CLAIM_HOLDS = "claim_holds", "One of the statements holds", "Vale una de las declaraciones"
    DIFFERENT_THINGS = (
        "different_things",
        "The statements count different things",
        "Las declaraciones cuentan cosas distintas",
    )
    NOT_KNOWN = "not_known", "It can no longer be known", "Ya no se puede saber"
