"""Create the function delivered_on, through which intake's HTTP API reads the messages sent to an agency.

outbox gets an index by topic.
"""

from typing import Final

revision: Final = "0009"
down_revision: Final = "0008"

STATEMENTS: Final[tuple[str, ...]] = (
    "CREATE INDEX outbox_topic ON outbox (topic, seq)",
    # Messages on one delivery topic after a number, in their order. Expired ones are deleted here, as on the broker.
    """
    CREATE FUNCTION delivered_on(asked text, after bigint, most integer)
    RETURNS TABLE (seq bigint, value bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, referral, pg_temp AS $$
        SELECT o.seq, o.value FROM outbox AS o
        WHERE o.topic = asked AND asked ~ '[.]delivery[.]' AND o.seq > after AND o.sent
        ORDER BY o.seq LIMIT most
    $$
    """,
    "REVOKE ALL ON FUNCTION delivered_on FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION delivered_on TO intake",
)
