"""`atips referral` and `atips consent`: each move is an ordinary event, published as an agency, with its receipt."""

from collections.abc import Callable
from pathlib import Path
from secrets import token_bytes
from typing import Annotated, Any, Final

import typer

from schemas.ids import Kind, mint
from services.console import send_as_agency
from services.console.agency_connection import AgencyName, office
from services.console.event_from_options import stated
from services.console.options import DEFAULT, LONGEST, AsJson, DataDir, LangOption
from services.console.referral.own_person import mistakes, shared_id
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
    own_person: Annotated[
        str | None,
        typer.Option("--own-person", metavar="NUMBER", help="Instead of --person: the number in your own book."),
    ] = None,
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

    With --own-person the person's shared id, which intake gives, is printed next.
    Where no answer comes, it may have been sent all the same: with --referral and this id it is sent again as one.
    Of a victim whom you identified the inbox names a referral to send: give its id with --referral, or it stays open.
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
        stated(  # judges the options first, so that intake is not asked for an id when one is wrong
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
    )


def _plain(move: str, summary: str, codes: str, *, names_sender: bool) -> Callable[..., None]:
    """Build the command of a move that has only person, referral and, with `codes`, a reason.

    `codes`: name of the reasons' code list, or empty. `names_sender`: the event has `from_agency`, too.
    """

    def with_reason(
        ref: Referral,
        *,
        agency: AgencyName = "",
        person: Person = "",
        reason: Reason = None,
        wait: Wait = DECISION_SECONDS,
        lang: LangOption = Language.EN,
        data_dir: DataDir = DEFAULT,
        as_json: AsJson = False,
    ) -> None:
        at = office(data_dir, agency)
        data = {"person": person_of(person, at, ref, lang), "referral": ref, "reason": reason}
        own = {"from_agency": at.agency} if names_sender else {}
        _publish(agency, f"referral.{move}", data | own, data_dir, as_json=as_json, wait=wait, lang=lang)

    def without_reason(
        ref: Referral,
        *,
        agency: AgencyName = "",
        person: Person = "",
        wait: Wait = DECISION_SECONDS,
        lang: LangOption = Language.EN,
        data_dir: DataDir = DEFAULT,
        as_json: AsJson = False,
    ) -> None:
        data = {"person": person_of(person, office(data_dir, agency), ref, lang), "referral": ref}
        _publish(agency, f"referral.{move}", data, data_dir, as_json=as_json, wait=wait, lang=lang)

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
    person: Annotated[str, typer.Option("--person", metavar="P", help="Whose.")],
    which: Annotated[str | None, typer.Option("--consent", metavar="EVENT", help="Which; all without it.")] = None,
    lang: LangOption = Language.EN,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Take consent back. Every agency that was told of the person is notified and must acknowledge."""
    data = {"person": person, "consent": which}
    _publish(agency, "consent.withdrawn", data, data_dir, as_json=as_json, lang=lang)


@consent.command()
def acknowledge(
    which: Annotated[str, typer.Argument(metavar="EVENT", help="What is acknowledged, as source/id.")],
    *,
    agency: AgencyName = "",
    person: Person = "",
    lang: LangOption = Language.EN,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Take note that consent was given, or taken back."""
    data = {"person": person_of(person, office(data_dir, agency), which, lang), "consent": which}
    _publish(agency, "consent.acknowledged", data, data_dir, as_json=as_json, lang=lang)


consent.command()(outstanding)


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
) -> None:
    about = {"referral": data.get("referral")} | ({"person": data["person"]} if name == "referral.sent" else {})
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
    """Add the commands."""
    app.add_typer(referral)
    app.add_typer(consent)
