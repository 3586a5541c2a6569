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
            405,
            "This address does not take this method: use one that the header Allow names",
            "Esta dirección no acepta este método: use uno de los que nombra el encabezado Allow",
        ),
        HttpRule.BODY_TOO_SLOW: ProblemTitle(
            408,
            "The body came too slowly: send it again, with fewer events at once",
            "El cuerpo llegó demasiado despacio: envíelo otra vez, con menos eventos a la vez",
        ),
        HttpRule.BODY_TOO_LARGE: ProblemTitle(
            413,
            "The body or an event is too large: send fewer events at once, or a shorter event",
            "El cuerpo o un evento es muy grande: envíe menos eventos a la vez, o un evento más corto",
        ),
        HttpRule.TOO_MANY_EVENTS: ProblemTitle(
            422,
            "The batch has too many events: divide it into smaller batches",
            "El lote tiene demasiados eventos: divídalo en lotes más pequeños",
        ),
        HttpRule.EMPTY_BATCH: ProblemTitle(
            400,
            "The batch is empty: send at least one event",
            "El lote está vacío: envíe al menos un evento",
        ),
        HttpRule.MEDIA_TYPE: ProblemTitle(
            415,
            "Another media type is needed: see this address in the API description",
            "Se necesita otro tipo de contenido: vea esta dirección en la descripción de la API",
        ),
        HttpRule.CONTENT_ENCODING: ProblemTitle(
            415,
            "The body is compressed, which is not accepted: send it as it is",
            "El cuerpo está comprimido y así no se acepta: envíelo sin comprimir",
        ),
        HttpRule.PARAMETER: ProblemTitle(
            400,
            "A parameter is not written as it should be: see this address in the API description",
            "Un parámetro está mal escrito: vea esta dirección en la descripción de la API",
        ),
        HttpRule.NUMBER_OF_ANOTHER_AGENCY: ProblemTitle(
            403,
            "This own number belongs to another agency: ask only for ids of your agency's own numbers",
            "Este número propio es de otra institución: pida solo identificadores de los números propios de la suya",
        ),
        HttpRule.TOO_OFTEN: ProblemTitle(
            429,
            "Too many requests: wait as long as the header Retry-After says, then send the same again",
            "Demasiadas solicitudes: espere lo que indica el encabezado Retry-After y envíe lo mismo otra vez",
        ),
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
        Reason.TOO_LARGE: ProblemTitle(
            413,
            "The event is too large: shorten its texts and lists",
            "El evento es demasiado grande: acorte sus textos y listas",
        ),
        Reason.NOT_UTF8: ProblemTitle(
            400,
            "The event is not written in UTF-8: encode it in UTF-8",
            "El evento no está escrito en UTF-8: codifíquelo en UTF-8",
        ),
        Reason.BYTE_ORDER_MARK: ProblemTitle(
            400,
            "The event begins with a byte order mark: leave the mark out",
            "El evento empieza con una marca de orden de bytes: quite la marca",
        ),
        Reason.NOT_JSON: ProblemTitle(
            400,
            "The event is not valid JSON: correct the program that writes it",
            "El evento no es JSON válido: corrija el programa que lo escribe",
        ),
        Reason.NOT_AN_OBJECT: ProblemTitle(
            400,
            "The event is not a JSON object: write it in one pair of braces",
            "El evento no es un objeto JSON: escríbalo entre un par de llaves",
        ),
        Reason.DUPLICATE_KEY: ProblemTitle(
            400,
            "A name is repeated in one JSON object: give each name once",
            "Un nombre está repetido en un objeto JSON: dé cada nombre una sola vez",
        ),
        Reason.TOO_DEEP: ProblemTitle(
            400,
            "The JSON has too many nested levels: write it as the type's schema shows",
            "El JSON tiene demasiados niveles anidados: escríbalo como muestra el esquema del tipo",
        ),
        Reason.NUMBER_NOT_ALLOWED: ProblemTitle(
            400,
            "A number is not whole, or too large: write a whole number without a point or exponent",
            "Un número no es entero o es demasiado grande: escriba un entero sin punto ni exponente",
        ),
        Reason.TEXT_TOO_LONG: ProblemTitle(
            422,
            "A text or a name is too long: shorten it",
            "Un texto o un nombre es demasiado largo: acórtelo",
        ),
        # fields
        Reason.UNKNOWN_TYPE: ProblemTitle(
            422,
            "There is no such type of event: take one from the list of types",
            "No existe tal tipo de evento: tome uno de la lista de tipos",
        ),
        Reason.MISSING_FIELD: ProblemTitle(
            422,
            "A required field is missing: fill it in",
            "Falta un campo obligatorio: llénelo",
        ),
        Reason.UNKNOWN_FIELD: ProblemTitle(
            422,
            "The event has a field that its type does not have: correct the field's name, or leave it out",
            "El evento tiene un campo que su tipo no tiene: corrija el nombre del campo u omítalo",
        ),
        Reason.WRONG_TYPE: ProblemTitle(
            422,
            "A field holds the wrong kind of value, such as text for a number: correct it",
            "Un campo tiene otra clase de valor, como texto en vez de un número: corríjalo",
        ),
        Reason.WRONG_FORM: ProblemTitle(
            422,
            "A field is not written as it should be: see how the field is described",
            "Un campo está mal escrito: vea cómo se describe el campo",
        ),
        Reason.OUT_OF_RANGE: ProblemTitle(
            422,
            "A value is too small or too large for its field: correct it",
            "Un valor es demasiado pequeño o demasiado grande para su campo: corríjalo",
        ),
        Reason.TOO_MANY: ProblemTitle(
            422,
            "The event has too many items or headers: leave some out",
            "El evento tiene demasiados elementos o encabezados: quite algunos",
        ),
        Reason.BAD_ID: ProblemTitle(
            422,
            "The field needs an id of another kind, or the id is mistyped: copy the right id whole",
            "El campo pide otro tipo de identificador, o este está mal copiado: copie entero el correcto",
        ),
        Reason.UNKNOWN_CODE: ProblemTitle(
            422,
            "A code is not in the list of its field: take one from the list",
            "Un código no está en la lista de su campo: tome uno de la lista",
        ),
        Reason.UNKNOWN_AGENCY: ProblemTitle(
            422,
            "No agency has this code: take one from the list of agencies",
            "Ninguna institución tiene este código: tome uno de la lista de instituciones",
        ),
        Reason.REPEATED_ITEM: ProblemTitle(
            422,
            "An item is given twice: keep one of the two",
            "Un elemento se da dos veces: deje uno de los dos",
        ),
        Reason.CONTRADICTORY_CODES: ProblemTitle(
            422,
            "Codes or fields of the event contradict each other: keep what is true",
            "Códigos o campos del evento se contradicen: deje lo que corresponde",
        ),
        # fields against each other
        Reason.SUBJECT_MISMATCH: ProblemTitle(
            422,
            "The subject is not the person, case or activity of the data: write that id as the subject",
            "El sujeto no es la persona, el caso o la actividad de los datos: escriba ese identificador como sujeto",
        ),
        Reason.DATASCHEMA_MISMATCH: ProblemTitle(
            422,
            "The event names the schema of another type: name the schema of its own type",
            "El evento nombra el esquema de otro tipo: nombre el de su propio tipo",
        ),
        Reason.TIME_WITHOUT_PRECISION: ProblemTitle(
            422,
            "The event gives a time and says that it is unknown: leave the time out, or state its precision",
            "El evento da una hora y dice que se desconoce: omita la hora o indique su precisión",
        ),
        Reason.TIME_NOT_START_OF_UNIT: ProblemTitle(
            422,
            "The time is not the start of its day, month or year in Belize: write that start",
            "La hora no es el inicio del día, mes o año en Belice: escriba ese inicio",
        ),
        Reason.TIME_SPAN_REVERSED: ProblemTitle(
            422,
            "The time span ends before it begins: correct one of its ends",
            "El intervalo termina antes de empezar: corrija uno de sus extremos",
        ),
        Reason.COUNT_WITHOUT_BASIS: ProblemTitle(
            422,
            "A count does not say what was counted: say it",
            "Una cantidad no dice qué se contó: indíquelo",
        ),
        Reason.COUNT_OR_PERSONS: ProblemTitle(
            422,
            "Either a count or the persons must be given, and not both: give one of them",
            "Se debe dar una cantidad o las personas, y no ambas: dé una de las dos",
        ),
        Reason.AGENCY_MISMATCH: ProblemTitle(
            422,
            "The event names another agency where its own belongs: name the agency that publishes it",
            "El evento nombra a otra institución donde va la suya: nombre a la que lo publica",
        ),
        Reason.SUPERSEDES_NOT_ALLOWED: ProblemTitle(
            422,
            "An event of this type cannot replace another: send a correction or a retraction",
            "Un evento de este tipo no puede sustituir a otro: envíe una corrección o un retiro",
        ),
        # rules of intake, beyond the bytes of the event
        Reason.NOT_AN_AUTHOR: ProblemTitle(
            403,
            "This agency may not publish this event or this value: leave it to the agency whose record it is",
            "Esta institución no puede publicar este evento o este valor: déjelo a la institución que corresponde",
        ),
        Reason.SOURCE_NOT_OF_THIS_DOOR: ProblemTitle(
            403,
            "The source is not the agency or system of the key that sent it: name your own system",
            "La fuente no es la institución o el sistema de la clave que envió: nombre su propio sistema",
        ),
        Reason.SOURCE_NOT_ENROLLED: ProblemTitle(
            403,
            "The system that the source names is not enrolled: ask the Council to enrol it",
            "El sistema que nombra la fuente no está inscrito: pida al Consejo que lo inscriba",
        ),
        Reason.NOT_ENFORCED: ProblemTitle(
            422,
            "This field has no effect yet: leave it out",
            "Este campo aún no tiene efecto: omítalo",
        ),
        Reason.TIME_IN_FUTURE: ProblemTitle(
            422,
            "The time lies in the future: check the date, and the clock of the computer",
            "La hora está en el futuro: revise la fecha y el reloj de la computadora",
        ),
        Reason.CODE_NOT_IN_USE: ProblemTitle(
            422,
            "The code was out of use on the day of the fact: take another of the list",
            "El código estaba fuera de uso el día del hecho: tome otro de la lista",
        ),
        Reason.ID_ALREADY_USED: ProblemTitle(
            409,
            "The id was accepted before with another content: send a correction, or give another event a new id",
            "El identificador ya se aceptó con otro contenido: envíe una corrección, o dé a otro evento uno nuevo",
        ),
        Reason.JUDGING_TOOK_TOO_LONG: ProblemTitle(
            422,
            "The event was refused because checking it took too long: ask your operator to send it again",
            "El evento se rechazó porque se tardó demasiado en comprobarlo: pida a quien opera que lo reenvíe",
        ),
        Reason.TOO_MANY_RELATED: ProblemTitle(
            422,
            "Too many events or ids are linked with this one: ask the Council",
            "Demasiados eventos o identificadores están vinculados: consulte al Consejo",
        ),
        Reason.LOST_BEFORE_SENT: ProblemTitle(
            409,
            "The event was lost with the database before it was passed on: send it again",
            "El evento se perdió con la base de datos antes de transmitirse: envíelo otra vez",
        ),
    }
)
