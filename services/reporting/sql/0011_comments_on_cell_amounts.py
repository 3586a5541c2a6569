"""Replace the comment on the column `amount` of `figure_cell` and `edition_cell`: how a figure is added up from cells.

The new text has a third way, for figures of what existed at any time in a period, such as active cases. Their amount
at the period's end was less than a third of the figure in `atips figures`.
"""

from typing import Final

from alembic import op

revision: Final = "0011"
down_revision: Final = "0010"

AMOUNT: Final = (
    "How much, in the figure''s unit. What happened in a period, as arrests, is the sum of the cells with on_from and "
    "on_to both within the period; what there was at its end, as officers, of those with on_from <= its last day <= "
    "on_to; what there was at any time in it, as cases active, of those with on_from <= its last day and on_to >= its "
    "first. Which of these a figure is stands in `atips figures --definitions`. Medians, highest values and counts of "
    "kinds are no sums, and what a table of ours says, as committees, has no cells: ask `atips figures`."
)
"""Text of the comment. An apostrophe is written twice, as SQL needs it."""


def upgrade() -> None:
    """Replace the comment on `amount` in `figure_cell` and `edition_cell`."""
    for view in ("figure_cell", "edition_cell"):
        op.execute(f"COMMENT ON COLUMN {view}.amount IS '{AMOUNT}'")
