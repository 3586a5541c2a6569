"""The preparation of a release: the public has none of a year that goes on."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from services.reporting.read.queries import FigureReport
from services.reporting.release.artefact import Artefact, ReleaseEdition
from services.reporting.release.making import Preparer, Unreleasable, prepare
from services.reporting.release.registry import KeptRelease, ReleaseRegistry
from tests.unit.reporting.kept_releases import LARGE, MEANS, asked, reports


class Registry:
    """A registry in memory, with what the preparation of a release needs of one."""

    def __init__(self) -> None:
        self.kept: list[tuple[Artefact, str]] = []

    @asynccontextmanager
    async def exclusive_transaction(self) -> AsyncIterator[None]:
        yield

    async def all(self) -> list[KeptRelease]:
        return []

    async def next_number(self) -> int:
        return 7

    async def add(self, made: Artefact, protected: Mapping[str, Any], account: str, at: datetime) -> None:
        assert protected is not None
        assert at is not None
        self.kept.append((made, account))


@pytest.mark.parametrize(
    ("now", "edition", "ended"),
    [
        (datetime(2025, 1, 1, 5, 59, tzinfo=UTC), ReleaseEdition.PUBLIC, False),  # 31 December in Belize
        (datetime(2025, 1, 1, 6, 0, tzinfo=UTC), ReleaseEdition.PUBLIC, True),
        (datetime(2024, 6, 1, tzinfo=UTC), ReleaseEdition.PUBLIC, False),
        (datetime(2024, 6, 1, tzinfo=UTC), ReleaseEdition.COUNCIL, True),
    ],
)
async def test_the_public_has_no_release_of_a_year_that_goes_on(
    now: datetime, edition: ReleaseEdition, *, ended: bool
) -> None:
    registry = Registry()
    answers = reports(LARGE) if edition is ReleaseEdition.PUBLIC else [FigureReport((), 5, 0, "v")]
    preparing = prepare(cast("ReleaseRegistry", registry), MEANS, asked(edition=edition), answers, Preparer("ana", now))
    if not ended:
        with pytest.raises(Unreleasable, match="has not ended"):
            await preparing
        assert registry.kept == []
        return
    made = await preparing
    assert (made.head.release, made.head.edition) == (7, edition)
    assert registry.kept == [(made, "ana")]
