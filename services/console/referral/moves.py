"""`atips referral` and `atips consent`: each move is an ordinary event, published as an agency, with its receipt."""

import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from secrets import token_bytes
from typing import Annotated, Any, Final

import typer

from schemas.ids import Kind, is_id, mint
from services.client.receipt import ClientError
from services.client.referral import Referral as Standing
from services.console import acting
from services.console.office import AgencyName, Office, office
from services.console.options import DEFAULT, LONGEST, AsJson, DataDir
from services.console.referral.waiting import outstanding
from services.console.say import emit, fail, out, wrong
from services.presentation.referral_decision import held, reason_text, unknown

referral: Final = typer.Typer(name="referral", help="Make a move of a referral, as an agency.", no_args_is_help=True)
consent: Final = typer.Typer(
    name="consent", help="Take consent back, or acknowledge that it was.", no_args_is_help=True
)

Referral = Annotated[str, typer.Argument(metavar="REFERRAL", help="The referral's id.")]
Person = Annotated[
    str, typer.Option("--person", metavar="P", help="Whom it is about, where your agency has not been told of it.")
]
Wait = Annotated[
    float,
    typer.Option(
        "--wait", metavar="SECONDS", min=0.0, max=LONGEST, help="How long to wait for the referral service's decision."
    ),
]
# The referral service decides within a second or two. On a busy machine it may take some more.
DECISION_SECONDS: Final = 20.0
_EVENT: Final = re.compile(r"[a-z_]+/[a-z0-9-]+/[0-9a-f-]{36}")
Reason = Annotated[str | None, typer.Option("--reason", metavar="CODE", help="Why, by its code.")]


@referral.command()
def send(
    *,
    agency: AgencyName = "",
    to: Annotated[str, typer.Option("--to", metavar="A", help="To which agency.")],
    person: Annotated[str, typer.Option("--person", metavar="P", help="Whom it is about.")],
    service: Annotated[list[str] | None, typer.Option("--service", metavar="CODE", help="What is asked for.")] = None,
    urgency: Annotated[str | None, typer.Option(help="emergency, urgent, soon or routine.")] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="C")] = None,
    referral: Annotated[
        str | None,
        typer.Option("--referral", metavar="R", help="Its id, if the inbox told you to send it; else a new one."),
    ] = None,
    need: Annotated[str | None, typer.Option("--need", metavar="N")] = None,
    previous: Annotated[str | None, typer.Option("--previous", metavar="REFERRAL", help="The attempt before.")] = None,
    consent_ref: Annotated[str | None, typer.Option("--consent", metavar="EVENT", help="By which consent.")] = None,
    reason: Reason = None,
    wait: Wait = DECISION_SECONDS,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Refer a person to another agency; prints the referral's id first.

    Where no answer comes, it may have been sent all the same: with --referral and this id it is sent again as one.
    Of a victim whom you identified the inbox names a referral to send: give its id with --referral, or it stays open.
    The codes of --service and --reason: atips codes service_type, atips codes referral_reason.
    """
    agency = office(data_dir, agency).agency
    made = referral or mint(Kind.REFERRAL, token_bytes(16))
    data = {
        "person": person,
        "case": case,
        "referral": made,
        "from_agency": agency,
        "to_agency": to,
        "need": need,
        "previous_referral": previous,
        "service_types": service or [],
        "urgency": urgency,
        "reason": reason,
    }
    first = None if as_json else made
    _publish(
        *(agency, "referral.sent", data, data_dir),
        as_json=as_json,
        wait=wait,
        consentref=consent_ref,
        print_first=first,
    )


def _plain(move: str, summary: str, codes: str, *, names_sender: bool) -> Callable[..., None]:
    """Make the command of a move that says no more than who, which and why. `codes`: the list of reasons, or empty."""

    def with_reason(
        ref: Referral,
        *,
        agency: AgencyName = "",
        person: Person = "",
        reason: Reason = None,
        wait: Wait = DECISION_SECONDS,
        data_dir: DataDir = DEFAULT,
        as_json: AsJson = False,
    ) -> None:
        at = office(data_dir, agency)
        data = {"person": _person(person, at, ref), "referral": ref, "reason": reason}
        own = {"from_agency": at.agency} if names_sender else {}
        _publish(agency, f"referral.{move}", data | own, data_dir, as_json=as_json, wait=wait)

    def without_reason(
        ref: Referral,
        *,
        agency: AgencyName = "",
        person: Person = "",
        wait: Wait = DECISION_SECONDS,
        data_dir: DataDir = DEFAULT,
        as_json: AsJson = False,
    ) -> None:
        data = {"person": _person(person, office(data_dir, agency), ref), "referral": ref}
        _publish(agency, f"referral.{move}", data, data_dir, as_json=as_json, wait=wait)

    made = with_reason if codes else without_reason
    made.__doc__ = f"{summary}\n\nThe codes of --reason: atips codes {codes}." if codes else summary
    return made


_OF_SENDER: Final = frozenset({"cancelled", "entered_in_error"})

for _name, _move, _codes, _summary in (
    ("receive", "received", "", "Say that it was seen; it is not answered yet."),
    ("accept", "accepted", "", "Take it on."),
    ("reject", "rejected", "referral_reject_reason", "Do not take it."),
    ("start", "started", "", "Begin to work on it."),
    ("hold", "put_on_hold", "hold_reason", "Let it wait."),
    ("resume", "resumed", "", "Go on with it."),
    ("complete", "completed", "", "Say that it was done."),
    ("fail", "failed", "unfinished_reason", "Say that it could not be done."),
    ("hand-back", "handed_back", "unfinished_reason", "Give it back to whoever sent it."),
    (
        "refer-onward",
        "referred_onward",
        "unfinished_reason",
        "Say that the person was sent on: the next referral is yours to send.",
    ),
    ("cancel", "cancelled", "cancel_reason", "Take back what you sent, before it is accepted."),
    ("enter-in-error", "entered_in_error", "cancel_reason", "Say that it should never have been sent."),
):
    referral.command(_name)(_plain(_move, _summary, _codes, names_sender=_move in _OF_SENDER))


@referral.command()
def show(ref: Referral, *, agency: AgencyName = "", data_dir: DataDir = DEFAULT, as_json: AsJson = False) -> None:
    """Say how a referral stands, who holds it, and what was decided about the agency's moves."""
    at = office(data_dir, agency)
    found = _standing(at, ref)
    if found is None:
        fail(f"{at.agency} sees no referral {ref}: there is none, or it was neither sent nor received by {at.agency}.")
    if as_json:
        emit(asdict(found))
        return
    if found.state is None and found.holder is None and found.sender is None:
        out().print(unknown(ref, at.agency), markup=False)
    else:
        out().print(held(ref, found.holder, found.state), markup=False)
    if found.sender is not None:
        out().print(f"From {found.sender} to {found.receiver}, {found.urgency}; person {found.person}.", markup=False)
    for each in found.moves:
        why = "" if each.reason is None else f": {reason_text(each.reason)} ({each.reason})"
        out().print(f"{each.move}  {each.effect.replace('_', ' ')}{why}", markup=False)


@consent.command()
def withdraw(
    *,
    agency: AgencyName = "",
    person: Annotated[str, typer.Option("--person", metavar="P", help="Whose.")],
    which: Annotated[str | None, typer.Option("--consent", metavar="EVENT", help="Which; all without it.")] = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Take consent back: whoever was told of the person hears of it, and must acknowledge."""
    data = {"person": person, "consent": which}
    _publish(agency, "consent.withdrawn", data, data_dir, as_json=as_json)


@consent.command()
def acknowledge(
    which: Annotated[str, typer.Argument(metavar="EVENT", help="What is acknowledged, as source/id.")],
    *,
    agency: AgencyName = "",
    person: Person = "",
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Take note that consent was given, or taken back."""
    data = {"person": _person(person, office(data_dir, agency), which), "consent": which}
    _publish(agency, "consent.acknowledged", data, data_dir, as_json=as_json)


consent.command()(outstanding)


def _person(said: str, at: Office, about: str) -> str:
    """Give whom a move is about: as typed, else as intake's door shows it, or as a message in the inbox says."""
    found = said
    if not found and is_id(about, Kind.REFERRAL):
        standing = _standing(at, about)
        found = "" if standing is None else standing.person or ""
    if not found and (is_id(about, Kind.REFERRAL) or _EVENT.fullmatch(about)):
        found = _person_of_message(at, about)
    if not found:
        wrong("Your agency has not been told of this: add --person, with the id of whom it is about.")
    return found


def _person_of_message(at: Office, about: str) -> str:
    """Give the person of the last message about a referral, or a withdrawal of consent; empty without one."""
    with acting.the_door(at.root, at.agency) as door:
        try:
            said = [each.event.get("data", {}) for each in door.inbox()]
        except ClientError as error:
            fail(f"intake's door did not answer: {error}")
    persons = [each.get("person") for each in said if about in {each.get("referral"), each.get("event")}]
    return str(next((each for each in reversed(persons) if each), ""))


def _standing(at: Office, ref: str) -> Standing | None:
    with acting.the_door(at.root, at.agency) as door:
        try:
            return door.referral(ref)
        except ClientError as error:
            fail(f"intake's door did not answer: {error}")


def _publish(
    agency: str,
    name: str,
    data: dict[str, Any],
    data_dir: Path,
    *,
    as_json: bool,
    wait: float | None = None,
    consentref: str | None = None,
    print_first: str | None = None,
) -> None:
    about = {"referral": data.get("referral")}
    acting.say(
        data_dir,
        agency,
        name,
        data,
        subject=data["person"],
        as_json=as_json,
        about=about,
        consentref=consentref,
        decided_within=wait,
        print_first=print_first,
    )


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(referral)
    app.add_typer(consent)
