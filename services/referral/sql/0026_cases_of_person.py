"""Create the table person_case: the cases that facts about a person name.

With it a message without a case is kept from agencies that a case of the person keeps out by the case tracker's table.
The person's log may not have such a restriction yet. Persons have rows here from their next event on.
"""

from typing import Final

revision: Final = "0026"
down_revision: Final = "0025"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = (
    "CREATE TABLE person_case (person text NOT NULL, case_id text NOT NULL, PRIMARY KEY (person, case_id))",
    "GRANT SELECT, INSERT, DELETE ON person_case TO referral",
)
