"""Labels of the columns that every sheet has, and of things that have ids."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.console.sheet.labels.word import Words

EVERY_SHEET: Final[Mapping[str, Words]] = MappingProxyType(
    {
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
    }
)

THINGS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "activity": Words("One activity", "Una actividad"),
        "appeal": Words("Appeal", "Apelación"),
        "arrest": Words("Arrest", "Detención"),
        "asset": Words("Video, broadcast or other material", "Video, emisión u otro material"),
        "bail": Words("Bail", "Fianza"),
        "case": Words("Case", "Caso"),
        "cases": Words("Cases", "Casos"),
        "charge": Words("Charge", "Cargo"),
        "charges": Words("Charges", "Cargos"),
        "conference": Words("Conference", "Conferencia"),
        "dataset": Words("Data that were given away", "Datos entregados"),
        "finding": Words("Finding", "Hallazgo"),
        "guardian": Words(
            "The guardian who consents for a child, where on record themselves",
            "Quien consiente por una niña o un niño, si consta en el registro",
        ),
        "hearing": Words("Court hearing", "Audiencia judicial"),
        "inspection": Words("Inspection", "Inspección"),
        "legislation": Words("Draft law", "Proyecto de ley"),
        "linked_case": Words("The case that it is linked with", "Caso con el que se vincula"),
        "linked_victims": Words("Victims linked to it", "Víctimas vinculadas"),
        "meeting": Words("Meeting", "Reunión"),
        "names": Words(
            "The case, persons and activities that it names", "El caso, las personas y las actividades que nombra"
        ),
        "need": Words("The person’s need", "Necesidad de la persona"),
        "needs": Words("The person’s needs", "Necesidades de la persona"),
        "next_referral": Words("The referral that follows this one", "La remisión que sigue a esta"),
        "operation": Words("Police operation", "Operativo policial"),
        "output": Words("Publication, procedure or other product", "Publicación, procedimiento u otro producto"),
        "payment": Words("Payment", "Pago"),
        "person": Words("Person", "Persona"),
        "persons": Words("Persons", "Personas"),
        "placement": Words("Placement in a shelter", "Ingreso en un albergue"),
        "policy": Words("Policy", "Política"),
        "previous_referral": Words(
            "The attempt before this one: rejected, handed back or referred onward",
            "El intento anterior: rechazado, devuelto o derivado",
        ),
        "project": Words("Project", "Proyecto"),
        "referral": Words("Referral", "Remisión"),
        "report": Words("Report that came in", "Denuncia recibida"),
        "restitution": Words("Restitution order", "Orden de restitución"),
        "same_as": Words("The other id of the same", "El otro identificador de lo mismo"),
        "screening": Words("Screening", "Entrevista de detección"),
        "sentence": Words("Sentence", "Sentencia"),
        "service": Words("Service", "Servicio"),
        "services": Words("Services", "Servicios"),
        "session": Words("Session", "Sesión"),
        "strategy": Words("Strategy", "Estrategia"),
        "suspect": Words("Suspect", "Sospechoso"),
        "tenure": Words("Role that is held", "Función que se ejerce"),
        "victim": Words("Victim", "Víctima"),
        "victims": Words("Victims", "Víctimas"),
        "view": Words("One look at records", "Una consulta de registros"),
        "viewed": Words("Whose records were looked at", "De quién eran los registros consultados"),
    }
)
