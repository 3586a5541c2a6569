"""SQL statements for migrations: they make tables append-only, and let only two functions change positions.

A trigger also holds for the owner of a table; a missing grant does not. A later migration that must change such a table
disables the trigger by name and enables it again.
"""

from collections.abc import Iterator
from typing import Final

TRIGGER: Final = "append_only"

_REFUSE: Final = """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '%.% is append-only: % is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""

_TAKE_OVER: Final = """
CREATE FUNCTION take_over_positions(topic_ids uuid[], parts integer[], topics text[])
RETURNS TABLE (topic text, part integer, topic_id uuid, next_offset bigint, epoch bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {path} AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY INSERT INTO position AS p (topic_id, part, topic, next_offset, epoch)
        SELECT taken.topic_id, taken.part, taken.topic, 0, 1
        FROM unnest(topic_ids, parts, topics) AS taken (topic_id, part, topic)
        ORDER BY taken.topic_id, taken.part
        ON CONFLICT (topic_id, part) DO UPDATE SET epoch = p.epoch + 1
        RETURNING p.topic, p.part, p.topic_id, p.next_offset, p.epoch;
END
$$
"""
# No position goes back: a record that was read is never read again by asking the database for it.
_ADVANCE: Final = """
CREATE FUNCTION advance_positions(
    topic_ids uuid[], parts integer[], expected bigint[], epochs bigint[], next_offsets bigint[]
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = {path} AS $$
DECLARE moved bigint;
BEGIN
    UPDATE position AS p SET next_offset = step.next_offset
    FROM unnest(topic_ids, parts, expected, epochs, next_offsets)
        AS step (topic_id, part, expected, epoch, next_offset)
    WHERE p.topic_id = step.topic_id AND p.part = step.part
        AND p.next_offset = step.expected AND p.epoch = step.epoch AND step.next_offset >= step.expected;
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$
"""


def search_path(schema: str) -> str:
    """Return the search path of a SECURITY DEFINER function. Temporary tables come last in it."""
    return f"pg_catalog, {schema}, pg_temp"


def append_only_trigger_function() -> str:
    """Return the statement that creates the trigger function `append_only` in the schema of the migration."""
    return _REFUSE


def append_only_trigger(table: str, *fixed: str) -> str:
    """Return the statement that makes a table append-only; only a superuser who disables triggers can change rows.

    `fixed`: the columns that never change, if other columns may. Without them no column may change.
    """
    update = f"UPDATE OF {', '.join(fixed)}" if fixed else "UPDATE"
    return (
        f"CREATE TRIGGER {TRIGGER} BEFORE {update} OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    )


def outbox() -> Iterator[str]:
    """Yield the statements that guard `outbox`: a message never changes, and only sent deliveries can be deleted."""
    yield (
        f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE OF seq, id, topic, type, value OR TRUNCATE ON outbox "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    )
    yield (
        f"CREATE TRIGGER {TRIGGER}_rows BEFORE DELETE ON outbox FOR EACH ROW "
        "WHEN (NOT old.sent OR old.topic !~ '[.]delivery[.]') EXECUTE FUNCTION append_only()"
    )


def positions(schema: str) -> Iterator[str]:
    """Yield the statements that create `take_over_positions` and `advance_positions`, which change `position`."""
    yield _TAKE_OVER.format(path=search_path(schema))
    yield _ADVANCE.format(path=search_path(schema))


def position_functions_and_rights(schema: str) -> Iterator[str]:
    """Yield the statements that create these two functions, and revoke other rights to write `position`."""
    yield from positions(schema)
    yield "REVOKE ALL ON FUNCTION take_over_positions, advance_positions FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION take_over_positions, advance_positions TO {schema}"
    yield f"REVOKE INSERT, UPDATE ON position FROM {schema}"
    yield "REVOKE ALL ON FUNCTION append_only FROM PUBLIC"


BOUND: Final = "(SELECT access.is_bound())"
"""SQL: whether the caller works for one agency. As a subquery it is evaluated once a query, not once a row."""
CALLER: Final = "(SELECT access.caller())"
CALLERS: Final = "(SELECT access.callers())"


def agency_row_policy(table: str, service: str, seen: str) -> Iterator[str]:
    """Yield the statements that let a table show only rows of the caller's agency, whatever function reads it.

    `seen`: SQL condition under which a row is the caller's. The table's service, and code that works for no agency,
    see all rows. The policies also hold for the table's owner, because functions and views read as the owner.
    """
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY of_service ON {table} TO {service} USING (true) WITH CHECK (true)"
    yield f"CREATE POLICY of_no_agency ON {table} TO owner USING (NOT {BOUND}) WITH CHECK (NOT {BOUND})"
    yield f"CREATE POLICY of_agency ON {table} FOR SELECT TO owner USING ({seen})"
