"""Add the column notice.case_id: the case that a notice's event names. Add an index on kept_from.case_id.

Before, an agency that a case kept out since the event got the notice when it took the victim on by another case. The
first event that named a person in a case was told to agencies that the case had kept out from other persons.
"""

from typing import Final

revision: Final = "0022"
down_revision: Final = "0021"
works_with: Final = "0012"

# Without a case, as in the rows of before, an agency that any case of the victim keeps out gets no notice.
STATEMENTS: Final[tuple[str, ...]] = (
    "ALTER TABLE notice ADD COLUMN case_id text",
    "CREATE INDEX kept_from_case ON kept_from (case_id)",
)
