"""Create the table seen_by: agencies that see anything of a case. Lists of findings show the case only to them.

It is filled with the publishers in `fact` and four agencies with a role in every case, without those in `kept_from`.
"""

from typing import Final

revision: Final = "0005"
down_revision: Final = "0004"

STATEMENTS: Final[tuple[str, ...]] = (
    "CREATE TABLE seen_by (case_id text NOT NULL, agency text NOT NULL, PRIMARY KEY (case_id, agency))",
    # Cases decided about before this step: agencies with a role in every case, and agencies that published an event,
    # until the case's next event.
    """
    INSERT INTO seen_by
    SELECT case_id, unnest('{council,bpd,odpp,dhs}'::text[]) FROM fact
    UNION SELECT case_id, split_part(source, '/', 1) FROM fact
    EXCEPT SELECT case_id, agency FROM kept_from
    """,
    "GRANT SELECT, INSERT, DELETE ON seen_by TO case_tracker",
    "GRANT SELECT ON seen_by TO me_read",
)
