"""Charts drawn by a child process, limited in number and time. A page without its charts still has the tables."""

import asyncio
import sys
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from contextlib import suppress
from typing import Final

import orjson
import structlog
from markupsafe import Markup

from services.charts.domain import Chart
from services.charts.domain.svg_for_page import prepared

_WAIT_SECONDS: Final = 0.75
"""Longest wait of a page for its charts, so that it answers within a second. The next request finds them drawn."""
_DRAW_SECONDS: Final = 10.0
"""Longest time for one chart. A child that takes longer is killed and replaced."""
_MOST_WAITING: Final = 32
"""Most charts that wait for the child at once. Further charts are left out of their page."""
_MOST_KEPT: Final = 512
"""Most charts in the cache, of about 10 kB each."""
_MOST_BYTES: Final = 1024 * 1024
_AGAIN_SECONDS: Final = 5.0
"""Least time between two starts of a child, so that one that fails at once is not restarted all the time."""

log = structlog.get_logger()


class Charts:
    """Cache of drawn charts by key and name, with the child process that draws them. `command` starts the child."""

    def __init__(self, command: tuple[str, ...] = (sys.executable, "-m", "services.charts.drawing_process")) -> None:
        self._command = command
        self._kept: OrderedDict[Hashable, asyncio.Task[Markup | None]] = OrderedDict()
        self._turn = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None
        self._waiting = 0
        self._not_before = 0.0

    @property
    def kept(self) -> int:
        """Number of charts in the cache, those being drawn included."""
        return len(self._kept)

    async def begin(self) -> None:
        """Start the child before the first request, because it takes half a second to import its modules."""
        await self._running()

    async def all(self, key: Hashable, charts: Mapping[str, Chart | None]) -> dict[str, Markup]:
        """Return the SVG of several charts of one page, by name, as `svg` does, with one wait for all of them."""
        found = await asyncio.gather(*(self.svg(key, name, chart) for name, chart in charts.items()))
        return dict(zip(charts, found, strict=True))

    async def svg(self, key: Hashable, name: str, chart: Chart | None) -> Markup:
        """Return a chart as SVG for a page; an empty text for None and for a chart that is not drawn in 0.75 s.

        `key`: must differ for charts with different data. A chart is drawn once for each key and name.
        """
        task = None if chart is None else self._asked_for(key, name, chart)
        if task is None:
            return Markup()
        with suppress(TimeoutError):
            return await asyncio.wait_for(asyncio.shield(task), _WAIT_SECONDS) or Markup()
        return Markup()

    async def in_turn(self, key: Hashable, charts: Mapping[str, Chart]) -> dict[str, Markup]:
        """Return the SVG of several charts by name, without a limit of time; a chart that cannot be drawn is left out.

        They are drawn one after the other, so that charts of pages can be drawn in between.
        """
        found = {}
        for name, chart in charts.items():
            task = self._asked_for(key, name, chart)
            drawn = None if task is None else await asyncio.shield(task)
            if drawn:
                found[name] = drawn
        return found

    def _asked_for(self, key: Hashable, name: str, chart: Chart) -> "asyncio.Task[Markup | None] | None":
        """Return the task that draws a chart: the one in the cache or a new one. None if too many charts wait."""
        task = self._kept.get((key, name))
        if task is not None or self._waiting >= _MOST_WAITING:
            return task
        task = asyncio.ensure_future(self._drawn(name, chart))
        task.add_done_callback(lambda done: self._forget((key, name), done))
        self._kept[key, name] = task
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return task

    async def close(self) -> None:
        """Kill the child, cancel the drawing and empty the cache."""
        for task in self._kept.values():
            task.cancel()
        await asyncio.gather(*self._kept.values(), return_exceptions=True)
        self._kept.clear()
        await self._end()

    def _forget(self, key: Hashable, task: "asyncio.Task[Markup | None]") -> None:
        """Remove a chart that could not be drawn from the cache, so that a later request tries again."""
        if (task.cancelled() or task.result() is None) and self._kept.get(key) is task:
            del self._kept[key]

    async def _drawn(self, name: str, chart: Chart) -> Markup | None:
        self._waiting += 1
        try:
            async with self._turn:
                svg = await self._asked(orjson.dumps(chart.spec) + b"\n")
        finally:
            self._waiting -= 1
        if svg is None:
            return None
        # The renderer escapes the texts of the specification, and `prepared` escapes title and sentence.
        return Markup(prepared(svg, name, chart.title, chart.sentence))  # noqa: S704

    async def _asked(self, line: bytes) -> str | None:
        """Send one specification to the child and return the SVG; None if the child does not answer."""
        child = await self._running()
        if child is None or child.stdin is None or child.stdout is None:
            return None
        try:
            child.stdin.write(line)
            answer = await asyncio.wait_for(child.stdout.readline(), _DRAW_SECONDS)
            found: str | None = orjson.loads(answer)
        except (OSError, TimeoutError, ValueError) as error:
            log.warning("a chart was not drawn", error=type(error).__name__)
            await self._end()
            return None
        except asyncio.CancelledError:
            await self._end()  # its next answer would be the one to this question
            raise
        return found

    async def _running(self) -> asyncio.subprocess.Process | None:
        now = asyncio.get_running_loop().time()
        if self._child is None and now >= self._not_before:
            self._not_before = now + _AGAIN_SECONDS
            with suppress(OSError):
                self._child = await asyncio.create_subprocess_exec(
                    *self._command,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                    limit=_MOST_BYTES,
                )
        return self._child

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
