"""What each column is, in English and Spanish, and how its cells are filled in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from services.console.sheet.cell import (
    JOINT,
    NOTHING,
    Cell,
    Choice,
    Day,
    Flag,
    Id,
    Moment,
    Number,
    OwnNumber,
    Pair,
    Registered,
)
from services.console.sheet.column import OCCURRED, OCCURRED_TO, Column


class Words(NamedTuple):
    """One thing in both languages."""

    en: str
    es: str


LABELS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        # every sheet's
        "own_number": Words("The record’s number in your register", "Número del registro en su libro"),
        "revision": Words(
            "Empty, or 2, 3 … where the row replaces what was published before",
            "Vacío, o 2, 3 … si la fila reemplaza lo ya publicado",
        ),
        "occurred": Words("When it happened, as exactly as is known", "Cuándo ocurrió, con la exactitud conocida"),
        "occurred_to": Words("The last day or month of a span", "Último día o mes de un lapso"),
        "recorded": Words("When you recorded it", "Cuándo lo registró usted"),
        "on_behalf_of": Words("The agency that you report for", "Institución en cuyo nombre informa"),
        "copublishers": Words("Agencies that report the same fact", "Instituciones que informan del mismo hecho"),
        "classification": Words("Who may see the record", "Quién puede ver el registro"),
        "correction_reason": Words("Why a revision was needed", "Por qué hizo falta una revisión"),
        # things that have ids
        "activity": Words("One activity", "Una actividad"),
        "arrest": Words("Arrest", "Detención"),
        "case": Words("Case", "Caso"),
        "charge": Words("Charge", "Cargo"),
        "inspection": Words("Inspection", "Inspección"),
        "linked_victims": Words("Victims linked to it", "Víctimas vinculadas"),
        "operation": Words("Police operation", "Operativo policial"),
        "person": Words("Person", "Persona"),
        "persons": Words("Persons", "Personas"),
        "same_as": Words("The other id of the same", "El otro identificador de lo mismo"),
        "screening": Words("Screening", "Entrevista de detección"),
        "session": Words("Session", "Sesión"),
        "victims": Words("Victims", "Víctimas"),
        # what is said
        "age_group": Words("Age group", "Grupo de edad"),
        "agency": Words("Agency", "Institución"),
        "announced": Words("Whether it was announced", "Si fue anunciada"),
        "audience": Words("Audience", "Público"),
        "citizenship": Words("Citizenship", "Ciudadanía"),
        "count": Words("How many, where persons are not listed", "Cuántos, si no se enumeran"),
        "count_basis": Words("What the count counts", "Qué cuenta la cantidad"),
        "counts": Words("How many of each type of event", "Cuántos de cada tipo de evento"),
        "counts_n": Words("Number of counts", "Número de cargos"),
        "district": Words("District", "Distrito"),
        "exploitation": Words("Form of exploitation", "Forma de explotación"),
        "female_n": Words("Women and girls among the participants", "Mujeres y niñas entre los participantes"),
        "focus": Words("What it looked for", "Qué se buscaba"),
        "funders": Words("Who paid for it", "Quién lo financió"),
        "identified_by": Words("Who identified the person", "Quién identificó a la persona"),
        "male_n": Words("Men and boys among the participants", "Hombres y niños entre los participantes"),
        "means": Words("Means used", "Medios empleados"),
        "minor_at_exploitation": Words("A child when exploited", "Menor de edad al ser explotada"),
        "nationalities": Words("Nationalities among them", "Nacionalidades entre ellos"),
        "new_or_carried_over": Words("New, or from an earlier year", "Nuevo, o de un año anterior"),
        "offence": Words("Offence", "Delito"),
        "on_warrant": Words("On a warrant", "Por orden judicial"),
        "organisers": Words("Who organised it", "Quién lo organizó"),
        "outcome": Words("Outcome", "Resultado"),
        "participants_n": Words("Number of participants", "Número de participantes"),
        "period": Words("Year or month: 2024 or 2024-12", "Año o mes: 2024 o 2024-12"),
        "programmes": Words("Programmes", "Programas"),
        "reason": Words("Reason", "Motivo"),
        "recruiter_relation": Words("Recruiter’s relation to the victim", "Relación del reclutador con la víctima"),
        "referral_source": Words("Who referred the person", "Quién remitió a la persona"),
        "requested_by": Words("Who asked for it", "Quién lo solicitó"),
        "role": Words("Victim or suspect", "Víctima o sospechoso"),
        "sector": Words("Industry", "Sector"),
        "sex": Words("Sex", "Sexo"),
        "status": Words("Status", "Estado"),
        "suspected_offence": Words("Suspected offence", "Presunto delito"),
        "tip_indicators": Words("Signs of trafficking", "Indicios de trata"),
        "tool": Words("Screening tool", "Instrumento de detección"),
        "topic": Words("Topic", "Tema"),
        "trigger": Words("Why it was made", "Por qué se realizó"),
        "violations_n": Words("Number of violations", "Número de infracciones"),
        "vulnerabilities": Words("Vulnerabilities", "Vulnerabilidades"),
        "zero_types": Words("Types of event that did not occur", "Tipos de evento que no ocurrieron"),
    }
)

_WHEN: Final = Words(
    "31/12/2024, 2024-12-31, 2024-12 (a month), 2024 (a year), 2024-12-31 20:15; empty: nobody knows",
    "31/12/2024, 2024-12-31, 2024-12 (un mes), 2024 (un año), 2024-12-31 20:15; vacío: nadie lo sabe",
)
_HOW: Final[tuple[tuple[type[Cell], Words], ...]] = (
    (Choice, Words("a code or its label", "un código o su etiqueta")),
    (Number, Words("a whole number", "un número entero")),
    (Flag, Words("yes or no", "sí o no")),
    (Day, Words("a day: 31/12/2024 or 2024-12-31", "un día: 31/12/2024 o 2024-12-31")),
    (Moment, Words("31/12/2024, or 2024-12-31 20:15", "31/12/2024, o 2024-12-31 20:15")),
    (Registered, Words("letters, digits and . / -, never a name", "letras, cifras y . / -, nunca un nombre")),
    (OwnNumber, Words("your own number of it, never a name", "su propio número, nunca un nombre")),
    (Id, Words("an id as the system gave it", "un identificador dado por el sistema")),
    (Pair, Words("type=number", "tipo=número")),
)
_TEXT: Final = Words("as it stands", "tal como está")
_JOINED: Final = Words(f"several joined by {JOINT}", f"varios unidos por {JOINT}")
_NOTHING: Final = Words(f"{NOTHING[0]} where there were none", f"{NOTHING[1]} si no hubo")
_OWN: Final = "own_"


def label(column: Column) -> Words:
    """What the column is; its name where it has no words yet."""
    return LABELS.get(column.name) or LABELS.get(column.field) or Words(*[column.field.replace("_", " ")] * 2)


def how(column: Column) -> Words:
    """How its cells are filled in."""
    if column.around and column.name in {OCCURRED.name, OCCURRED_TO.name}:
        return _WHEN
    said = [next((words for kind, words in _HOW if isinstance(column.cell, kind)), _TEXT)]
    said += [_JOINED] * column.many + [_NOTHING] * column.empty_speaks
    return Words("; ".join(each.en for each in said), "; ".join(each.es for each in said))
