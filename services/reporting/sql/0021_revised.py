"""Comment on the marks of `figure_value`: a revised number is another one than the newest public release has."""

from typing import Final

from alembic import op

revision: Final = "0021"
down_revision: Final = "0020"
works_with: Final = "0018"

_MARKS: Final = (
    "[c] confidential, [r] revised since the newest public release in force, [b] break in the definition, [x] not "
    "available. / [c] confidencial, [r] revisado desde la última publicación vigente para el público, [b] ruptura en "
    "la definición, [x] no disponible."
)


STATEMENTS: Final[tuple[str, ...]] = (f"COMMENT ON COLUMN figure_value.marks IS '{_MARKS}'",)


def upgrade() -> None:
    """Say it."""
    for statement in STATEMENTS:
        op.execute(statement)
