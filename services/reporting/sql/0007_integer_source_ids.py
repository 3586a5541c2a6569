"""Widen `source.src` and `ledger.src` from smallint to integer: agencies may name more than 32,767 systems in all."""

from typing import Final

revision: Final = "0007"
down_revision: Final = "0006"

# The view `acceptance` reads the column: it is dropped and created again with the text of 0004.
STATEMENTS: Final[tuple[str, ...]] = (
    "DROP VIEW acceptance",
    "ALTER TABLE source ALTER src TYPE integer",
    "ALTER TABLE ledger ALTER src TYPE integer",
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
