"""The operator's page: readiness and backlog of services, quarantine, positions, versions and accounts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.responses import Response

from services.runtime.errors import Retryable
from services.web.api.dependencies import language, parts, session
from services.web.api.page import page, word
from services.web.domain.account_rules import Session
from services.web.domain.page_texts import Language
from services.web.state_of_services import State

_BEHIND: Final = 1_000
"""Backlog in records up to which the page names no action: some seconds of work."""
_OLD: Final = timedelta(days=7)
"""Age of an open refusal from which the page asks for action. Inbound topics keep records for as long."""


async def services(request: Request, found: Annotated[Session, Depends(session)]) -> Response:
    """Show the state of the services, with needed actions first. Raises `Retryable` without a database answer."""
    needed, lang = parts(request), language(request)
    if needed.operations is None:
        raise Retryable
    state = await needed.operations.state()
    figures = needed.figures.freshness
    late = needed.now() - _OLD
    actions = [
        *_of_services(lang, state),
        *_of_inbound(lang, state),
        *_of_quarantine(lang, state),
        *(
            word(lang, "act_old", agency=each.agency, n=each.open)
            for each in state.quarantine
            if each.oldest is not None and each.oldest < late and not each.not_delivered
        ),
    ]
    return page(request, "services.html", found, state=state, figures=figures, actions=actions, doors=_doors(state))


def _of_services(lang: Language, state: State) -> Iterator[str]:
    for each in state.services:
        if each.ready is None and each.name != "web":
            yield word(lang, "act_silent", service=each.name)
        elif each.ready is False:
            yield word(lang, "act_not_ready", service=each.name, why=", ".join(sorted(each.reasons)))
    for each in state.services:
        if each.waiting is not None and each.waiting > _BEHIND:
            yield word(lang, "act_behind", service=each.name, n=each.waiting)


def _of_inbound(lang: Language, state: State) -> Iterator[str]:
    for topic, records in (state.inbound or {}).items():
        if records > _BEHIND:
            yield word(lang, "act_inbound", topic=topic, n=records)


def _of_quarantine(lang: Language, state: State) -> Iterator[str]:
    for each in state.quarantine:
        if each.not_delivered:
            yield word(lang, "act_not_delivered", agency=each.agency, n=each.not_delivered)
        if each.not_kept:
            yield word(lang, "act_full", agency=each.agency, n=each.not_kept)


def _doors(state: State) -> list[tuple[str, bool | None]]:
    """Return (name of its label, whether it is open) of intake's two doors, Kafka and HTTPS; None: no answer.

    Failed checks of the broker close the Kafka door only.
    """
    intake = next((each for each in state.services if each.name == "intake"), None)
    if intake is None or intake.ready is None:
        return [("door_kafka", None), ("door_https", None)]
    broken = intake.reasons.keys()
    return [
        ("door_kafka", broken.isdisjoint({"assignment", "broker", "position", "clock", "database"})),
        ("door_https", broken.isdisjoint({"relay", "clock", "database"})),
    ]
