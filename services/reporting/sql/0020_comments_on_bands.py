"""Replace comments on the view `figure_value` and its column `shown`: a band begins at 0, a missing row is small."""

from typing import Final

revision: Final = "0020"
down_revision: Final = "0019"
works_with: Final = "0018"

_VIEW: Final = (
    "Figures of ended quarters and years, with marks where a number is not shown. One row a figure, period and value "
    "of one dimension. A row that is not there is small, nought included, or would give a small one away. / Cifras de "
    "trimestres y años terminados, con marcas donde no se muestra un número. Una fila por cifra, período y valor de "
    "una dimensión. Una fila que no está es pequeña, incluido el cero, o delataría una pequeña."
)
_SHOWN: Final = (
    "The value as text: 7, 0-4 (four at most), [c] or [x]. / El valor como texto: 7, 0-4 (cuatro a lo sumo), [c] o [x]."
)

STATEMENTS: Final[tuple[str, ...]] = (
    f"COMMENT ON VIEW figure_value IS '{_VIEW}'",
    f"COMMENT ON COLUMN figure_value.shown IS '{_SHOWN}'",
)
