"""Make waited, topic, fact and outbox append-only, even for their owner. Only functions may change position.

The role `me_read` loses the views waits and dangers; the role `officer` gets them.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0006"
down_revision: Final = "0005"

STATEMENTS: Final[tuple[str, ...]] = (
    table_guard_sql.append_only_trigger_function(),
    *map(table_guard_sql.append_only_trigger, ("waited", "topic")),
    table_guard_sql.append_only_trigger("fact", "person", "source", "id", "part", "off", "n", "accepted_at", "payload"),
    *table_guard_sql.outbox(),
    *table_guard_sql.position_functions_and_rights("referral"),
    "REVOKE ALL ON waits, dangers FROM me_read",
    "GRANT SELECT ON waits, dangers TO officer",
)
