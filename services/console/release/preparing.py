"""`atips release prepare`: an account freezes the figures as known at an event number, for one edition."""

from dataclasses import dataclass, replace
from typing import TypeAlias

from infra.local import connection_settings
from infra.local.data_folder import Folder
from schemas.times import Period
from services.console import local_cluster
from services.console.as_of_and_known_at import ensure_editions, open_ledger_pool
from services.console.output import fail
from services.console.progress_bar import ProgressBar
from services.console.release.releasing_account import account_of
from services.presentation.report_2024_numbers.report_as_release_zero import release_zero
from services.reporting.domain.disclosure.policy import DisclosurePolicy
from services.reporting.jobs.as_of_editions import KnownAt, ensure
from services.reporting.read import queries
from services.reporting.read.figure_changes_between_event_numbers import DifferenceQuestion, differences
from services.reporting.release.artefact import Artefact, ReleaseEdition, RevisionReason
from services.reporting.release.linear_solver import HighsSolver
from services.reporting.release.making import (
    Preparer,
    ReleaseMeans,
    ReleaseRequest,
    Unreleasable,
    figures_of,
    prepare,
    release_to_revise,
)
from services.reporting.release.registry import ReleaseRegistry
from services.runtime.postgres import Connection, borrow_connection

MovedBy: TypeAlias = dict[str, tuple[int, ...]]
"""Number of each figure that moved, and the sequence numbers of the events that moved it."""


def release_means(policy: DisclosurePolicy) -> ReleaseMeans:
    """Return policy, solver and earlier publications for making a release. Release 0 is the printed report for 2024."""
    return ReleaseMeans(policy, HighsSolver(policy.solver_seconds), (release_zero(),))


@dataclass(frozen=True, slots=True)
class ReleaseOrder:
    """The typed options of a release. `known` None: figures as known now. `revises`: number of the replaced release."""

    edition: ReleaseEdition
    period: Period
    known: KnownAt | None
    revises: int | None
    reason: RevisionReason | None


async def prepare_release(folder: Folder, token: str, policy: DisclosurePolicy, order: ReleaseOrder) -> Artefact:
    """Freeze a release as the token's account and return it.

    Exits with 1 if the token or its role is not permitted, or if the rules refuse the release. Raises `NotComplete` if
    the figures lack events up to the moment, `Retryable` if the database does not answer.
    """
    account = await account_of(folder, token, policy.steps.prepare)
    async with open_ledger_pool(folder.root) as pool:
        async with borrow_connection(pool) as connection:
            known = order.known
            if known is None:
                known = await connection.fetchval("SELECT complete_to FROM figure_status") or 0
            history = await ReleaseRegistry(connection).all()
        with ProgressBar("making the edition") as bar:
            [at] = await ensure_editions(pool, folder.root, [known], bar.advanced)
        request = ReleaseRequest(order.edition, order.period, at, order.revises, order.reason)
        try:
            before = release_to_revise(request, history)
            sides = (queries.Edition(at.hash, before.artefact.head.known_at), at) if before else None
            if sides is not None and order.edition is ReleaseEdition.COUNCIL:
                with ProgressBar("making the edition of the release before") as bar:
                    await ensure(pool, connection_settings.deployment(folder.root), sides, bar.advanced)
            async with borrow_connection(pool) as connection:
                if sides is not None and order.edition is ReleaseEdition.COUNCIL:
                    moved = await _moved(folder, connection, order.period, sides)
                    request = replace(request, events=moved)
                reports = await figures_of(connection, policy, request)
                by = Preparer(account.name, local_cluster.now(folder.root))
                return await prepare(ReleaseRegistry(connection), release_means(policy), request, reports, by)
        except Unreleasable as refused:
            fail(f"No release: {refused}.")


async def _moved(
    folder: Folder, connection: Connection, period: Period, sides: tuple[queries.Edition, queries.Edition]
) -> MovedBy:
    """Return the sequence numbers of the events that moved each figure between two editions, by figure number."""
    deployment = connection_settings.deployment(folder.root)
    with ProgressBar("looking for the events") as bar:
        found = await differences(connection, deployment, sides, DifferenceQuestion(period), bar.advanced)
    return {each.after.number: tuple(event.told.n for event in each.events) for each in found}
