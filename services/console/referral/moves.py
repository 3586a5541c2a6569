"""`atips referral` and `atips consent`: each move is an ordinary event, published as an agency, with its receipt."""

from collections.abc import Callable, Mapping
from pathlib import Path
from secrets import token_bytes
from typing import Annotated, Any, Final

import typer

from schemas.ids import Kind, mint
from services.console import send_as_agency
from services.console.agency_connection import AgencyName, Office, office
from services.console.event_from_options import build_event
from services.console.options import DEFAULT, LONGEST, AsJson, DataDir, LangOption
from services.console.referral.person_by_own_number import OwnPerson, mistakes, shared_id
from services.console.referral.show import Referral, person_of, show
from services.console.referral.waiting import outstanding
from services.presentation.bilingual_text import Language, Words

referral: Final = typer.Typer(name="referral", help="Make a move of a referral, as an agency.", no_args_is_help=True)
consent: Final = typer.Typer(
    name="consent", help="Take consent back, or acknowledge that it was.", no_args_is_help=True
)

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

_ANYBODY: Final = mint(Kind.PERSON, bytes(16))
"""Placeholder for the person's id while the other options are judged. It is never sent."""
_THE_PERSON: Final = Words("Person {person}", "Persona {person}")

Reason = Annotated[str | None, typer.Option("--reason", metavar="CODE", help="Why, by its code.")]


@referral.command()
def send(
    *,
    agency: AgencyName = "",
    to: Annotated[str, typer.Option("--to", metavar="A", help="To which agency.")],
    person: Annotated[str | None, typer.Option("--person", metavar="P", help="Whom it is about, by the id.")] = None,
    own_person: OwnPerson = None,
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
    lang: LangOption = Language.EN,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Refer a person to another agency; prints the referral's id first.

    With --own-person, the person's shared id from intake is printed next.
    If no answer comes, it may have been sent. Repeat the command with --referral and the referral's id: it counts once.
    If the inbox names a referral that you must send, give its id with --referral. Otherwise it stays open there.
    The codes of --service and --reason: atips codes service_type, atips codes referral_reason.
    """
    at = office(data_dir, agency)
    agency = at.agency
    made = referral or mint(Kind.REFERRAL, token_bytes(16))
    data: dict[str, Any] = {
        "person": _ANYBODY if person is None else person,
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
    first = made
    if person is None or own_person is not None:
        build_event(  # judges the options first, so that intake is not asked for an id when one is wrong
            *(agency, "referral.sent", data),
            subject=data["person"],
            at=at.now(),
            consentref=consent_ref,
            lang=lang,
            found_before=[*mistakes(person, own_person, lang)],
        )
    if person is None and own_person is not None:
        data["person"] = shared_id(at, own_person, lang)
        first = f"{made}\n{_THE_PERSON.of(lang).format(person=data['person'])}"
    _publish(
        *(agency, "referral.sent", data, data_dir),
        as_json=as_json,
        wait=wait,
        lang=lang,
        consentref=consent_ref,
        print_first=None if as_json else first,
        shows_person=True,
    )


def _plain(move: str, summary: str, codes: str, *, names_sender: bool) -> Callable[..., None]:
    """Build the command of a move that has only person, referral and, with `codes`, a reason.

    `codes`: name of the reasons' code list, or empty. `names_sender`: the event has `from_agency`, too.
    """
    name = f"referral.{move}"

    def with_reason(
        ref: Referral,
        *,
        agency: AgencyName = "",
        person: Person = "",
        own_person: OwnPerson = None,
        reason: Reason = None,
        wait: Wait = DECISION_SECONDS,
        lang: LangOption = Language.EN,
        data_dir: DataDir = DEFAULT,
        as_json: AsJson = False,
    ) -> None:
        at = office(data_dir, agency)
        said = {"referral": ref, "reason": reason} | ({"from_agency": at.agency} if names_sender else {})
        whom = _person(at, name, said, ref, person=person, own_person=own_person, lang=lang)
        own = own_person is not None
        _publish(agency, name, whom | said, data_dir, as_json=as_json, wait=wait, lang=lang, shows_person=own)

    def without_reason(
        ref: Referral,
        *,
        agency: AgencyName = "",
        person: Person = "",
        own_person: OwnPerson = None,
        wait: Wait = DECISION_SECONDS,
        lang: LangOption = Language.EN,
        data_dir: DataDir = DEFAULT,
        as_json: AsJson = False,
    ) -> None:
        said = {"referral": ref}
        whom = _person(office(data_dir, agency), name, said, ref, person=person, own_person=own_person, lang=lang)
        own = own_person is not None
        _publish(agency, name, whom | said, data_dir, as_json=as_json, wait=wait, lang=lang, shows_person=own)

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


referral.command()(show)


@consent.command()
def withdraw(
    *,
    agency: AgencyName = "",
    person: Annotated[str | None, typer.Option("--person", metavar="P", help="Whose, by the id.")] = None,
    own_person: OwnPerson = None,
    which: Annotated[str | None, typer.Option("--consent", metavar="EVENT", help="Which; all without it.")] = None,
    lang: LangOption = Language.EN,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Take consent back. Every agency that was told of the person is notified and must acknowledge."""
    name, said = "consent.withdrawn", {"consent": which}
    whom = _person(office(data_dir, agency), name, said, None, person=person, own_person=own_person, lang=lang)
    own = own_person is not None
    _publish(agency, name, whom | said, data_dir, as_json=as_json, lang=lang, shows_person=own)


@consent.command()
def acknowledge(
    which: Annotated[str, typer.Argument(metavar="EVENT", help="What is acknowledged, as source/id.")],
    *,
    agency: AgencyName = "",
    person: Person = "",
    own_person: OwnPerson = None,
    lang: LangOption = Language.EN,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Take note that consent was given, or taken back."""
    name, said = "consent.acknowledged", {"consent": which}
    whom = _person(office(data_dir, agency), name, said, which, person=person, own_person=own_person, lang=lang)
    own = own_person is not None
    _publish(agency, name, whom | said, data_dir, as_json=as_json, lang=lang, shows_person=own)


consent.command()(outstanding)


def _person(
    at: Office,
    name: str,
    said: Mapping[str, Any],
    about: str | None,
    *,
    person: str | None,
    own_person: str | None,
    lang: Language,
) -> dict[str, Any]:
    """Return {"person": id} of a move: the typed id, intake's id for the agency's own number, or intake's answer.

    `about`: the referral or event whose person intake is asked for; None if `person` or `own_person` must name the
    person. `said`: the move's other fields. Exits with 1 if an option is wrong, before intake is asked for anything,
    and with 2 if no person is found.
    """
    if person and own_person is None:
        return {"person": person}
    named = own_person is not None or about is None
    whom = person or _ANYBODY
    build_event(
        *(at.agency, name, {"person": whom, **said}),
        subject=whom,
        at=at.now(),
        consentref=None,
        lang=lang,
        found_before=[*mistakes(person or None, own_person, lang)] if named else [],
    )
    return {"person": person_of("", at, about or "", lang) if own_person is None else shared_id(at, own_person, lang)}


def _publish(
    agency: str,
    name: str,
    data: dict[str, Any],
    data_dir: Path,
    *,
    as_json: bool,
    lang: Language,
    wait: float | None = None,
    consentref: str | None = None,
    print_first: str | None = None,
    shows_person: bool = False,
) -> None:
    """Publish an event about a referral or a consent as the agency, and print its receipt.

    `wait`: seconds to wait for the referral service's decision; None does not wait. `print_first`: text to print
    before the event is sent. `shows_person`: print the person's id too, because the caller did not type it.
    Exits with 1 if the event is not accepted or has no effect.
    """
    about = {"referral": data.get("referral")} | ({"person": data["person"]} if shows_person else {})
    if shows_person and print_first is None and not as_json:
        print_first = _THE_PERSON.of(lang).format(person=data["person"])
    send_as_agency.publish_and_show(
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
        lang=lang,
    )


def register(app: typer.Typer) -> None:
    """Add the command groups `referral` and `consent` to the app."""
    app.add_typer(referral)
    app.add_typer(consent)
