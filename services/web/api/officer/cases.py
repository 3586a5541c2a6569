"""Pages of the cases of an officer's agency. They need a purpose and a recent password, and each look is logged."""

from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from schemas.agencies import agency_of
from schemas.catalogue import CATALOGUE
from schemas.codebook.case import PartyRole
from schemas.codebook.governance import ViewPurpose
from schemas.ids import Kind, is_id
from schemas.sight import may_ask, purposes_of
from schemas.sight.sight_table import matter_of_type
from services.case_tracker.domain.case_facts import CaseRole
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.summary import summary
from services.presentation.case_lanes import lanes
from services.presentation.case_page import AREAS, Page, page_of, time_text
from services.presentation.case_summary_tables import tables
from services.presentation.fields import fields
from services.web.api.case_cursor import cursor_of, place_of
from services.web.api.dependencies import check_form_origin, language, own_session, parts, session
from services.web.api.figure_question import NoPage, WrongQuestion
from services.web.api.officer.code_labels import code_text, labels
from services.web.api.officer.form_choices import answers, form_template_values
from services.web.api.officer.form_events import Outcome
from services.web.api.page import page as rendered
from services.web.api.page import word
from services.web.api.password_check import check_password
from services.web.domain.account_rules import Session

CASES_A_PAGE: Final = 25
"""Largest number of cases in one list. Each is logged as a look, so the list is short."""
_HOME: Final = "/cases"


@dataclass(frozen=True, slots=True)
class Shown:
    """A case that was looked at. `case`: its id after merges. `victims`: ids of victims whom the agency sees."""

    case: str
    page: Page
    victims: tuple[str, ...]
    guardians: tuple[str, ...] = ()
    """Ids of present guardians whom the agency sees in the case."""


@dataclass(frozen=True, slots=True)
class Row:
    """An event of the timeline as text: time, area of work, event type, publishing agency, and (field, value) pairs."""

    at: str
    area: str
    what: str
    by: str
    says: tuple[tuple[str, str], ...]


async def listed(
    request: Request,
    found: Annotated[Session, Depends(session)],
    purpose: str | None = None,
    cursor: str | None = None,
) -> Response:
    """List the cases of which the agency sees anything for a purpose, and log a look at each.

    If the list has changed since the previous page, it begins anew.
    """
    asked = _purpose(purpose, found)
    if asked is None or not found.proved(parts(request).now()):
        return _before(request, found, _HOME, asked)
    place, own = place_of(cursor), own_session(request)
    listed_page = await parts(request).officers.cases(own, asked.value, CASES_A_PAGE, place)
    if listed_page is None:
        return RedirectResponse(f"{_HOME}?purpose={asked.value}", status_code=303)
    after = listed_page.after
    return _page(
        request,
        "cases.html",
        found,
        purpose=asked.value,
        cases=listed_page.cases,
        is_first=place is None,
        after=None if after is None else cursor_of(after),
    )


async def one(
    request: Request, found: Annotated[Session, Depends(session)], case: str, purpose: str | None = None
) -> Response:
    """Show a case: its timeline, its parties and its findings. The look is logged first.

    Without a purpose or a recent password, shows the form that asks for them. A case that was merged into another
    redirects to that one. Raises `NoPage` if `case` is no id of a case, or the agency sees nothing of it.
    """
    if not is_id(case, Kind.CASE):
        raise NoPage
    asked = _purpose(purpose, found)
    if asked is None or not found.proved(parts(request).now()):
        return _before(request, found, f"{_HOME}/{case}", asked)
    shown = await log_and_read_case(request, found, case, purpose)
    if shown is None:
        raise NoPage
    if shown.case != case:
        return RedirectResponse(f"{_HOME}/{shown.case}?purpose={asked.value}", status_code=303)
    return render_case_page(request, found, shown)


async def log_and_read_case(request: Request, found: Session, case: str, purpose: str | None) -> Shown | None:
    """Look at a case for a purpose, and log the look first; None if the agency sees nothing of it.

    None, too, if the purpose is missing, or the person must type the password again.
    """
    asked, needed = _purpose(purpose, found), parts(request)
    if asked is None or not is_id(case, Kind.CASE) or not found.proved(needed.now()):
        return None
    looked = await needed.officers.look(own_session(request), case, asked.value, needed.now())
    shown = None if looked is None else page_of(looked, found.account.agency, asked, needed.now())
    if looked is None or shown is None:
        return None
    parties = summary(shown.spine, shown.now).parties
    victims, guardians = (
        tuple(dict.fromkeys(each.person for each in parties if each.role == role and not each.over))
        for role in (CaseRole.VICTIM, PartyRole.GUARDIAN)
    )
    return Shown(looked.alive, shown, victims, guardians)


def render_case_page(
    request: Request,
    found: Session,
    shown: Shown,
    *,
    status: int = 200,
    outcome: Outcome | None = None,
    sent_referral: str | None = None,
) -> Response:
    """Render the page of a case that was looked at, with the outcome of a form if one was sent."""
    needed, lang, page = parts(request), language(request).value, shown.page
    named = {record for each in page.findings if each.state == "open" for record in each.records if record}
    acts = needed.door.has_key_of(found.account.agency)
    return _page(
        request,
        "case.html",
        found,
        status=status,
        look_again=f"{_HOME}/{shown.case}?purpose={page.purpose.value}",
        case=shown.case,
        purpose=page.purpose.value,
        hidden=page.hidden,
        findings=page.findings,
        rows=[_row(each, lang) for each in page.spine.facts],
        lanes=lanes(page.spine.facts, named, lang),
        tables=list(tables(summary(page.spine, page.now), lang)),
        victims=shown.victims,
        guardians=shown.guardians,
        outcome=outcome,
        sent_referral=sent_referral,
        form=needed.token(),
        today=needed.today().isoformat(),
        answers=[
            (value, word(language(request), each.label))
            for value, each in answers(agency_of(found.account.agency)).items()
        ],
        **form_template_values(found.account.agency, acts=acts),
    )


async def prove(
    request: Request,
    found: Annotated[Session, Depends(session)],
    password: Annotated[str, Form(max_length=1000)],
    then: Annotated[str, Form(max_length=200)],
    form_token: Annotated[str, Form(max_length=100)],
) -> Response:
    """Check the password that a person types again before a case is shown, and redirect to the page `then`.

    A wrong password shows the form again with 401, a further try too soon with 429. Raises `NoPage` if `then` is not
    the list of cases or a case.
    """
    check_form_origin(request, form_token)
    needed = parts(request)
    path, _, query = then.partition("?purpose=")
    purpose = _purpose(query or None, found)
    if path != _HOME and not (path.startswith(f"{_HOME}/") and is_id(path.removeprefix(f"{_HOME}/"), Kind.CASE)):
        raise NoPage
    known = await needed.store.account(found.account.name)
    status, error = await check_password(request, None if known is None else known[1], password)
    if error is not None:
        return _before(request, found, path, purpose, status=status, error=error)
    await needed.store.prove(own_session(request), needed.now())
    return RedirectResponse(path + (f"?purpose={quote(purpose.value)}" if purpose else ""), status_code=303)


def _purpose(text: str | None, found: Session) -> ViewPurpose | None:
    """Parse the purpose; None if it is missing. Raises `WrongQuestion` if the agency may not ask for it."""
    if text is None:
        return None
    asked = next((each for each in ViewPurpose if each.value == text), None)
    if asked is None or not may_ask(found.account.agency, asked):
        raise WrongQuestion(parameter="purpose")
    return asked


def _before(
    request: Request,
    found: Session,
    path: str,
    purpose: ViewPurpose | None,
    *,
    status: int = 200,
    error: str | None = None,
) -> Response:
    """Render the page that asks for the purpose, and for the password if it was typed too long ago."""
    lang = language(request).value
    proved = found.proved(parts(request).now())
    return _page(
        request,
        "before_case.html",
        found,
        status=status,
        look_again=path + (f"?purpose={purpose.value}" if purpose else ""),
        address=path,
        error=error,
        purpose=purpose.value if purpose else None,
        proved=proved,
        purposes=[
            (each.value, code_text(lang, "purpose", each.value)) for each in sorted(purposes_of(found.account.agency))
        ],
    )


def _page(request: Request, template: str, found: Session, **values: Any) -> Response:  # noqa: ANN401 - as templates take it
    return rendered(request, template, found, **values, **labels(request))


def _row(fact: Fact, lang: str) -> Row:
    kind = CATALOGUE[fact.content.type]
    matter = matter_of_type(fact.name)
    return Row(
        at=time_text(fact.at),
        area="–" if matter is None else AREAS[matter].of(lang),
        what=kind.es if lang == "es" else kind.en,
        by=fact.actor,
        says=tuple(fields(fact.content, lang)),
    )
