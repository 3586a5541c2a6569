"""Only locked packages are installed: every package by hash, every jar by SHA-256, no address of an index."""

import re

from tests.check.project import ROOT, pyproject

ADDRESS = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|--trusted-host|(?:^|\s)-[if]\s")
JAR = re.compile(r"(broker|tools) [\w.-]+(:[\w.-]+){2,3} sha256:[0-9a-f]{64}")


def requirements(text: str) -> dict[str, list[str]]:
    """Give each locked package's name and its hashes; a line of another form raises."""
    locked: dict[str, list[str]] = {}
    for entry in text.replace("\\\n", " ").splitlines():
        if not entry.strip() or entry.startswith("#"):
            continue
        pin, *hashes = entry.split(" --hash=sha256:")
        named = re.fullmatch(r"([a-z0-9._-]+)(?:\[[a-z,-]+\])?==[^\s;]+(?: ; .+)?", pin.strip())
        if named is None:
            message = f"not a pin: {pin}"
            raise ValueError(message)
        locked.setdefault(named[1], []).extend(digest.strip() for digest in hashes)
    return locked


def unhashed(text: str) -> list[str]:
    return [
        name
        for name, hashes in requirements(text).items()
        if not hashes or not all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in hashes)
    ]


def test_every_requirement_has_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert unhashed(text) == []
    assert ADDRESS.search(text) is None


def test_a_requirement_without_a_hash_and_an_address_are_seen() -> None:
    assert unhashed("rich==15.0.0\n") == ["rich"]
    assert unhashed("rich==15.0.0 \\\n    --hash=sha256:abc\n") == ["rich"]
    assert unhashed(f"rich==15.0.0 ; python_version > '3' \\\n    --hash=sha256:{'a' * 64}\n") == []
    assert ADDRESS.search("--index-url https://packages.example/simple\n")
    assert ADDRESS.search("rich @ https://packages.example/rich.whl\n")


def test_the_lock_answers_for_everything_that_the_project_asks_for() -> None:
    project = pyproject()["project"]
    asked = project["dependencies"] + [one for extra in project["optional-dependencies"].values() for one in extra]
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for requirement in [*asked, *pyproject()["build-system"]["requires"]]:
        name, pin = re.fullmatch(r"([a-z0-9-]+)(==[\d.]+)?.*", requirement, re.ASCII).groups()  # type: ignore[union-attr]
        assert re.search(rf"^{re.escape(name)}{re.escape(pin or '==')}", locked, re.MULTILINE), requirement


def test_every_jar_is_locked_by_coordinate_and_digest() -> None:
    lines = (ROOT / "infra/local/kafka.lock").read_text(encoding="utf-8").splitlines()
    jars = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in jars if not JAR.fullmatch(line)] == []
    assert any(":kafka_2.13:4.3." in line for line in jars)
    coordinates = [line.split()[1] for line in jars]
    assert len(coordinates) == len(set(coordinates))


def test_a_jar_without_its_digest_is_seen() -> None:
    assert not JAR.fullmatch("broker org.apache.kafka:kafka_2.13:4.3.1")
    assert not JAR.fullmatch("broker org.apache.kafka:kafka_2.13:4.3.1 sha256:abc")
    assert not JAR.fullmatch(f"broker kafka_2.13 sha256:{'a' * 64}")
