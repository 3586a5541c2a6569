"""Hints on how a refused field is written, and where its value comes from; all hints are in this module.

The terminal and the problem details over HTTP use them. A hint depends only on the rule and the place, so that it
repeats nothing that was sent.
"""

from typing import Final

from schemas.errors import Reason
from schemas.ids import BODY, ENTITY_KINDS, Kind
from schemas.meanings import Meaning

_EVENT_ID: Final = Meaning(
    "An event's id is a UUID version 7 in lower case. The Python library makes one, as does uuid6.uuid7().",
    "El id de un evento es un UUID versión 7 en minúsculas. Lo crea la biblioteca de Python, o uuid6.uuid7().",
)
_SHARED_ID: Final = Meaning(
    "An id is written {forms}, with {length} characters after the hyphen: digits, and small letters without i, l, o, u."
    " The last one is a check character: it follows from the others, so that a mistyped id is refused. Copy it whole.",
    "Un identificador se escribe {forms}, con {length} caracteres tras el guion: dígitos, y minúsculas sin i, l, o, u."
    " El último es un carácter de control: resulta de los demás, y así se rechaza un identificador mal copiado. Cópielo"
    " entero.",
)
_SOURCE: Final = Meaning(
    "POST /v1/identities gives the id of your own number; client.mint of the Python library makes a new one.",
    "POST /v1/identities da el de su propio número; client.mint de la biblioteca de Python crea uno nuevo.",
)
_TIME: Final = Meaning(
    "A time is written 2024-03-08T14:30:00-06:00: the day, the time of day, and how far it is from UTC. Where only the"
    " day or the month is known, it is the beginning of it, and occurredprecision says day or month.",
    "Una hora se escribe 2024-03-08T14:30:00-06:00: el día, la hora y su diferencia con UTC. Si solo se conoce el día o"
    " el mes, es el comienzo, y occurredprecision dice day o month.",
)
_DAY: Final = Meaning(
    "A day is written 2024-03-08: year, month, day, of the years 1900 to 2199. If there is no such day, leave the field"
    " out.",
    "Un día se escribe 2024-03-08: año, mes y día, de los años 1900 a 2199. Si no hay tal día, deje vacío el campo.",
)
_EVENT_REF: Final = Meaning(
    "An event is named by its source, a slash and its id: bpd/register/0190…. The id alone is not enough. The source of"
    " an event from a sheet is its agency with /sheet, from a command or a page its agency with /console.",
    "Un evento se nombra con su source, una barra y su id: bpd/register/0190…. El id solo no basta. El source de un"
    " evento de una hoja es su institución con /sheet, y el de un comando o una página, su institución con /console.",
)
_REGISTER_NUMBER: Final = Meaning(
    "A number of your own has at most 24 characters without spaces, as in P-17 or 2024/118. It has groups of digits"
    " with one . / or - between them. At most three capital letters without accents stand before a group. The Council"
    " may have listed another form for your system.",
    "Un número propio tiene hasta 24 caracteres sin espacios, como P-17 o 2024/118. Tiene grupos de cifras con un . / o"
    " - entre ellos. Ante un grupo hay hasta tres mayúsculas sin acento. El Consejo puede haber fijado otra forma para"
    " su sistema.",
)
_DAYS: Final = (
    *("applied_on", "determined_on", "ends_on", "expected_start_on", "expires_on"),
    *("latest_start_on", "next_on", "review_on", "valid_from"),
)
_BY_FIELD: Final = {
    **dict.fromkeys(("time", "recordedtime", "occurredto", "due_at", "decided_at", "until"), _TIME),
    **dict.fromkeys(("about", "causationid", "claim", "consent", "consentref", "move"), _EVENT_REF),
    **dict.fromkeys(("records", "ruling", "standing", "supersedes"), _EVENT_REF),
    **dict.fromkeys(_DAYS, _DAY),
    **dict.fromkeys(("name", "number", "sender_reference", "sourcerecord"), _REGISTER_NUMBER),
}
"""Hints for a value of a wrong form, by the field's name."""
_KINDS: Final = {kind.name.lower(): (kind,) for kind in Kind} | {"subject": ENTITY_KINDS}
"""Kinds of ids that a field may hold, by the field's name."""


def how_written(reason: str, pointer: str | None, source: Meaning | None = None) -> Meaning | None:
    """Return how the field at a JSON Pointer is written and where to get a value; None if the rule says enough.

    `source`: where to get a shared id, instead of the text for programmers.
    """
    if reason == Reason.WRONG_FORM and pointer == "/id":
        return _EVENT_ID
    name = next((step for step in reversed((pointer or "").split("/")) if step and not step.isdecimal()), "")
    if reason == Reason.WRONG_FORM or (reason == Reason.OUT_OF_RANGE and name in _DAYS):
        return _BY_FIELD.get(name)
    if reason != Reason.BAD_ID:
        return None
    forms = ", ".join(f"{kind}-…" for kind in _KINDS.get(name, ENTITY_KINDS))
    written = (text.format(forms=forms, length=BODY + 1) for text in _SHARED_ID)
    return Meaning(*(" ".join(each) for each in zip(written, source or _SOURCE, strict=True)))
