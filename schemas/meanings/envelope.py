"""Meanings of the fields of the envelope, and of the columns that every sheet has."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.meanings.meaning import Meaning

ENVELOPE: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "causationid": Meaning(
            "Event because of which this one was published.", "Evento a causa del cual se publicó este."
        ),
        "classification": Meaning(
            "Readers beyond the publisher; refused today, because nothing enforces it.",
            "Lectores además de quien publica; hoy se rechaza, porque nada lo hace cumplir.",
        ),
        "codebook": Meaning(
            "Version of the code lists that the author used.", "Versión de las listas de códigos que usó el autor."
        ),
        "consentref": Meaning(
            "Event of the consent on which the fact rests.", "Evento del consentimiento en que se basa el hecho."
        ),
        "copublishers": Meaning(
            "Agencies that report the same fact, joined by commas.",
            "Instituciones que informan del mismo hecho, separadas por comas.",
        ),
        "correction_reason": Meaning(
            "Reason why the revision was needed.", "Motivo por el que hizo falta la revisión."
        ),
        "correlationid": Meaning(
            "UUID that joins the events of one matter.", "UUID que une los eventos de un mismo asunto."
        ),
        "data": Meaning("Data of the event, as its type says.", "Datos del evento, según su tipo."),
        "datacontenttype": Meaning("Content type of the data: JSON.", "Tipo de contenido de los datos: JSON."),
        "dataschema": Meaning("URI of the published schema of the type.", "URI del esquema publicado del tipo."),
        "id": Meaning(
            "UUIDv7 of the event, made where it happened; with `source` its key.",
            "UUIDv7 del evento, creado donde ocurrió; con `source`, su clave.",
        ),
        "keyid": Meaning(
            "Id of the signing key; refused today, because nothing checks it.",
            "Identificador de la clave de firma; hoy se rechaza, porque nada lo comprueba.",
        ),
        "occurred": Meaning("Time of the fact, as exactly as known.", "Fecha del hecho, con la exactitud conocida."),
        "occurred_to": Meaning("Last day or month of a span.", "Último día o mes de un lapso."),
        "occurredprecision": Meaning("Precision of the time of the fact.", "Precisión de la hora del hecho."),
        "occurredto": Meaning(
            "Last instant, day, month or year of a span.", "Último instante, día, mes o año de un lapso."
        ),
        "on_behalf_of": Meaning("Agency or unit that you report for.", "Institución o unidad en cuyo nombre informa."),
        "onbehalfof": Meaning(
            "Agency or unit for which the author speaks.", "Institución o unidad en cuyo nombre habla el autor."
        ),
        "own_number": Meaning("Number of the record in your register.", "Número del registro en su libro."),
        "recorded": Meaning("Time at which you recorded the fact.", "Fecha en que usted registró el hecho."),
        "recordedtime": Meaning(
            "Time at which the agency recorded the fact.", "Hora en que la institución registró el hecho."
        ),
        "retraction_reason": Meaning(
            "Reason why the record should never have been sent; filled in, it takes the record of this number back.",
            "Motivo por el que el registro no debió enviarse; si se llena, se retira el registro de este número.",
        ),
        "revision": Meaning(
            "Revision of the row: empty, or 2, 3 where it replaces what was published.",
            "Revisión de la fila: vacía, o 2, 3 si reemplaza lo ya publicado.",
        ),
        "seq": Meaning(
            "Number in the producer's own sequence; refused today, because nothing checks it.",
            "Número en la secuencia del productor; hoy se rechaza, porque nada lo comprueba.",
        ),
        "signature": Meaning(
            "Ed25519 signature in base64; refused today, because nothing checks it.",
            "Firma Ed25519 en base64; hoy se rechaza, porque nada la comprueba.",
        ),
        "source": Meaning("Agency and system that publish the event.", "Institución y sistema que publican el evento."),
        "sourcerecord": Meaning(
            "Number of the record in the agency's own register; never a name.",
            "Número del registro en el libro de la institución; nunca un nombre.",
        ),
        "specversion": Meaning("Version of CloudEvents.", "Versión de CloudEvents."),
        "subject": Meaning(
            "Id of the primary entity, as the data name it.", "Identificador de la entidad principal, según los datos."
        ),
        "supersedes": Meaning("Event that this one corrects or retracts.", "Evento que este corrige o retira."),
        "time": Meaning(
            "Time of the fact; the start of the day, month or year if no more is known.",
            "Hora del hecho; el inicio del día, mes o año si no se sabe más.",
        ),
        "traceparent": Meaning("Trace context of the request (W3C).", "Contexto de traza de la solicitud (W3C)."),
        "type": Meaning("Type of the event.", "Tipo de evento."),
    }
)
