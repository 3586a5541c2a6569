"""Rules, dashboard, docs and runbooks name metrics, alerts and places that exist."""

import json
import re
from collections.abc import Iterable
from typing import Any, Final

import jsonschema
import pytest
import yaml
from prometheus_client import generate_latest

from services.runtime.metrics import REGISTRY
from tests.check.alert_series import CASES
from tests.check.project import ROOT

RULES: Final = [
    rule
    for group in yaml.safe_load((ROOT / "infra/prometheus/alerts.yaml").read_text())["groups"]
    for rule in group["rules"]
]
DASHBOARD: Final[dict[str, Any]] = json.loads((ROOT / "infra/grafana/pipeline.json").read_text())
RUNBOOKS: Final = (ROOT / "docs/runbooks.md").read_text()
METRICS: Final = (ROOT / "docs/metrics.md").read_text()

OTHERS: Final = {
    "up": "Prometheus",
    "node_filesystem_avail_bytes": "node_exporter",
    "node_filesystem_size_bytes": "node_exporter",
    "kubelet_volume_stats_available_bytes": "kubelet",
    "kubelet_volume_stats_capacity_bytes": "kubelet",
    "pg_replication_lag_seconds": "postgres_exporter",
    "cnpg_pg_replication_lag": "CloudNativePG",
    "atips_backup_last_success_timestamp_seconds": "backup.prom",
    "atips_backup_last_drill_timestamp_seconds": "backup.prom",
}
"""Metrics that no service of ours serves, and what does."""

_NAMES: Final = re.compile(r"\b(?:atips|node|kubelet|pg|cnpg)_[a-z_]+\b|\bup\b")


def served() -> set[str]:
    """Give the names of all series that a service may serve; a histogram has several."""
    text = generate_latest(REGISTRY).decode()
    found = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, flags=re.MULTILINE):
        found |= {f"{name}_{part}" for part in ("bucket", "sum", "count")} if kind == "histogram" else {name}
    return found


def labels(name: str) -> set[str]:
    """Give the labels that a metric of ours is declared with."""
    for collector in REGISTRY._collector_to_names:
        if name in REGISTRY._collector_to_names[collector]:
            return set(collector._labelnames)  # type: ignore[attr-defined]
    return set()


def unknown(expression: str) -> set[str]:
    return set(_NAMES.findall(expression)) - served() - OTHERS.keys()


def queries() -> Iterable[str]:
    for panel in DASHBOARD["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_asks_for_metrics_that_are_served(rule: dict[str, Any]) -> None:
    assert unknown(rule["expr"]) == set()
    assert rule["labels"]["severity"] in {"page", "ticket"}


def test_a_metric_that_nobody_serves_is_found() -> None:
    assert unknown("max(atips_parked_entity) > up") == {"atips_parked_entity"}


def test_the_dashboard_asks_for_metrics_that_are_served() -> None:
    asked = list(queries())
    assert len(asked) > 20
    assert {name for each in asked for name in unknown(each)} == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_has_a_runbook(rule: dict[str, Any]) -> None:
    page, _, section = rule["annotations"]["runbook"].partition("#")
    assert page == "docs/runbooks.md"
    assert section in {heading.lower() for heading in re.findall(r"^### (\w+)$", RUNBOOKS, flags=re.MULTILINE)}


def test_a_runbook_is_of_an_alert_and_says_when_it_is_over() -> None:
    alerts = {rule["annotations"]["runbook"].partition("#")[2] for rule in RULES}
    for section in RUNBOOKS.split("\n### ")[1:]:
        heading = section.splitlines()[0]
        assert heading.lower() in alerts
        assert {"**Means:**", "**Danger:**", "**Over:**"} <= set(re.findall(r"\*\*[A-Z]\w+:\*\*", section)), heading


def test_every_metric_is_documented_with_its_labels() -> None:
    told = {
        name: set(filter(None, of.split(","))) for name, of in re.findall(r"`(atips_\w+)(?:\{([\w,]+)\})?`", METRICS)
    }
    ours = {name.removesuffix("_bucket") for name in served() if not name.endswith(("_sum", "_count", "_created"))}
    assert ours - told.keys() == set()
    assert told.keys() - ours - OTHERS.keys() == set()
    for name in ours:
        assert labels(name) == told[name], name


def test_no_label_can_name_somebody() -> None:
    allowed = {"agency", "verdict", "reason", "code", "route", "status", "topic", "check", "use", "kind", "urgency"}
    allowed |= {"policy"}  # the name of a file of ours
    assert {label for name in served() for label in labels(name.removesuffix("_bucket"))} <= allowed


PANEL: Final = {
    "type": "object",
    "required": ["id", "type", "title", "gridPos"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "type": {"enum": ["row", "stat", "timeseries", "bargauge"]},
        "title": {"type": "string", "minLength": 1},
        "description": {"type": "string", "minLength": 1},
        "gridPos": {
            "type": "object",
            "required": ["h", "w", "x", "y"],
            "properties": {
                "h": {"type": "integer", "minimum": 1},
                "w": {"type": "integer", "minimum": 1, "maximum": 24},
                "x": {"type": "integer", "minimum": 0, "maximum": 23},
                "y": {"type": "integer", "minimum": 0},
            },
            "additionalProperties": False,
        },
        "targets": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["refId", "expr", "datasource", "legendFormat"],
                "properties": {
                    "refId": {"pattern": "^[A-Z]$"},
                    "expr": {"type": "string", "minLength": 1},
                    "datasource": {"const": {"type": "prometheus", "uid": "${source}"}},
                },
            },
        },
    },
    "if": {"properties": {"type": {"const": "row"}}},
    "else": {"required": ["description", "datasource", "targets", "fieldConfig"]},
}
"""The part of Grafana's dashboard model that we use."""
SCHEMA: Final = {
    "type": "object",
    "required": ["uid", "title", "schemaVersion", "time", "templating", "panels"],
    "properties": {
        "uid": {"type": "string", "pattern": "^[a-zA-Z0-9-]{1,40}$"},
        "schemaVersion": {"type": "integer", "minimum": 36},
        "panels": {"type": "array", "minItems": 1, "items": PANEL},
        "templating": {
            "type": "object",
            "properties": {
                "list": {"type": "array", "items": {"type": "object", "required": ["name", "type", "query"]}}
            },
        },
    },
}


def test_the_dashboard_is_one_that_grafana_reads() -> None:
    jsonschema.validate(DASHBOARD, SCHEMA)
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_panels_do_not_lie_on_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells


def test_a_panel_without_a_query_is_found() -> None:
    panels = [{**panel, "targets": []} for panel in DASHBOARD["panels"] if panel["type"] == "stat"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**DASHBOARD, "panels": panels}, SCHEMA)


def test_each_alert_has_its_cases() -> None:
    assert {rule["alert"] for rule in RULES} == CASES.keys()
