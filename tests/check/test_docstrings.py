"""A docstring stands alone: it does not begin with a word that leans on the line above, or with a relative clause."""

import ast
import re
from pathlib import Path

from tests.check.project import ROOT, files

LEANING = re.compile(r"(The same|What|Who|Whoever|Whose|Those|Where)\b")
PLACES = {"infra", "schemas", "services", "tests"}


def leaning(source: str) -> list[str]:
    """First lines of the texts in a source that stand for themselves and begin so."""
    texts = [
        node.value.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]
    return [text.splitlines()[0] for text in texts if LEANING.match(text)]


def test_no_docstring_leans_on_what_stands_above_it() -> None:
    sources = [path for path in files() if path.suffix == ".py" and path.parts[0] in PLACES]
    assert len(sources) > 100
    found = {str(path): lines for path in sources if (lines := leaning(Path(ROOT / path).read_text(encoding="utf-8")))}
    assert found == {}


def test_a_leaning_docstring_is_found() -> None:
    source = '"""What it is."""\nX = 1\n"""Whose it is."""\ndef f() -> None:\n    """Give it."""\n'
    assert leaning(source) == ["What it is.", "Whose it is."]
