"""An existing Kafka and PostgreSQL, as the environment tells of them; what of it the children may see."""

from pathlib import Path

import pytest

from infra.local import environment_variables
from infra.local.environment_variables import SettingsError
from infra.local.supervised_command import Command
from infra.local.supervisor_plan import StartPlan
from schemas.topics import Deployment

BY_CERTIFICATE = {
    "ATIPS_KAFKA_BOOTSTRAP": "broker:9093",
    "ATIPS_KAFKA_CA": "/etc/ca.crt",
    "ATIPS_KAFKA_ADMIN_BOOTSTRAP": "broker:9094",
    "ATIPS_KAFKA_ADMIN_CERTIFICATE": "/etc/admin.crt",
    "ATIPS_KAFKA_ADMIN_KEY": "/etc/admin.key",
}
BY_PASSWORD = {
    "ATIPS_KAFKA_BOOTSTRAP": "broker:9093",
    "ATIPS_KAFKA_CA": "/etc/ca.crt",
    "ATIPS_KAFKA_ADMIN_USERNAME": "root",
    "ATIPS_KAFKA_ADMIN_PASSWORD_FILE": "/etc/password",
    "ATIPS_KAFKA_REPLICATION": "1",
}


def test_without_them_ours_are_started() -> None:
    assert environment_variables.existing_kafka({}) is None
    assert environment_variables.existing_postgres({}) is None


def test_the_administrator_comes_by_certificate_or_by_password() -> None:
    by_certificate = environment_variables.existing_kafka(BY_CERTIFICATE)
    assert by_certificate is not None
    assert by_certificate.admin_bootstrap == "broker:9094"
    assert by_certificate.replication == 3
    by_password = environment_variables.existing_kafka(BY_PASSWORD)
    assert by_password is not None
    assert by_password.admin_bootstrap == "broker:9093"
    assert by_password.replication == 1


@pytest.mark.parametrize(
    ("whole", "missing"),
    [(BY_CERTIFICATE, name) for name in ("ATIPS_KAFKA_CA", "ATIPS_KAFKA_ADMIN_CERTIFICATE", "ATIPS_KAFKA_ADMIN_KEY")]
    + [(BY_PASSWORD, name) for name in ("ATIPS_KAFKA_ADMIN_USERNAME", "ATIPS_KAFKA_ADMIN_PASSWORD_FILE")],
)
def test_half_of_it_is_an_error(whole: dict[str, str], missing: str) -> None:
    with pytest.raises(SettingsError, match=missing):
        environment_variables.existing_kafka({name: value for name, value in whole.items() if name != missing})


def test_files_are_found_from_wherever_the_supervisor_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    found = environment_variables.existing_kafka({**BY_CERTIFICATE, "ATIPS_KAFKA_CA": "ca.crt"})
    assert found is not None
    assert found.ca == tmp_path / "ca.crt"
    assert environment_variables.existing_postgres({"ATIPS_POSTGRES_ADMIN_DSN_FILE": "dsn"}) == tmp_path / "dsn"


def test_the_plan_survives_the_pipe() -> None:
    plan = StartPlan(
        data_dir=Path("/data"),
        deployment=Deployment("t1", 2, ("dhs",)),
        attached=True,
        throwaway=False,
        parent=1,
        prepare=(Command("migrate", ("python", "-m", "migrate"), role="owner"),),
        services=(Command("intake", ("python",), "intake", "intake", {"ATIPS_LOG_LEVEL": "debug"}),),
        existing_kafka=environment_variables.existing_kafka(BY_PASSWORD),
        existing_postgres=Path("/etc/dsn"),
        broker={"group.consumer.session.timeout.ms": "2000"},
    )
    assert StartPlan.from_json(plan.to_json()) == plan
    assert "\n" not in plan.to_json()


def test_servers_see_nothing_of_the_users_environment() -> None:
    seen = environment_variables.for_server(
        {"PATH": "/bin", "PGDATA": "/x", "JAVA_TOOL_OPTIONS": "-x", "KAFKA_OPTS": "-y"}
    )
    assert seen == {"PATH": "/bin", "LC_ALL": "C.UTF-8"}


def test_services_see_no_credentials_but_their_own() -> None:
    mine = {"ATIPS_LOG_LEVEL": "debug", "ATIPS_HTTP_IN_FLIGHT": "3"}
    seen = environment_variables.for_service(
        {**BY_CERTIFICATE, "ATIPS_POSTGRES_ADMIN_DSN_FILE": "/x", **mine}, ["ATIPS_LOG_LEVEL"]
    )
    assert seen == {"ATIPS_LOG_LEVEL": "debug", "PYTHONSAFEPATH": "1", "MALLOC_ARENA_MAX": "2"}


def test_who_runs_the_services_may_give_them_more_heaps() -> None:
    assert environment_variables.for_service({"MALLOC_ARENA_MAX": "8"})["MALLOC_ARENA_MAX"] == "8"
