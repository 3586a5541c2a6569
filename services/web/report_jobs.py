"""Annual reports for the pages, computed once for each state of the figures, as jobs that outlive the request."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final, TypeVar, cast

from markupsafe import Markup

from services.charts.drawn_charts import Charts
from services.presentation.bilingual_text import Language
from services.report.domain.document import Document
from services.report.domain.document_building import document
from services.report.file_formats import ReportFormat, render_report
from services.report.html import body
from services.report.queries import ReportQuestion, read
from services.reporting.council_input_tables import expectations
from services.web.cached_figures import Figures

T = TypeVar("T")

_WAIT_SECONDS: Final = 0.8
"""Longest wait of a request for a report, in seconds. The job goes on, and a later request gets the report."""
_MOST_KEPT: Final = 32
"""Largest number of cached reports and files, of 100 to 300 kB each."""
_MOST_MAKING: Final = 8
"""Largest number of running jobs: a year's report in each format and both languages. A further request must be repeated
later. While events are counted, the figures have a new state each second."""


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A report with its charts (SVG by name), and its HTML for a page."""

    document: Document
    drawn: Mapping[str, Markup]
    body: Markup


class Reports:
    """Makes annual reports from the present figures, and caches them."""

    def __init__(self, figures: Figures, charts: Charts) -> None:
        self._figures = figures
        self._charts = charts
        self._expected = expectations()
        self._kept: OrderedDict[Hashable, asyncio.Task[Any]] = OrderedDict()
        self._making: set[asyncio.Task[Any]] = set()
        self._turn = asyncio.Semaphore(1)

    @property
    def making(self) -> int:
        """Number of running jobs."""
        return len(self._making)

    async def page(self, year: int, lang: Language, day: date) -> MadeReport | None:
        """Return the report of a year with the present figures; None while it is being made, or if too many jobs run.

        `day`: date on which lateness is judged. Raises `NothingCounted`, `FiguresKeepChanging` and `Retryable`.
        """
        return await self._in_time(self._page(year, lang, day))

    async def file(self, year: int, lang: Language, day: date, form: ReportFormat) -> bytes | None:
        """Return a report as a file's bytes; None while it is being made, or if too many jobs run.

        Raises the errors of `page`.
        """
        source = self._page(year, lang, day)

        async def made(source: "asyncio.Task[MadeReport]") -> bytes:
            found = await asyncio.shield(source)
            return await self._apart(render_report, found.document, form, found.drawn)

        key = (self._figures.freshness.state, year, lang, day, form)
        return None if source is None else await self._in_time(self._once(key, partial(made, source)))

    async def close(self) -> None:
        """Cancel the running jobs."""
        for task in self._making:
            task.cancel()
        await asyncio.gather(*self._making, return_exceptions=True)

    def _page(self, year: int, lang: Language, day: date) -> "asyncio.Task[MadeReport] | None":
        state, at = self._figures.freshness.state, self._figures.freshness.accepted_at

        async def made() -> MadeReport:
            source = await read(self._figures, ReportQuestion(year, day, self._expected), at)
            found = document(lang, source)
            key = ("report", state, year, lang, day)
            drawn = await self._charts.in_turn(key, {each.name: each.chart for each in found.pictures()})
            return MadeReport(found, drawn, await self._apart(body, found, drawn))

        return self._once((state, year, lang, day), made)

    async def _apart(self, make: Callable[..., T], *given: object) -> T:
        """Run `make` on a thread, one at a time."""
        async with self._turn:
            return await asyncio.to_thread(make, *given)

    def _once(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> "asyncio.Task[T] | None":
        """Return the finished or running job of a key, or start it; None if too many are running."""
        task = self._kept.get(key)
        if task is None and len(self._making) < _MOST_MAKING:
            task = asyncio.ensure_future(make())
            self._making.add(task)
            task.add_done_callback(self._making.discard)
            task.add_done_callback(lambda done: self._forget(key, done))
            self._kept[key] = task
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return cast("asyncio.Task[T] | None", task)

    def _forget(self, key: Hashable, task: "asyncio.Task[Any]") -> None:
        """Remove a job that failed or was cancelled from the cache."""
        if (task.cancelled() or task.exception() is not None) and self._kept.get(key) is task:
            del self._kept[key]

    async def _in_time(self, task: "asyncio.Task[T] | None") -> T | None:
        if task is None:
            return None
        try:
            return await asyncio.wait_for(asyncio.shield(task), _WAIT_SECONDS)
        except TimeoutError:
            return None
