"""The import contracts hold on a small tree of our shape, and each is broken by the import that it is there for."""

import shutil
from pathlib import Path

import pytest

from tests.check.project import ROOT, pyproject, tool

LAYERS = "demo, console, services and infra as strangers, runtime, schemas"
INFRA = "infra knows schemas only: it starts services as processes, by name"
INSIDE = "inside a service: main, stream, handlers and store as strangers, domain"
FLOORS = "reporting: the floors of its domain"
AREAS = "reporting: areas of figures are strangers"
CLIENT = "client knows schemas only"
PURE = "schemas and every domain are pure"

MODULES = {
    "schemas/ids.py": "import hashlib\n",
    "infra/local.py": "import schemas.ids\n",
    "services/client/spool.py": "import schemas.ids\n",
    "services/runtime/consumer_loop.py": "import asyncio\nimport schemas.ids\n",
    "services/presentation/figure_amounts.py": "import services.reporting.domain\n",
    "services/sheet/table.py": "import services.intake.domain\n",
    "services/export/table.py": "import services.presentation.figure_amounts\n",
    "services/charts/drawn_charts.py": "import services.charts.domain\nimport services.presentation.figure_amounts\n",
    "services/charts/domain.py": "import services.presentation.figure_amounts\n",
    "services/report/pdf.py": "import services.report.domain\nimport services.charts.drawn_charts\n",
    "services/report/domain.py": "import services.charts.domain\nimport services.reporting.domain\n",
    "services/web/app.py": "import services.report.pdf\nimport services.reporting.read\n",
    "services/console/__main__.py": "import infra.local\nimport services.reporting.read\nimport services.web.app\n",
    "services/demo/run.py": "import services.console\n",
    "services/reporting/domain/declaration.py": "import schemas.ids\n",
    "services/reporting/domain/facts.py": "import services.reporting.domain.declaration\n",
    "services/reporting/domain/cells/cells_from_items.py": "import services.reporting.domain.facts\n",
    "services/reporting/domain/figures/cases.py": "import services.reporting.domain.facts\n",
    "services/reporting/domain/figures/justice.py": "import services.reporting.domain.facts\n",
    "services/reporting/domain/figures/all_figures.py": "import services.reporting.domain.figures.cases\n",
    "services/reporting/domain/cells/counted_items.py": "import services.reporting.domain.figures.all_figures\n",
    "services/reporting/domain/ledger.py": "import services.reporting.domain.cells.counted_items\n",
    "services/reporting/domain/read.py": "import services.reporting.domain.ledger\n",
} | {
    f"services/{service}/{module}.py": source
    for service in ("intake", "reporting")
    for module, source in {
        "__main__": f"import services.{service}.stream\nimport services.{service}.store\n",
        "stream": f"import services.runtime.consumer_loop\nimport services.{service}.handlers\n",
        "handlers": f"import services.{service}.domain\n",
        "store": f"import asyncpg\nimport services.{service}.domain\n",
        "read": f"import asyncpg\nimport services.{service}.domain\n",
        "domain/__init__": "import schemas.ids\n",
    }.items()
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of our settings over a tree that keeps every contract."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, source in MODULES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
        for package in list(path.relative_to(tmp_path).parents)[:-1]:
            (tmp_path / package / "__init__.py").touch()
    return tmp_path


def broken(tree: Path) -> set[str]:
    """Which contracts lint-imports calls broken; all are looked at, or this raises."""
    output = tool("lint-imports", "--no-logo", "--no-cache", cwd=tree).stdout
    names = {contract["name"] for contract in pyproject()["tool"]["importlinter"]["contracts"]}
    verdicts = {name: verdict for name in names for verdict in ("KEPT", "BROKEN") if f"{name} {verdict}" in output}
    assert verdicts.keys() == names, output
    return {name for name, verdict in verdicts.items() if verdict == "BROKEN"}


def test_the_shape_that_we_want_keeps_every_contract(tree: Path) -> None:
    assert broken(tree) == set()


@pytest.mark.parametrize(
    ("module", "imported", "contract"),
    [
        ("services/intake/store.py", "services.reporting.domain", LAYERS),
        ("services/reporting/handlers.py", "services.intake.domain", LAYERS),
        ("services/intake/stream.py", "infra.local", LAYERS),
        ("services/runtime/consumer_loop.py", "services.intake.domain", LAYERS),
        ("services/runtime/consumer_loop.py", "infra.local", LAYERS),
        ("services/reporting/read.py", "services.console", LAYERS),
        ("services/console/__main__.py", "services.demo.run", LAYERS),
        ("services/report/pdf.py", "services.web.app", LAYERS),
        ("services/charts/domain.py", "services.report.domain", LAYERS),
        ("schemas/ids.py", "services.intake.domain", LAYERS),
        ("schemas/ids.py", "infra.local", LAYERS),
        ("infra/local.py", "services.intake.domain", LAYERS),
        ("infra/local.py", "services.runtime.consumer_loop", INFRA),
        ("infra/local.py", "services.console", INFRA),
        ("services/client/spool.py", "services.intake.domain", LAYERS),
        ("services/intake/store.py", "services.client.spool", LAYERS),
        ("services/client/spool.py", "services.runtime.consumer_loop", CLIENT),
        ("services/client/spool.py", "infra.local", CLIENT),
        ("services/intake/domain/__init__.py", "services.intake.stream", INSIDE),
        ("services/intake/store.py", "services.intake.handlers", INSIDE),
        ("services/intake/handlers.py", "services.intake.store", INSIDE),
        ("services/reporting/stream.py", "services.reporting.__main__", INSIDE),
        ("services/reporting/read.py", "services.reporting.handlers", INSIDE),
        ("services/intake/domain/__init__.py", "asyncio", PURE),
        ("services/intake/domain/__init__.py", "services.runtime.consumer_loop", PURE),
        ("services/reporting/domain/__init__.py", "os", PURE),
        ("services/report/domain.py", "asyncio", PURE),
        ("schemas/ids.py", "confluent_kafka", PURE),
        ("services/reporting/domain/facts.py", "services.reporting.domain.read", FLOORS),
        ("services/reporting/domain/figures/justice.py", "services.reporting.domain.figures.cases", AREAS),
        ("schemas/ids.py", "structlog", PURE),
    ],
)
def test_an_import_against_the_arrows_breaks_its_contract(
    tree: Path, module: str, imported: str, contract: str
) -> None:
    with (tree / module).open("a", encoding="utf-8") as file:
        file.write(f"import {imported}\n")
    assert contract in broken(tree)
