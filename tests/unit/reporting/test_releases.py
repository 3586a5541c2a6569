"""The registry of releases on a real database: steps follow, two accounts, nothing is changed, the same bytes again."""

from datetime import UTC, datetime

import asyncpg
import pytest

from schemas.times import Period
from services.reporting.council_input_tables import disclosure_policy
from services.reporting.jobs.as_of_editions import ensure
from services.reporting.read import queries
from services.reporting.release.artefact import ReleaseEdition, RevisionReason, WrongArtefact, load
from services.reporting.release.linear_solver import HighsSolver
from services.reporting.release.making import (
    Preparer,
    ReleaseMeans,
    ReleaseRequest,
    Unreleasable,
    build_artefact,
    check_again,
    figures_of,
    freeze_rows,
    prepare,
)
from services.reporting.release.registry import ReleaseRegistry, ReleaseStep, StepRefused, TakenStep
from services.runtime.postgres import Connection
from tests.unit.reporting.conftest import Database
from tests.unit.reporting.log_and_worker_in_memory import DEPLOYMENT, YEAR
from tests.unit.reporting.test_as_of_editions import counted, silent
from tests.unit.reporting.test_changes import an_arrest

POLICY = disclosure_policy()
WORKSHOP = ReleaseMeans(POLICY, HighsSolver(100))
NOW = datetime(2025, 3, 31, 16, tzinfo=UTC)
HISTORY = [an_arrest(0, 0), an_arrest(1, 1), an_arrest(2, 2)]
EVENT = {"id": "an event"}


@pytest.fixture
async def connection(database: Database) -> Connection:
    """A database in which three arrests are counted, with an edition of the first two and of all."""
    worker = await counted(database, HISTORY)
    await ensure(worker.pool, DEPLOYMENT, [queries.Edition("v1", 2), queries.Edition("v1", 3)], silent)
    return await database.connect()


def asked(n: int, revises: int | None = None, edition: ReleaseEdition = ReleaseEdition.COUNCIL) -> ReleaseRequest:
    reason = None if revises is None else RevisionReason.LATE_FACTS
    moved = {} if revises is None else {"O9": (n,)}
    return ReleaseRequest(edition, YEAR, queries.Edition("v1", n), revises, reason, moved)


async def made(
    connection: Connection, request: ReleaseRequest, events: dict[str, tuple[int, ...]] | None = None
) -> int:
    reports = await figures_of(connection, POLICY, request)
    registry = ReleaseRegistry(connection)
    return (await prepare(registry, WORKSHOP, request, reports, Preparer("ana", NOW))).head.release


async def publish(registry: ReleaseRegistry, number: int) -> None:
    for step in (
        TakenStep(ReleaseStep.APPROVED, "ben", NOW),
        TakenStep(ReleaseStep.SENT, "ben", NOW, event=EVENT),
        TakenStep(ReleaseStep.PUBLISHED, "ben", NOW, n=4),
    ):
        await registry.take(number, step)


async def test_whoever_prepared_does_not_approve(connection: Connection) -> None:
    registry, number = ReleaseRegistry(connection), await made(connection, asked(3))
    with pytest.raises(StepRefused, match="whoever prepared"):
        await registry.take(number, TakenStep(ReleaseStep.APPROVED, "ana", NOW))
    with pytest.raises(StepRefused, match="does not follow"):
        await registry.take(number, TakenStep(ReleaseStep.SENT, "ben", NOW, event=EVENT))
    await publish(registry, number)
    (kept,) = await registry.all()
    assert (kept.state, kept.unchanged) == (ReleaseStep.PUBLISHED, True)
    with pytest.raises(StepRefused):
        await registry.take(number, TakenStep(ReleaseStep.APPROVED, "cy", NOW))
    await registry.take(number, TakenStep(ReleaseStep.WITHDRAWN, "cy", NOW, reason="replaced"))
    with pytest.raises(StepRefused, match="does not follow"):
        await registry.take(number, TakenStep(ReleaseStep.PUBLISHED, "cy", NOW, n=4))


async def test_no_release_and_no_step_is_ever_changed(connection: Connection) -> None:
    await made(connection, asked(3))
    for statement in (
        "UPDATE release SET period = '2023'",
        "DELETE FROM release_step",
        "UPDATE release_step SET account = 'cy'",
        "TRUNCATE release CASCADE",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)


async def test_a_late_event_changes_no_bytes_and_a_revision_names_it(connection: Connection) -> None:
    registry, first = ReleaseRegistry(connection), await made(connection, asked(2))
    await publish(registry, first)
    before = (await registry.all())[0]
    with pytest.raises(Unreleasable, match="--revises"):
        await made(connection, asked(3))
    second = await made(connection, asked(3, revises=first))
    kept, revision = await registry.all()
    assert kept.document == before.document
    assert revision.number == second
    head = revision.artefact.head
    assert head.previous is not None
    assert (head.previous.release, head.previous.sha256) == (first, kept.sha256)
    (moved,) = [each for each in head.changes if each.figure == "O9" and not each.dimensions]
    assert moved.before is not None
    assert moved.after is not None
    assert (moved.before.value, moved.after.value, moved.events) == (2, 3, (3,))
    another = await made(connection, asked(3, revises=first))
    await publish(registry, second)
    *_, meanwhile = await registry.all()
    assert meanwhile.number == another
    with pytest.raises(Unreleasable, match="published meanwhile"):
        check_again(WORKSHOP, meanwhile, await registry.all())
    with pytest.raises(Unreleasable, match="revised already"):
        await made(connection, asked(3, revises=first))


@pytest.mark.parametrize("edition", ReleaseEdition)
async def test_a_release_made_again_has_the_same_bytes(connection: Connection, edition: ReleaseEdition) -> None:
    request = asked(3, edition=edition)
    number = await made(connection, request)
    (kept,) = await ReleaseRegistry(connection).all()
    figures = freeze_rows(WORKSHOP, request, await figures_of(connection, POLICY, request), [], None)
    assert build_artefact(number, request, POLICY, figures, None).document() == kept.document
    assert load(kept.document).sha256 == kept.sha256


async def test_the_councils_edition_is_exact_and_the_publics_is_not(connection: Connection) -> None:
    await made(connection, asked(3))
    await made(connection, asked(3, edition=ReleaseEdition.PUBLIC))
    council, public = (each.artefact for each in await ReleaseRegistry(connection).all())
    by_sex = [row for row in council.rows if (row.figure, set(row.dimensions)) == ("O9", {"sex"})]
    assert sum(row.value or 0 for row in by_sex) == 3
    hidden = [row for row in public.rows if (row.figure, set(row.dimensions)) == ("O9", {"sex"})]
    assert {row.dimensions["sex"] for row in hidden} == {"female", "male", "others"}
    assert {(row.form.value, row.value) for row in hidden} == {("withheld", None)}
    (total,) = [row for row in public.rows if row.figure == "O9" and not row.dimensions and row.period == "2024"]
    assert total.value == 3


async def test_the_public_has_no_quarters(connection: Connection) -> None:
    quarter = ReleaseRequest(ReleaseEdition.PUBLIC, Period.parse("2024-01..2024-03"), queries.Edition("v1", 3))
    with pytest.raises(Unreleasable, match="whole year"):
        await figures_of(connection, POLICY, quarter)


async def test_the_public_has_no_year_that_goes_on(connection: Connection) -> None:
    """Its revisions would be a series by month."""
    request = asked(3, edition=ReleaseEdition.PUBLIC)
    reports = await figures_of(connection, POLICY, request)
    registry = ReleaseRegistry(connection)
    last_evening, next_morning = datetime(2025, 1, 1, 5, 59, tzinfo=UTC), datetime(2025, 1, 1, 6, tzinfo=UTC)
    with pytest.raises(Unreleasable, match="has not ended"):
        await prepare(registry, WORKSHOP, request, reports, Preparer("ana", last_evening))
    assert await registry.all() == []
    await prepare(registry, WORKSHOP, request, reports, Preparer("ana", next_morning))


def test_what_is_no_artefact_is_refused() -> None:
    for wrong in (b"", b"{}", b"[]"):
        with pytest.raises(WrongArtefact):
            load(wrong)
