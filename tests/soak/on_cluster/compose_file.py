"""The project's compose file with data volumes that can be filled and clocks that can be set.

Everything else stays as it is.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.soak.on_cluster import service_clocks


def with_places(text: str, volumes: Mapping[str, tuple[Path, str]], clocks: Mapping[str, Path]) -> str:
    """Return the text of a compose file whose services use folders of this machine.

    `volumes`: the folder by service that takes the place of the volume at a path inside. `clocks`: the folder by
    service of its clock.
    """
    read: dict[str, Any] = yaml.safe_load(text)
    made = {name: read[name] for name in ("services", "networks", "volumes")}
    for service, (folder, inside) in volumes.items():
        _replace_volume(made, service, f"{folder}:{inside}")
    for service, folder in clocks.items():
        container = made["services"][service]
        # Services share their mappings in the file: each gets one of its own.
        container["environment"] = {**container.get("environment", {}), **service_clocks.ENVIRONMENT}
        container["volumes"] = [*container["volumes"], f"{folder}:{service_clocks.INSIDE}:ro"]
    return yaml.safe_dump(made, sort_keys=False)


def _replace_volume(made: dict[str, Any], service: str, place: str) -> None:
    container = made["services"][service]
    inside = place.rpartition(":")[2]
    (before,) = (each for each in container["volumes"] if each.endswith(f":{inside}"))
    container["volumes"] = [place if each == before else each for each in container["volumes"]]
    del made["volumes"][before.partition(":")[0]]
