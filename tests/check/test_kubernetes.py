"""Manifests are held against the real schemas of Kubernetes and of each operator, and against the code."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
import yaml

from infra.kafka import broker_limits
from infra.kafka.rights import access
from infra.kubernetes import topics_users_and_alerts
from schemas.agencies import PUBLISHING, SERVICES
from schemas.topics import Deployment
from tests.check.project import ROOT

KUBERNETES: Final = ROOT / "infra/kubernetes"
SCHEMAS: Final = KUBERNETES / "schemas"
DEPLOYMENT: Final = Deployment(partitions=16)
CORE: Final = {
    "apps/v1": "io.k8s.api.apps.v1",
    "networking.k8s.io/v1": "io.k8s.api.networking.v1",
    "policy/v1": "io.k8s.api.policy.v1",
    "v1": "io.k8s.api.core.v1",
}
"""Kubernetes' own groups, and the names of their definitions."""

Manifest = dict[str, Any]


class UnknownKind(Exception):
    """No schema is kept for a manifest's kind."""


def strict(schema: Any) -> Any:  # noqa: ANN401 - JSON
    """Refuse what a custom resource's schema does not name: the API server would drop it silently."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: strict(value) for name, value in schema.items()}
    if schema.get("x-kubernetes-int-or-string"):
        found.pop("type", None)
    is_open = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if isinstance(schema.get("properties"), dict) and not is_open:
        found["additionalProperties"] = False
    return found


@cache
def schema_of(version: str, kind: str) -> Any:  # noqa: ANN401 - JSON
    """Give the schema of a kind. Raises `UnknownKind`."""
    if version in CORE:
        kept = json.loads(next(SCHEMAS.glob("kubernetes_*.json")).read_text())
        name = f"{CORE[version]}.{kind}"
        if name not in kept["definitions"]:
            raise UnknownKind(name)
        return {**kept, "$ref": f"#/definitions/{name}"}
    file = SCHEMAS / f"{version.replace('/', '_')}_{kind}.json"
    if not file.exists():
        raise UnknownKind(file.name)
    schema = strict(json.loads(file.read_text()))
    schema["properties"]["metadata"] = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "pattern": r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", "maxLength": 253},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "annotations": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "required": ["name"],
        "additionalProperties": False,
    }
    return schema


def check(manifest: Manifest) -> None:
    """Raise jsonschema's error where a manifest is not as its schema says."""
    schema = schema_of(manifest["apiVersion"], manifest["kind"])
    jsonschema.Draft202012Validator(schema).validate(manifest)


def read() -> Iterator[tuple[Path, Manifest]]:
    for file in sorted(KUBERNETES.rglob("*.yaml")):
        if file.name != "kustomization.yaml":
            for manifest in yaml.load_all(file.read_text(), Loader=yaml.CSafeLoader):
                yield file, manifest


ALL: Final = list(read())
OF_BASE: Final = [manifest for file, manifest in ALL if file.parent.name == "base"]


def kinds(kind: str) -> list[Manifest]:
    return [manifest for manifest in OF_BASE if manifest["kind"] == kind]


def named(kind: str, name: str) -> Manifest:
    (found,) = [each for each in kinds(kind) if each["metadata"]["name"] == name]
    return copy.deepcopy(found)


def test_every_manifest_is_as_its_schema_says() -> None:
    assert len(ALL) > 80
    for file, manifest in ALL:
        try:
            check(manifest)
        except jsonschema.ValidationError as error:
            pytest.fail(
                f"{file.name}, {manifest['kind']} {manifest['metadata']['name']}: {error.json_path}: {error.message}"
            )


def _replicas(of: Manifest) -> None:
    of["spec"]["replicas"] = "two"


def _misspelt(of: Manifest) -> None:
    of["spec"]["template"]["spec"]["containers"][0]["securityContext"]["readOnlyRootFileSystem"] = True


def _operation(of: Manifest) -> None:
    of["spec"]["authorization"]["acls"][0]["operations"] = ["Publish"]


def _synchronous(of: Manifest) -> None:
    of["spec"]["postgresql"]["synchronous"] = {"method": "all", "number": 1}


def _instances(of: Manifest) -> None:
    of["spec"]["instances"] = 0


def _issuer(of: Manifest) -> None:
    of["spec"]["issuer"] = of["spec"].pop("issuerRef")


def _port(of: Manifest) -> None:
    of["spec"]["ingress"][0]["ports"] = [{"protocol": "HTTP", "ports": 80}]


def _endpoint(of: Manifest) -> None:
    of["spec"]["podMetricsEndpoints"][0]["intervals"] = "15s"


@pytest.mark.parametrize(
    ("kind", "name", "spoil"),
    [
        ("Deployment", "intake", _replicas),
        ("Deployment", "intake", _misspelt),
        ("KafkaUser", "bpd", _operation),
        ("Cluster", "atips-postgres", _synchronous),
        ("Cluster", "atips-postgres", _instances),
        ("Certificate", "web", _issuer),
        ("NetworkPolicy", "web-door", _port),
        ("PodMonitor", "atips", _endpoint),
    ],
)
def test_a_wrong_manifest_is_found(kind: str, name: str, spoil: Any) -> None:  # noqa: ANN401 - a function above
    manifest = named(kind, name)
    check(manifest)
    spoil(manifest)
    with pytest.raises(jsonschema.ValidationError):
        check(manifest)


def test_a_kind_without_a_schema_is_found() -> None:
    with pytest.raises(UnknownKind):
        check({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}})
    with pytest.raises(UnknownKind):
        check({"apiVersion": "kafka.strimzi.io/v1beta2", "kind": "KafkaTopic", "metadata": {"name": "a"}})


@pytest.mark.parametrize("name", sorted(topics_users_and_alerts.files(DEPLOYMENT)))
def test_a_generated_file_is_what_the_code_says(name: str) -> None:
    assert (KUBERNETES / "base" / name).read_text() == topics_users_and_alerts.files(DEPLOYMENT)[name], (
        "python -m infra.kubernetes"
    )


def test_users_have_exactly_the_rights_of_the_code() -> None:
    expected = {
        (topics_users_and_alerts.name_of(right.principal), right.resource, right.name, right.operation)
        for right in access(DEPLOYMENT.specs(3), DEPLOYMENT)
    }
    found = [
        (user["metadata"]["name"], acl["resource"]["type"].upper(), acl["resource"]["name"], operation.upper())
        for user in kinds("KafkaUser")
        for acl in user["spec"].get("authorization", {"acls": ()})["acls"]
        for operation in acl["operations"]
    ]
    assert len(found) == len(set(found))
    assert set(found) == expected
    names = {user["metadata"]["name"] for user in kinds("KafkaUser")}
    assert names == {*map(topics_users_and_alerts.name_of, (*PUBLISHING, *SERVICES)), "atips-admin"}


def test_agencies_have_quotas_and_services_have_none() -> None:
    with_quotas = {user["metadata"]["name"] for user in kinds("KafkaUser") if "quotas" in user["spec"]}
    assert with_quotas == {topics_users_and_alerts.name_of(agency) for agency in PUBLISHING}


def test_the_broker_has_the_limits_of_the_code() -> None:
    spec = named("Kafka", "atips")["spec"]["kafka"]
    not_strimzi_s = "sasl."  # Strimzi refuses these settings
    wanted = {each.name: each.value for each in broker_limits.BROKER if not each.name.startswith(not_strimzi_s)}
    assert {name: spec["config"].get(name) for name in wanted} == wanted
    listener = next(each for each in spec["listeners"] if each["name"] == "agencies")["configuration"]
    of_listener = {each.name: each.value for each in broker_limits.LISTENER}
    assert listener["maxConnections"] == of_listener["max.connections"]
    assert listener["maxConnectionCreationRate"] == of_listener["max.connection.creation.rate"]


SERVED: Final = [each for each in kinds("Deployment") if each["metadata"]["name"] != "operator"]
"""The deployments of services; the operator's pod is none."""


@pytest.mark.parametrize("deployment", SERVED, ids=lambda each: each["metadata"]["name"])
def test_a_service_runs_twice_and_without_rights(deployment: Manifest) -> None:
    spec = deployment["spec"]
    pod = spec["template"]["spec"]
    (container,) = pod["containers"]
    assert spec["replicas"] >= 2
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"requests", "limits"} <= container["resources"].keys()
    assert {"startupProbe", "livenessProbe", "readinessProbe"} <= container.keys()
    assert pod["topologySpreadConstraints"]
    assert all(each.get("readOnly") or each["mountPath"] == "/tmp" for each in container["volumeMounts"])  # noqa: S108
    (budget,) = [each for each in kinds("PodDisruptionBudget") if each["spec"]["selector"] == spec["selector"]]
    assert budget["spec"]["maxUnavailable"] == 1
    assert container["args"] == [spec["selector"]["matchLabels"]["app.kubernetes.io/name"]]


def test_there_is_a_deployment_for_each_service() -> None:
    found = {each["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/name"] for each in SERVED}
    assert found == {*SERVICES, "web"}


def test_all_traffic_is_refused_but_what_is_named() -> None:
    deny = named("NetworkPolicy", "deny-all")["spec"]
    assert deny == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    # Nothing is open to everybody but the doors of agencies to Kafka, and the way to the API server.
    for policy in kinds("NetworkPolicy"):
        for direction, peers in (("ingress", "from"), ("egress", "to")):
            for rule in policy["spec"].get(direction, ()):
                ports = {each["port"] for each in rule["ports"]}
                assert rule.get(peers) or (policy["metadata"]["name"], *sorted(ports)) in {
                    ("kafka", 9095),
                    ("kafka", 443, 6443),
                    ("postgres", 443, 6443),
                }


def test_policies_and_monitors_choose_pods_that_there_are() -> None:
    ours = [each["spec"]["template"]["metadata"]["labels"] for each in kinds("Deployment")]
    operators = [
        {"strimzi.io/cluster": "atips"},
        {"strimzi.io/name": "atips-kafka"},
        {"cnpg.io/cluster": "atips-postgres"},
        {"k8s-app": "kube-dns"},
    ]
    for manifest in (*kinds("NetworkPolicy"), *kinds("PodMonitor"), *kinds("PodDisruptionBudget"), *kinds("Service")):
        for wanted in _selectors(manifest["spec"]):
            assert any(wanted.items() <= labels.items() for labels in (*ours, *operators)), (manifest, wanted)


def _selectors(node: Any) -> Iterator[dict[str, str]]:  # noqa: ANN401 - YAML
    if isinstance(node, dict):
        for name, value in node.items():
            if name in {"podSelector", "selector"} and isinstance(value, dict):
                yield value.get("matchLabels", {} if name == "podSelector" else value)
            else:
                yield from _selectors(value)
    elif isinstance(node, list):
        for each in node:
            yield from _selectors(each)


def test_every_file_of_the_base_is_part_of_it() -> None:
    listed = yaml.safe_load((KUBERNETES / "base/kustomization.yaml").read_text())["resources"]
    assert sorted(listed) == sorted(
        file.name for file in (KUBERNETES / "base").glob("*.yaml") if file.name != "kustomization.yaml"
    )


def test_each_secret_that_is_mounted_is_made_by_somebody() -> None:
    external = {manifest["spec"]["target"]["name"] for _, manifest in ALL if manifest["kind"] == "ExternalSecret"}
    certificates = {each["spec"]["secretName"] for each in kinds("Certificate")}
    mounted = {
        volume["secret"]["secretName"]
        for each in kinds("Deployment")
        for volume in each["spec"]["template"]["spec"]["volumes"]
        if "secret" in volume and not volume["secret"].get("optional")
    }
    strimzi_s = {"atips-cluster-ca-cert", *(each["metadata"]["name"] for each in kinds("KafkaUser"))}
    assert mounted <= external | certificates | strimzi_s
