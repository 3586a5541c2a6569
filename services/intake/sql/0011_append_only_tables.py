"""Refuse changes of append-only rows, even by their owner. Only functions move line, relay and positions.

Triggers guard inbox, quarantine, resubmission, copy, act, passed, topic, api_key and identity.known.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0011"
down_revision: Final = "0010"

STATEMENTS: Final[tuple[str, ...]] = (
    table_guard_sql.append_only_trigger_function(),
    *map(
        table_guard_sql.append_only_trigger, ("inbox", "quarantine", "resubmission", "copy", "act", "passed", "topic")
    ),
    table_guard_sql.append_only_trigger("api_key", "hash", "agency", "label", "created_at"),
    table_guard_sql.append_only_trigger("identity.known"),
    *table_guard_sql.position_functions_and_rights("intake"),
    # The line only moves forward, and only from the end that the caller has read.
    """
    CREATE FUNCTION move_line(new_n bigint, new_at bigint, new_repeat bigint, seen_n bigint, seen_repeat bigint)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, intake, pg_temp AS $$
    BEGIN
        UPDATE line SET last_n = new_n, last_at = new_at, last_repeat = new_repeat
        WHERE last_n = seen_n AND last_repeat = seen_repeat
            AND new_n >= last_n AND new_at >= last_at AND new_repeat >= last_repeat;
        RETURN FOUND;
    END
    $$
    """,
    """
    CREATE FUNCTION take_over_relay() RETURNS TABLE (last_n bigint, last_repeat bigint, epoch bigint)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, intake, pg_temp AS $$
        UPDATE relay SET epoch = relay.epoch + 1 RETURNING relay.last_n, relay.last_repeat, relay.epoch
    $$
    """,
    # The pointer only moves forward, within one epoch, and never beyond the line.
    """
    CREATE FUNCTION move_relay(
        new_n bigint, new_repeat bigint, seen_n bigint, seen_repeat bigint, seen_epoch bigint,
        topics text[], parts integer[], offs bigint[]
    ) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, intake, pg_temp AS $$
    BEGIN
        UPDATE relay SET last_n = new_n, last_repeat = new_repeat
        WHERE relay.last_n = seen_n AND relay.last_repeat = seen_repeat AND relay.epoch = seen_epoch
            AND new_n >= relay.last_n AND new_repeat >= relay.last_repeat
            AND EXISTS (SELECT FROM line WHERE line.last_n >= new_n AND line.last_repeat >= new_repeat);
        IF NOT FOUND THEN
            RETURN false;
        END IF;
        INSERT INTO relay_offset AS o (topic, part, off) SELECT * FROM unnest(topics, parts, offs)
        ON CONFLICT (topic, part) DO UPDATE SET off = greatest(o.off, excluded.off);
        RETURN true;
    END
    $$
    """,
    "REVOKE ALL ON FUNCTION move_line, take_over_relay, move_relay FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION move_line, take_over_relay, move_relay TO intake",
    "REVOKE UPDATE ON line, relay FROM intake",
    "REVOKE INSERT, UPDATE ON relay_offset FROM intake",
    "GRANT SELECT, INSERT, UPDATE (revoked_at) ON api_key TO registrar",
)
