"""Reading of a table that people write in YAML into a model; a mistake is reported with its line."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from typing_extensions import override
from yaml.constructor import ConstructorError
from yaml.nodes import MappingNode, Node, SequenceNode
from yaml.reader import ReaderError

M = TypeVar("M", bound=BaseModel)


class _Loader(yaml.SafeLoader):
    """YAML loader for which only true and false are truth values, so that `yes` is an agency and `on` a key."""

    @override
    def construct_object(self, node: Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except ValueError as error:  # a day that does not exist, or an integer with too many digits
            raise ConstructorError(None, None, str(error), node.start_mark) from None


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


class WrongTable(ValueError):
    """Raised for a table that cannot be used; `line` is the number of its wrong line, from 1."""

    def __init__(self, line: int, why: str) -> None:
        self.line = line
        super().__init__(f"line {line}: {why}")


_RULES: Final = {
    "unknown_agency": "the table of agencies (schemas/agencies.py) has no such code",
    "unknown_code": "the code list has no such code",
    "wrong_form": "the value is not written as this field needs it: compare it with the other rows",
}


class TableFault(NamedTuple):
    """A mistake between places of a table that are right by themselves: the place to name, and the reason."""

    path: Sequence[str | int]
    why: str


def read(text: str, model: type[M], across: Callable[[M], Iterable[TableFault]] = lambda _: ()) -> M:
    """Parse YAML text to a model. Raises `WrongTable` for the first mistake of YAML, of the model, or of `across`.

    `across`: yields the mistakes of a valid model that concern several of its values.
    """
    try:
        root = yaml.compose(text, Loader=_Loader)
        _refuse_repeated_keys(root)
        said = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, with fewer words for truth
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise WrongTable(1 if mark is None else mark.line + 1, error.problem or "no YAML") from None
    except ReaderError as error:
        raise WrongTable(text.count("\n", 0, error.position) + 1, error.reason) from None
    except RecursionError:
        raise WrongTable(1, "nested too deeply, or within itself") from None
    try:
        table = model.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _refused(root, TableFault(first["loc"], _rule(first))) from None
    for wrong in across(table):
        raise _refused(root, wrong)
    return table


def _rule(found: ErrorDetails) -> str:
    """Return the rule that a value breaks, in words. Fields of events name their rule by its code alone."""
    return _RULES.get(found["type"], found["msg"].removeprefix("Value error, "))


def _refused(root: Node | None, wrong: TableFault) -> WrongTable:
    where = ".".join(map(str, wrong.path))
    return WrongTable(_line(root, wrong.path), f"{where}: {wrong.why}".removeprefix(": "))


def _line(node: Node | None, path: Sequence[str | int]) -> int:
    """Return the line of the node at a path, or of the deepest node on the path that exists; from 1."""
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
    """Raise `WrongTable` for a mapping with a repeated key, of which YAML itself would keep the last."""
    children = node.value if isinstance(node, MappingNode | SequenceNode) else ()
    if isinstance(node, MappingNode):
        names = [key.value for key, _ in children]
        for position, (key, _) in enumerate(children):
            if key.value in names[:position]:
                raise WrongTable(key.start_mark.line + 1, f"{key.value} is said twice")
        children = [value for _, value in children]
    for child in children:
        _refuse_repeated_keys(child)
