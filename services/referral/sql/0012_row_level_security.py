"""Add row level security to standing, waiting, waited and danger; create the views own_referrals and own_waits.

With it, a function that returns too much by mistake still returns no row of another agency. The role `operations_read`
reads the caller's own rows through the new views.
"""

from typing import Final

from services.runtime import table_guard_sql
from services.runtime.table_guard_sql import CALLER, CALLERS

revision: Final = "0012"
down_revision: Final = "0011"

_MATTER: Final = "(SELECT access.sees_every('matter'))"
_FILE: Final = "(SELECT access.sees_every('file'))"
_SEEN: Final = f"seen_by && {CALLERS} OR {_MATTER}"
# An agency that made a move of another agency's referral sees its status.
_MOVED: Final = f"{CALLER} IS NOT NULL AND moves @> jsonb_build_array(jsonb_build_object('by', {CALLER}))"
# As in the view `waits`: agencies that are told of the wait, and agencies that see the referral.
_WAITS: Final = """
    EXISTS (
        SELECT FROM referral.standing AS s
        WHERE (s.person, s.referral) = ({table}.person, {table}.about) AND s.seen_by && {callers}
    )
"""
_WAITED: Final = f"{_MATTER} OR {_WAITS.format(table='waited', callers=CALLERS)}"
_WAITING: Final = f"told && {CALLERS} OR {_MATTER} OR {_WAITS.format(table='waiting', callers=CALLERS)}"
_DANGER: Final = f"""
    ({_MATTER} OR {_FILE} OR EXISTS (SELECT FROM unnest(records) AS record WHERE starts_with(record, {CALLER} || '/')))
    AND NOT EXISTS (
        SELECT FROM referral.kept_out AS k WHERE k.person = danger.person AND {CALLER} = ANY (k.agencies)
    )
"""  # noqa: S608 - made of constants

_OF_REFERRAL: Final = "referral, person, case_id, sender, receiver, holder, state, urgency, service_types"
_OF_WAIT: Final = "kind, agency, about, person, case_id, since, due_at, urgency, sender, receiver, holder, state"

STATEMENTS: Final[tuple[str, ...]] = (
    *table_guard_sql.agency_row_policy("standing", "referral", f"{_SEEN} OR {_MOVED}"),
    *table_guard_sql.agency_row_policy("waiting", "referral", _WAITING),
    *table_guard_sql.agency_row_policy("waited", "referral", _WAITED),
    *table_guard_sql.agency_row_policy("danger", "referral", _DANGER),
    # Counts of referrals between agencies need the rows of all agencies.
    "CREATE POLICY of_counts ON standing FOR SELECT TO counting USING (true)",
    "CREATE POLICY of_counts ON waiting FOR SELECT TO counting USING (true)",
    "GRANT SELECT ON standing, waiting TO counting",
    f"CREATE POLICY of_reader ON standing FOR SELECT TO operations_read USING ({_SEEN})",
    f"CREATE POLICY of_reader ON waiting FOR SELECT TO operations_read USING (kind <> 'second' AND ({_WAITING}))",
    f"GRANT SELECT ({_OF_REFERRAL}, seen_by) ON standing TO operations_read",
    f"GRANT SELECT ({_OF_WAIT}) ON waiting TO operations_read",
    f"CREATE VIEW own_referrals WITH (security_invoker = true) AS SELECT {_OF_REFERRAL} FROM standing",  # noqa: S608 - made of constants
    f"CREATE VIEW own_waits WITH (security_invoker = true) AS SELECT {_OF_WAIT} FROM waiting",  # noqa: S608 - made of constants
    "GRANT SELECT ON own_referrals, own_waits TO operations_read",
    "COMMENT ON VIEW own_referrals IS 'Referrals that the agency of the login sent, received or holds.'",
    "COMMENT ON VIEW own_waits IS 'What waits for the agency of the login, and for others in its referrals.'",
)
