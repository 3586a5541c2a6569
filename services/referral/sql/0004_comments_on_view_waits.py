"""Add comments to the view waits and its columns."""

from typing import Final

from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"

WAITS: Final = {
    "kind": "What is waited for: an answer, a start, a resumption, the next attempt, the first referral, a missing "
    "move, an acknowledgement.",
    "agency": "Who is to act.",
    "about": "The referral, sent or opened, or the withdrawal of consent.",
    "person": "The person''s id.",
    "case_id": "The case''s id, where one is known.",
    "since": "From when on it waits.",
    "due_at": "By when it is due.",
    "urgency": "How urgent the referral is; empty for what is no referral.",
    "sender": "Who sent the referral.",
    "receiver": "To whom it was sent.",
    "holder": "Who accepted it.",
    "state": "How the referral stands.",
    "told_at": "When others were told that it is late; empty where it is not, or not yet.",
    "began_at": "When this row began to be so, by what was known then.",
    "ended_at": "When it ceased to be so; empty for what waits now.",
}


def upgrade() -> None:
    """Add the comments."""
    op.execute("COMMENT ON VIEW waits IS 'What agencies are waited for, now and before: ids, codes and times.'")
    for column, said in WAITS.items():
        op.execute(f"COMMENT ON COLUMN waits.{column} IS '{said}'")
