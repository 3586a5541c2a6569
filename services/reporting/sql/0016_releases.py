"""Create the append-only tables `release` and `release_step`, and the view `released`.

`release` holds frozen figures and the amounts to protect; `release_step` holds the steps that accounts took. A trigger
checks the order of the steps, and that one account prepares and another approves.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0016"
down_revision: Final = "0015"

_PATH: Final = table_guard_sql.search_path("reporting")

STATEMENTS: Final[tuple[str, ...]] = (
    # `protected`: exact amounts that the audits of this and later releases must protect. No reader sees them.
    """
    CREATE TABLE release (
        number bigint PRIMARY KEY CHECK (number > 0),
        edition text NOT NULL CHECK (edition IN ('council', 'public')),
        period text NOT NULL,
        known_at bigint NOT NULL CHECK (known_at >= 0),
        artefact bytea NOT NULL,
        sha256 bytea NOT NULL CHECK (sha256 = sha256(artefact)),
        protected jsonb NOT NULL
    )
    """,
    # Step `sent` stores the event of the publication before it is sent, so that it can be sent again unchanged.
    """
    CREATE TABLE release_step (
        release bigint NOT NULL REFERENCES release,
        step text NOT NULL CHECK (step IN ('prepared', 'approved', 'sent', 'published', 'withdrawn')),
        account text NOT NULL,
        at timestamptz NOT NULL,
        reason text,
        event jsonb,
        n bigint CHECK (n > 0),
        PRIMARY KEY (release, step),
        CHECK ((step = 'sent') = (event IS NOT NULL)),
        CHECK ((step = 'published') = (n IS NOT NULL)),
        CHECK ((step = 'withdrawn') = (reason IS NOT NULL))
    )
    """,
    # The lock allows one step at a time: a release's audit must see every release that was published before it.
    f"""
    CREATE FUNCTION release_step_follows() RETURNS trigger LANGUAGE plpgsql
    SET search_path = {_PATH} AS $$
    DECLARE
        taken text[];
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('reporting.release'));
        SELECT coalesce(array_agg(s.step), '{{}}') INTO taken FROM release_step AS s WHERE s.release = new.release;
        IF 'withdrawn' = ANY (taken)
            OR (new.step = 'prepared') <> (taken = '{{}}')
            OR (new.step = 'sent' AND NOT 'approved' = ANY (taken))
            OR (new.step = 'published' AND NOT 'sent' = ANY (taken)) THEN
            RAISE EXCEPTION 'this step of a release does not follow' USING ERRCODE = 'check_violation';
        END IF;
        IF new.step = 'approved' AND new.account IN (
            SELECT s.account FROM release_step AS s WHERE s.release = new.release AND s.step = 'prepared'
        ) THEN
            RAISE EXCEPTION 'whoever prepared a release does not approve it' USING ERRCODE = 'check_violation';
        END IF;
        RETURN new;
    END
    $$
    """,  # noqa: S608 - made of constants
    """
    CREATE TRIGGER follows BEFORE INSERT ON release_step FOR EACH ROW EXECUTE FUNCTION release_step_follows()
    """,
    *map(table_guard_sql.append_only_trigger, ("release", "release_step")),
    # Releases that are published and not withdrawn, for the report and the pages.
    """
    CREATE VIEW released AS
    SELECT r.number, r.edition, r.period, r.known_at, r.artefact, p.at AS published_at, p.n
    FROM release AS r JOIN release_step AS p ON p.release = r.number AND p.step = 'published'
    WHERE NOT EXISTS (SELECT FROM release_step AS w WHERE w.release = r.number AND w.step = 'withdrawn')
    """,
    "REVOKE ALL ON FUNCTION release_step_follows FROM PUBLIC",
    "GRANT SELECT, INSERT ON release, release_step TO reporting",
    "GRANT SELECT ON released TO officer, web",
)
