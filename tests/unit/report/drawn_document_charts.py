"""Charts of a document, drawn by a child process of its own."""

import asyncio

from markupsafe import Markup

from services.charts.drawn_charts import Charts
from services.report.domain.document import Document


def charts_of(found: Document) -> dict[str, Markup]:
    """Draw all of them, again where a busy machine took too long for one."""
    wanted = {each.name: each.chart for each in found.pictures()}

    async def drawn() -> dict[str, Markup]:
        charts = Charts()
        try:
            made: dict[str, Markup] = {}
            for _ in range(5):
                made = await charts.in_turn(found.title, wanted)
                if made.keys() == wanted.keys():
                    break
            return made
        finally:
            await charts.close()

    return asyncio.run(drawn())
