"""Publish one event as an agency over intake's HTTPS interface, and print its receipt and the decision about it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import orjson
import typer

from infra.local.data_folder import Folder
from services.client.http import Http
from services.client.receipt_and_errors import ClientError
from services.console import terminal_layout, unanswered_event_store
from services.console.agency_connection import fail_without_credential, office
from services.console.event_from_options import build_event
from services.console.options import language_code_of
from services.console.output import emit, err, fail, out
from services.console.terminal_layout import wrapped
from services.console.unanswered_event_store import UnansweredMove
from services.console.verdict_text import text
from services.presentation.bilingual_text import Language, Words
from services.presentation.referral_move_decision_texts import ShownDecision
from services.presentation.referral_move_decision_texts import decision as decision_about
from services.presentation.repeated_referral_move import RepeatedMove, repeated_move_of
from services.referral.domain.move_table import MOVES
from services.sheet import http_post
from services.sheet.http_post import NotReachedError
from services.sheet.json_lines import FileLine
from services.sheet.verdict import GOOD, Verdict, VerdictStatus

# Longest wait for a receipt, in seconds.
_RECEIPT_SECONDS: Final = 30.0
_AGAIN: Final = Words(
    "Give the same command again within a day: the same event is sent, and counts once.",
    "Repita el mismo comando en menos de un día: se envía el mismo evento y cuenta una vez.",
)
_SAID_BEFORE: Final = Words(
    "Sent before, at {time}, and no answer was shown. The same event is sent again, and counts once.",
    "Ya se envió, el {time}, y no se mostró respuesta. Se envía de nuevo el mismo evento, que cuenta una vez.",
)
_RECEIVED: Final = Words(
    "Received as n={n}. Waiting for the referral service's decision.",
    "Recibido como n={n}. Se espera la decisión del servicio de remisiones.",
)
_NOT_REACHED: Final = Words(
    "{agency} does not reach intake: {error}", "{agency} no llega al servicio de recepción: {error}"
)


def publish_lines(data_dir: Path, agency: str, lines: Sequence[FileLine], timeout: float) -> Iterator[Verdict]:
    """Publish lines with the agency's API key, and yield their verdicts. Exits with 1 without a key.

    Raises the errors of `http_post.publish`.
    """
    with open_intake_client(data_dir, agency) as door:
        yield from http_post.publish(door, lines, timeout=timeout)


@contextmanager
def open_intake_client(data_dir: Path, agency: str) -> Iterator[Http]:
    """Yield an HTTPS client of intake with the agency's API key. Exits with 1 without a key."""
    try:
        door = Http.read(Folder(data_dir).client(agency))
    except FileNotFoundError:
        fail_without_credential(data_dir, agency)
    try:
        yield door
    finally:
        door.close()


def publish_and_show(
    data_dir: Path,
    agency: str,
    name: str,
    data: Mapping[str, Any],
    *,
    subject: str,
    as_json: bool,
    about: Mapping[str, str | None],
    consentref: str | None = None,
    decided_within: float | None = None,
    print_first: str | None = None,
    lang: Language = Language.EN,
) -> None:
    """Publish an event that happens now, as the agency, and print its receipt; JSON has the fields of `about` too.

    `name`: the event type without prefix and version, such as "referral.sent". Empty fields of `data` are left out.
    `print_first`: a line to print before the event is sent, once the event is known to be well-formed.
    `decided_within`: for a move of the referral in `about`, seconds to wait for the referral service's decision.

    An equal event that was sent before and got no answer is sent again unchanged. Exits with 1 when the event is
    malformed or not accepted, or the move has no effect or was made before. A repeated move is not sent.
    """
    at = office(data_dir, agency)
    root, agency, now = at.root, at.agency, at.now()
    event = build_event(agency, name, data, subject=subject, at=now, consentref=consentref, lang=lang)
    if print_first is not None:
        out().print(print_first, markup=False)
    try:
        said = unanswered_event_store.store_or_find_event(Folder(root).unanswered, event, now)
    except OSError as error:
        fail(f"{Folder(root).unanswered} cannot be written: {error.strerror}; nothing was sent")
    if said.event["id"] != event["id"]:
        err().print(_SAID_BEFORE.of(lang).format(time=said.event["time"]), markup=False)
    referral = about.get("referral")
    if referral is not None and decided_within is not None:
        _leave_if_repeated(root, agency, said, referral, lang, as_json=as_json)
    verdict = _answered(root, agency, said, lang)
    decision = None
    if verdict.status in GOOD and referral is not None and decided_within is not None:
        move = f"{said.event['source']}/{said.event['id']}"
        if not as_json:
            out().print(_RECEIVED.of(lang).format(n=verdict.n), markup=False)
        decision = await_decision(root, agency, referral, move, decided_within)
    _show(verdict, decision, lang, as_json=as_json, about=about)
    if verdict.status is not VerdictStatus.UNCONFIRMED:  # after the output: the process may be killed before it
        said.forget()
    if verdict.status not in GOOD or (decision is not None and not decision.made):
        raise typer.Exit(1)


def await_decision(data_dir: Path, agency: str, referral: str, move: str, seconds: float) -> ShownDecision:
    """Wait up to `seconds` for the referral service's decision about a move, and return it.

    `move`: the move's event, as source/id. The effect is `undecided` if no decision came in time. Exits with 1 without
    the agency's API key.
    """
    with open_intake_client(data_dir, agency) as door:
        return decision_about(referral, agency, move, door.decided(referral, move, seconds))


def _leave_if_repeated(
    data_dir: Path, agency: str, said: UnansweredMove, referral: str, lang: Language, *, as_json: bool
) -> None:
    """Exit with 1, before anything is sent, if the move was made before. Other events pass."""
    made = earlier_move_of(data_dir, agency, said.event, referral) if said.event["type"] in MOVES else None
    if made is None:
        return
    said.forget()
    if as_json:
        emit({**made.plain(), "referral": referral})
    fail(made.sentence(lang.value))


def earlier_move_of(data_dir: Path, agency: str, event: Mapping[str, Any], referral: str) -> RepeatedMove | None:
    """Return the earlier move of a referral that the event would repeat, with its time if the agency may see it.

    None if there is none, or if intake does not answer: then the event is sent, and the referral service decides.
    """
    made = None
    with open_intake_client(data_dir, agency) as door, suppress(ClientError):
        made = repeated_move_of(event, agency, door.referral(referral))
        if made is not None and made.last_own is not None:
            made = made.accepted(door.outcome(made.last_own.rpartition("/")[2]))
        elif made is not None:
            made = made.told(each.event for each in door.inbox())
    return made


def _answered(root: Path, agency: str, said: UnansweredMove, lang: Language) -> Verdict:
    """Publish the event and return its verdict: unconfirmed, with a printed message, when intake does not answer."""
    try:
        (verdict,) = publish_lines(root, agency, [FileLine(1, orjson.dumps(said.event))], _RECEIPT_SECONDS)
    except NotReachedError as error:
        err().print(_NOT_REACHED.of(lang).format(agency=agency, error=error), style="red", markup=False)
        err().print(_AGAIN.of(lang), markup=False)
        return Verdict(1, VerdictStatus.UNCONFIRMED, str(said.event["id"]))
    return verdict


def _show(
    verdict: Verdict, decision: ShownDecision | None, lang: Language, *, as_json: bool, about: Mapping[str, str | None]
) -> None:
    if as_json:
        decision_shown = {} if decision is None else {"decision": decision.plain()}
        emit({**verdict.plain(), **about, **decision_shown})
    elif decision is not None:
        lines = wrapped(decision.sentences(lang), "", hanging="")
        terminal_layout.show(out(), lines, None if decision.made else "bold red")
    elif verdict.status is not VerdictStatus.UNCONFIRMED:  # for an unconfirmed event a message was printed already
        out().print(text(verdict, lang=language_code_of(lang)))
