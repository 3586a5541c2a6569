"""Create the function kept_from_cases: agencies that cases keep out, by the case tracker's own table.

The referral service learns restrictions from the logs of persons. A case that names nobody yet is in no such log.
"""

from typing import Final

from alembic import op

revision: Final = "0023"
down_revision: Final = "0022"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = (
    # In plpgsql, because the case tracker's schema is made after this one.
    """
    CREATE FUNCTION kept_from_cases(cases text[], at timestamptz) RETURNS TABLE (case_id text, agency text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        RETURN QUERY SELECT k.case_id, k.agency FROM case_tracker.kept_from AS k
            WHERE k.case_id = ANY (cases) AND (k.until IS NULL OR k.until > at);
    END
    $$
    """,
    "REVOKE ALL ON FUNCTION kept_from_cases FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION kept_from_cases TO referral",
)


def upgrade() -> None:
    """Create the function."""
    for statement in STATEMENTS:
        op.execute(statement)
