"""Replace note_look and note_records: a look is recorded with the account that is signed in.

Replace delivered_on and delivered_to_caller: they return messages about a case only to agencies that see the case (new
function is_told). Before, a login could record a look under any account's id, and an agency that was kept out of a case
could still read messages.
"""

from typing import Final

revision: Final = "0024"
down_revision: Final = "0023"
works_with: Final = "0015"

_TO: Final = "substring({topic} FROM '[.]delivery[.](.*)[.]v1$')"

STATEMENTS: Final[tuple[str, ...]] = (
    # The account is that of the session or token which the transaction names; one that has ended is refused. The web
    # pages pass NULL as `by_account`: the id of another account is refused.
    """
    CREATE OR REPLACE FUNCTION note_look(wanted text, by_account text, for_purpose text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
    DECLARE
        noted bigint;
        caller text := access.caller();
        own record;
    BEGIN
        SELECT id, name INTO own FROM access.account();
        IF caller IS NULL OR NOT access.caller_may(for_purpose) OR wanted !~ '^cas-[0-9a-z]{27}$'
            OR for_purpose !~ '^[a-z_]{1,40}$' OR by_account <> coalesce(own.id, '')
            OR own.id IS NULL AND current_setting('atips.session', true) <> '' THEN
            RETURN NULL;
        END IF;
        INSERT INTO viewed (case_id, agency, account, account_name, purpose)
            VALUES (wanted, caller, own.id, own.name, for_purpose) RETURNING seq INTO noted;
        RETURN noted;
    END
    $$
    """,
    "DROP FUNCTION note_records(text[], text, text)",
    """
    CREATE OR REPLACE FUNCTION note_records(shown text[], for_purpose text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
    DECLARE
        noted bigint;
        caller text := access.caller();
        own record;
    BEGIN
        SELECT id, name INTO own FROM access.account();
        IF caller IS NULL OR NOT access.caller_may(for_purpose) OR for_purpose !~ '^[a-z_]{1,40}$'
            OR own.id IS NULL AND current_setting('atips.session', true) <> '' THEN
            RETURN NULL;
        END IF;
        INSERT INTO viewed (case_id, agency, account, account_name, purpose)
            SELECT DISTINCT wanted, caller, own.id, own.name, for_purpose FROM unnest(shown) AS wanted
            WHERE wanted ~ '^(cas|per)-[0-9a-z]{27}$';
        GET DIAGNOSTICS noted = ROW_COUNT;
        RETURN noted;
    END
    $$
    """,
    # The case of a message may have another id after a merge. A message without a case concerns none.
    """
    CREATE FUNCTION is_told(message bytea, house text) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT named.case_id IS NULL OR EXISTS (
            SELECT FROM seen_by AS s WHERE s.agency = house
                AND s.case_id IN (named.case_id, (SELECT c.alive FROM seen_case AS c WHERE c.case_id = named.case_id))
        )
        FROM (SELECT convert_from(message, 'UTF8')::jsonb #>> '{data,case}' AS case_id) AS named
    $$
    """,
    "REVOKE ALL ON FUNCTION is_told FROM PUBLIC",
    f"""
    CREATE OR REPLACE FUNCTION delivered_on(asked text, after bigint, most integer)
    RETURNS TABLE (seq bigint, value bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT o.seq, o.value FROM outbox AS o
        WHERE {_TO.format(topic="o.topic")} = {_TO.format(topic="asked")} AND o.topic = asked
            AND o.seq > after AND o.sent
            AND is_told(o.value, (
                SELECT h.house FROM access.agency AS h
                WHERE h.agency = replace(substring(asked FROM '[.]delivery[.]([^.]*)[.]'), '-', '_')
            ))
        ORDER BY o.seq LIMIT most
    $$
    """,  # noqa: S608 - made of constants
    f"""
    CREATE OR REPLACE FUNCTION delivered_to_caller() RETURNS TABLE (seq bigint, value bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, case_tracker, pg_temp AS $$
        SELECT o.seq, o.value FROM outbox AS o
        WHERE {_TO.format(topic="topic")} = replace((SELECT access.caller()), '_', '-') AND o.sent
            AND is_told(o.value, (SELECT access.caller()))
        ORDER BY o.seq
    $$
    """,  # noqa: S608 - made of constants
)
