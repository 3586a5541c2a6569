"""Replace `referrals_seen`: an agency that is no party of a referral sees neither its state nor its holder.

An agency whose only moves were refused, as not the sender's or not the receiver's, is no party.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0017"
down_revision: Final = "0016"
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
        CROSS JOIN LATERAL (SELECT coalesce(s.seen_by && me.agencies OR me.every_matter, false) AS all) AS seen
        CROSS JOIN LATERAL (
            SELECT coalesce(jsonb_agg(move - 'by'), '[]') AS moves,
                coalesce(me.agencies && ARRAY[s.sender, s.receiver, s.holder], false) OR coalesce(bool_or(
                    coalesce(move ->> 'reason', '') NOT IN ('not_the_sender', 'not_the_receiver')
                ), false) AS is_party
            FROM jsonb_array_elements(s.moves) AS move WHERE move ->> 'by' = me.house
        ) AS own
        WHERE (asked IS NULL OR s.referral = asked) AND (seen.all OR own.moves <> '[]')
        ORDER BY s.decided_n DESC, s.state IS NULL, s.referral, s.person
    $$
    """,  # noqa: S608 - made of constants
)
