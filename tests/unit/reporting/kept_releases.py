"""Releases as the registry keeps them, requests for releases, and readings of figures, all invented."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from schemas.times import Period
from services.reporting.domain.disclosure.release_cells import ReleaseCell, Truth
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import Edition, FigureReport
from services.reporting.release.artefact import (
    Artefact,
    ReleaseEdition,
    ReleaseHead,
    ReleaseRow,
    RevisionReason,
    ShownForm,
)
from services.reporting.release.making import ReleaseMeans, ReleaseRequest
from services.reporting.release.public_edition import public_questions, written_truth, years_of
from services.reporting.release.registry import KeptRelease, ReleaseStep, TakenStep
from tests.unit.reporting.disclosure.invented_register import POLICY, Victim, many
from tests.unit.reporting.disclosure.release_histories import SOLVER

NOW: Final = datetime(2026, 3, 31, 16, tzinfo=UTC)
MEANS: Final = ReleaseMeans(POLICY, SOLVER)
SENT: Final = (ReleaseStep.PREPARED, ReleaseStep.APPROVED, ReleaseStep.SENT)
WHOLE: Final = ReleaseCell("O32a", 2024, 2024)


def a_row(figure: str = "O9", value: int | None = 3, period: str = "2024", **dimensions: str) -> ReleaseRow:
    form = ShownForm.WITHHELD if value is None else ShownForm.EXACT
    of = FIGURES[figure]
    return ReleaseRow(
        form=form,
        value=value,
        figure=figure,
        period=period,
        dimensions=dimensions,
        unit=of.unit.value,
        version=of.version,
        known_at=5,
    )


def a_release(
    number: int,
    rows: Sequence[ReleaseRow] = (),
    steps: Sequence[ReleaseStep] = SENT,
    truth: Truth | None = None,
    **head: object,
) -> KeptRelease:
    """Give a release as the registry keeps it, of the public for 2024 where nothing else is said."""
    said = {
        "release": number,
        "edition": "public",
        "period": "2024",
        "known_at": 5,
        "code": "c",
        "policy": POLICY.version,
    }
    made = Artefact(head=ReleaseHead.model_validate({**said, **head}), rows=tuple(rows))
    taken = tuple(TakenStep(step, "ana", NOW) for step in steps)
    return KeptRelease(number, made.document(), made.sha256, written_truth(truth or {}), taken)


def asked(
    n: int = 5, revises: int | None = None, edition: ReleaseEdition = ReleaseEdition.PUBLIC, year: int = 2024
) -> ReleaseRequest:
    reason = None if revises is None else RevisionReason.LATE_FACTS
    return ReleaseRequest(edition, Period.parse(str(year)), Edition("c", n), revises, reason)


def reading(figure: str, amount: int, period: str = "2022..2024", unknown: int = 0, **by: str) -> Reading:
    return Reading(FIGURES[figure], Period.parse(period), by, amount, unknown=unknown)


def reports(persons: Sequence[Victim], unknown: int = 0, year: int = 2024) -> list[FigureReport]:
    """Answer the questions behind a public release of a year. `unknown`: facts of 2024 that nobody counted."""
    found = []
    for question in public_questions(POLICY.public, year):
        first, last = years_of(question.period)
        within = [each for each in persons if first <= each.year <= last]
        rows: list[tuple[dict[str, str], int]] = [({}, len(within))]
        for by in question.by:
            rows = [({by: value}, count) for value, count in Counter(getattr(each, by) for each in within).items()]
        alone = unknown if first == last == 2024 and not question.by else 0
        readings = [Reading(FIGURES["O32a"], question.period, of, count, unknown=alone) for of, count in rows]
        found.append(FigureReport(tuple(readings), 5, 0, "v"))
    return found


LARGE: Final = (*many(2024, 40), *many(2023, 20, "male", "GT"), *many(2022, 15, "male", "HN"))
