"""Charts of a document, drawn by a child process of its own."""

import asyncio

from markupsafe import Markup

from services.charts.process import Charts
from services.report.domain.document import Document


def charts_of(found: Document) -> dict[str, Markup]:
    """Draw all of them."""

    async def drawn() -> dict[str, Markup]:
        charts = Charts()
        try:
            return await charts.in_turn(found.title, {each.name: each.chart for each in found.pictures()})
        finally:
            await charts.close()

    return asyncio.run(drawn())
