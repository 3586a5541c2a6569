"""Replace standing_for: to an agency never informed of a referral, its refused move looks like one of an unknown id.

Before, such a refusal showed that the referral exists, and sometimes that it was sent without consent.
"""

from typing import Final

revision: Final = "0016"
down_revision: Final = "0015"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = (
    # An agency that sees the referral gets all of it. A party, and an agency that made a move it could make, get the
    # state, the holder and its own moves. One that was never informed of it gets its own moves, which wait. In rows of
    # earlier versions no move states whether its maker was informed of the referral. Then the reason decides: an agency
    # that may make a move is refused for other reasons than these.
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
        CROSS JOIN LATERAL (SELECT viewer = ANY (s.seen_by) AS all,
            coalesce(viewer IN (s.sender, s.receiver, s.holder), false) AS named) AS seen
        CROSS JOIN LATERAL (
            SELECT coalesce(jsonb_agg(CASE WHEN is_unrelated
                    THEN move - 'by' - 'unrelated' || '{"effect": "waits", "reason": null}'
                    ELSE move - 'by' - 'unrelated' END), '[]') AS moves,
                bool_or(NOT is_unrelated) AND (seen.named OR bool_or(
                    coalesce(move ->> 'reason', '') NOT IN ('not_the_sender', 'not_the_receiver')
                )) AS is_party
            FROM jsonb_array_elements(s.moves) AS move
            CROSS JOIN LATERAL (SELECT coalesce((move ->> 'unrelated')::boolean, NOT seen.named AND coalesce(
                move ->> 'reason' IN ('not_the_sender', 'not_the_receiver', 'consent_missing', 'conflict_of_interest'),
                false)) AS is_unrelated) AS judged
            WHERE move ->> 'by' = viewer
        ) AS own
        WHERE s.referral = asked AND (seen.all OR own.moves <> '[]')
        ORDER BY s.state IS NULL, s.person
    $$
    """,
)
