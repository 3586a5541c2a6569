"""Rules that intake judges and that a field's form in JSON Schema cannot state, in English and Spanish.

They are the member `x-rules` of a field in the published schemas. A refusal names one of them and the field.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from schemas.errors import Reason
from schemas.meanings.meaning import Meaning

Rules: TypeAlias = Mapping[Reason, Meaning]

_LATER: Final = Meaning(
    "At most 24 hours after the time at which intake receives the event.",
    "A lo sumo 24 horas después de la hora en que se recibe el evento.",
)
_START: Final = Meaning(
    "Midnight in Belize at the start of the day, month or year that `occurredprecision` names.",
    "La medianoche en Belice al inicio del día, mes o año que indica `occurredprecision`.",
)
_NO_TIME: Final = Meaning("Absent if the precision is unknown.", "Sin valor si la precisión es desconocida.")
_NOT_YET: Final = Meaning("Absent today, because nothing enforces it.", "Hoy sin valor, porque nada lo hace cumplir.")
_WORD: Final = Meaning("Absent if the number is given.", "Sin valor si se da el número.")
_OTHER: Final = Meaning("Another id than the one that it is joined with.", "Otro identificador que el que se le une.")
_SHORTEST: Final = Meaning(
    "In the shortest form, with the end after the beginning: 2024, not 2024-01..2024-12.",
    "En la forma más corta, y el final tras el comienzo: 2024, y no 2024-01..2024-12.",
)
_COUNTED: Final = Meaning("Given if `count_basis` is given.", "Con valor si lo tiene `count_basis`.")
_BASIS: Final = Meaning("Given if `count` is given.", "Con valor si lo tiene `count`.")
_STAGE: Final = Meaning("A court that hears cases at the stage.", "Un tribunal que conoce de casos en esa etapa.")
_ONE_CHARGE: Final = Meaning("At least one charge.", "Al menos un cargo.")
_CODES: Final = Meaning(
    "Values are codes of the code lists, countries, agencies or years.",
    "Los valores son códigos de las listas, países, instituciones o años.",
)
_OWN: Final = Meaning("The author, or the agency that it speaks for.", "El autor, o la institución por la que habla.")

ENVELOPE_RULES: Final[Mapping[str, Rules]] = MappingProxyType(
    {
        "source": {
            Reason.UNKNOWN_AGENCY: Meaning("Begins with an agency's code.", "Comienza con el código de un organismo."),
            Reason.SOURCE_NOT_OF_THIS_DOOR: Meaning(
                "Names the agency, and the system, whose key or topic is used.",
                "Nombra la institución, y el sistema, cuya clave o tópico se usa.",
            ),
            Reason.SOURCE_NOT_ENROLLED: Meaning(
                "A system that the Council has enrolled; each agency has register, cases, files and desk.",
                "Un sistema que el Consejo inscribió; cada institución tiene register, cases, files y desk.",
            ),
        },
        "subject": {
            Reason.SUBJECT_MISMATCH: Meaning(
                "Equal to the id of the primary entity in the data.",
                "Igual al identificador de la entidad principal en los datos.",
            )
        },
        "time": {
            Reason.MISSING_FIELD: Meaning(
                "Given, unless the precision is unknown.", "Con valor, salvo que la precisión sea desconocida."
            ),
            Reason.TIME_WITHOUT_PRECISION: _NO_TIME,
            Reason.TIME_NOT_START_OF_UNIT: _START,
            Reason.TIME_IN_FUTURE: _LATER,
        },
        "occurredto": {
            Reason.TIME_WITHOUT_PRECISION: _NO_TIME,
            Reason.TIME_NOT_START_OF_UNIT: _START,
            Reason.TIME_SPAN_REVERSED: Meaning("Not before `time`.", "No antes de `time`."),
            Reason.TIME_IN_FUTURE: _LATER,
        },
        "recordedtime": {Reason.TIME_IN_FUTURE: _LATER},
        "dataschema": {
            Reason.DATASCHEMA_MISMATCH: Meaning(
                "The id of the type's published schema.", "El identificador del esquema publicado del tipo."
            )
        },
        "onbehalfof": {
            Reason.NOT_AN_AUTHOR: Meaning(
                "The author, a unit of it or a body that publishes nothing, if `x-for-itself` is true.",
                "El autor, una de sus unidades o un organismo que no publica nada, si `x-for-itself` es true.",
            )
        },
        "supersedes": {
            Reason.SUPERSEDES_NOT_ALLOWED: Meaning(
                "Given in a correction and a retraction alone.", "Con valor solo en una corrección o un retiro."
            ),
            Reason.NOT_AN_AUTHOR: Meaning(
                "An event of the same system, or of one that the Council has listed.",
                "Un evento del mismo sistema, o de uno que el Consejo indicó.",
            ),
        },
        "data": {
            Reason.TOO_MANY: Meaning(
                "At most 128 persons, cases and activities together.",
                "A lo sumo 128 personas, casos y actividades en total.",
            )
        },
        **{each: {Reason.NOT_ENFORCED: _NOT_YET} for each in ("classification", "seq", "keyid", "signature")},
    }
)
"""Rules of the envelope's attributes, by name."""

_CHARGED: Final = (
    *("AppealDecided", "AppealFiled", "CourtCommitted", "IndictmentFiled", "SentenceImposed"),
    "TrialStarted",
)
_OF_FIGURES: Final = ("FigureClaimed", "FigureContested", "FigureResolved", "ReportPublished")
_BEFORE_COURT: Final = ("CourtAdjourned", "CourtHearingHeld", "CourtHearingScheduled")

FIELD_RULES: Final[Mapping[str, Rules]] = MappingProxyType(
    {
        "ScreeningCompleted.count": {
            Reason.COUNT_OR_PERSONS: Meaning(
                "Either a count or `persons`, never both.", "O un número o `persons`, nunca los dos."
            ),
            Reason.MISSING_FIELD: _COUNTED,
        },
        "LabourInspectionCompleted.count": {Reason.MISSING_FIELD: _COUNTED},
        "count_basis": {Reason.COUNT_WITHOUT_BASIS: _BASIS},
        **{f"{each}_text": {Reason.CONTRADICTORY_CODES: _WORD} for each in ("activities", "outputs", "reach", "sites")},
        "offence_from": {
            Reason.MISSING_FIELD: Meaning("Given if `offence_to` is given.", "Con valor si lo tiene `offence_to`.")
        },
        "offence_to": {Reason.TIME_SPAN_REVERSED: Meaning("Not before `offence_from`.", "No antes de `offence_from`.")},
        **{f"{each}.charges": {Reason.MISSING_FIELD: _ONE_CHARGE} for each in _CHARGED},
        **{f"{each}.court": {Reason.CONTRADICTORY_CODES: _STAGE} for each in _BEFORE_COURT},
        "mode": {
            Reason.CONTRADICTORY_CODES: Meaning(
                "The way in which the court decides by the law of the day on which the trial began.",
                "La forma en que el tribunal decide según la ley del día en que comenzó el juicio.",
            )
        },
        **{each: {Reason.REPEATED_ITEM: _OTHER} for each in ("same_as", "linked_case")},
        "FigureResolved.claim": {
            Reason.MISSING_FIELD: Meaning("Given if a claim holds.", "Con valor si vale una afirmación."),
            Reason.CONTRADICTORY_CODES: Meaning("Absent if no claim holds.", "Sin valor si no vale ninguna."),
        },
        **{f"{each}.period": {Reason.WRONG_FORM: _SHORTEST} for each in _OF_FIGURES},
        "dimensions": {
            Reason.UNKNOWN_CODE: _CODES,
            Reason.WRONG_FORM: Meaning(
                "Names have small letters joined by `_`.", "Los nombres son de minúsculas unidas por `_`."
            ),
        },
        "definitions": {
            Reason.WRONG_FORM: Meaning("Names are numbers of figures.", "Los nombres son números de cifras.")
        },
        "last_year": {Reason.OUT_OF_RANGE: Meaning("Not before `first_year`.", "No antes de `first_year`.")},
        "zero_types": {
            Reason.CONTRADICTORY_CODES: Meaning(
                "No type of which `counts` has a number above 0.", "Ningún tipo con número mayor que 0 en `counts`."
            )
        },
        **{
            each: {Reason.AGENCY_MISMATCH: _OWN}
            for each in ("PeriodClosed.agency", "UnitStaffingReported.unit", "from_agency")
        },
        "EventCorrected.type": {
            Reason.UNKNOWN_TYPE: Meaning(
                "A type of the catalogue that states a fact.", "Un tipo del catálogo que enuncia un hecho."
            )
        },
    }
)
"""Rules of the fields of events' data: by field, or by model and field if other models' field has none."""

IDENTIFIER: Final[Rules] = {
    Reason.BAD_ID: Meaning(
        "The last character is a check character, which follows from the others.",
        "El último carácter es de control y resulta de los demás.",
    )
}
REFERENCE: Final[Rules] = {
    Reason.SOURCE_NOT_ENROLLED: Meaning(
        "Names an event of a system that the Council has enrolled.",
        "Nombra un evento de un sistema que el Consejo inscribió.",
    )
}
REGISTER_NUMBER: Final[Rules] = {
    Reason.WRONG_FORM: Meaning(
        "Capital letters, at most one more than digits, three in a row; 24 characters; or the system's own form.",
        "Mayúsculas, a lo sumo una más que cifras y tres seguidas; 24 caracteres; o la forma propia del sistema.",
    )
}
TIME: Final[Rules] = {
    Reason.WRONG_FORM: Meaning(
        "A time that there is, without second 60 and hour 24.", "Una hora que existe, sin segundo 60 ni hora 24."
    ),
    Reason.OUT_OF_RANGE: Meaning("A year from 1900 to 2199.", "Un año de 1900 a 2199."),
}
DAY: Final[Rules] = {
    Reason.WRONG_FORM: Meaning("A day that there is.", "Un día que existe."),
    Reason.OUT_OF_RANGE: Meaning(
        "A year from 1900 to 2199; absent if there is no such day.",
        "Un año de 1900 a 2199; sin valor si no hay tal día.",
    ),
}
PARTIAL_DAY: Final[Rules] = {Reason.WRONG_FORM: Meaning("A day that there is.", "Un día que existe.")}
AGENCIES: Final[Rules] = {
    Reason.UNKNOWN_AGENCY: Meaning("Codes of agencies.", "Códigos de instituciones."),
    Reason.WRONG_FORM: Meaning("No agency twice.", "Ninguna institución dos veces."),
}
NUMBER: Final[Rules] = {
    Reason.NUMBER_NOT_ALLOWED: Meaning("Written without a point or exponent.", "Escrito sin punto ni exponente.")
}
NO_ANSWER: Final[Rules] = {
    Reason.CONTRADICTORY_CODES: Meaning(
        "The codes `unknown` and `not_asked` stand alone.", "Los códigos `unknown` y `not_asked` van solos."
    )
}
