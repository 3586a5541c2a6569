"""Add the column finding.told: agencies informed of a danger. `look` now ignores a text that is no case id."""

from typing import Final

revision: Final = "0002"
down_revision: Final = "0001"

STATEMENTS: Final[tuple[str, ...]] = (
    "ALTER TABLE finding ADD COLUMN told text[] NOT NULL DEFAULT '{}'",
    """
    CREATE OR REPLACE VIEW unsaid AS SELECT * FROM finding
    WHERE waits AND stands AND ruled_by IS NULL AND (opened_at IS NULL OR closed_at IS NOT NULL)
    """,
    """
    CREATE OR REPLACE FUNCTION look(wanted text, as_agency text, by_account text, for_purpose text)
    RETURNS TABLE (n bigint, accepted_at bigint, payload bytea)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = case_tracker AS $$
    BEGIN
        IF wanted !~ '^cas-[0-9a-z]{27}$' OR as_agency !~ '^[a-z_]{1,40}$' OR for_purpose !~ '^[a-z_]{1,40}$'
            OR by_account !~ '^[0-9a-f]{32}$' THEN
            RETURN;
        END IF;
        INSERT INTO viewed (case_id, agency, account, purpose) VALUES (wanted, as_agency, by_account, for_purpose);
        RETURN QUERY SELECT f.n, f.accepted_at, f.payload FROM fact AS f
            WHERE f.case_id = wanted ORDER BY f.part, f.off;
    END
    $$
    """,
)
