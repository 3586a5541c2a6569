"""Add comments to the views findings and kept and the table seen_by, for readers of the database."""

from typing import Final

from alembic import op

revision: Final = "0006"
down_revision: Final = "0005"

FINDINGS: Final = {
    "finding": "Its id.",
    "case_id": "The case that it was found in.",
    "code": "Which rule the records break together.",
    "severity": "How grave it is.",
    "records": "The records that cannot all be right, as source/id.",
    "persons": "The ids of whom they are about.",
    "happened_from": "When the last of the records happened, at the earliest; empty where nobody knows.",
    "happened_to": "The same, at the latest.",
    "opened_at": "When it was found.",
    "closed_at": "When it was settled; empty while it is open.",
    "closure": "How it was settled.",
}
KEPT: Final = {
    "agency": "Who is kept from the case.",
    "case_id": "The case.",
    "record": "A record of it, as source/id.",
}
SEEN_BY: Final = {"case_id": "The case.", "agency": "Who sees something of it."}

DESCRIBED: Final = (
    ("VIEW", "findings", "What contradicts itself in a case, or endangers somebody: ids and codes.", FINDINGS),
    ("VIEW", "kept", "The records of which an agency may learn nothing.", KEPT),
    ("TABLE", "seen_by", "Which agency sees anything of which case.", SEEN_BY),
)


def upgrade() -> None:
    """Add the comments."""
    for kind, name, words, columns in DESCRIBED:
        op.execute(f"COMMENT ON {kind} {name} IS '{words}'")
        for column, said in columns.items():
            op.execute(f"COMMENT ON COLUMN {name}.{column} IS '{said}'")
