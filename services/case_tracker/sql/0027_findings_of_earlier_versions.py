"""Hold the cases with an open finding `guardian_is_suspect`, so that the next start decides about them again.

No case opens this finding any more. Without an event the case tracker would never look whether it is over.
"""

from typing import Final

revision: Final = "0027"
down_revision: Final = "0026"
works_with: Final = "0015"

STATEMENTS: Final[tuple[str, ...]] = (
    # The copy of the opening counts as new: the decision that follows from it is whether the finding is over.
    """
    WITH opened AS (
        SELECT fact.case_id, fact.source, fact.id, fact.part
        FROM finding JOIN fact USING (case_id),
            LATERAL (SELECT convert_from(fact.payload, 'UTF8')::json AS event) AS copy
        WHERE finding.code = 'guardian_is_suspect' AND finding.opened_at IS NOT NULL AND finding.closed_at IS NULL
            AND fact.source = 'case_tracker/service' AND event ->> 'type' = 'bz.atips.finding.opened.v1'
            AND event #>> '{data,finding}' = finding.finding
    ), again AS (
        UPDATE fact SET decided = false FROM opened
        WHERE (fact.case_id, fact.source, fact.id) = (opened.case_id, opened.source, opened.id)
    )
    INSERT INTO held SELECT DISTINCT ON (case_id) case_id, part FROM opened ORDER BY case_id ON CONFLICT DO NOTHING
    """,
)
