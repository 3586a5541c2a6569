"""Every alert fires on a bad series and is silent on a good one, by the real promtool."""

import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.check.alert_series import CASES, Case
from tests.check.project import ROOT

RULES: Final = ROOT / "infra/prometheus/alerts.yaml"

pytestmark = pytest.mark.promtool


def _rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def _asked(alert: str, case: Case, series: Mapping[str, str], *, fires: bool) -> dict[str, Any]:
    expected = [{"labels": f'{{alertname="{alert}"}}', "value": 1}] if fires else []
    return {
        "interval": case.interval,
        "name": f"{alert} {'fires' if fires else 'is silent'}",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [
            {
                "expr": f'count by (alertname) (ALERTS{{alertname="{alert}",alertstate="firing"}})',
                "eval_time": case.at,
                "exp_samples": expected,
            }
        ],
    }


def _tried(folder: Path, rules: Sequence[Mapping[str, Any]], alerts: Iterable[str]) -> list[str]:
    """Try the cases of alerts; gives what promtool says where one does not hold.

    Rules are evaluated as often as a case has samples. Cases of one interval go together, with their rules alone.
    """
    asked: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    tried: defaultdict[str, set[str]] = defaultdict(set)
    for alert in alerts:
        for case in CASES[alert]:
            tried[case.interval].add(alert)
            asked[case.interval] += [_asked(alert, case, case.bad, fires=True)]
            asked[case.interval] += [_asked(alert, case, case.good, fires=False)]
    failed = []
    for interval, tests in asked.items():
        file, alone = folder / f"{interval}.yaml", folder / f"{interval}-rules.yaml"
        of = [rule for rule in rules if rule["alert"] in tried[interval]]
        alone.write_text(yaml.safe_dump({"groups": [{"name": "tried", "rules": of}]}))
        whole = {"rule_files": [str(alone)], "evaluation_interval": interval, "tests": tests}
        file.write_text(yaml.safe_dump(whole))
        told = subprocess.run(["promtool", "test", "rules", str(file)], capture_output=True, text=True, check=False)
        if told.returncode != 0:
            failed.append(told.stdout + told.stderr)
    return failed


def test_each_alert_fires_when_it_must_and_else_does_not(tmp_path: Path) -> None:
    assert not _tried(tmp_path, _rules(), CASES)


def test_no_alert_is_without_a_case() -> None:
    assert [rule["alert"] for rule in _rules()] == list(CASES)


@pytest.mark.parametrize(("alert", "was", "becomes"), [("LagHigh", "> 60", "> 6000"), ("NotDelivered", "> 0", ">= 0")])
def test_a_wrong_rule_is_found(alert: str, was: str, becomes: str, tmp_path: Path) -> None:
    rule = next(rule for rule in _rules() if rule["alert"] == alert)
    assert was in rule["expr"]
    rule["expr"] = rule["expr"].replace(was, becomes)
    assert _tried(tmp_path, [rule], [alert])


def test_prometheus_reads_rules_and_configuration() -> None:
    for what in (["rules", str(RULES)], ["config", str(RULES.parent / "prometheus.yaml")]):
        tried = subprocess.run(["promtool", "check", *what], capture_output=True, text=True, check=False)
        assert tried.returncode == 0, tried.stdout + tried.stderr


def test_the_dashboard_s_queries_are_promql(tmp_path: Path) -> None:
    panels = yaml.safe_load((ROOT / "infra/grafana/pipeline.json").read_text())["panels"]
    asked = [target["expr"] for panel in panels for target in panel.get("targets", ())]
    rules = [
        {"record": f"asked_{number}", "expr": each.replace("$__rate_interval", "5m")}
        for number, each in enumerate(asked)
    ]
    assert _is_read(tmp_path, rules)
    assert not _is_read(tmp_path, [{"record": "wrong", "expr": "sum by (agency (up)"}])


def _is_read(folder: Path, rules: list[dict[str, str]]) -> bool:
    file = folder / "queries.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
    return subprocess.run(["promtool", "check", "rules", str(file)], capture_output=True, check=False).returncode == 0
