"""Names of classes and aliases have one meaning each, but for those that every service has."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST = 25
FRAME = frozenset({"Decider", "Outgoing", "Parts", "Prepared", "Route", "Settings", "Store"})
"""Names of the frame: every service has them, and in each they mean the same."""


def meanings(sources: Iterable[tuple[str, str]]) -> Mapping[str, set[str]]:
    """Give each public class and alias with the files that define it, from (name, text) of files."""
    found = defaultdict(set)
    for file, text in sources:
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef):
                found[node.name].add(file)
            elif isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias":
                found[ast.unparse(node.target)].add(file)
    return {name: files for name, files in found.items() if not name.startswith("_") and name not in FRAME}


def several(sources: Iterable[tuple[str, str]]) -> list[str]:
    return sorted(name for name, files in meanings(sources).items() if len(files) > 1)


def test_few_names_have_several_meanings() -> None:
    folders = [ROOT / folder for folder in ("schemas", "services", "infra")]
    files = [path for folder in folders for path in folder.rglob("*.py")]
    assert len(files) > 500
    found = several((str(path), path.read_text(encoding="utf-8")) for path in files)
    assert len(found) <= MOST, f"choose another name for one of each: {', '.join(found)}"


def test_a_name_that_is_there_twice_is_found() -> None:
    twice = [("a.py", "class Told: ...\nclass Store: ..."), ("b.py", "Told: TypeAlias = str\nclass Store: ...")]
    assert several(twice) == ["Told"]
    assert several(twice[:1]) == []
