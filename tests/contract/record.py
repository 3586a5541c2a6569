"""The record of what was published: each edition of the contract in a file that is never edited, only followed.

`python -m tests.contract.record` writes the next edition when the contract is released. A test holds the files against
their digests in `EDITIONS`, and the models against every edition.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Final

from schemas.catalogue import CATALOGUE
from schemas.published import schema_of
from tests.contract.evolution import SILENT

Node = dict[str, Any]

FOLDER: Final = Path(__file__).parent / "editions"
EXAMPLES: Final = Path(__file__).parents[2] / "schemas" / "examples"
EDITIONS: Final = {
    "1": "47d06611f404ff68afc00158d32063118d2e0bc292494f85857d9c84d207e4fb",
}
"""SHA-256 of each edition's file. An entry never changes."""

_WORDS: Final = SILENT - {"$defs", "$id"}


def recorded(edition: str) -> dict[str, Node]:
    """Read the schema and the example of each type, as an edition published them."""
    file: Node = json.loads((FOLDER / f"{edition}.json").read_bytes())
    return {name: {**each, "schema": _filled(each["schema"], file["shared"])} for name, each in file["types"].items()}


def digest(edition: str) -> str:
    """Give the SHA-256 of an edition's file."""
    return hashlib.sha256((FOLDER / f"{edition}.json").read_bytes()).hexdigest()


def plain(node: Any) -> Any:  # noqa: ANN401 - JSON
    """Leave out of a schema the words for people, which say nothing about which events are acceptable."""
    if isinstance(node, dict):
        return {name: plain(each) for name, each in node.items() if name not in _WORDS or _names_a_field(node, name)}
    return [plain(each) for each in node] if isinstance(node, list) else node


def _names_a_field(node: Node, name: str) -> bool:
    """Whether it is a field that has the name of a keyword: its schema is no text."""
    return isinstance(node[name], dict) and "type" not in node and name in {"title", "description"}


def of_today() -> dict[str, Node]:
    """Give every type as an edition records it."""
    return {
        name: {
            "schema": plain(schema_of(name)),
            "example": json.loads((EXAMPLES / f"{name}.json").read_bytes()),
        }
        for name in sorted(CATALOGUE)
    }


_SHARED: Final = ("$defs", "properties", "x-authors")


def _emptied(schema: Node, shared: Node) -> Node:
    """Leave out of a schema the members that an edition holds once for all types: their names stay."""
    return {
        place: [name if shared[place].get(name) == each else [name, each] for name, each in said.items()]
        if place in _SHARED
        else said
        for place, said in schema.items()
    }


def _filled(schema: Node, shared: Node) -> Node:
    return {
        place: dict((each, shared[place][each]) if isinstance(each, str) else each for each in said)
        if place in _SHARED
        else said
        for place, said in schema.items()
    }


def _common(types: dict[str, Node]) -> Node:
    """Give of each member the value that it has first; other values stay with their types."""
    shared: Node = {place: {} for place in _SHARED}
    for each in types.values():
        for place in _SHARED:
            shared[place] = each["schema"].get(place, {}) | shared[place]
    return shared


def main() -> None:
    """Write the next edition; its digest is printed, to be entered above."""
    edition, types = str(len(EDITIONS) + 1), of_today()
    shared = _common(types)
    lines = [
        f"{json.dumps(name)}:{_written({**each, 'schema': _emptied(each['schema'], shared)})}"
        for name, each in types.items()
    ]
    FOLDER.mkdir(exist_ok=True)
    text = f'{{"shared":{_written(shared)},\n"types":{{\n' + ",\n".join(lines) + "\n}}\n"
    (FOLDER / f"{edition}.json").write_text(text, encoding="utf-8")
    assert recorded(edition) == types
    sys.stdout.write(f'"{edition}": "{digest(edition)}",\n')


def _written(node: Node) -> str:
    return json.dumps(node, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main()
