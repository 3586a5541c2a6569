"""Rules of containers: each is a function from the compose file, or from the Containerfile, to findings."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pytest
import yaml

from infra.cluster import broker_properties, container_secrets
from tests.check.project import ROOT

COMPOSE: Final = (ROOT / "infra/compose.yaml").read_text(encoding="utf-8")
CONTAINERFILE: Final = (ROOT / "infra/Containerfile").read_text(encoding="utf-8")
OUTER: Final = frozenset({"door", "agencies"})
"""Networks with ports on the machine. All others are internal."""
BEHIND: Final = {"log", "store"}
"""Networks of brokers and databases."""
SECRET: Final = re.compile(r"(?i)password|secret|token|BEGIN [A-Z ]*PRIVATE")

Service = Mapping[str, Any]
Rule = Callable[[str, Service], Iterator[str]]


def is_restricted(name: str, service: Service) -> Iterator[str]:
    user = str(service.get("user", "root")).partition(":")[0]
    if not user.isdigit() or user == "0":
        yield f"{name}: runs as {user}"
    if service.get("read_only") is not True:
        yield f"{name}: its root file system may be written"
    if service.get("cap_drop") != ["ALL"] or service.get("cap_add"):
        yield f"{name}: keeps capabilities"
    if "no-new-privileges" not in service.get("security_opt", ()):
        yield f"{name}: may gain privileges"
    if service.get("privileged") or service.get("network_mode") or service.get("pid"):
        yield f"{name}: is not apart from the machine"


def is_limited(name: str, service: Service) -> Iterator[str]:
    yield from (f"{name}: has no {limit}" for limit in ("mem_limit", "pids_limit") if not service.get(limit))
    if not service.get("healthcheck", {}).get("test"):
        yield f"{name}: nobody asks how it is"


def is_read_by_both_tools(name: str, service: Service) -> Iterator[str]:
    """podman-compose 1.0.3 reads a mapping of kernel parameters as a list of their names, and starts no container."""
    if not all("=" in str(each) for each in service.get("sysctls", ())):
        yield f"{name}: kernel parameters are a list of NAME=VALUE"


def is_apart(name: str, service: Service) -> Iterator[str]:
    networks = set(service.get("networks", ("default",)))
    if service.get("ports") and not networks & OUTER:
        yield f"{name}: publishes a port from an internal network"
    if name.startswith("postgres") and networks != {"store"}:
        yield f"{name}: a database is on the network of the databases alone"
    if name.startswith("kafka") and "door" in networks:
        yield f"{name}: the pages' callers reach a broker"
    if name == "web" and "log" in networks:
        yield f"{name}: the pages reach the brokers"
    yield from (
        f"{name}: a port is open to everybody unless told otherwise: {port}"
        for port in service.get("ports", ())
        if not str(port).startswith("${") and not str(port).startswith("127.0.0.1:")
    )


def holds_no_secret(name: str, service: Service) -> Iterator[str]:
    found = service.get("environment", {})
    yield from (f"{name}: {key} is set in the environment" for key in found if SECRET.search(f"{key}={found[key]}"))
    yield from (
        f"{name}: {volume} can be written"
        for volume in service.get("volumes", ())
        if ":/run/" in volume and not volume.endswith(":ro")
    )


RULES: tuple[Rule, ...] = (is_restricted, is_limited, is_read_by_both_tools, is_apart, holds_no_secret)

BAD: Final = """
services:
  postgres-1:
    image: x
    privileged: true
    networks: [door]
    ports: ["5432:5432"]
    environment: {POSTGRES_PASSWORD: invented}
    volumes: ["of-intake:/run/atips"]
    sysctls: {net.ipv4.tcp_retries2: "4"}
"""


def services(text: str) -> Mapping[str, Service]:
    found: Mapping[str, Service] = yaml.safe_load(text)["services"]
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_container_keeps_the_rule(rule: Rule) -> None:
    assert [found for name, service in services(COMPOSE).items() for found in rule(name, service)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_container_that_breaks_the_rule_is_found(rule: Rule) -> None:
    assert [found for name, service in services(BAD).items() for found in rule(name, service)]


def test_networks_are_internal_but_for_those_with_ports() -> None:
    networks = yaml.safe_load(COMPOSE)["networks"]
    open_ones = {name for name, network in networks.items() if not (network or {}).get("internal")}
    assert open_ones == OUTER
    assert networks.keys() >= BEHIND


def test_each_service_runs_twice() -> None:
    found = services(COMPOSE)
    for name in ("intake", "referral", "case-tracker", "reporting"):
        assert found[name]["command"] == found[f"{name}-2"]["command"]
        assert found[name]["volumes"] == found[f"{name}-2"]["volumes"]


def stages(text: str) -> dict[str, str]:
    """Give the instructions of each stage of a Containerfile."""
    parts = re.split(r"^FROM \S+ AS (\S+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def amiss(text: str) -> Iterator[str]:
    """Yield what is wrong with a Containerfile."""
    used = re.findall(r"localhost/atips\}/(\w+)", COMPOSE)
    for name, stage in stages(text).items():
        if name in used:
            for instruction in ("USER 10001:10001", "HEALTHCHECK ", "ENTRYPOINT ["):
                if instruction not in stage:
                    yield f"{name}: no {instruction.strip()}"
        if SECRET.search(stage):
            yield f"{name}: a secret in a layer"
        if re.search(r"pip install (?![^&]*(?:--require-hashes|--no-deps dist/))", stage):
            yield f"{name}: packages without their hashes"
        if re.search(r"^ADD |curl |wget ", stage, flags=re.MULTILINE):
            yield f"{name}: fetches what nothing checks"
    if not re.search(r"^ARG BASE=\S+\s+FROM \$\{BASE\} AS ", text, flags=re.MULTILINE):
        yield "the base image is no argument"
    yield from (f"no label {label}" for label in ("bz.atips.sbom=", "bz.atips.sbom.sha256=") if label not in text)


def test_the_images_keep_the_rules() -> None:
    assert list(amiss(CONTAINERFILE)) == []


def test_a_bad_containerfile_is_found() -> None:
    bad = "FROM debian AS services\nENV API_TOKEN=invented\nADD https://example.org/x /x\nRUN pip install x\n"
    assert len(list(amiss(bad))) == 9


def test_the_images_hold_what_is_locked_for_everything() -> None:
    locks = [(ROOT / each).read_text(encoding="utf-8") for each in ("infra/requirements.lock", "requirements.lock")]
    images, everything = (set(re.findall(r"^(\S+==\S+)", lock, flags=re.MULTILINE)) for lock in locks)
    assert images < everything
    assert not any(each.startswith(("pytest==", "mypy==", "playwright==")) for each in images)


def test_the_brokers_ports_are_those_that_they_advertise() -> None:
    found = services(COMPOSE)
    for node, port in broker_properties.AGENCY_PORTS.items():
        assert found[broker_properties.name(node)]["ports"] == [
            f"${{ATIPS_AGENCIES_ADDRESS:-127.0.0.1}}:{port}:{broker_properties.AGENCIES}"
        ]
    assert {name for name in found if name.startswith("postgres")} == set(
        map(container_secrets.database, container_secrets.DATABASES)
    )
