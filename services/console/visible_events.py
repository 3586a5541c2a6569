"""Which single events an account may see in a list, for a purpose, and the log of its looks.

For an event in a case, the case tracker has stored the answer, which `schemas.sight` decided with the whole case. For
any other event `schemas.sight` decides here, from the event alone.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer

from infra.local.data_folder import Folder
from schemas.agencies import agency_of
from schemas.codebook.governance import ViewPurpose
from schemas.envelope import Event
from schemas.ids import Kind, is_id
from schemas.sight import may_ask, purposes_of, sees_by_itself, sees_every_matter
from services.case_tracker import queries
from services.console.account_token import has_token, pages
from services.console.database import as_agency
from services.console.output import fail, fail_wrong_usage
from services.reporting.read.seen_record_of_event import COUNCIL, OFFICE_PURPOSE, record_of
from services.web.domain.account_rules import token_hash

Purpose: TypeAlias = Annotated[
    str,
    typer.Option(
        "--purpose",
        metavar="P",
        help=f"What for: {', '.join(each.value for each in ViewPurpose)}; the Council's audit without an account.",
    ),
]

Sees: TypeAlias = Callable[[str, Event | None, str], bool]
"""Predicate: may the account see an event? Arguments: reference of the fact, the event or None, id of the entity."""


@dataclass(frozen=True, slots=True)
class Requester:
    """The agency and purpose of a request for events. `session`: hash of the account's token; None for the operator."""

    agency: str
    purpose: ViewPurpose
    session: bytes | None = None


BY_OFFICE: Final = Requester(COUNCIL, ViewPurpose(OFFICE_PURPOSE))
"""The operator on the machine of the cluster, without an account: counts as the Council's office, for its audit."""


def requester_of(data_dir: Path, token_file: Path | None, purpose: str) -> Requester:
    """Return who asks for events: the agency of the token's account, or without a token the Council as the operator.

    Exits with 1 if the account may see no events. Exits with 2 if the purpose is unknown, is missing for an agency
    other than the Council, or is not permitted to the agency.
    """
    agency, session = COUNCIL, None
    if has_token(data_dir, token_file):
        with pages(data_dir, token_file) as server:
            found = server.account()
        if not found.get("looks"):
            fail(_shown_none(found))
        session = token_hash(server.token)
        agency = agency_of(str(found["agency"]))
    return Requester(agency, _purpose(agency, purpose), session)


def _shown_none(account: Mapping[str, Any]) -> str:
    """Return the message that an account may see no events behind figures, and which accounts may."""
    of = f"{account['role']} of {account['agency']}"
    return (
        f"This account ({of}) is shown no events behind figures. Who may ask: an officer with a token for cases "
        f"(atips users token NAME --days N --cases), or an auditor or m_and_e account of the Council ({COUNCIL}). "
        "Ask one of them, or the operator at the machine of the cluster."
    )


def _purpose(agency: str, purpose: str) -> ViewPurpose:
    allowed = ", ".join(sorted(each.value for each in purposes_of(agency)))
    if not purpose and agency != COUNCIL:
        fail_wrong_usage(f"Say what {agency} asks for: --purpose {allowed.replace(', ', '|')}")
    try:
        found = ViewPurpose(purpose or OFFICE_PURPOSE)
    except ValueError:
        fail_wrong_usage(f"There is no purpose {purpose}.")
    if not may_ask(agency, found):
        fail_wrong_usage(f"{agency} may not ask for {found.value}. It may ask for: {allowed}")
    return found


def not_shown(count: int, what: str, agency: str) -> str:
    """Return the line that counts what an agency may not see. `what`: a plural, such as "events"."""
    one = what.removesuffix("s") if count == 1 else what
    return f"{count} more {one} that {agency} may not see"


def event_predicate_of(folder: Folder, who: Requester, refs: Iterable[str]) -> Sees:
    """Return a function that says whether the requester may see an event.

    Its arguments are the event's reference, the event or None, and the id of the entity. `refs`: references of the
    events to ask about. Exits with 1 if the agency has no login to the database. Raises `Retryable` if the database
    does not answer. For an agency that sees every matter, the database is not asked.
    """
    if sees_every_matter(who.agency):
        return lambda _, event, __: sees_by_itself(who.agency, record_of(event), who.purpose)
    stored = asyncio.run(_stored(folder, who, frozenset(refs)))

    def seen(ref: str, event: Event | None, entity: str) -> bool:
        if ref in stored:
            persons = stored[ref]
            return persons is not None and (not is_id(entity, Kind.PERSON) or entity in persons)
        record = record_of(event)
        if event is None or any(is_id(each, Kind.CASE) for each in event.concerns()):
            return False  # the event names a case for which the case tracker has stored no answer yet
        return sees_by_itself(who.agency, record, who.purpose)

    return seen


def note_looks(folder: Folder, who: Requester, shown: Iterable[tuple[Event | None, Iterable[str]]]) -> None:
    """Log a look at each person and case that the shown events concern, and at each entity given beside an event.

    Call it before the events are printed. Exits with 1 when a look cannot be logged: the agency has no login, or may
    not ask for the purpose. Raises `Retryable` without the database's answer.
    """
    every = {name for event, under in shown for name in (*under, *(event.concerns() if event is not None else ()))}
    looked = {name for name in every if is_id(name, Kind.PERSON) or is_id(name, Kind.CASE)}
    if looked and asyncio.run(_noted(folder, who, looked)) != len(looked):
        fail("The look could not be noted, so nothing is shown.")


async def _noted(folder: Folder, who: Requester, looked: Collection[str]) -> int:
    async with as_agency(folder, who.agency, "case_tracker") as connection:
        return await queries.note_records(connection, looked, who.purpose.value, who.session)


async def _stored(folder: Folder, who: Requester, refs: frozenset[str]) -> dict[str, frozenset[str] | None]:
    if not refs:
        return {}
    async with as_agency(folder, who.agency, "case_tracker") as connection:
        return await queries.records_seen(connection, refs, who.purpose.value)
