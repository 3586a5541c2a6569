"""SQL of the schema `access`: tables and functions by which row level security knows the calling agency."""

from __future__ import annotations

from infra.postgres.roles import OFFICER, OPERATIONS_READ, OWNER

_ACCESS = ("caller()", "caller_may(text)", "account()", "is_bound()", "callers()", "sees_every(text)")

# The caller's agency follows from the login, never from an argument. `purposes`: purposes of looks that a login may
# give; NULL: any. The pages have one login for everybody: their caller is the account of the session that the
# transaction names (`SET LOCAL atips.session`), if it is an officer's. Migrations make `web.session_of` and `may_look`
# after this step.
CALLERS = (
    "CREATE TABLE IF NOT EXISTS access.login (login name PRIMARY KEY, agency text NOT NULL, purposes text[])",
    f"ALTER TABLE access.login OWNER TO {OWNER}",
    # Facts about each agency from the tables of agencies and of sight. Every start writes them again.
    """
    CREATE TABLE IF NOT EXISTS access.agency (
        agency text PRIMARY KEY, house text NOT NULL, every_matter boolean NOT NULL, every_file boolean NOT NULL
    )
    """,
    f"ALTER TABLE access.agency OWNER TO {OWNER}",
    """
    CREATE OR REPLACE FUNCTION access.caller() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, access, pg_temp AS $$
    BEGIN
        IF session_user = 'web' THEN
            RETURN (SELECT h.house FROM web.session_of('{officer}') AS c JOIN agency AS h USING (agency));
        END IF;
        RETURN (SELECT agency FROM login WHERE login = session_user);
    END
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION access.caller_may(purpose text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, access, pg_temp AS $$
    BEGIN
        IF session_user = 'web' THEN
            RETURN web.may_look();
        END IF;
        RETURN (SELECT coalesce(purpose = ANY (purposes), true) FROM login WHERE login = session_user);
    END
    $$
    """,
    # The account that looks: its random id and its name. A login of an agency may name the session or token of an
    # account too (`atips.session`). That account counts only where it works for that agency.
    """
    CREATE OR REPLACE FUNCTION access.account() RETURNS TABLE (id text, name text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    BEGIN
        IF session_user = 'web' THEN
            RETURN QUERY SELECT c.id, c.name FROM web.session_of('{officer}') AS c;
        ELSIF current_setting('atips.session', true) <> '' THEN
            RETURN QUERY SELECT c.id, c.name
                FROM web.session_of('{officer,auditor,m_and_e}') AS c JOIN agency AS h USING (agency)
                WHERE h.house = (SELECT l.agency FROM login AS l WHERE l.login = session_user);
        END IF;
    END
    $$
    """,
    # For row level security, evaluated once a query: whether the login works for one agency, or for that of a session.
    # Every login that is not listed does.
    """
    CREATE OR REPLACE FUNCTION access.is_bound() RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp AS $$
        SELECT session_user <> ALL ('{migrator,intake,referral,case_tracker,reporting,officer}'::name[])
    $$
    """,
    # The caller's agency with its units; NULL without a caller.
    """
    CREATE OR REPLACE FUNCTION access.callers() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, access, pg_temp AS $$
        SELECT array_agg(agency) FROM agency WHERE house = (SELECT access.caller())
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION access.sees_every(what text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, access, pg_temp AS $$
        SELECT coalesce(bool_or(CASE what WHEN 'matter' THEN every_matter WHEN 'file' THEN every_file END), false)
        FROM agency WHERE agency = (SELECT access.caller()) OR what = 'matter' AND house = (SELECT access.caller())
    $$
    """,
    *(f"ALTER FUNCTION access.{name} OWNER TO {OWNER}" for name in _ACCESS),
    *(f"REVOKE ALL ON FUNCTION access.{name} FROM PUBLIC" for name in _ACCESS),
    *(
        # A view calls them with the rights of its reader.
        f"GRANT EXECUTE ON FUNCTION access.{name} TO {OPERATIONS_READ}, {OFFICER}, referral, case_tracker"
        for name in ("caller()", "is_bound()", "callers()", "sees_every(text)")
    ),
)
