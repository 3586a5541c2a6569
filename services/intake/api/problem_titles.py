"""Rules that a problem may name: for each its HTTP status, and its title in English and Spanish."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from schemas.errors import Reason


class HttpRule(StrEnum):
    """Rules of the HTTP API itself. The rules for submissions are in `Reason`."""

    NOT_HTTP = "not_http"
    AMBIGUOUS_HEADERS = "ambiguous_headers"
    NO_KEY = "no_key"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    BODY_TOO_SLOW = "body_too_slow"
    BODY_TOO_LARGE = "body_too_large"
    TOO_MANY_EVENTS = "too_many_events"
    EMPTY_BATCH = "empty_batch"
    MEDIA_TYPE = "media_type"
    CONTENT_ENCODING = "content_encoding"
    PARAMETER = "parameter"
    NUMBER_OF_ANOTHER_AGENCY = "number_of_another_agency"
    TOO_OFTEN = "too_often"
    CANNOT_PROMISE = "cannot_promise"
    FAULT = "fault"


RefusalCause: TypeAlias = Reason | HttpRule


class ProblemTitle(NamedTuple):
    """HTTP status of the problem for a rule, and its title in English and Spanish."""

    status: int
    en: str
    es: str


WORDS: Final[Mapping[RefusalCause, ProblemTitle]] = MappingProxyType(
    {
        HttpRule.NOT_HTTP: ProblemTitle(
            400,
            "The request is not valid HTTP: check the program that sends it",
            "La solicitud no es HTTP válido: revise el programa que la envía",
        ),
        HttpRule.AMBIGUOUS_HEADERS: ProblemTitle(
            400,
            "A header is repeated, or the body's length is given in two ways: send each once",
            "Un encabezado está repetido o la longitud del cuerpo se indica de dos maneras: envíe cada uno una vez",
        ),
        HttpRule.NO_KEY: ProblemTitle(
            401,
            "The request has no valid API key: check the key, or ask the Council for one",
            "La solicitud no tiene una clave de API válida: revise la clave o pida una al Consejo",
        ),
        HttpRule.NOT_FOUND: ProblemTitle(
            404,
            "Nothing of your agency has this address: check the address and each id in it",
            "Nada de su institución tiene esta dirección: revise la dirección y cada identificador",
        ),
        HttpRule.METHOD_NOT_ALLOWED: ProblemTitle(
            405, "This address takes other methods only", "Esta dirección solo acepta otros métodos"
        ),
        HttpRule.BODY_TOO_SLOW: ProblemTitle(408, "The body came too slowly", "El cuerpo llegó demasiado despacio"),
        HttpRule.BODY_TOO_LARGE: ProblemTitle(
            413, "The body or an event is too large", "El cuerpo o un evento es muy grande"
        ),
        HttpRule.TOO_MANY_EVENTS: ProblemTitle(422, "Too many events in one batch", "Demasiados eventos en un lote"),
        HttpRule.EMPTY_BATCH: ProblemTitle(400, "The batch is empty", "El lote está vacío"),
        HttpRule.MEDIA_TYPE: ProblemTitle(
            415,
            "Another media type is needed: see this address in the API description",
            "Se necesita otro tipo de contenido: vea esta dirección en la descripción de la API",
        ),
        HttpRule.CONTENT_ENCODING: ProblemTitle(
            415, "The body must not be compressed", "El cuerpo no debe estar comprimido"
        ),
        HttpRule.PARAMETER: ProblemTitle(
            400, "A parameter is not written as it should be", "Un parámetro está mal escrito"
        ),
        HttpRule.NUMBER_OF_ANOTHER_AGENCY: ProblemTitle(
            403, "Only an agency's own numbers have an id for it", "Solo se dan identificadores de números propios"
        ),
        HttpRule.TOO_OFTEN: ProblemTitle(429, "Too many requests", "Demasiadas solicitudes"),
        HttpRule.CANNOT_PROMISE: ProblemTitle(
            503,
            "Nothing is confirmed now: send the same again later",
            "Ahora no se confirma nada: envíe lo mismo más tarde",
        ),
        HttpRule.FAULT: ProblemTitle(
            500,
            "The service failed by an error of its own: send the same again later, and tell the operator if it recurs",
            "El servicio falló por un error propio: envíe lo mismo más tarde y avise a quien lo opera si se repite",
        ),
        # bytes
        Reason.TOO_LARGE: ProblemTitle(413, "The event is too large", "El evento es demasiado grande"),
        Reason.NOT_UTF8: ProblemTitle(400, "Not UTF-8", "No es UTF-8"),
        Reason.BYTE_ORDER_MARK: ProblemTitle(
            400, "Begins with a byte order mark", "Empieza con una marca de orden de bytes"
        ),
        Reason.NOT_JSON: ProblemTitle(400, "Not JSON", "No es JSON"),
        Reason.NOT_AN_OBJECT: ProblemTitle(400, "Not a JSON object", "No es un objeto JSON"),
        Reason.DUPLICATE_KEY: ProblemTitle(400, "A name is repeated", "Un nombre está repetido"),
        Reason.TOO_DEEP: ProblemTitle(400, "Nested too deeply", "Demasiados niveles anidados"),
        Reason.NUMBER_NOT_ALLOWED: ProblemTitle(
            400, "A number is not whole or too large", "Un número no es entero o es demasiado grande"
        ),
        Reason.TEXT_TOO_LONG: ProblemTitle(
            422, "A text or a name is too long", "Un texto o un nombre es demasiado largo"
        ),
        # fields
        Reason.UNKNOWN_TYPE: ProblemTitle(422, "Not a type of event", "No es un tipo de evento"),
        Reason.MISSING_FIELD: ProblemTitle(422, "A field is missing", "Falta un campo"),
        Reason.UNKNOWN_FIELD: ProblemTitle(422, "A field is not known", "Un campo es desconocido"),
        Reason.WRONG_TYPE: ProblemTitle(
            422, "A field has a value of another type", "Un campo tiene otro tipo de valor"
        ),
        Reason.WRONG_FORM: ProblemTitle(422, "A field is not written as it should be", "Un campo está mal escrito"),
        Reason.OUT_OF_RANGE: ProblemTitle(422, "Too small or too large", "Demasiado pequeño o demasiado grande"),
        Reason.TOO_MANY: ProblemTitle(422, "Too many items", "Demasiados elementos"),
        Reason.BAD_ID: ProblemTitle(422, "Not an id of this kind", "No es un identificador de este tipo"),
        Reason.UNKNOWN_CODE: ProblemTitle(422, "Not in the list of codes", "No está en la lista de códigos"),
        Reason.UNKNOWN_AGENCY: ProblemTitle(422, "Not an agency", "No es una institución"),
        Reason.REPEATED_ITEM: ProblemTitle(422, "An item is repeated", "Un elemento está repetido"),
        Reason.CONTRADICTORY_CODES: ProblemTitle(422, "The codes contradict each other", "Los códigos se contradicen"),
        # fields against each other
        Reason.SUBJECT_MISMATCH: ProblemTitle(
            422, "The subject is not what the data are about", "El sujeto no es aquello de lo que tratan los datos"
        ),
        Reason.DATASCHEMA_MISMATCH: ProblemTitle(422, "The schema of another type", "El esquema de otro tipo"),
        Reason.TIME_WITHOUT_PRECISION: ProblemTitle(
            422, "The time and its precision do not agree", "La hora y su precisión no concuerdan"
        ),
        Reason.TIME_NOT_START_OF_UNIT: ProblemTitle(
            422, "The time is not the start of its day, month or year", "La hora no es el inicio del día, mes o año"
        ),
        Reason.TIME_SPAN_REVERSED: ProblemTitle(422, "Ends before it begins", "Termina antes de empezar"),
        Reason.COUNT_WITHOUT_BASIS: ProblemTitle(422, "It must say what was counted", "Debe decir qué se contó"),
        Reason.COUNT_OR_PERSONS: ProblemTitle(422, "Either a count or the persons", "O una cantidad o las personas"),
        Reason.AGENCY_MISMATCH: ProblemTitle(422, "It is about another agency", "Se refiere a otra institución"),
        Reason.SUPERSEDES_NOT_ALLOWED: ProblemTitle(
            422, "An event of this type cannot replace another", "Un evento de este tipo no puede sustituir a otro"
        ),
        # rules of intake, beyond the bytes of the event
        Reason.NOT_AN_AUTHOR: ProblemTitle(
            403, "This agency may not publish this event", "Esta institución no puede publicar este evento"
        ),
        Reason.SOURCE_NOT_OF_THIS_DOOR: ProblemTitle(
            403, "The source is another agency's", "La fuente es de otra institución"
        ),
        Reason.SOURCE_NOT_ENROLLED: ProblemTitle(
            403, "No such system is enrolled: ask the Council", "Ese sistema no está inscrito: consulte al Consejo"
        ),
        Reason.NOT_ENFORCED: ProblemTitle(
            422,
            "This field has no effect yet: leave it out",
            "Este campo aún no tiene efecto: omítalo",
        ),
        Reason.TIME_IN_FUTURE: ProblemTitle(422, "The time lies in the future", "La hora está en el futuro"),
        Reason.CODE_NOT_IN_USE: ProblemTitle(
            422,
            "The code was out of use on the day of the fact: take another of the list",
            "El código estaba fuera de uso el día del hecho: tome otro de la lista",
        ),
        Reason.ID_ALREADY_USED: ProblemTitle(
            409, "The id was accepted with another content", "El identificador ya se aceptó con otro contenido"
        ),
        Reason.JUDGING_TOOK_TOO_LONG: ProblemTitle(
            422, "It took too long to check the event", "Se tardó demasiado en comprobar el evento"
        ),
        Reason.TOO_MANY_RELATED: ProblemTitle(
            422,
            "Too many events or ids are linked with this one: ask the Council",
            "Demasiados eventos o identificadores están vinculados: consulte al Consejo",
        ),
        Reason.LOST_BEFORE_SENT: ProblemTitle(
            409, "It was lost with the database before it was sent", "Se perdió con la base de datos antes de enviarse"
        ),
    }
)
