"""Create the view `acceptance` from `ledger`: agency, type, time of recording and of acceptance of each event.

`me_read` may select from the view. It shows nothing of an event's content.
"""

from typing import Final

revision: Final = "0004"
down_revision: Final = "0003"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE VIEW acceptance AS
    SELECT
        n,
        split_part(name, '/', 1) AS agency,
        said ->> 'type' AS type,
        (said ->> 'recordedtime')::timestamptz AS recorded_at,
        to_timestamp(accepted_at / 1000.0) AS accepted_at
    FROM (
        SELECT n, name, accepted_at, convert_from(payload, 'UTF8')::jsonb AS said
        FROM ledger JOIN source USING (src)
        WHERE primary_copy
    ) AS told
    """,
    "GRANT SELECT ON acceptance TO me_read",
)
