"""Create the function delivered_to_caller: messages of this service to the caller's agency, for the web pages."""

from typing import Final

revision: Final = "0015"
down_revision: Final = "0014"

_TO: Final = "substring(topic FROM '[.]delivery[.](.*)[.]v1$')"

STATEMENTS: Final[tuple[str, ...]] = (
    # The recipient of a message, as the name of its topic states it.
    f"CREATE INDEX outbox_delivered ON outbox (({_TO}), seq) WHERE {_TO} IS NOT NULL",
    # Expired messages are deleted from this table, as on the broker.
    f"""
    CREATE FUNCTION delivered_to_caller() RETURNS TABLE (seq bigint, value bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT o.seq, o.value FROM outbox AS o
        WHERE {_TO} = replace((SELECT access.caller()), '_', '-') AND o.sent
        ORDER BY o.seq
    $$
    """,  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION delivered_to_caller FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION delivered_to_caller TO web",
)
