"""The generated reference names every command, option, type, field, code list, topic, route and setting."""

import pytest
import typer.main

from docs.generate.commands import commands
from docs.generate.contract import areas, codes, events
from docs.generate.http import api
from docs.generate.settings import SERVICES, settings
from schemas.catalogue import CATALOGUE
from schemas.codebook import LISTS
from services.console.__main__ import COMMANDS, app
from services.intake.api.app import build_routes
from services.web.api.app import openapi_description


def test_every_command_and_option_is_there() -> None:
    text = "\n".join(commands())
    group = typer.main.get_command(app)
    for name in COMMANDS:
        assert f"## atips {name}\n" in text
        command = group.commands[name]  # type: ignore[attr-defined]
        options = [option for each in command.params for option in each.opts if option.startswith("--")]
        assert [each for each in options if each != "--help" and f"`{each}" not in text] == []


def test_every_type_and_each_of_its_fields_is_there() -> None:
    pages = {name: "\n".join(events(area, types)) for area, types in areas().items() for name in types}
    assert pages.keys() == CATALOGUE.keys()
    for name, page in pages.items():
        section = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
        fields = CATALOGUE[name].model.model_fields["data"].annotation.model_fields  # type: ignore[union-attr]
        assert [field for field in fields if f"| `{field}` |" not in section] == [], name


def test_every_code_list_is_there() -> None:
    text = "\n".join(codes())
    assert [name for name in LISTS if f"## {name}\n" not in text] == []


@pytest.mark.parametrize("document", [build_routes().openapi(), openapi_description()], ids=["intake", "pages"])
def test_every_route_is_there(document: dict[str, dict[str, object]]) -> None:
    text = "\n".join(api("API", document, frozenset()))
    assert document["paths"]
    assert [path for path in document["paths"] if f" {path}\n" not in text] == []


def test_every_setting_is_there() -> None:
    text = "\n".join(settings())
    names = {name for model in SERVICES.values() for name in model.names()}
    assert [name for name in sorted(names) if f"| `{name}` |" not in text] == []
