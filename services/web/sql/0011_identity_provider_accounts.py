"""Add accounts of people who sign in at an identity provider, and the time of the provider's last confirmation.

Adds `account.provider_hash` (hash of the person's id there) and `session.confirmed_at`. Creates `provider_account`,
which adds or updates such an account. `session_of` now requires a confirmation of the last 30 minutes. Role and agency
are those of the last sign-in.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0011"
down_revision: Final = "0010"

_PATH: Final = table_guard_sql.search_path("web")

STATEMENTS: Final[tuple[str, ...]] = (
    """
    ALTER TABLE account ADD COLUMN provider_hash bytea UNIQUE CHECK (octet_length(provider_hash) = 32),
        ADD CHECK (provider_hash IS NULL OR secret IS NULL)
    """,
    # The database's time, as the pages' clock may be shifted for invented data.
    "ALTER TABLE session ADD COLUMN confirmed_at timestamptz",
    "GRANT UPDATE (confirmed_at) ON session TO web",
    # Name of the account of a person of the provider, added at the first sign-in; NULL if an operator disabled it. The
    # name of an existing account is never given to another person.
    f"""
    CREATE FUNCTION provider_account(
        asked_hash bytea, wanted_name text, other_name text, asked_role text, asked_agency text
    ) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = {_PATH} AS $$
    DECLARE
        found record;
    BEGIN
        INSERT INTO account (name, role, agency, provider_hash)
            SELECT CASE WHEN EXISTS (SELECT FROM account WHERE name = wanted_name) THEN other_name ELSE wanted_name END,
                asked_role, asked_agency, asked_hash
            WHERE NOT EXISTS (SELECT FROM account WHERE provider_hash = asked_hash)
            ON CONFLICT DO NOTHING;
        UPDATE account SET role = asked_role, agency = asked_agency
            WHERE provider_hash = asked_hash AND disabled_at IS NULL RETURNING name INTO found;
        RETURN found.name;
    END
    $$
    """,  # noqa: S608 - made of constants
    f"""
    CREATE OR REPLACE FUNCTION session_of(roles text[]) RETURNS TABLE (agency text, id text, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {_PATH} AS $$
        SELECT a.agency, a.id, a.name
        FROM (
            SELECT CASE WHEN current_setting('atips.session', true) ~ '^[0-9a-f]{{64}}$'
                THEN decode(current_setting('atips.session', true), 'hex') END AS hash
        ) AS named
        CROSS JOIN LATERAL (
            SELECT s.account FROM session AS s
            WHERE s.hash = named.hash AND s.opened_at > clock_timestamp() - interval '12 hours'
                AND s.used_at > clock_timestamp() - interval '31 minutes'
                AND (s.confirmed_at IS NULL OR s.confirmed_at > clock_timestamp() - interval '30 minutes')
            UNION ALL
            SELECT t.account FROM token AS t WHERE t.hash = named.hash AND t.ends_at > clock_timestamp()
        ) AS signed_in
        JOIN account AS a ON a.name = signed_in.account
        WHERE a.disabled_at IS NULL AND a.role = ANY (roles)
    $$
    """,  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION provider_account FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION provider_account TO web",
)
