"""Forms on the page of a case: refer a person, and record consent, a refusal, a determination or a withdrawal.

Each form sends an ordinary event of the agency, about a person whom the agency sees in the case. The case is looked at
first, and the look is logged. A form for a case that the agency does not see gets a 404.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import Depends, Form, Request
from fastapi.responses import Response

from schemas.agencies import PUBLISHING, agency_of
from schemas.codebook.consent import BestInterestReason, ChildWish, ConsentBasis, ConsentGivenBy
from schemas.codebook.protection import ServiceType
from schemas.ids import Kind, is_id, mint
from schemas.sight.consent_gate import DETERMINING
from schemas.sight.sight_table import DETERMINED_FOR
from services.web.api.dependencies import NotAllowed, check_form_origin, parts, session
from services.web.api.figure_question import NoPage, WrongQuestion
from services.web.api.officer.cases import Shown, log_and_read_case, render_case_page
from services.web.api.officer.form_choices import DECIDERS, PURPOSES, URGENCIES, answers, withdrawing
from services.web.api.officer.form_events import Outcome, publish_form_event
from services.web.domain.account_rules import Session


async def refer(  # noqa: PLR0917 - fields of the form
    request: Request,
    found: Annotated[Session, Depends(session)],
    case: str,
    form: Annotated[str, Form(max_length=100)],
    form_token: Annotated[str, Form(max_length=100)],
    person: Annotated[str, Form(max_length=60)] = "",
    purpose: Annotated[str, Form(max_length=40)] = "",
    to_agency: Annotated[str, Form(max_length=40)] = "",
    urgency: Annotated[str, Form(max_length=40)] = "",
    service: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Refer a person of the case to another agency. The page shows the receipt and the referral service's decision.

    A form that is sent twice makes one referral. Raises `WrongQuestion` with the name of a wrong or missing field.
    """
    check_form_origin(request, form_token)
    shown = await _asked(request, found, case, purpose, person)
    services = _codes("service", service, [each.value for each in ServiceType])
    _codes("to_agency", [to_agency], PUBLISHING)
    _codes("urgency", [urgency], [each.value for each in URGENCIES])
    if not services:
        raise WrongQuestion(parameter="service")
    # The referral's id is derived from the form's number: a form that is sent twice makes one referral.
    made = mint(Kind.REFERRAL, hashlib.sha256(f"{form}\0{found.account.name}".encode()).digest()[:16])
    data = {
        "person": person,
        "case": case,
        "referral": made,
        "from_agency": agency_of(found.account.agency),
        "to_agency": to_agency,
        "service_types": services,
        "urgency": urgency,
    }
    outcome = await publish_form_event(
        parts(request), found.account, form, "referral.sent", data, subject=person, referral=made
    )
    return _answer(request, found, shown, outcome, made)


async def consent(  # noqa: PLR0917 - fields of the form
    request: Request,
    found: Annotated[Session, Depends(session)],
    case: str,
    form: Annotated[str, Form(max_length=100)],
    form_token: Annotated[str, Form(max_length=100)],
    person: Annotated[str, Form(max_length=60)] = "",
    purpose: Annotated[str, Form(max_length=40)] = "",
    basis: Annotated[str, Form(max_length=40)] = "",
    guardian: Annotated[str, Form(max_length=60)] = "",
    purposes: Annotated[list[str] | None, Form()] = None,
    recipients: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Record a statement of a person or the person's guardian on sharing: consent, consent with limits, or a refusal.

    Raises `WrongQuestion` with the name of a wrong or missing field. A refusal needs no purposes and no recipients.
    """
    check_form_origin(request, form_token)
    shown = await _asked(request, found, case, purpose, person)
    said = answers(agency_of(found.account.agency)).get(basis)
    if said is None:
        raise WrongQuestion(parameter="basis")
    named = guardian.strip()
    if bool(named) is not said.names or (named and (not is_id(named, Kind.PERSON) or named == person)):
        raise WrongQuestion(parameter="guardian")
    said_for = _codes("purposes", purposes, [each.value for each in PURPOSES])
    told = _codes("recipients", recipients, PUBLISHING)
    if said.basis is not ConsentBasis.REFUSED and not (said_for and told):
        raise WrongQuestion(parameter="recipients" if said_for else "purposes")  # without both it would share nothing
    data = {
        "person": person,
        "case": case,
        "basis": said.basis.value,
        "purposes": said_for,
        "recipients": told,
        "given_by": said.given_by.value,
        "guardian": named or None,
    }
    outcome = await publish_form_event(parts(request), found.account, form, "consent.recorded", data, subject=person)
    return _answer(request, found, shown, outcome)


async def determine(  # noqa: PLR0917 - fields of the form
    request: Request,
    found: Annotated[Session, Depends(session)],
    case: str,
    form: Annotated[str, Form(max_length=100)],
    form_token: Annotated[str, Form(max_length=100)],
    person: Annotated[str, Form(max_length=60)] = "",
    purpose: Annotated[str, Form(max_length=40)] = "",
    determined_by: Annotated[str, Form(max_length=40)] = "",
    determined_on: Annotated[str, Form(max_length=10)] = "",
    because: Annotated[str, Form(max_length=40)] = "",
    review_on: Annotated[str, Form(max_length=10)] = "",
    wish: Annotated[str, Form(max_length=40)] = "",
    purposes: Annotated[list[str] | None, Form()] = None,
    recipients: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Record the determination that sharing is in a child's best interest: by whom, when, why, and the review's date.

    Raises `NotAllowed` for an agency that is no guardian by law, and `WrongQuestion` with the name of a wrong or
    missing field. A decision in the future or a review in the past is wrong: such a record would permit no sharing. A
    review later than `DETERMINED_FOR` after the decision is wrong too: the record does not hold for so long.
    """
    check_form_origin(request, form_token)
    shown = await _asked(request, found, case, purpose, person)
    if agency_of(found.account.agency) not in DETERMINING:
        raise NotAllowed
    _codes("determined_by", [determined_by], DECIDERS)
    _codes("because", [because], [each.value for each in BestInterestReason])
    _codes("wish", [wish], [each.value for each in ChildWish])
    said_for = _codes("purposes", purposes, [each.value for each in PURPOSES])
    told = _codes("recipients", recipients, PUBLISHING)
    today, decided, again = parts(request).today(), _day("determined_on", determined_on), _day("review_on", review_on)
    is_distant = again - decided > DETERMINED_FOR
    wrong = {"determined_on": decided > today, "review_on": again < today or is_distant, "purposes": not said_for}
    for name, is_wrong in (wrong | {"recipients": not told}).items():
        if is_wrong:
            raise WrongQuestion(parameter=name)
    data = {
        "person": person,
        "case": case,
        "basis": ConsentBasis.OVERRIDDEN_BEST_INTEREST.value,
        "purposes": said_for,
        "recipients": told,
        "wish": wish,
        "determined_by": determined_by,
        "determined_on": decided.isoformat(),
        "determined_because": because,
        "review_on": again.isoformat(),
    }
    outcome = await publish_form_event(parts(request), found.account, form, "consent.recorded", data, subject=person)
    return _answer(request, found, shown, outcome)


async def withdraw(  # noqa: PLR0917 - fields of the form
    request: Request,
    found: Annotated[Session, Depends(session)],
    case: str,
    form: Annotated[str, Form(max_length=100)],
    form_token: Annotated[str, Form(max_length=100)],
    person: Annotated[str, Form(max_length=60)] = "",
    purpose: Annotated[str, Form(max_length=40)] = "",
    by: Annotated[str, Form(max_length=40)] = ConsentGivenBy.PERSON.value,
) -> Response:
    """Record that all consent of a person is withdrawn. Agencies that know of the person must acknowledge.

    `by`: code of who withdraws it. Raises `WrongQuestion` if a person of this kind may not withdraw it by this form.
    """
    check_form_origin(request, form_token)
    shown = await _asked(request, found, case, purpose, person)
    _codes("by", [by], [each.value for each in withdrawing(agency_of(found.account.agency))])
    data = {"person": person, "case": case, "withdrawn_by": by}
    outcome = await publish_form_event(parts(request), found.account, form, "consent.withdrawn", data, subject=person)
    return _answer(request, found, shown, outcome)


async def _asked(request: Request, found: Session, case: str, purpose: str, person: str) -> Shown:
    """Look at the case and return it. Raises `NoPage` unless the agency sees the person as a victim in it."""
    shown = await log_and_read_case(request, found, case, purpose)
    if shown is None or shown.case != case or person not in shown.victims:
        raise NoPage
    return shown


def _day(name: str, text: str) -> date:
    """Parse a day, as 2025-03-31, of the form field `name`. Raises `WrongQuestion` if the text is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongQuestion(parameter=name) from None


def _codes(name: str, given: Sequence[str] | None, known: Sequence[str]) -> list[str]:
    """Return the chosen codes of the form field `name`, in the order of `known`.

    Raises `WrongQuestion` if a code of `given` is not in `known`.
    """
    chosen = set(given or ())
    if not chosen <= set(known):
        raise WrongQuestion(parameter=name)
    return [each for each in known if each in chosen]


def _answer(request: Request, found: Session, shown: Shown, outcome: Outcome, referral: str | None = None) -> Response:
    refused = outcome.decision is not None and outcome.decision.effect == "refused"
    failed = not outcome.good and (outcome.decision is None or refused)
    status = (503 if outcome.problem == "not_confirmed" else 409) if failed else 200
    return render_case_page(request, found, shown, status=status, outcome=outcome, sent_referral=referral)
