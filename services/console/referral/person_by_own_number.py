"""Option `--own-person`: intake returns, over HTTPS, the shared id of a person for the agency's own number.

The number is not stored, and no message repeats it.
"""

from collections.abc import Iterator
from typing import Annotated, Final, TypeAlias

import typer

from schemas.errors import Reason
from schemas.ids import Kind
from schemas.writing_hints import how_written
from services.console import send_as_agency
from services.console.agency_connection import Office
from services.console.output import fail
from services.presentation.bilingual_text import Language, Words
from services.sheet.cell_errors import WrongCell
from services.sheet.cell_kinds import register_number
from services.sheet.http_post import NotReachedError
from services.sheet.ids_from_intake import ids_from_intake
from services.sheet.own_number_ids import RegisterEntry

OwnPerson: TypeAlias = Annotated[
    str | None,
    typer.Option("--own-person", metavar="NUMBER", help="Instead of --person: the number in your own book."),
]
# Longest wait for intake's answer, in seconds.
_ID_SECONDS: Final = 30.0
_ONE: Final = Words(
    "--person, --own-person: give exactly one: the person's shared id, or the person's number in your own book.",
    "--person, --own-person: indique exactamente una: el identificador compartido de la persona, o su número en el"
    " libro de su institución.",
)
_NOT_REACHED: Final = Words(
    "Nothing was sent: the id of your own number comes from intake, and {agency} does not reach it: {error}. Give"
    " the same command again later.",
    "No se envió nada: el identificador de su propio número viene del servicio de recepción, y {agency} no llega a él:"
    " {error}. Repita el mismo comando más tarde.",
)


def mistakes(person: str | None, own_person: str | None, lang: Language) -> Iterator[str]:
    """Yield a message if not exactly one of `--person` and `--own-person` is given, and one for a malformed number."""
    if (person is None) == (own_person is None):
        yield _ONE.of(lang)
    if own_person is not None:
        try:
            register_number(own_person.strip())
        except WrongCell:
            hint = how_written(Reason.WRONG_FORM, "/number")
            form = "" if hint is None else f" {hint.es if lang is Language.ES else hint.en}"
            yield f"--own-person: {Reason.WRONG_FORM.value}.{form}"


def shared_id(at: Office, own_person: str, lang: Language) -> str:
    """Ask intake for the shared id of a person by the agency's own number; exits with 1 without an answer."""
    number = RegisterEntry(Kind.PERSON, "", own_person.strip())
    try:
        with send_as_agency.open_intake_client(at.root, at.agency) as door:
            (found,) = ids_from_intake(door, [number], _ID_SECONDS)
    except NotReachedError as error:
        fail(_NOT_REACHED.of(lang).format(agency=at.agency, error=error))
    return found
