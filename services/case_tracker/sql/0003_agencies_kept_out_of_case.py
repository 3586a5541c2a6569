"""Create the table kept_from (agencies kept out of a case), filled from the events in fact, and the view kept.

The view has the case's records by agency: no list may show these to that agency.
"""

from typing import Final

revision: Final = "0003"
down_revision: Final = "0002"

STATEMENTS: Final[tuple[str, ...]] = (
    "CREATE TABLE kept_from (case_id text NOT NULL, agency text NOT NULL, PRIMARY KEY (case_id, agency))",
    # Cases decided about before this step: all agencies that were ever kept out, until the case's next event.
    """
    INSERT INTO kept_from
    SELECT DISTINCT case_id, said ->> 'kept_from'
    FROM (SELECT case_id, convert_from(payload, 'UTF8')::json AS event FROM fact) AS entered,
        LATERAL (
            VALUES (event ->> 'type', event -> 'data'), (event #>> '{data,type}', event #> '{data,data}')
        ) AS stated (type, said)
    WHERE type = 'bz.atips.case.access_restricted.v1' AND said ->> 'kept_from' IS NOT NULL
    """,
    """
    CREATE VIEW kept AS
    SELECT agency, case_id, source || '/' || id AS record FROM kept_from JOIN fact USING (case_id)
    """,
    "GRANT SELECT, INSERT, DELETE ON kept_from TO case_tracker",
    "GRANT SELECT ON kept TO case_tracker, me_read",
)
