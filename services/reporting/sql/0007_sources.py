"""As many sources as an agency names systems: 32,767 would have been an end for everybody."""

from typing import Final

from alembic import op

revision: Final = "0007"
down_revision: Final = "0006"

# The view reads the column, so that it is made again, as 0004 says it.
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


def upgrade() -> None:
    """Widen the column in both tables."""
    for statement in STATEMENTS:
        op.execute(statement)
