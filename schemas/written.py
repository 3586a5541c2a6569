"""A table that people write in YAML, read whole into a model, or refused with the line in which it is wrong."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from yaml.nodes import MappingNode, Node, SequenceNode

M = TypeVar("M", bound=BaseModel)


class _Loader(yaml.SafeLoader):
    """YAML as people read it: only true and false are truth values, so that `yes` is an agency and `on` a key."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


class WrongTable(ValueError):
    """The table cannot be used; `line` is where it is wrong, the first being 1."""

    def __init__(self, line: int, why: str) -> None:
        self.line = line
        super().__init__(f"line {line}: {why}")


def read(text: str, model: type[M]) -> M:
    """Read a table. Raises `WrongTable` for anything in it that is not understood."""
    try:
        root = yaml.compose(text, Loader=_Loader)
        _refuse_repeated_keys(root)
        said = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, with fewer words for truth
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise WrongTable(1 if mark is None else mark.line + 1, error.problem or "no YAML") from None
    try:
        return model.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    raise WrongTable(_line(root, first["loc"]), f"{where}: {first['msg']}".removeprefix(": "))


def _line(node: Node | None, path: Sequence[str | int]) -> int:
    """The line of what a path leads to, as far as there is anything."""
    for step in path:
        found: Node | None = None
        if isinstance(node, MappingNode):
            found = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = node.value[step]
        if found is None:
            break
        node = found
    return 1 if node is None else node.start_mark.line + 1


def _refuse_repeated_keys(node: Any) -> None:  # noqa: ANN401 - a node's value is nodes, pairs of them, or text
    """Of two members with one name YAML silently keeps the later."""
    children = node.value if isinstance(node, MappingNode | SequenceNode) else ()
    if isinstance(node, MappingNode):
        names = [key.value for key, _ in children]
        for position, (key, _) in enumerate(children):
            if key.value in names[:position]:
                raise WrongTable(key.start_mark.line + 1, f"{key.value} is said twice")
        children = [value for _, value in children]
    for child in children:
        _refuse_repeated_keys(child)
