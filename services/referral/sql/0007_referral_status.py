"""Create the table standing (status of each referral, effects of its moves) and the function standing_for.

Intake's HTTP API shows a referral to an agency through that function.
"""

from typing import Final

revision: Final = "0007"
down_revision: Final = "0006"

STATEMENTS: Final[tuple[str, ...]] = (
    # `moves`: a list of {move, by, effect, reason}. A move that names a wrong person is in a row of that person.
    """
    CREATE TABLE standing (
        person text NOT NULL,
        referral text NOT NULL,
        case_id text,
        sender text,
        receiver text,
        holder text,
        state text,
        urgency text,
        service_types text[] NOT NULL,
        decided_n bigint NOT NULL,
        seen_by text[] NOT NULL,
        moves jsonb NOT NULL,
        PRIMARY KEY (person, referral)
    )
    """,
    "CREATE INDEX standing_referral ON standing (referral)",
    "GRANT SELECT, INSERT, DELETE ON standing TO referral",
    # An agency that sees the referral gets all of it. One that only made a move gets the state, the holder and its own
    # moves, like the message about a refused move. Any other agency gets no row.
    """
    CREATE FUNCTION standing_for(asked text, viewer text)
    RETURNS TABLE (referral text, person text, case_id text, sender text, receiver text, holder text, state text,
        urgency text, service_types text[], decided_n bigint, moves jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, referral, pg_temp AS $$
        SELECT s.referral, CASE WHEN seen.all THEN s.person END, CASE WHEN seen.all THEN s.case_id END,
            CASE WHEN seen.all THEN s.sender END, CASE WHEN seen.all THEN s.receiver END, s.holder, s.state,
            CASE WHEN seen.all THEN s.urgency END, CASE WHEN seen.all THEN s.service_types ELSE '{}' END,
            s.decided_n, own.moves
        FROM standing AS s
        CROSS JOIN LATERAL (SELECT viewer = ANY (s.seen_by) AS all) AS seen
        CROSS JOIN LATERAL (
            SELECT coalesce(jsonb_agg(move - 'by'), '[]') AS moves
            FROM jsonb_array_elements(s.moves) AS move WHERE move ->> 'by' = viewer
        ) AS own
        WHERE s.referral = asked AND (seen.all OR own.moves <> '[]')
        ORDER BY s.state IS NULL, s.person
    $$
    """,
    "REVOKE ALL ON FUNCTION standing_for FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION standing_for TO intake",
)
