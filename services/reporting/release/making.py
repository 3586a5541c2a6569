"""Preparation of a release: figures that count all events up to a number, frozen for one edition.

A release that is prepared again from the same event number, code and policy has the same bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from schemas.times import BELIZE, Period
from services.reporting.domain.disclosure.constraint_system import Solver, Unsolved
from services.reporting.domain.disclosure.definition_changes import cells_of_another_definition
from services.reporting.domain.disclosure.policy import DisclosurePolicy
from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseCell
from services.reporting.domain.disclosure.suppression import NotProtected, check, primary, protect
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.read import queries
from services.reporting.read.queries import FigureReport, Question
from services.reporting.release.artefact import (
    Artefact,
    PreviousRelease,
    ReleaseEdition,
    ReleaseHead,
    ReleaseRow,
    RevisionReason,
    RowMark,
)
from services.reporting.release.changes import changes
from services.reporting.release.council_edition import council_questions, council_rows
from services.reporting.release.public_edition import (
    RowFrame,
    amounts_behind_release,
    held_release,
    present_definitions,
    public_questions,
    public_rows,
    written_truth,
)
from services.reporting.release.public_medians import (
    HeldDurations,
    carried_durations,
    disclosing_medians,
    durations_to_show,
    held_durations,
    written_durations,
)
from services.reporting.release.registry import KeptRelease, ReleaseRegistry, ReleaseStep
from services.reporting.release.unchanged_rows_of_revision import (
    cells_in,
    moved_since_printed,
    unchanged_rows,
    unchanged_tables,
    unchanged_totals,
)
from services.runtime.postgres import Connection


class Unreleasable(ValueError):
    """Raised if a release may not be made. The message gives the reason and no amount that the release protects."""


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """Request for a release. `known`: the edition of the cells. `revises`: number of the release that it replaces.

    `events`: for each figure, numbers of the events that changed it since that release; for the council's edition.
    """

    edition: ReleaseEdition
    period: Period
    known: queries.Edition
    revises: int | None = None
    reason: RevisionReason | None = None
    events: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FrozenFigures:
    """Rows of a release. `protected`: exact amounts that the audits of this and later releases must protect."""

    rows: tuple[ReleaseRow, ...]
    withheld_entities: int = 0
    protected: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReleaseMeans:
    """Objects that are needed to make a release: the policy, the audit's solver, and `printed` releases.

    `printed`: reports that were printed before the registry existed.
    """

    policy: DisclosurePolicy
    solver: Solver
    printed: Sequence[HeldRelease] = ()


async def figures_of(connection: Connection, policy: DisclosurePolicy, request: ReleaseRequest) -> list[FigureReport]:
    """Read the figures that a release needs, from the requested edition of cells.

    Raises `NoEdition` if that edition has not been made, and `Retryable` if the database does not answer.
    """
    return await queries.reports(connection, questions_of_release(policy, request), edition=request.known)


def questions_of_release(policy: DisclosurePolicy, request: ReleaseRequest) -> list[Question]:
    """Return the questions whose answers make a release.

    Raises `Unreleasable` if a public release is asked for a period that is not one whole year.
    """
    if request.edition is ReleaseEdition.PUBLIC:
        if request.period != Period.parse(str(request.period.last.year)):
            message = "the public's edition is of one whole year: a quarter or a month would tell of single persons"
            raise Unreleasable(message)
        return public_questions(policy.public, request.period.last.year)
    return council_questions(policy.council, request.period)


def freeze_rows(
    workshop: ReleaseMeans,
    request: ReleaseRequest,
    reports: Sequence[FigureReport],
    history: Sequence[KeptRelease],
    before: KeptRelease | None,
) -> FrozenFigures:
    """Return the rows of a release from `reports`, the answers to `asked`.

    `history`: all releases in the registry. `before`: the release that this one revises, or None. Raises `Unreleasable`
    if the protection of a public release cannot be proved or entities are withheld from it.
    """
    if request.edition is ReleaseEdition.COUNCIL:
        readings = [reading for report in reports for reading in report.figures]
        return FrozenFigures(council_rows(readings, request.known.known_at), reports[0].withheld)
    policy, year = workshop.policy, request.period.last.year
    if reports[0].withheld:
        message = f"{reports[0].withheld} entities could not be counted: the public's edition waits for them"
        raise Unreleasable(message)
    found = amounts_behind_release(policy.public, questions_of_release(policy, request), reports)
    sent = _of_the_same(history, request.edition, str(request.period))
    same = [held_release(each.artefact, each.protected) for each in sent]
    kept, totals = unchanged_tables(policy, found.truth, same, year), unchanged_totals(policy, found.truth, same, year)
    alone = primary(policy, found.truth, year, kept, totals)
    hidden = found.unknown | moved_since_printed(policy, found.truth, workshop.printed, year)
    told = {cell: each for cell, each in alone.items() if cell not in hidden}
    outside = releases_held_outside(workshop, history)
    new = HeldRelease(year, told, found.truth, present_definitions(found.truth))
    medians = carried_durations(policy, found.durations, _held_durations(sent))
    shown = durations_to_show(policy, found.durations, found.durations_by_year, medians)
    try:
        told = dict(protect(policy, FIGURES, outside, new, workshop.solver))
        medians |= disclosing_medians(policy, _held_durations(_outside(history)), shown, workshop.solver)
    except (NotProtected, Unsolved) as error:
        raise Unreleasable(str(error)) from None
    lost = {cell for cell in alone if _is_total(policy, cell)} - told.keys() - found.unknown
    redefined = cells_of_another_definition(policy.public, FIGURES, outside, new) - found.unknown
    standing = cells_in(kept, year) | set(totals) | lost | redefined
    earlier = () if before is None else unchanged_rows(before.artefact, standing, medians)
    rows = public_rows(policy, told, found, RowFrame(year, request.known.known_at, medians), earlier)
    durations = written_durations(policy.public.durations, (*found.durations, *found.durations_by_year))
    return FrozenFigures(rows, protected=written_truth(found.truth) | durations)


def _held_durations(releases: Iterable[KeptRelease]) -> list[HeldDurations]:
    return [held_durations(each.artefact, each.protected) for each in releases]


def _is_total(policy: DisclosurePolicy, cell: ReleaseCell) -> bool:
    """Whether a cell is one of the policy's totals, which a revision shows as before if it may not show it anew."""
    return not cell.row and cell.single and cell.figure in policy.public.totals


def releases_held_outside(workshop: ReleaseMeans, history: Sequence[KeptRelease]) -> list[HeldRelease]:
    """Return every release that outsiders may hold, the earliest first. Printed and withdrawn releases are included."""
    return [*workshop.printed, *(held_release(each.artefact, each.protected) for each in _outside(history))]


def _outside(history: Iterable[KeptRelease]) -> list[KeptRelease]:
    return [each for each in history if each.held_outside]


def check_again(workshop: ReleaseMeans, kept: KeptRelease, history: Sequence[KeptRelease]) -> None:
    """Check a prepared release once more before its next step. Raises `Unreleasable` if it is refused.

    It is refused if the policy has changed since, or another release of its edition and period was published since. A
    public release is refused if it would disclose a target together with all releases that outsiders now hold.
    """
    if kept.artefact.head.policy != workshop.policy.version:
        message = f"release {kept.number} was prepared under another disclosure policy: prepare it again"
        raise Unreleasable(message)
    previous = kept.artefact.head.previous
    latest = _of_the_same(history, kept.artefact.head.edition, kept.artefact.head.period)
    if latest and (previous is None or latest[-1].number != previous.release):
        message = f"release {latest[-1].number} of this edition and period was published meanwhile: prepare it again"
        raise Unreleasable(message)
    if kept.artefact.head.edition is not ReleaseEdition.PUBLIC:
        return
    own, durations = held_release(kept.artefact, kept.protected), held_durations(kept.artefact, kept.protected)
    try:
        check(workshop.policy, FIGURES, releases_held_outside(workshop, history), own, workshop.solver)
        medians = disclosing_medians(workshop.policy, _held_durations(_outside(history)), durations, workshop.solver)
    except (NotProtected, Unsolved) as error:
        raise Unreleasable(str(error)) from None
    if medians:
        message = f"the median of {min(medians)[0]} would tell of single years: prepare the release again"
        raise Unreleasable(message)


def release_to_revise(request: ReleaseRequest, history: Sequence[KeptRelease]) -> KeptRelease | None:
    """Return the release that a request revises; None for a first release of its edition and period.

    Raises `Unreleasable` in three cases: `request.revises` is missing although an earlier release exists, it counts
    more events than the request, or it is not the newest sent release of this edition and period.
    """
    same = _of_the_same(history, request.edition, str(request.period))
    if request.revises is None:
        if same:
            message = f"release {same[-1].number} is of this edition and period: name it with --revises, and a --reason"
            raise Unreleasable(message)
        return None
    found = next((each for each in same if each.number == request.revises), None)
    if found is None:
        message = (
            f"no release {request.revises} of this edition and period was published: atips release show lists them"
        )
        raise Unreleasable(message)
    if found is not same[-1]:
        message = (
            f"release {request.revises} was revised already: revise release {same[-1].number}, which is the newest"
        )
        raise Unreleasable(message)
    if request.known.known_at < found.artefact.head.known_at:
        message = f"release {found.number} counts more events than this one would: take a later moment with --known-at"
        raise Unreleasable(message)
    return found


def _of_the_same(history: Sequence[KeptRelease], edition: ReleaseEdition, period: str) -> list[KeptRelease]:
    """Return the sent releases of an edition and period, the newest last. Withdrawn ones are included."""
    heads = ((each, each.artefact.head) for each in history if each.taken(ReleaseStep.SENT))
    return [each for each, head in heads if (head.edition, head.period) == (edition, period)]


def build_artefact(
    number: int, request: ReleaseRequest, policy: DisclosurePolicy, figures: FrozenFigures, before: KeptRelease | None
) -> Artefact:
    """Build the artefact of a release, with its changes and marks against `before`, the release that it revises."""
    moved = () if before is None else changes(before.artefact, figures.rows, request.events)
    revised_keys = {(each.figure, each.period, tuple(sorted(each.dimensions.items()))) for each in moved}
    rows = tuple(
        row.model_copy(update={"marks": (*row.marks, RowMark.REVISED)}) if row.key in revised_keys else row
        for row in figures.rows
    )
    head = ReleaseHead(
        release=number,
        edition=request.edition,
        period=str(request.period),
        known_at=request.known.known_at,
        code=request.known.hash,
        policy=policy.version,
        withheld_entities=figures.withheld_entities,
        previous=None if before is None else PreviousRelease(release=before.number, sha256=before.sha256),
        reason=request.reason,
        changes=moved,
    )
    return Artefact(head=head, rows=rows)


@dataclass(frozen=True, slots=True)
class Preparer:
    """The account that prepares a release, and the time of the preparation."""

    account: str
    now: datetime


async def prepare(
    registry: ReleaseRegistry,
    workshop: ReleaseMeans,
    request: ReleaseRequest,
    reports: Sequence[FigureReport],
    by: Preparer,
) -> Artefact:
    """Freeze a release and add it to the registry with the step `prepared`.

    Raises `Unreleasable` if a public release's year has not ended, and as `release_to_revise` and `freeze_rows` do.
    """
    if request.edition is ReleaseEdition.PUBLIC and by.now.astimezone(BELIZE).date() <= request.period.last:
        message = "the year has not ended: its revisions would be a series of months, which tells of single persons"
        raise Unreleasable(message)
    async with registry.exclusive_transaction():
        history = await registry.all()
        before = release_to_revise(request, history)
        figures = freeze_rows(workshop, request, reports, history, before)
        made = build_artefact(await registry.next_number(), request, workshop.policy, figures, before)
        await registry.add(made, figures.protected, by.account, by.now)
    return made
