"""Create the table kept_out (agencies that a case of a person keeps out), and add it to the view dangers.

Queries must not show a person's dangers to these agencies.
"""

from typing import Final

revision: Final = "0011"
down_revision: Final = "0010"

STATEMENTS: Final[tuple[str, ...]] = (
    # Decided with each event of the person. An agency whose restriction has ended stays until the person's next event.
    "CREATE TABLE kept_out (person text PRIMARY KEY, agencies text[] NOT NULL)",
    """
    CREATE OR REPLACE VIEW dangers AS
    SELECT d.finding, d.person, d.case_id, d.code, d.records, d.opened_at, d.closed_at, d.closure,
        coalesce(k.agencies, '{}') AS kept_out
    FROM danger AS d LEFT JOIN kept_out AS k ON k.person = d.person
    """,
    "COMMENT ON COLUMN dangers.kept_out IS 'The agencies that a case of the person keeps out: they may learn nothing.'",
    "GRANT SELECT, INSERT, DELETE ON kept_out TO referral",
)
