"""Create functions for the operator's page: `service_positions`, `line_positions` and `quarantine_by_agency`.

They return counts, positions and codes of services and agencies, and nothing of an event.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0006"
down_revision: Final = "0005"

_AS_OWNER: Final = f"LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {table_guard_sql.search_path('web')} AS"
_READERS: Final = ("referral", "case_tracker", "reporting")

# SQL of a service's unread records: `intake.relay_offset` has the last offset that the relay wrote to each partition of
# the log. Topics that the relay does not write are left out: a service reports those in its own readiness.
_WAITING: Final = """
SELECT coalesce(sum(greatest(r.off + 1 - p.next_offset, 0)), 0)::bigint
FROM {service}.position AS p JOIN intake.relay_offset AS r ON r.topic = p.topic AND r.part = p.part
"""

_SERVICES: Final = " UNION ALL ".join(
    f"SELECT '{name}', ({waiting}), (SELECT max(version_num)::text FROM {name}.alembic_version)"  # noqa: S608 - constants
    for name, waiting in (
        ("intake", "SELECT (line.last_n - relay.last_n)::bigint FROM intake.line, intake.relay"),
        *((name, _WAITING.format(service=name)) for name in _READERS),
        ("web", "SELECT NULL::bigint"),
    )
)

STATEMENTS: Final[tuple[str, ...]] = (
    # `waiting`: of intake, accepted numbers not on the log yet; of the others, unread records.
    f"""
    CREATE FUNCTION service_positions() RETURNS TABLE (service text, waiting bigint, migration text)
    {_AS_OWNER} $$ {_SERVICES} $$
    """,
    f"""
    CREATE FUNCTION line_positions() RETURNS TABLE (accepted_to bigint, relayed_to bigint) {_AS_OWNER} $$
        SELECT line.last_n, relay.last_n FROM intake.line, intake.relay
    $$
    """,  # noqa: S608 - made of constants
    f"""
    CREATE FUNCTION quarantine_by_agency()
    RETURNS TABLE (agency text, open bigint, not_delivered bigint, oldest_at bigint, size bigint, not_kept bigint)
    {_AS_OWNER} $$
        SELECT agency, coalesce(e.open, 0), coalesce(e.not_delivered, 0), e.oldest_at, coalesce(v.bytes, 0),
            coalesce(v.not_kept, 0)
        FROM (
            SELECT agency, count(*) AS open, count(*) FILTER (WHERE must_arrive) AS not_delivered,
                min(first_at) AS oldest_at
            FROM intake.entry WHERE state = 'open' GROUP BY agency
        ) AS e
        FULL JOIN intake.quarantine_volume AS v USING (agency)
        WHERE e.open > 0 OR v.not_kept > 0
        ORDER BY agency
    $$
    """,  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION service_positions, line_positions, quarantine_by_agency FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION service_positions, line_positions, quarantine_by_agency TO web",
)
