"""One small change to a module: an operator, a limit, a condition, a word of the language."""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from typing_extensions import override

_COMPARED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_RECKONED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
_CALLED: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
_NOT_RUN: Final = ("annotation", "returns", "decorator_list", "keywords_of_class")

Site = tuple[int, str, Callable[[], None]]
"""The line, what is changed into what, and the change itself, in place."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to a module; `number` counts all changes of that module from 0."""

    path: Path
    number: int
    line: int
    what: str
    function: str
    """Qualified name of the innermost function around it, as `Class.method`; empty outside of functions."""
    text: str
    """The line's text without its indent."""
    nth: int
    """Its place among equal changes of such a line in the function, from 1."""

    @property
    def module(self) -> str:
        """The module's name."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @override
    def __str__(self) -> str:
        """Return its place and its change."""
        return f"{self.path}:{self.line}: {self.what}"


def mutants(path: Path) -> list[Mutant]:
    """Give every change to a module, in the order of its text."""
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    lines, functions = source.splitlines(), _functions(tree)
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for number, (line, what, _) in enumerate(_sites(tree)):
        inner = [name for first, last, name in functions if first <= line <= last]
        key = inner[-1] if inner else "", lines[line - 1].strip(), what
        seen[key] += 1
        found.append(Mutant(path, number, line, what, key[0], key[1], seen[key]))
    return found


def _functions(tree: ast.AST, around: str = "") -> list[tuple[int, int, str]]:
    """Give first line, last line and qualified name of each function, outer ones first."""
    found = []
    for node in ast.iter_child_nodes(tree):
        name = around
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{around}.{node.name}".lstrip(".")
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append((node.body[0].lineno, node.end_lineno or node.lineno, name))
        found += _functions(node, name)
    return found


def lines_that_run(path: Path) -> frozenset[int]:
    """Give the lines of functions that tests run. All others are read at import alone."""
    tree = ast.parse(path.read_text("utf-8"))
    inner: dict[int, str] = {}
    for first, last, name in _functions(tree):  # an inner function comes after the one around it
        inner |= dict.fromkeys(range(first, last + 1), name)
    declaring = _declaring(tree)
    return frozenset(line for line, name in inner.items() if name not in declaring)


def _declaring(tree: ast.Module) -> frozenset[str]:
    """Give the private functions that only the module's own statements call, as one that declares figures of a row."""
    private = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name[0] == "_"}
    within = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)]
    later = {id(node) for each in within for node in ast.walk(each)}
    called = {id(each.func) for each in ast.walk(tree) if isinstance(each, ast.Call) and id(each) not in later}
    names = [each for each in ast.walk(tree) if isinstance(each, ast.Name)]
    others = {each.id for each in names if id(each) not in called}
    lazy = {name for name, each in private.items() if any(isinstance(node, ast.Lambda) for node in ast.walk(each))}
    return frozenset(each.id for each in names if each.id in private.keys() - others - lazy)


def changed(mutant: Mutant, source: str) -> ast.Module:
    """Give the module with the change."""
    tree = ast.parse(source)
    for number, (_, _, change) in enumerate(_sites(tree)):
        if number == mutant.number:
            change()
            break
    return ast.fix_missing_locations(tree)


def _sites(tree: ast.AST) -> Iterator[Site]:
    for node in _run(tree):
        yield from _of_values(node)
        yield from _of_conditions(node)


def _of_values(node: ast.AST) -> Iterator[Site]:
    match node:
        case ast.BinOp() if type(node.op) in _RECKONED and not isinstance(node.left, ast.Constant | ast.JoinedStr):
            operator = _RECKONED[type(node.op)]()
            yield _site(node, f"{_word(node.op)} → {_word(operator)}", node, "op", operator)
        case ast.Constant(value=bool(value)):
            yield _site(node, f"{value} → {not value}", node, "value", not value)
        case ast.Constant(value=int(value)):
            yield _site(node, f"{value} → {value + 1}", node, "value", value + 1)
        case ast.Call(func=ast.Name(id=name) as called) if name in _CALLED:
            yield _site(node, f"{name} → {_CALLED[name]}", called, "id", _CALLED[name])
        case _:
            pass


def _of_conditions(node: ast.AST) -> Iterator[Site]:
    match node:
        case ast.Compare():
            yield from _compared(node)
        case ast.BoolOp():
            other: ast.boolop = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield _site(node, f"{_word(node.op)} → {_word(other)}", node, "op", other)
        case ast.UnaryOp(op=ast.Not()):
            yield _site(node, "not x → x", node, "operand", ast.UnaryOp(ast.Not(), node.operand))
        case ast.If() | ast.IfExp():
            yield _site(node, "if x → if not x", node, "test", ast.UnaryOp(ast.Not(), node.test))
        case ast.match_case(guard=ast.expr() as guard):
            yield _site(guard, "case … if x → case …", node, "guard", None)
        case ast.comprehension(ifs=[_, *_]):
            yield _site(node.ifs[0], "for … if x → for …", node, "ifs", node.ifs[1:])
        case _:
            pass


def _compared(node: ast.Compare) -> Iterator[Site]:
    for at, operator in enumerate(node.ops):
        other = _COMPARED[type(operator)]()
        ops = [*node.ops[:at], other, *node.ops[at + 1 :]]
        yield _site(node, f"{_word(operator)} → {_word(other)}", node, "ops", ops)


def _site(at: ast.expr | ast.stmt | ast.comprehension, what: str, node: ast.AST, field: str, value: object) -> Site:
    return getattr(at, "lineno", 0), what, lambda: setattr(node, field, value)


def _word(node: ast.AST) -> str:
    return type(node).__name__


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    """Give the nodes that run: no annotation, no decorator, no call of a class's making."""
    for field, value in ast.iter_fields(tree):
        if field in _NOT_RUN:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child
                yield from _run(child)
