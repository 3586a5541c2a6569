"""Version of code: a hash of the sources that take part in a decision.

Comments, docstrings and layout are left out, so that changing them does not change the version.
"""

import ast
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@cache
def code_version(*packages: str) -> str:
    """Return the SHA-256, in hex, of the names and the code of all Python sources of some packages."""
    return hash_of_packages({package: files(package) for package in packages})


def hash_of_packages(packages: Mapping[str, Traversable]) -> str:
    """Return the SHA-256, in hex, of the Python sources of packages, given as folders by name, in any order."""
    digest = hashlib.sha256()
    found = [each for package, folder in packages.items() for each in _sources(folder, package)]
    for name, source in sorted(found):
        code = _code(source)
        digest.update(f"{name}\x1f{len(code)}\x1f".encode() + code)
    return digest.hexdigest()


def _code(source: bytes) -> bytes:
    """Return the statements of a source in one layout, without docstrings and comments."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):  # of a lambda or a choice it is an expression
                setattr(node, name, [each for each in block if not _is_said(each)])
    return ast.unparse(tree).encode()


def _is_said(statement: ast.stmt) -> bool:
    """Whether a statement is only a string: the docstring of a module, class, function or field."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _sources(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _sources(entry, f"{name}/{entry.name}")
        elif entry.name.endswith(".py"):
            yield f"{name}/{entry.name}", entry.read_bytes()
