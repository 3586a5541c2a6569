"""The ledger read entity by entity, so that memory grows with the largest entity and not with the ledger."""

from collections.abc import AsyncIterator

from services.reporting.domain.entity import Row


async def by_entity(rows: AsyncIterator[Row]) -> AsyncIterator[list[Row]]:
    """Group rows that come entity by entity."""
    gathered: list[Row] = []
    async for row in rows:
        if gathered and row.entity != gathered[0].entity:
            yield gathered
            gathered = []
        gathered.append(row)
    if gathered:
        yield gathered
