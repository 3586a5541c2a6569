"""Code lists of the reporting itself: claims, findings, access, keys."""

from schemas.codebook.code import Code


class ClaimDocument(Code):
    """Documents that state a figure."""

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
    """The reason for which a figure is doubted."""

    CLAIMS_DIFFER = "claims_differ", "Statements of it differ", "Las declaraciones no coinciden"
    DIFFERS_FROM_EVENTS = "differs_from_events", "It differs from the events", "No coincide con los eventos"
    UNCLEAR_DEFINITION = "unclear_definition", "Unclear what it counts", "No está claro qué cuenta"
    COUNTED_TWICE = "counted_twice", "A fact may count twice", "Un hecho puede contarse dos veces"
    FACT_DISPUTED = "fact_disputed", "A fact behind it is disputed", "Se disputa un hecho en que se basa"
    OTHER = "other", "Other", "Otro"


class FigureResolution(Code):
    """Resolutions of a contested figure."""

    EVENTS_HOLD = "events_hold", "What the events give holds", "Vale lo que dan los eventos"
    CLAIM_HOLDS = "claim_holds", "One of the statements holds", "Vale una de las declaraciones"
    DIFFERENT_THINGS = (
        "different_things",
        "The statements count different things",
        "Las declaraciones cuentan cosas distintas",
    )
    NOT_KNOWN = "not_known", "It can no longer be known", "Ya no se puede saber"


class FindingSeverity(Code):
    """The severity of a finding: how soon an agency must look at it."""

    NOTICE = "notice", "Notice", "Aviso"
    WARNING = "warning", "Warning", "Advertencia"
    CRITICAL = "critical", "Critical", "Crítico"


class FindingCode(Code):
    """Subjects of findings: records or figures that cannot all be right, and dangers."""

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
    MOVE_WITHOUT_PREDECESSOR = (
        "move_without_predecessor",
        "A move of a referral without the one before it",
        "Un paso de una remisión sin el anterior",
    )
    OUT_OF_ORDER = (
        "out_of_order",
        "Something that ends before it began",
        "Algo que termina antes de empezar",
    )
    VERDICT_WITHOUT_CHARGE = (
        "verdict_without_charge",
        "Verdict on a charge that nobody filed",
        "Veredicto sobre un cargo que nadie presentó",
    )
    COMMITTAL_OFF_ROUTE = (
        "committal_off_route",
        "Committal of a charge that was not below",
        "Remisión de un cargo que no estaba en primera instancia",
    )
    SENTENCE_WITHOUT_CONVICTION = (
        "sentence_without_conviction",
        "Sentence without a conviction",
        "Pena sin condena",
    )
    AFTER_DEATH = "after_death", "Something that happened after a death", "Algo que ocurrió tras un fallecimiento"
    DECEASED_AWAITING_TRIAL = (
        "deceased_awaiting_trial",
        "A deceased person among those awaiting trial",
        "Una persona fallecida entre quienes esperan juicio",
    )
    MEANS_EMPTY_FOR_ADULT = (
        "means_empty_for_adult",
        "An adult victim, and no means used",
        "Una víctima adulta y ningún medio empleado",
    )
    GUARDIAN_IS_SUSPECT = (
        "guardian_is_suspect",
        "Consent by a guardian who is a suspect",
        "Consentimiento de un tutor que es sospechoso",
    )
    FAMILY_IS_SUSPECT = (
        "family_is_suspect",
        "A victim with, or in touch with, family that is a suspect",
        "Una víctima con familiares sospechosos, o en contacto con ellos",
    )
    VICTIM_UNPROTECTED = (
        "victim_unprotected",
        "A suspect is free, and a linked victim has no shelter and no plan",
        "Un sospechoso está libre y una víctima vinculada no tiene albergue ni plan",
    )
    VICTIM_PROSECUTED = (
        "victim_prosecuted",
        "A victim was arrested or charged",
        "Se detuvo o acusó a una víctima",
    )
    HEARING_MISSED = (
        "hearing_missed",
        "The day of a hearing has passed without a word on it",
        "Pasó el día de una audiencia sin noticia de ella",
    )
    VICTIM_IS_SUSPECT = (
        "victim_is_suspect",
        "A victim and a suspect are one by the word of one agency",
        "Una víctima y un sospechoso son una persona según una sola institución",
    )
    ARREST_BEFORE_OFFENCE = (
        "arrest_before_offence",
        "An arrest before the offence",
        "Una detención anterior al delito",
    )
    TWO_VERDICTS = "two_verdicts", "Two verdicts on one charge", "Dos veredictos sobre un mismo cargo"
    VICTIM_DEPORTED = (
        "victim_deported",
        "A victim was deported, or may be",
        "Se deportó a una víctima, o se la puede deportar",
    )
    BAIL_WITHOUT_NO_CONTACT = (
        "bail_without_no_contact",
        "Bail lets a suspect contact a linked victim",
        "La fianza permite al sospechoso contactar a una víctima vinculada",
    )


class FindingClosure(Code):
    """The way in which a finding was closed."""

    LATER_EVENT = "later_event", "A later event resolved it", "Lo resolvió un evento posterior"
    CORRECTED = "corrected", "A record was corrected", "Se corrigió un registro"
    MERGED = "merged", "Two ids were found to be one", "Dos identificadores resultaron ser uno"
    RULED = "ruled", "Somebody has ruled on it", "Alguien lo dictaminó"


class FindingRuling(Code):
    """Rulings on a finding."""

    NO_CONTRADICTION = "no_contradiction", "Both records are right", "Ambos registros son correctos"
    RECORD_WRONG = "record_wrong", "A record is wrong and will be corrected", "Un registro es erróneo y se corregirá"
    DANGER_MET = "danger_met", "What was dangerous has been dealt with", "Se atendió el peligro"
    NOT_KNOWN = "not_known", "It can no longer be known", "Ya no se puede saber"


class ErasureReason(Code):
    """The reason for which the sealed data of a person were destroyed."""

    REQUEST = "request", "At the person’s request", "A petición de la persona"
    RETENTION_ENDED = "retention_ended", "The time of keeping it has ended", "Terminó el plazo de conservación"
    COURT_ORDER = "court_order", "A court ordered it", "Por orden judicial"
    OTHER = "other", "Other", "Otro"


class ViewPurpose(Code):
    """Purposes of a look at records."""

    PROTECTION = "protection", "Protection of a person", "Protección de una persona"
    INVESTIGATION = "investigation", "Investigation or prosecution", "Investigación o acusación"
    REPORTING = "reporting", "Making a report", "Elaboración de un informe"
    AUDIT = "audit", "Audit", "Auditoría"
    SUBJECT_REQUEST = "subject_request", "The person asked for it", "Lo pidió la persona"


class KeyRevocation(Code):
    """The reason for which a key no longer speaks for an agency."""

    REPLACED = "replaced", "Replaced by another", "Sustituida por otra"
    LOST = "lost", "Lost", "Perdida"
    COMPROMISED = "compromised", "Others may hold it", "Puede estar en otras manos"
    AGENCY_LEFT = "agency_left", "The agency publishes no longer", "El organismo ya no publica"
