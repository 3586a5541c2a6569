"""Create the table `told_value`: amounts of values when `me_read` saw them, for the gathering of late facts.

Add the column `protected_value.known_at`, and redefine the view `figure_value` with it: the number of the last event
that a value counts. A value that stays as it was shown has an earlier number than the others.
"""

from typing import Final

revision: Final = "0023"
down_revision: Final = "0022"
works_with: Final = "0018"

_VIEW: Final = (
    "Figures of ended quarters and years, with marks where a number is not shown. One row a figure, period and value "
    "of one dimension. A row that is not there is small, nought included, or would give a small one away. A number of "
    "persons at risk stands as it was told until enough have moved. / Cifras de trimestres y años terminados, con "
    "marcas donde no se muestra un número. Una fila por cifra, período y valor de una dimensión. Una fila que no está "
    "es pequeña, incluido el cero, o delataría una pequeña. Un número de personas en riesgo queda como se dio hasta "
    "que se hayan movido bastantes."
)
_KNOWN_AT: Final = (
    "Every event up to this number is counted; of a number that stands, those of the day on which it was told. / Todo "
    "evento hasta este número está contado; de un número que queda, los del día en que se dio."
)

STATEMENTS: Final[tuple[str, ...]] = (
    # `whole`: the amount of which it was a part. `revision`: that of the policy, a larger one tells everything anew.
    """
    CREATE TABLE told_value (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        figure text NOT NULL,
        period text NOT NULL,
        dimension text NOT NULL,
        code text NOT NULL,
        amount double precision NOT NULL,
        whole double precision,
        definition integer NOT NULL,
        revision integer NOT NULL,
        known_at bigint NOT NULL
    )
    """,
    "ALTER TABLE protected_value ADD COLUMN known_at bigint",
    """
    CREATE OR REPLACE VIEW figure_value AS
    SELECT
        figure, title_en, title_es, period, first_day, last_day, dimension, code,
        CASE dimension WHEN '' THEN '{}'::jsonb ELSE jsonb_build_object(dimension, code) END AS dims,
        value, shown, status, unit, version AS definition, coalesce(p.known_at, m.known_at) AS known_at,
        marks, marks_en, marks_es
    FROM protected_value AS p JOIN definition USING (figure) CROSS JOIN values_made AS m
    """,
    "GRANT SELECT, INSERT, DELETE ON told_value TO reporting",
    f"COMMENT ON VIEW figure_value IS '{_VIEW}'",
    f"COMMENT ON COLUMN figure_value.known_at IS '{_KNOWN_AT}'",
)
