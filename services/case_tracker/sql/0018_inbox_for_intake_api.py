"""Create the function delivered_on, through which intake's HTTP API reads the messages sent to an agency."""

from typing import Final

revision: Final = "0018"
down_revision: Final = "0017"
works_with: Final = "0015"

_TO: Final = "substring({topic} FROM '[.]delivery[.](.*)[.]v1$')"

STATEMENTS: Final[tuple[str, ...]] = (
    # Like `referral.delivered_on`: messages on one delivery topic after a number, in their order. The condition on the
    # end of the topic's name makes the query use the index.
    f"""
    CREATE FUNCTION delivered_on(asked text, after bigint, most integer)
    RETURNS TABLE (seq bigint, value bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT o.seq, o.value FROM outbox AS o
        WHERE {_TO.format(topic="o.topic")} = {_TO.format(topic="asked")} AND o.topic = asked
            AND o.seq > after AND o.sent
        ORDER BY o.seq LIMIT most
    $$
    """,  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION delivered_on FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION delivered_on TO intake",
)
