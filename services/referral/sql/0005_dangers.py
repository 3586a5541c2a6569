"""Create the table danger and the view dangers: dangers of persons that the case tracker does not find."""

from typing import Final

from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE danger (
        finding text PRIMARY KEY,
        person text NOT NULL,
        case_id text,
        code text NOT NULL,
        records text[] NOT NULL,
        opened_at timestamptz NOT NULL,
        closed_at timestamptz,
        closure text
    )
    """,
    "CREATE VIEW dangers AS SELECT finding, person, case_id, code, records, opened_at, closed_at, closure FROM danger",
    "GRANT SELECT, INSERT, UPDATE ON danger TO referral",
    "GRANT SELECT ON dangers TO referral, me_read",
)

DANGERS: Final = {
    "finding": "The activity that stands for the finding.",
    "person": "The person''s id.",
    "case_id": "The case that the act names, where it names one.",
    "code": "What endangers the person.",
    "records": "The events that say so, each as source/id.",
    "opened_at": "When it was last found.",
    "closed_at": "When it was last closed; empty while it is open.",
    "closure": "How it was closed.",
}
KIND: Final = (
    "What is waited for: an answer, a start, a word after the start, a resumption, the next attempt, the first "
    "referral, a missing move, an acknowledgement."
)


def upgrade() -> None:
    """Create the table and the view, and add comments."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("COMMENT ON VIEW dangers IS 'What endangers persons outside any one case: ids, codes and times.'")
    for column, said in DANGERS.items():
        op.execute(f"COMMENT ON COLUMN dangers.{column} IS '{said}'")
    op.execute(f"COMMENT ON COLUMN waits.kind IS '{KIND}'")
