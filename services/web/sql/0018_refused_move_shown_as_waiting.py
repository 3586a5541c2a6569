"""Replace `referrals_seen`: a refused move of an agency that was never notified of the referral is shown as waiting.

It then looks like a move of an unknown referral, so that it does not reveal that the referral exists.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0018"
down_revision: Final = "0017"
works_with: Final = "0014"

STATEMENTS: Final[tuple[str, ...]] = (
    # Like `referral.standing_for`, for the codes of the caller's agency and units.
    f"""
    CREATE OR REPLACE FUNCTION referrals_seen(asked text)
    RETURNS TABLE (referral text, person text, case_id text, sender text, receiver text, holder text, state text,
        urgency text, service_types text[], decided_n bigint, moves jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {table_guard_sql.search_path("web")} AS $$
        WITH me AS MATERIALIZED (
            SELECT own.house, array_agg(h.agency) AS agencies, bool_or(h.every_matter) AS every_matter
            FROM (SELECT access.caller() AS house) AS own LEFT JOIN access.agency AS h ON h.house = own.house
            GROUP BY own.house
        )
        SELECT s.referral, CASE WHEN seen.all THEN s.person END, CASE WHEN seen.all THEN s.case_id END,
            CASE WHEN seen.all THEN s.sender END, CASE WHEN seen.all THEN s.receiver END,
            CASE WHEN seen.all OR own.is_party THEN s.holder END, CASE WHEN seen.all OR own.is_party THEN s.state END,
            CASE WHEN seen.all THEN s.urgency END, CASE WHEN seen.all THEN s.service_types ELSE '{{}}' END,
            s.decided_n, own.moves
        FROM me CROSS JOIN referral.standing AS s
        CROSS JOIN LATERAL (SELECT coalesce(s.seen_by && me.agencies OR me.every_matter, false) AS all,
            coalesce(me.agencies && ARRAY[s.sender, s.receiver, s.holder], false) AS named) AS seen
        CROSS JOIN LATERAL (
            SELECT coalesce(jsonb_agg(CASE WHEN is_unrelated
                    THEN move - 'by' - 'unrelated' || '{{"effect": "waits", "reason": null}}'
                    ELSE move - 'by' - 'unrelated' END), '[]') AS moves,
                bool_or(NOT is_unrelated) AND (seen.named OR bool_or(
                    coalesce(move ->> 'reason', '') NOT IN ('not_the_sender', 'not_the_receiver')
                )) AS is_party
            FROM jsonb_array_elements(s.moves) AS move
            CROSS JOIN LATERAL (SELECT coalesce((move ->> 'unrelated')::boolean, NOT seen.named AND coalesce(
                move ->> 'reason' IN ('not_the_sender', 'not_the_receiver', 'consent_missing', 'conflict_of_interest'),
                false)) AS is_unrelated) AS judged
            WHERE move ->> 'by' = me.house
        ) AS own
        WHERE (asked IS NULL OR s.referral = asked) AND (seen.all OR own.moves <> '[]')
        ORDER BY s.decided_n DESC, s.state IS NULL, s.referral, s.person
    $$
    """,  # noqa: S608 - made of constants
)
