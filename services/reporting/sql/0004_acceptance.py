"""When each event was accepted and when it was recorded, by who published it: no word of what it says."""

from typing import Final

from alembic import op

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


def upgrade() -> None:
    """Make the view."""
    for statement in STATEMENTS:
        op.execute(statement)
