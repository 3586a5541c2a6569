"""`atips referral show`: the state of a referral, as intake shows it to the agency; also finds a referral's person."""

import re
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Final

import typer

from schemas.ids import Kind, is_id
from schemas.times import BELIZE
from services.client.receipt_and_errors import ClientError
from services.client.referral_state import Referral as Standing
from services.console import send_as_agency, terminal_layout
from services.console.agency_connection import AgencyName, Office, office
from services.console.options import DEFAULT, AsJson, DataDir, LangOption
from services.console.output import emit, fail, fail_wrong_usage, out
from services.console.terminal_layout import joined, wrapped
from services.presentation.bilingual_text import Language, Words
from services.presentation.referral_move_decision_texts import (
    consent_gaps_text,
    effect_text,
    holder_text,
    move_text,
    reason_text,
    unknown,
    urgency_text,
)

Referral = Annotated[str, typer.Argument(metavar="REFERRAL", help="The referral's id.")]
# Intake shows a delivered message within a second; the rest is for a busy machine. A mistyped id waits this long too.
MESSAGE_SECONDS: Final = 4.0
_LOOK_SECONDS: Final = 0.4
_EVENT: Final = re.compile(r"[a-z_]+/[a-z0-9-]+/[0-9a-f-]{36}")
_NOT_SEEN: Final = Words(
    "{agency} sees no referral {referral}: there is none, or it was neither sent nor received by {agency}.",
    "{agency} no ve ninguna remisión {referral}: no existe, o {agency} no la envió ni la recibió.",
)
_PARTIES: Final = Words(
    "From {sender} to {receiver}, {urgency}; person {person}.",
    "De {sender} a {receiver}, {urgency}; persona {person}.",
)
_BY: Final = Words("by {agency}", "por {agency}")
_NOT_TOLD: Final = Words(
    "Your agency has not been told of this: add --person with the id of the person, or --own-person with your own "
    "number.",
    "Su institución no ha sido informada de esto: añada --person con el identificador de la persona, o --own-person "
    "con su propio número.",
)


def show(
    ref: Referral,
    *,
    agency: AgencyName = "",
    lang: LangOption = Language.EN,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Say how a referral stands, who holds it, and what was decided about the agency's moves."""
    at = office(data_dir, agency)
    found = _standing(at, ref)
    if found is None:
        fail(_NOT_SEEN.of(lang).format(agency=at.agency, referral=ref))
    if as_json:
        emit(asdict(found))
        return
    terminal_layout.show(out(), shown(found, ref, at.agency, lang))


def shown(found: Standing, ref: str, agency: str, lang: Language) -> Iterator[str]:
    """Yield lines of at most 80 columns: state and holder, the parties, and the moves.

    A move has its time in Belize, its agency, its effect, and its event.
    """
    if found.state is None and found.holder is None and found.sender is None:
        yield from wrapped(unknown(ref, agency, lang), "", hanging="")
    else:
        yield from wrapped(holder_text(ref, found.holder, found.state, lang), "", hanging="")
    if found.sender is not None:
        parties = _PARTIES.of(lang).format(
            sender=found.sender,
            receiver=found.receiver,
            urgency=urgency_text(found.urgency, lang),
            person=found.person,
        )
        yield from wrapped(parties, "", hanging="")
    for each in found.moves:
        why = "" if each.reason is None else f": {reason_text(each.reason, lang)} ({each.reason})"
        when = None if each.at is None else f"{datetime.fromisoformat(each.at).astimezone(BELIZE):%Y-%m-%d %H:%M}"
        what = None if each.type is None else move_text(each.type, lang)
        by = _BY.of(lang).format(agency=each.move.partition("/")[0])
        yield from wrapped(joined((when, what, by, f"{effect_text(each.effect, lang)}{why}")), "")
        yield from wrapped(each.move)
        if each.missing:
            yield from wrapped(consent_gaps_text(each.missing, lang))


def person_of(said: str, at: Office, about: str, lang: Language) -> str:
    """Return the id of the person of a move: as typed, else from the referral, else from a message in the inbox.

    A message reaches the inbox up to a second after its event, so this polls for `MESSAGE_SECONDS`. Exits with 2
    without a person.
    """
    found = said
    if not found and (is_id(about, Kind.REFERRAL) or _EVENT.fullmatch(about)):
        deadline = time.monotonic() + MESSAGE_SECONDS
        while not (found := _person_known(at, about)) and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS)
    if not found:
        fail_wrong_usage(_NOT_TOLD.of(lang))
    return found


def _person_known(at: Office, about: str) -> str:
    """Return the person of a referral that the agency sees, else of the last message about it; empty without one."""
    standing = _standing(at, about) if is_id(about, Kind.REFERRAL) else None
    return (standing.person if standing is not None else None) or _person_of_message(at, about)


def _person_of_message(at: Office, about: str) -> str:
    """Return the person of the last inbox message about a referral or a withdrawal of consent; empty without one."""
    with send_as_agency.open_intake_client(at.root, at.agency) as door:
        try:
            said = [each.event.get("data", {}) for each in door.inbox()]
        except ClientError as error:
            fail(f"Intake did not answer: {error}. The referral could not be read. Try again later.")
    persons = [each.get("person") for each in said if about in {each.get("referral"), each.get("event")}]
    return str(next((each for each in reversed(persons) if each), ""))


def _standing(at: Office, ref: str) -> Standing | None:
    with send_as_agency.open_intake_client(at.root, at.agency) as door:
        try:
            return door.referral(ref)
        except ClientError as error:
            fail(f"Intake did not answer: {error}. The referral could not be read. Try again later.")
