"""Replace standing_for: an agency without part in a referral no longer gets its state and holder by a refused move."""

from typing import Final

revision: Final = "0015"
down_revision: Final = "0014"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = (
    # An agency that sees the referral gets all of it. A party, and an agency that made a move it could make, get the
    # state, the holder and its own moves. One that only made moves that it could not make gets these moves.
    """
    CREATE OR REPLACE FUNCTION standing_for(asked text, viewer text)
    RETURNS TABLE (referral text, person text, case_id text, sender text, receiver text, holder text, state text,
        urgency text, service_types text[], decided_n bigint, moves jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, referral, pg_temp AS $$
        SELECT s.referral, CASE WHEN seen.all THEN s.person END, CASE WHEN seen.all THEN s.case_id END,
            CASE WHEN seen.all THEN s.sender END, CASE WHEN seen.all THEN s.receiver END,
            CASE WHEN seen.all OR own.is_party THEN s.holder END, CASE WHEN seen.all OR own.is_party THEN s.state END,
            CASE WHEN seen.all THEN s.urgency END, CASE WHEN seen.all THEN s.service_types ELSE '{}' END,
            s.decided_n, own.moves
        FROM standing AS s
        CROSS JOIN LATERAL (SELECT viewer = ANY (s.seen_by) AS all) AS seen
        CROSS JOIN LATERAL (
            SELECT coalesce(jsonb_agg(move - 'by'), '[]') AS moves,
                coalesce(viewer IN (s.sender, s.receiver, s.holder), false) OR coalesce(bool_or(
                    coalesce(move ->> 'reason', '') NOT IN ('not_the_sender', 'not_the_receiver')
                ), false) AS is_party
            FROM jsonb_array_elements(s.moves) AS move WHERE move ->> 'by' = viewer
        ) AS own
        WHERE s.referral = asked AND (seen.all OR own.moves <> '[]')
        ORDER BY s.state IS NULL, s.person
    $$
    """,
)
