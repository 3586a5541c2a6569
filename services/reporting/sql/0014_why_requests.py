"""Create the table `asked_why`: questions from a page for the events behind a figure, with reporting's answers.

An answer names persons, cases and register numbers, so no role of the pages may read the table. The function
`web.why_seen` returns an answer to a session that has the right, and logs that the session read it.
"""

from typing import Final

revision: Final = "0014"
down_revision: Final = "0013"

STATEMENTS: Final[tuple[str, ...]] = (
    # `hash`: the version of the code that counts. `complete_to`: number of the last event that the answer counts.
    # `shown`: the ids of persons and cases that the answer names.
    """
    CREATE TABLE asked_why (
        hash text NOT NULL,
        number text NOT NULL,
        period text NOT NULL,
        by text NOT NULL,
        asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        answered_at timestamptz,
        complete_to bigint,
        answer jsonb,
        shown text[],
        PRIMARY KEY (hash, number, period, by)
    )
    """,
    "GRANT SELECT, UPDATE (answered_at, complete_to, answer, shown) ON asked_why TO reporting",
)
