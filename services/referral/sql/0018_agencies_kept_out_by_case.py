"""Create the table kept_from (agencies that cases keep out, by case, with an end), filled from kept_out.

The new function is_told uses it, so that delivered_on returns no message about the person to such an agency. Before, an
agency that was kept out of a case could still read the messages of the last thirty days.
"""

from typing import Final

revision: Final = "0018"
down_revision: Final = "0017"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = (
    # `case_id` is '' for a restriction of any case: earlier decisions are stored so until the person's next event.
    """
    CREATE TABLE kept_from (
        person text NOT NULL,
        case_id text NOT NULL,
        agency text NOT NULL,
        until timestamptz,
        PRIMARY KEY (person, case_id, agency)
    )
    """,
    "INSERT INTO kept_from SELECT person, '', unnest(agencies), NULL FROM kept_out",
    "GRANT SELECT, INSERT, DELETE ON kept_from TO referral",
    # A message about a person is left out if a case keeps the agency out. It is the case that the message names or,
    # without one, any case of the person.
    """
    CREATE FUNCTION is_told(message bytea, house text) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, referral, pg_temp AS $$
        SELECT house IS NOT NULL AND NOT EXISTS (
            SELECT FROM kept_from AS k
            WHERE k.agency = house AND (k.until IS NULL OR k.until > clock_timestamp())
                AND (said.data ->> 'person' = k.person OR said.data -> 'persons' @> to_jsonb(k.person))
                AND (k.case_id = '' OR coalesce(said.data ->> 'case', k.case_id) = k.case_id)
        )
        FROM (SELECT convert_from(message, 'UTF8')::jsonb -> 'data' AS data) AS said
    $$
    """,
    "REVOKE ALL ON FUNCTION is_told FROM PUBLIC",
    """
    CREATE OR REPLACE FUNCTION delivered_on(asked text, after bigint, most integer)
    RETURNS TABLE (seq bigint, value bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, referral, pg_temp AS $$
        SELECT o.seq, o.value FROM outbox AS o
        WHERE o.topic = asked AND asked ~ '[.]delivery[.]' AND o.seq > after AND o.sent
            AND is_told(o.value, (
                SELECT h.house FROM access.agency AS h
                WHERE h.agency = replace(substring(asked FROM '[.]delivery[.]([^.]*)[.]'), '-', '_')
            ))
        ORDER BY o.seq LIMIT most
    $$
    """,
)
