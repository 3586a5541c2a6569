"""Sight of single events in lists: the agency that asks, what for, and which events it sees.

Of an event that stands in a case the case tracker's stored answer counts, which `schemas.sight` decided with all that
the case holds. Of any other event `schemas.sight` is asked with nothing more than the event.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

import typer

from infra.local.folder import Folder
from schemas.agencies import PUBLISHING
from schemas.codebook.governance import ViewPurpose
from schemas.envelope import Event
from schemas.ids import Kind, is_id
from schemas.sight import may_ask, purposes_of, sees_by_itself, sees_every_matter
from services.case_tracker import queries
from services.console.database import as_agency
from services.console.say import fail, wrong
from services.reporting.read.sight import COUNCIL, OFFICE_PURPOSE, record_of

AsAgency: TypeAlias = Annotated[
    str, typer.Option("--agency", metavar="A", help="As which agency: what it may not see is not shown.")
]
Purpose: TypeAlias = Annotated[
    str,
    typer.Option(
        "--purpose",
        metavar="P",
        help=f"What for: {', '.join(each.value for each in ViewPurpose)}; the Council's audit without --agency.",
    ),
]

Sees: TypeAlias = Callable[[str, Event | None, str], bool]
"""Whether an event is seen under an entity: the reference of the fact, its statement, the entity's id."""


@dataclass(frozen=True, slots=True)
class Asker:
    """The agency that asks, and what for."""

    agency: str
    purpose: ViewPurpose


BY_OFFICE: Final = Asker(COUNCIL, ViewPurpose(OFFICE_PURPOSE))


def viewer(agency: str) -> str:
    """Give the agency that asks; leaves with 2 for a code that no agency has that may ask."""
    if agency not in PUBLISHING:
        wrong(f"There is no agency {agency}.")
    return agency


def asker(agency: str, purpose: str) -> Asker:
    """Read both options; leaves with 2 where the agency's role may not ask for that."""
    who = viewer(agency or COUNCIL)
    allowed = ", ".join(sorted(each.value for each in purposes_of(who)))
    if agency and not purpose:
        wrong(f"Say what {agency} asks for: --purpose {allowed.replace(', ', '|')}")
    try:
        looks_for = ViewPurpose(purpose or OFFICE_PURPOSE)
    except ValueError:
        wrong(f"There is no purpose {purpose}.")
    if not may_ask(who, looks_for):
        wrong(f"{who} may not ask for {looks_for.value}. It may ask for: {allowed}")
    return Asker(who, looks_for)


def not_shown(count: int, what: str, agency: str) -> str:
    """Say how much more there is that the agency does not see, which counts all the same."""
    one = what.removesuffix("s") if count == 1 else what
    return f"{count} more {one} that {agency} may not see"


def sees(folder: Folder, who: Asker, refs: Iterable[str]) -> Sees:
    """Ask once for many events, by the references of their facts. Raises `Retryable` when the database is away."""
    if sees_every_matter(who.agency):
        return lambda _, event, __: sees_by_itself(who.agency, record_of(event), who.purpose)
    stored = asyncio.run(_stored(folder, who, frozenset(refs)))

    def seen(ref: str, event: Event | None, entity: str) -> bool:
        if ref in stored:
            persons = stored[ref]
            return persons is not None and (not is_id(entity, Kind.PERSON) or entity in persons)
        record = record_of(event)
        if event is None or any(is_id(each, Kind.CASE) for each in event.concerns()):
            return False  # it names a case of which the case tracker has said nothing yet
        return sees_by_itself(who.agency, record, who.purpose)

    return seen


def note(folder: Folder, who: Asker, shown: Iterable[tuple[Event | None, Iterable[str]]]) -> None:
    """Note a look at each person and case of events that are about to be shown, under the entities beside them.

    What is not noted is not shown: leaves with 1 where the agency has no login, or may not ask for the purpose. Raises
    `Retryable` when the database is away.
    """
    every = {name for event, under in shown for name in (*under, *(event.concerns() if event is not None else ()))}
    looked = {name for name in every if is_id(name, Kind.PERSON) or is_id(name, Kind.CASE)}
    if looked and asyncio.run(_noted(folder, who, looked)) != len(looked):
        fail("The look could not be noted, so nothing is shown.")


async def _noted(folder: Folder, who: Asker, looked: Collection[str]) -> int:
    async with as_agency(folder, who.agency, "case_tracker") as connection:
        return await queries.note_records(connection, looked, who.purpose.value)


async def _stored(folder: Folder, who: Asker, refs: frozenset[str]) -> dict[str, frozenset[str] | None]:
    if not refs:
        return {}
    async with as_agency(folder, who.agency, "case_tracker") as connection:
        return await queries.records_seen(connection, refs, who.purpose.value)
