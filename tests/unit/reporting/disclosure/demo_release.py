"""The public's edition of the demo's year, as it is frozen and registered."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Final

from schemas.times import Period
from services.console.release.preparing import release_means
from services.reporting.council_input_tables import disclosure_policy
from services.reporting.read import queries
from services.reporting.read.queries import FigureReport
from services.reporting.release.artefact import Artefact, ReleaseEdition
from services.reporting.release.making import (
    FrozenFigures,
    ReleaseMeans,
    ReleaseRequest,
    build_artefact,
    freeze_rows,
    questions_of_release,
)
from services.reporting.release.registry import KeptRelease, ReleaseStep, TakenStep
from tests.unit.report.report_sources import YEAR, readings

POLICY: Final = disclosure_policy()
MEANS: Final = release_means(POLICY)
REQUEST: Final = ReleaseRequest(ReleaseEdition.PUBLIC, Period.parse("2024"), queries.Edition("v", 1204))
NOW: Final = datetime(2025, 3, 31, tzinfo=UTC)


def reports(more: Mapping[tuple[str, ...], int]) -> list[FigureReport]:
    """Answer the questions of the edition. Some amounts of the year, and of years with it, are larger by so many."""
    return [
        FigureReport(
            tuple(
                replace(each, amount=each.amount + more.get((number, *each.dimensions.values()), 0))
                if question.period.last.year == YEAR
                else each
                for number in question.numbers
                for each in readings(number, question.period, question.by)
            ),
            1204,
            0,
            "v",
            date(2025, 3, 1),
        )
        for question in questions_of_release(POLICY, REQUEST)
    ]


def made(
    more: Mapping[tuple[str, ...], int], *, by: ReleaseMeans = MEANS, before: KeptRelease | None = None
) -> FrozenFigures:
    return freeze_rows(by, REQUEST, reports(more), [] if before is None else [before], before)


def published(figures: FrozenFigures) -> KeptRelease:
    found: Artefact = build_artefact(1, REQUEST, POLICY, figures, None)
    document = found.document()
    steps = (TakenStep(ReleaseStep.PREPARED, "ana", NOW), TakenStep(ReleaseStep.SENT, "ben", NOW, event={}))
    return KeptRelease(1, document, sha256(document).hexdigest(), figures.protected, steps)
