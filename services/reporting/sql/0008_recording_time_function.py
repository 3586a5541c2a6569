"""Create the function `recorded`, which reads type and time of recording from a payload; `acceptance` now uses it.

It returns NULL if it cannot read a payload, so that one wrong row does not make the view fail. PostgreSQL reads UTC
offsets below sixteen hours only, but events may have offsets of up to a day. Bytes that intake did not write may not be
JSON.
"""

from typing import Final

revision: Final = "0008"
down_revision: Final = "0007"

STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE FUNCTION recorded(payload bytea, OUT type text, OUT at timestamptz) LANGUAGE plpgsql STABLE AS $$
    DECLARE
        said jsonb;
        stamp text;
    BEGIN
        said := convert_from(payload, 'UTF8')::jsonb;
        stamp := said ->> 'recordedtime';
        at := CASE
            WHEN stamp LIKE '%Z' THEN stamp::timestamptz
            ELSE (left(stamp, -6) || 'Z')::timestamptz - right(stamp, 6)::interval
        END;
        type := said ->> 'type';
    EXCEPTION WHEN OTHERS THEN
        at := NULL;
    END
    $$
    """,
    """
    CREATE OR REPLACE VIEW acceptance AS
    SELECT
        n,
        split_part(name, '/', 1) AS agency,
        told.type,
        told.at AS recorded_at,
        to_timestamp(accepted_at / 1000.0) AS accepted_at
    FROM ledger JOIN source USING (src), LATERAL recorded(payload) AS told
    WHERE primary_copy AND told.type IS NOT NULL AND told.at IS NOT NULL
    """,
)
