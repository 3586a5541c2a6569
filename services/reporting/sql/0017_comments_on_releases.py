"""Add comments to the view `released`: the releases in force."""

from typing import Final

from alembic import op

revision: Final = "0017"
down_revision: Final = "0016"

_COLUMNS: Final = {
    "number": "Number of the release.",
    "edition": "For whom it is: council or public.",
    "period": "The period that it is of.",
    "known_at": "Every event up to this number is in it, and none after.",
    "artefact": "The frozen document, as canonical JSON.",
    "published_at": "When it was published.",
    "n": "Number of the event that tells of its publication.",
}


def upgrade() -> None:
    """Add the comments to the view `released`."""
    op.execute("COMMENT ON VIEW released IS 'Releases that are published and not withdrawn.'")
    for column, said in _COLUMNS.items():
        op.execute(f"COMMENT ON COLUMN released.{column} IS '{said}'")
