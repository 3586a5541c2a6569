"""Create tables and views of values: one row for each figure, ended period and code of one dimension.

`exact_value` has the values of `atips figures`; `protected_value` only those that `me_read` may see, so that a query
plan shows no others. The view `figure_value` replaces `figure_period`. A login of `me_officer` reads `figure_exact`
after a committed call of `ask_exact`, which writes figures and reason to `exact_question`.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0015"
down_revision: Final = "0014"

_PATH: Final = table_guard_sql.search_path("reporting")
_SHOWN_FOR: Final = "15 minutes"
"""Time for which `figure_exact` shows the figures of a question: long enough to read them, but not open for ever."""

_KEY: Final = """
    figure text NOT NULL,
    period text NOT NULL,
    first_day date NOT NULL CHECK (isfinite(first_day)),
    last_day date NOT NULL CHECK (isfinite(last_day)),
    dimension text NOT NULL,
    code text NOT NULL,
"""
_DIMS: Final = "CASE dimension WHEN '' THEN '{}'::jsonb ELSE jsonb_build_object(dimension, code) END AS dims"

_SHARED: Final = {
    "figure": "Number of the figure, as in the report, or name of a rate.|Número de la cifra, como en el informe, o "
    "nombre de una tasa.",
    "title_en": "Short title in English.|Título corto en inglés.",
    "title_es": "Short title in Spanish.|Título corto en español.",
    "period": "A year (2024) or a quarter (2024-Q1) that has ended.|Un año (2024) o un trimestre (2024-Q1) terminado.",
    "first_day": "First day of the period, in Belize.|Primer día del período, en Belice.",
    "last_day": "Last day of the period, in Belize.|Último día del período, en Belice.",
    "dimension": "Dimension of the breakdown, as sex; empty: the whole.|Dimensión del desglose, como sex; vacío: el "
    "total.",
    "code": "Code of the dimension’s value; empty: the whole.|Código del valor de la dimensión; vacío: el total.",
    "dims": "Dimension and code as JSON; {} is the whole.|Dimensión y código en JSON; {} es el total.",
    "unit": "Unit of the value; unlike units never add.|Unidad del valor; unidades distintas nunca se suman.",
    "definition": "Version of the figure’s definition.|Versión de la definición de la cifra.",
    "known_at": "Every event up to this number is counted.|Todo evento hasta este número está contado.",
}
_VALUE: Final = _SHARED | {
    "value": "The value; NULL where it is confidential or not available. Values of a breakdown may overlap: do not add "
    "them.|El valor; NULL si es confidencial o no está disponible. Los valores de un desglose pueden solaparse: no los "
    "sume.",
    "shown": "The value as text: 7, 1-4, [c] or [x].|El valor como texto: 7, 1-4, [c] o [x].",
    "status": "shown, confidential or not_available.|shown (mostrado), confidential (confidencial) o not_available (no "
    "disponible).",
    "marks": "[c] confidential, [r] revised since the printed report, [b] break in the definition, [x] not available."
    "|[c] confidencial, [r] revisado desde el informe impreso, [b] ruptura en la definición, [x] no disponible.",
    "marks_en": "The marks in English words.|Las marcas en palabras, en inglés.",
    "marks_es": "The marks in Spanish words.|Las marcas en palabras, en español.",
}
_EXACT: Final = _SHARED | {
    "period": "A year (2024), a quarter (2024-Q1) or a month (2024-03) that has ended.|Un año (2024), un trimestre "
    "(2024-Q1) o un mes (2024-03) terminado.",
    "value": "The value as `atips figures` gives it; NULL where nobody counted.|El valor como lo da `atips figures`; "
    "NULL si nadie contó.",
    "undated": "Facts without a date, in no period.|Hechos sin fecha, en ningún período.",
    "cut": "Facts that may lie within the period or not.|Hechos que pueden estar en el período o no.",
    "unknown": "Facts of the period whose amount nobody counted.|Hechos del período cuya cantidad nadie contó.",
    "twice": "Part of the value that may be counted twice.|Parte del valor que puede estar contada dos veces.",
}
_DEFINITION: Final = {
    **{name: _SHARED[name] for name in ("figure", "title_en", "title_es", "unit", "definition")},
    "counts_en": "What it counts, in English.|Qué cuenta, en inglés.",
    "counts_es": "What it counts, in Spanish.|Qué cuenta, en español.",
    "nature": "flow, stock, gauge, registry or rate.|flow (flujo), stock (existencia), gauge (nivel), registry "
    "(registro) o rate (tasa).",
    "reader": "How a period’s value is read.|Cómo se lee el valor de un período.",
    "valid_from": "First day on which this version of the definition was used.|Primer día en que se usó esta versión.",
}
_STATUS: Final = {
    "version": "The hash of the code that counted.|El hash del código que contó.",
    "complete_to": "Every event up to this number is counted.|Todo evento hasta este número está contado.",
    "withheld": "How many entities are left out because something of theirs could not be read.|Cuántas entidades se "
    "omiten porque algo suyo no se pudo leer.",
}
_LEDGER: Final = {
    "n": "Number of the event, in the order of acceptance.|Número del evento, en el orden de aceptación.",
    "accepted_at": "When it was accepted.|Cuándo se aceptó.",
    "source": "System of the agency that published it.|Sistema de la institución que lo publicó.",
    "event_id": "Id of the event.|Id del evento.",
    "kind": "person, case or activity: the kind of topic that the copy lies in.|person (persona), case (caso) o "
    "activity (actividad): la clase de tema de la copia.",
    "entity": "The 128 bits of the entity’s opaque id.|Los 128 bits del id opaco de la entidad.",
    "primary_copy": "Whether this is the copy under the event’s own entity.|Si es la copia bajo la entidad propia del "
    "evento.",
    "partition": "Partition of the topic.|Partición del tema.",
    "position": "Offset of the copy in its partition.|Posición de la copia en su partición.",
    "bytes": "Size of the event in bytes.|Tamaño del evento en bytes.",
    "sha256": "SHA-256 of the event’s bytes, in hex.|SHA-256 de los bytes del evento, en hexadecimal.",
}
DESCRIBED: Final = {
    "figure_value": (
        (
            "Figures of ended quarters and years, with marks where a number is not shown. One row a figure, period and "
            "value of one dimension.|Cifras de trimestres y años terminados, con marcas donde no se muestra un número. "
            "Una fila por cifra, período y valor de una dimensión."
        ),
        _VALUE,
    ),
    "figure_exact": (
        (
            "Exact figures, for a named officer who has stated a question: SELECT ask_exact('O9', 'reason').|Cifras "
            "exactas, para un oficial nombrado que declaró su pregunta: SELECT ask_exact('O9', 'motivo')."
        ),
        _EXACT,
    ),
    "figure_definition": ("What each figure counts.|Qué cuenta cada cifra.", _DEFINITION),
    "figure_status": ("How far the running figures are counted: one row.|Hasta dónde se contó: una fila.", _STATUS),
    "ledger_entry": (
        (
            "The ledger without what events say: one row for each event and entity.|El libro sin lo que dicen los "
            "eventos: una fila por evento y entidad."
        ),
        _LEDGER,
    ),
    "exact_question": (
        (
            "Who stated which question about exact figures, and when.|Quién declaró qué pregunta sobre cifras "
            "exactas, y cuándo."
        ),
        {
            "seq": "Number of the question.|Número de la pregunta.",
            "at": "When it was stated.|Cuándo se declaró.",
            "login": "The officer’s login.|La cuenta del oficial.",
            "figures": "Numbers of the figures.|Números de las cifras.",
            "reason": "The reason given.|El motivo dado.",
            "xact": "Transaction of the statement.|Transacción de la declaración.",
        },
    ),
}
"""Comments by relation: the relation's, and those of its columns; English and Spanish joined by a bar."""


def _said(words: str) -> str:
    english, spanish = words.split("|")
    return f"{english} / {spanish}".replace("'", "''")


STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE definition (
        figure text PRIMARY KEY,
        title_en text NOT NULL,
        title_es text NOT NULL,
        counts_en text NOT NULL,
        counts_es text NOT NULL,
        unit text NOT NULL,
        nature text NOT NULL,
        reader text NOT NULL,
        version integer NOT NULL,
        valid_from date NOT NULL
    )
    """,
    # One row: the state of the figures from which the values were made.
    """
    CREATE TABLE values_made (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        state text NOT NULL,
        known_at bigint NOT NULL
    )
    """,
    f"""
    CREATE TABLE exact_value ({_KEY}
        value double precision,
        undated bigint NOT NULL,
        cut bigint NOT NULL,
        unknown bigint NOT NULL,
        twice bigint NOT NULL,
        PRIMARY KEY (period, figure, dimension, code)
    )
    """,
    f"""
    CREATE TABLE protected_value ({_KEY}
        value double precision,
        shown text NOT NULL,
        status text NOT NULL CHECK (status IN ('shown', 'confidential', 'not_available')),
        marks text NOT NULL,
        marks_en text NOT NULL,
        marks_es text NOT NULL,
        PRIMARY KEY (period, figure, dimension, code),
        CHECK ((value IS NOT NULL) = (status = 'shown'))
    )
    """,
    """
    CREATE TABLE exact_question (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        login name NOT NULL DEFAULT session_user,
        figures text[] NOT NULL CHECK (cardinality(figures) BETWEEN 1 AND 400),
        reason text NOT NULL CHECK (length(reason) BETWEEN 3 AND 300),
        xact xid8 NOT NULL DEFAULT pg_current_xact_id()
    )
    """,
    table_guard_sql.append_only_trigger("exact_question"),
    f"""
    CREATE VIEW figure_value AS
    SELECT
        figure, title_en, title_es, period, first_day, last_day, dimension, code, {_DIMS}, value, shown, status, unit,
        version AS definition, known_at, marks, marks_en, marks_es
    FROM protected_value JOIN definition USING (figure) CROSS JOIN values_made
    """,  # noqa: S608 - made of constants
    """
    CREATE VIEW figure_definition AS
    SELECT
        figure, title_en, title_es, counts_en, counts_es, unit, nature, reader, version AS definition, valid_from
    FROM definition
    """,
    # A number without a letter (O13) stands for all its letters (O13a, O13b). The question must be committed: one that
    # is rolled back would show figures and leave no trace.
    f"""
    CREATE FUNCTION exact_values() RETURNS SETOF exact_value
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {_PATH} AS $$
        SELECT v.* FROM exact_value AS v WHERE EXISTS (
            SELECT FROM exact_question AS q
            WHERE q.login = session_user AND q.at > clock_timestamp() - interval '{_SHOWN_FOR}'
                AND pg_xact_status(q.xact) = 'committed'
                AND (v.figure = ANY (q.figures) OR rtrim(v.figure, 'abcdefghijklm') = ANY (q.figures))
        )
    $$
    """,  # noqa: S608 - made of constants
    f"""
    CREATE FUNCTION ask_exact(asked text, why text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = {_PATH} AS $$
    BEGIN
        INSERT INTO exact_question (figures, reason) VALUES (regexp_split_to_array(trim(asked), '[, ]+'), trim(why));
        RETURN 'noted: figure_exact shows these figures for {_SHOWN_FOR}';
    END
    $$
    """,  # noqa: S608 - made of constants
    f"""
    CREATE VIEW figure_exact AS
    SELECT
        figure, title_en, title_es, period, first_day, last_day, dimension, code, {_DIMS}, value, unit,
        version AS definition, known_at, undated, cut, unknown, twice
    FROM exact_values() JOIN definition USING (figure) CROSS JOIN values_made
    """,  # noqa: S608 - made of constants
    """
    CREATE VIEW ledger_entry AS
    SELECT
        n,
        to_timestamp(accepted_at / 1000.0) AS accepted_at,
        name AS source,
        id AS event_id,
        (ARRAY['person', 'case', 'activity'])[topic + 1] AS kind,
        ent AS entity,
        primary_copy,
        part AS partition,
        off AS position,
        length(payload) AS bytes,
        encode(sha256(payload), 'hex') AS sha256
    FROM ledger JOIN source USING (src)
    """,
    "DROP VIEW figure_period, edition_period",
    "DROP FUNCTION figure_periods, edition_periods",
    "REVOKE ALL ON edition_status FROM me_read",
    "REVOKE ALL ON FUNCTION exact_values, ask_exact FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION exact_values, ask_exact TO me_officer",
    "GRANT SELECT ON figure_value, figure_definition TO me_read, me_officer",
    "GRANT SELECT ON figure_exact, figure_status TO me_officer",
    "GRANT SELECT ON figure_value, figure_definition, figure_status, ledger_entry, exact_question TO auditor",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON definition, values_made, exact_value, protected_value TO reporting",
    *(
        statement
        for relation, (words, columns) in DESCRIBED.items()
        for statement in (
            f"COMMENT ON {'TABLE' if relation == 'exact_question' else 'VIEW'} {relation} IS '{_said(words)}'",
            *(f"COMMENT ON COLUMN {relation}.{column} IS '{_said(said)}'" for column, said in columns.items()),
        )
    ),
)
