"""Replace the comment on `figure_value.marks`: [r] marks a value that differs from the newest public release."""

from typing import Final

revision: Final = "0021"
down_revision: Final = "0020"
works_with: Final = "0018"

_MARKS: Final = (
    "[c] confidential, [r] revised since the newest public release in force, [b] break in the definition, [x] not "
    "available. / [c] confidencial, [r] revisado desde la última publicación vigente para el público, [b] ruptura en "
    "la definición, [x] no disponible."
)


STATEMENTS: Final[tuple[str, ...]] = (f"COMMENT ON COLUMN figure_value.marks IS '{_MARKS}'",)
