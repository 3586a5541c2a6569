"""Create the append-only table `exact_look`, a log of reads of exact amounts, and the function `note_exact`.

A row states who read which figures, through which page, address or command. It is written before the amounts are
shown. Exact amounts of a breakdown, a month or the unfinished year may be numbers of few people.
"""

from typing import Final

from services.runtime import table_guard_sql

revision: Final = "0022"
down_revision: Final = "0021"
works_with: Final = "0018"

DESCRIBED: Final = {
    "seq": "Number of the look.|Número de la consulta.",
    "at": "When it was noted.|Cuándo se anotó.",
    "login": "Login of the database: web for the pages, officer for the operator’s commands.|Usuario de la base: web "
    "para las páginas, officer para los comandos del operador.",
    "account": "The account’s number; NULL for a command.|Número de la cuenta; NULL para un comando.",
    "account_name": "The account’s name.|Nombre de la cuenta.",
    "role": "The account’s role.|Función de la cuenta.",
    "agency": "The account’s agency.|Institución de la cuenta.",
    "token": "Begin of the hash of a program’s token; NULL for a person’s session.|Inicio del hash del token de un "
    "programa; NULL para la sesión de una persona.",
    "reason": "Why the token may read exact amounts.|Por qué el token puede leer cantidades exactas.",
    "place": "Page, address or command.|Página, dirección o comando.",
    "figures": "Numbers of the figures; empty: all that the reader may see.|Números de las cifras; vacío: todas las "
    "que puede ver.",
    "period": "The period that was asked for; empty: that of the page.|El período pedido; vacío: el de la página.",
    "breakdown": "Dimensions of the breakdown.|Dimensiones del desglose.",
    "moment": "Until when things happened or were known.|Hasta cuándo ocurrieron o se conocían los hechos.",
}
"""Comments by column; English and Spanish joined by a bar."""


def _said(words: str) -> str:
    return " / ".join(words.split("|")).replace("'", "''")


STATEMENTS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE exact_look (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        login name NOT NULL DEFAULT session_user,
        account text,
        account_name text,
        role text,
        agency text,
        token text,
        reason text,
        place text NOT NULL CHECK (length(place) BETWEEN 1 AND 100),
        figures text NOT NULL CHECK (length(figures) <= 2000),
        period text NOT NULL CHECK (length(period) <= 2000),
        breakdown text NOT NULL CHECK (length(breakdown) <= 2000),
        moment text NOT NULL CHECK (length(moment) <= 2000)
    )
    """,
    table_guard_sql.append_only_trigger("exact_look"),
    # For the operator's commands. The pages use another function, which adds the account.
    f"""
    CREATE FUNCTION note_exact(
        asked_place text, asked_figures text, asked_period text, asked_by text, asked_moment text
    ) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = {table_guard_sql.search_path("reporting")}
    AS $$
        INSERT INTO exact_look (place, figures, period, breakdown, moment)
            VALUES (asked_place, asked_figures, asked_period, asked_by, asked_moment)
    $$
    """,  # noqa: S608 - made of constants
    "REVOKE ALL ON FUNCTION note_exact FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION note_exact TO officer",
    "GRANT SELECT ON exact_look TO auditor",
    # A program's token without the right to exact amounts gets the values that `me_read` sees.
    "GRANT SELECT ON figure_value TO web",
    f"COMMENT ON TABLE exact_look IS '{_said('Looks at exact amounts.|Consultas de cantidades exactas.')}'",
    *(f"COMMENT ON COLUMN exact_look.{column} IS '{_said(words)}'" for column, words in DESCRIBED.items()),
)
