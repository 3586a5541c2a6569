"""Pages about the HTTP interfaces."""

from collections.abc import Mapping
from typing import Any

from docs.generate.contract import kind_of
from docs.generate.markdown import code_span, table


def api(title: str, document: Mapping[str, Any], elsewhere: frozenset[str]) -> list[str]:
    """Give each route of an OpenAPI document, and the models of its answers but those that are `elsewhere`."""
    lines = [f"# {title}", "", str(document["info"].get("description", "")), ""]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            lines += _operation(f"{method.upper()} {path}", operation)
    models = document.get("components", {}).get("schemas", {})
    shown = {name: node for name, node in models.items() if name not in elsewhere and node.get("properties")}
    if shown:
        lines += ["## Models", ""]
    for name, node in sorted(shown.items()):
        needed = node.get("required", ())
        fields = (
            (
                code_span(field),
                ("" if field in needed else "optional ") + kind_of(each, models),
                str(each.get("description", "")),
            )
            for field, each in node["properties"].items()
        )
        lines += [f"### {name}", "", str(node.get("description", "")), "", *table(("field", "form", "meaning"), fields)]
    return lines


def _operation(name: str, operation: Mapping[str, Any]) -> list[str]:
    parameters = (
        (
            code_span(each["name"]),
            each["in"],
            ("" if each.get("required") else "optional ") + kind_of(each.get("schema", {}), {}),
            str(each.get("description", "")),
        )
        for each in operation.get("parameters", ())
    )
    answers = ((code_span(status), str(each.get("description", ""))) for status, each in operation["responses"].items())
    bodies = ", ".join(code_span(each) for each in operation.get("requestBody", {}).get("content", {}))
    return [
        f"## {name}",
        "",
        str(operation.get("description", "")),
        "",
        *table(("parameter", "in", "form", "meaning"), parameters),
        *([f"Body: {bodies}.", ""] if bodies else []),
        *table(("status", "answer"), answers),
    ]
