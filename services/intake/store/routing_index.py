"""The routing index in PostgreSQL: few queries load the part that a batch needs; the batch's additions are saved.

The events of an entity are found in the inbox itself. A group has one row for each member, which names the least member
as its leader.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, TypeVar

import asyncpg

from services.intake.domain.disjoint_sets import DisjointGroups
from services.intake.domain.entity_copy_routing import Addition, Index, Routed
from services.intake.domain.merge_and_correction_limits import RelatedEvents
from services.intake.domain.submission import AcceptedSubmission, Key
from services.runtime.postgres import Connection

T = TypeVar("T", str, Key)

_GROUPS: Final = """
SELECT entity, leader FROM merged WHERE leader IN (SELECT leader FROM merged WHERE entity = ANY($1::text[]))
"""
# OFFSET 0 makes each entity, and each key below, one index look-up. Without it the planner also scans the whole inbox,
# because of the bound of `n` or a long array.
_MENTIONS: Final = """
SELECT i.n, i.source, i.id::text AS id, i.type, i.entities, same.entity AS joined
FROM unnest($1::text[]) AS named (entity)
CROSS JOIN LATERAL (
    SELECT n, source, id, type, entities FROM inbox WHERE entities @> ARRAY[named.entity] OFFSET 0
) AS i
LEFT JOIN same USING (n)
WHERE i.n < $2
"""
_MERGES: Final = """
SELECT i.n, i.source, i.id::text AS id, i.type, i.entities, same.entity AS joined
FROM same JOIN inbox AS i USING (n)
WHERE same.entity = ANY($1::text[])
"""
_COUNTED: Final = """
SELECT named.entity, (SELECT count(*) FROM same WHERE same.entity = named.entity) AS merges,
    (SELECT count(*) FROM inbox WHERE entities @> ARRAY[named.entity]) AS mentions
FROM unnest($1::text[]) AS named (entity)
"""
_LINKS: Final = """
SELECT source, id::text AS id, leader FROM linked WHERE leader IN (
    SELECT leader FROM linked JOIN unnest($1::text[], $2::uuid[]) AS named (source, id) USING (source, id)
)
"""
_NAMED: Final = """
SELECT i.n, i.source, i.id::text AS id, i.type, i.entities, same.entity AS joined
FROM unnest($1::text[], $2::uuid[]) AS named (source, id)
CROSS JOIN LATERAL (
    SELECT n, source, id, type, entities FROM inbox WHERE source = named.source AND id = named.id OFFSET 0
) AS i
LEFT JOIN same USING (n)
WHERE i.n < $3
"""
_SENT: Final = "SELECT n, entity FROM copy WHERE n = ANY($1::bigint[]) AND caused_by < $2"
_MERGED: Final = """
INSERT INTO merged AS m (entity, leader) SELECT * FROM unnest($1::text[], $2::text[])
ON CONFLICT (entity) DO UPDATE SET leader = excluded.leader WHERE m.leader <> excluded.leader
"""
_LINKED: Final = """
INSERT INTO linked AS l (source, id, leader) SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[])
ON CONFLICT (source, id) DO UPDATE SET leader = excluded.leader WHERE l.leader <> excluded.leader
"""


class Routes:
    """The routing index. Each method runs in the caller's transaction, which holds the line's lock."""

    async def related(self, connection: Connection, events: Sequence[AcceptedSubmission]) -> RelatedEvents:
        """Return the stored merges and links that count towards the limits of `events`, which are not accepted yet."""
        found = RelatedEvents()
        joined = {each for event in events for each in event.joins}
        if joined:
            _join(found.merged, [(row["leader"], row["entity"]) for row in await connection.fetch(_GROUPS, [*joined])])
            ids = {member for each in joined for member in found.merged.of(each)}
            for row in await connection.fetch(_COUNTED, [*ids]):
                found.merges[row["entity"]], found.mentions[row["entity"]] = row["merges"], row["mentions"]
        keys = {key for event in events if event.target is not None for key in (event.key, event.target)}
        if keys:
            rows = await connection.fetch(_LINKS, *_columns([*keys]))
            _join(found.linked, [(row["leader"], (row["source"], row["id"])) for row in rows])
        return found

    async def load(self, connection: Connection, events: Sequence[Routed]) -> Index:
        """Return the part of the index that is needed to route `events`, the next to be accepted, in their order.

        It has the entities and events that they name, and all that a merge among them joins.
        """
        part = _Part(connection, events[0].n)
        await part.groups({entity for event in events for entity in event.entities})
        joined = {member for event in events for entity in event.joins for member in part.index.merged.of(entity)}
        keys = {event.key for event in events} | {event.target for event in events if event.target is not None}
        if joined:
            keys |= await part.events(_MENTIONS, list(joined), part.before)
        await part.components(keys)
        await part.groups(part.entities)
        if part.members:
            await part.components(await part.events(_MERGES, list(part.members)))
        return await part.noted()

    async def save(
        self, connection: Connection, index: Index, events: Sequence[Routed], added: Sequence[Addition]
    ) -> None:
        """Append the copies `added` by these events, and store the groups that the events joined."""
        if added:
            await connection.copy_records_to_table("copy", records=added, columns=("caused_by", "n", "entity"))
        await self.join(connection, index, events)

    async def join(self, connection: Connection, index: Index, events: Sequence[Routed]) -> None:
        """Store the merges and links of these events, and the groups of `index` that they belong to."""
        merges = [(event.n, event.joins[0]) for event in events if event.joins]
        if merges:
            await connection.copy_records_to_table("same", records=merges, columns=("n", "entity"))
            leaders = _leaders(index.merged.of(entity) for _, entity in merges)
            await connection.execute(_MERGED, list(leaders), list(leaders.values()))
        links = [event.key for event in events if event.target is not None]
        if links:
            firsts = _leaders(index.linked.of(key) for key in links)
            sources, event_ids = [source for source, _ in firsts], [event_id for _, event_id in firsts]
            names = [f"{source}/{event_id}" for source, event_id in firsts.values()]
            await connection.execute(_LINKED, sources, event_ids, names)


class _Part:
    """A part of the index while it is loaded. Events are added to the index last, as several queries may find one."""

    def __init__(self, connection: Connection, before: int) -> None:
        self.before = before
        self.index = Index()
        self.entities: set[str] = set()
        self.members: set[str] = set()
        self._connection = connection
        self._events: dict[int, Routed] = {}
        self._asked: set[Key] = set()

    async def groups(self, entities: Collection[str]) -> None:
        """Load the merged groups of these entities."""
        rows = await self._connection.fetch(_GROUPS, list(entities))
        _join(self.index.merged, [(row["leader"], row["entity"]) for row in rows])
        self.members.update(row["entity"] for row in rows)

    async def events(self, query: str, *arguments: object) -> set[Key]:
        """Load the events that a query finds and return their keys."""
        rows = await self._connection.fetch(query, *arguments)
        return {self._take(row).key for row in rows}

    async def components(self, keys: Collection[Key]) -> None:
        """Load the accepted events with these keys, and all accepted events linked to them."""
        asked = [key for key in keys if key not in self._asked]
        by_leader: dict[str, list[Key]] = {}
        for row in await self._connection.fetch(_LINKS, *_columns(asked)):
            by_leader.setdefault(row["leader"], []).append((row["source"], row["id"]))
        for component in by_leader.values():
            self.index.linked.join(component)
        self._asked.update(asked, *by_leader.values())
        named = {*asked, *(key for component in by_leader.values() for key in component)}
        await self.events(_NAMED, *_columns(named), self.before)

    async def noted(self) -> Index:
        """Return the index, after adding each loaded event with the copies that it has already."""
        sent: dict[int, list[str]] = {}
        for row in await self._connection.fetch(_SENT, list(self._events), self.before):
            sent.setdefault(row["n"], []).append(row["entity"])
        for n, event in self._events.items():
            self.index.note(event, sent.get(n, ()))
        return self.index

    def _take(self, row: asyncpg.Record) -> Routed:
        entities = tuple(row["entities"])
        joins = () if row["joined"] is None else (row["joined"],)
        event = Routed(row["n"], (row["source"], row["id"]), row["type"], entities, joins=joins)
        self._events[event.n] = event
        self.entities.update(entities)
        return event


def _join(groups: DisjointGroups[T], led: Iterable[tuple[str, T]]) -> None:
    """Join the members of each leader's group. `led`: pairs (leader, member)."""
    by_leader: dict[str, list[T]] = {}
    for leader, member in led:
        by_leader.setdefault(leader, []).append(member)
    for members in by_leader.values():
        groups.join(members)


def _columns(keys: Collection[Key]) -> tuple[list[str], list[str]]:
    return [source for source, _ in keys], [event_id for _, event_id in keys]


def _leaders(groups: Iterable[frozenset[T]]) -> dict[T, T]:
    """Return the leader of each member of `groups`: the least member of its group."""
    return {member: leader for group in set(groups) for leader in (min(group),) for member in group}
