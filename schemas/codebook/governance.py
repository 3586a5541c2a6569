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


class FindingSeverity(Code):
    """How soon somebody must look at a finding."""

    NOTICE = "notice", "Notice", "Aviso"
    WARNING = "warning", "Warning", "Advertencia"
    CRITICAL = "critical", "Critical", "Crítico"


class FindingCode(Code):
    """What a finding is about: two records, or two figures, that cannot both be right."""

    CLAIMS_DIFFER = "claims_differ", "Statements of a figure differ", "Las declaraciones de una cifra no coinciden"
    POLICE_TRAINING_DIFFERS = (
        "police_training_differs",
        "Two numbers of police officers trained",
        "Dos números de policías capacitados",
    )
    LIQUOR_BOARD_TRAINING_DIFFERS = (
        "liquor_board_training_differs",
        "Two numbers of liquor board members trained",
        "Dos números de miembros de juntas de licores capacitados",
    )
    PART_EXCEEDS_WHOLE = "part_exceeds_whole", "A part is greater than its whole", "Una parte es mayor que el todo"
    MORE_AT_COURT_THAN_ARRESTED = (
        "more_at_court_than_arrested",
        "More persons at court than were arrested",
        "Más personas ante el tribunal que detenidas",
    )
    CHARGED_WITHOUT_ARREST = "charged_without_arrest", "Charge without an arrest known", "Cargo sin detención conocida"
    STATUS_DISPUTED = "status_disputed", "A victim’s status is disputed", "Se disputa la condición de una víctima"
    SPLIT_EXCEEDS_TOTAL = (
        "split_exceeds_total",
        "More women and men than participants",
        "Más mujeres y hombres que participantes",
    )
    ITEMS_EXCEED_TOTAL = (
        "items_exceed_total",
        "The items add up to more than their total",
        "Los elementos suman más que su total",
    )
    SERVICES_BELOW_PERSONS = (
        "services_below_persons",
        "Fewer services than persons served",
        "Menos servicios que personas atendidas",
    )
    SAME_FACT_SUSPECTED = (
        "same_fact_suspected",
        "One fact may be told under two ids",
        "Un hecho puede constar con dos identificadores",
    )
    CONTROL_TOTAL_DIFFERS = (
        "control_total_differs",
        "A control total differs from the ledger",
        "Un total de control no coincide con el registro",
    )
    NOTHING_PUBLISHED = (
        "nothing_published",
        "An expected report is missing",
        "Falta un informe esperado",
    )


class FindingClosure(Code):
    """How a finding came to its end."""

    LATER_EVENT = "later_event", "A later event resolved it", "Lo resolvió un evento posterior"
    CORRECTED = "corrected", "A record was corrected", "Se corrigió un registro"
    MERGED = "merged", "Two ids were found to be one", "Dos identificadores resultaron ser uno"
    RULED = "ruled", "Somebody has ruled on it", "Alguien lo dictaminó"


class ErasureReason(Code):
    """Why what was sealed about a person was destroyed."""

    REQUEST = "request", "At the person’s request", "A petición de la persona"
    RETENTION_ENDED = "retention_ended", "The time of keeping it has ended", "Terminó el plazo de conservación"
    COURT_ORDER = "court_order", "A court ordered it", "Por orden judicial"
    OTHER = "other", "Other", "Otro"


class ViewPurpose(Code):
    """What records were looked at for."""

    PROTECTION = "protection", "Protection of a person", "Protección de una persona"
    INVESTIGATION = "investigation", "Investigation or prosecution", "Investigación o acusación"
    REPORTING = "reporting", "Making a report", "Elaboración de un informe"
    AUDIT = "audit", "Audit", "Auditoría"
    SUBJECT_REQUEST = "subject_request", "The person asked for it", "Lo pidió la persona"


class KeyRevocation(Code):
    """Why a key no longer speaks for an agency."""

    REPLACED = "replaced", "Replaced by another", "Sustituida por otra"
    LOST = "lost", "Lost", "Perdida"
    COMPROMISED = "compromised", "Others may hold it", "Puede estar en otras manos"
    AGENCY_LEFT = "agency_left", "The agency publishes no longer", "El organismo ya no publica"
