"""Each service takes its own settings from the environment of the command that starts it, and no other."""

from typing import Any

import pytest
import typer
from typer.main import get_command

from infra.local import environment_variables
from services.console import cluster_start, local_cluster
from services.console.__main__ import app
from services.console.service_settings import SERVICES, environment_of, refuse_unknown, settings_names_of
from services.runtime.settings import FOREIGN

OF_INTAKE = {"ATIPS_HTTP_IN_FLIGHT": "3"}
OF_REPORTING = {"ATIPS_REMEMBERED_MB": "20"}
OF_EVERY = {"ATIPS_LOG_LEVEL": "debug"}
OF_COMMANDS = {"ATIPS_TOKEN_FILE": "/run/token", "ATIPS_DATA_DIR": "/data"}
OF_THE_CLUSTER = {"ATIPS_KAFKA_BOOTSTRAP": "kafka:9092", "ATIPS_POSTGRES_ADMIN_DSN_FILE": "/dsn"}
ALL = OF_INTAKE | OF_REPORTING | OF_EVERY | OF_COMMANDS | OF_THE_CLUSTER


def test_a_setting_goes_to_the_services_that_have_it() -> None:
    assert {name: settings_names_of(name, ALL) for name in SERVICES} == {
        "intake": ("ATIPS_HTTP_IN_FLIGHT", "ATIPS_LOG_LEVEL"),
        "referral": ("ATIPS_LOG_LEVEL",),
        "case_tracker": ("ATIPS_LOG_LEVEL",),
        "reporting": ("ATIPS_LOG_LEVEL", "ATIPS_REMEMBERED_MB"),
        "web": ("ATIPS_LOG_LEVEL",),
    }


def test_commands_of_a_cluster_carry_each_service_its_own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", ALL | {"PATH": "/bin"})
    ports = dict.fromkeys((*SERVICES, local_cluster.HTTP, local_cluster.PAGES, local_cluster.PAGES_OVER_TLS), 1)
    given = {
        each.name: environment_variables.for_service(environment_variables.inherited(), each.settings)
        for each in (*cluster_start.commands(ports), cluster_start.migration())
    }
    ours = {name: {key for key in seen if key.startswith("ATIPS_")} for name, seen in given.items()}
    assert ours == {
        "migrate": {"ATIPS_LOG_LEVEL"},
        "intake": {"ATIPS_HTTP_IN_FLIGHT", "ATIPS_LOG_LEVEL"},
        "referral": {"ATIPS_LOG_LEVEL"},
        "case_tracker": {"ATIPS_LOG_LEVEL"},
        "reporting": {"ATIPS_LOG_LEVEL", "ATIPS_REMEMBERED_MB"},
        "web": {"ATIPS_LOG_LEVEL"},
    }
    assert all(seen["PATH"] == "/bin" for seen in given.values())
    assert environment_of("intake").items() >= (OF_INTAKE | OF_EVERY).items()


def test_a_setting_that_nobody_has_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    refuse_unknown(ALL)
    with pytest.raises(typer.Exit) as left:
        refuse_unknown(ALL | {"ATIPS_HTTP_IN_FLIHGT": "3"})
    assert left.value.exit_code == 2
    assert "ATIPS_HTTP_IN_FLIHGT: no service has a setting of this name" in " ".join(capsys.readouterr().err.split())


def test_a_variable_that_a_command_reads_is_no_unknown_setting() -> None:
    names = {str(name) for name in _variables(get_command(app)) if str(name).startswith("ATIPS_")}
    assert names >= {"ATIPS_DATA_DIR", "ATIPS_DISCLOSURE_FILE"}
    refuse_unknown(dict.fromkeys(names | FOREIGN, "x"))


def _variables(found: Any) -> set[object]:  # noqa: ANN401 - a Click command or group
    """Give the variables that a command's options, or those of a group's commands, are read from."""
    inner = getattr(found, "commands", {}).values()
    return {each.envvar for each in found.params}.union(*map(_variables, inner))
