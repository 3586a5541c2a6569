"""Add comments to the views that `me_read` may select from: `figure_cell`, `edition_cell`, `acceptance` and others."""

from typing import Final

from alembic import op

revision: Final = "0009"
down_revision: Final = "0008"

_CELLS: Final = {
    "figure": "The figure''s number, as `atips figures --definitions` lists them. Behind it may stand a mark: ? counts "
    "facts whose amount nobody counted, ~ amounts that may be counted twice, + what is under way: leave those out.",
    "on_from": "The first day of what is counted, in Belize; -infinity or infinity where nobody knows it.",
    "on_to": "The last day of what is counted; infinity where it lasts, or nobody knows it.",
    "again": "Whether it only takes back what another cell counts again, or comes and goes after the fact: it is added "
    "like any other.",
    "dims": "By what it is broken down, with codes: {} is the whole. Cells of each breakdown repeat the whole, so one "
    "question takes one set of names.",
    "amount": "How much, in the figure''s unit. A flow, as arrests in a period, is the sum of the cells with on_from "
    "and on_to both within the period; a stock, as open cases, of those with on_from <= its last day <= on_to. "
    "Medians, highest values and counts of kinds are no sums: ask `atips figures`.",
}
_EDITIONS: Final = {
    "hash": "The version of the code that counted, as in figure_status.",
    "known_at": "How many events had been accepted: what came later is left out.",
}
_WITHHELD: Final = "How many entities are left out because something of theirs could not be read."

DESCRIBED: Final = {
    "figure_cell": ("The running figures: amounts between days. A period''s figure is a sum of them.", _CELLS),
    "figure_status": (
        "How far the running figures are counted: one row.",
        {
            "version": "The hash of the code that counted.",
            "complete_to": "Every event up to this number is counted.",
            "withheld": _WITHHELD,
        },
    ),
    "edition_cell": (
        "The figures as they were known, of editions that were asked for: `atips figures --known-at` makes one.",
        _EDITIONS | _CELLS,
    ),
    "edition_status": ("The editions that there are.", _EDITIONS | {"withheld": _WITHHELD}),
    "acceptance": (
        "How long agencies took to publish: one row an event, without what it says.",
        {
            "n": "Its number, in the order of acceptance.",
            "agency": "Who published it.",
            "type": "Its type.",
            "recorded_at": "When the agency recorded it in its own book.",
            "accepted_at": "When it was accepted here.",
        },
    ),
}
"""Comments by view: the view's, and those of its columns. An apostrophe is written twice, as SQL needs it."""


def upgrade() -> None:
    """Add the comments of `DESCRIBED` to the views."""
    for view, (words, columns) in DESCRIBED.items():
        op.execute(f"COMMENT ON VIEW {view} IS '{words}'")
        for column, said in columns.items():
            op.execute(f"COMMENT ON COLUMN {view}.{column} IS '{said}'")
