"""Kafka's own command line tools, with the bundled Java and the locked jars.

Example: `python -m infra.local.kafka_tools console-producer --command-config D/clients/dhs/client.properties …`
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from infra.local import jars
from infra.local.kafka import java

if TYPE_CHECKING:
    from collections.abc import Sequence

TOOLS = {
    "acls": "org.apache.kafka.tools.AclCommand",
    "configs": "kafka.admin.ConfigCommand",
    "console-consumer": "org.apache.kafka.tools.consumer.ConsoleConsumer",
    "console-producer": "org.apache.kafka.tools.ConsoleProducer",
    "consumer-groups": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
    "topics": "org.apache.kafka.tools.TopicCommand",
}


def main(arguments: Sequence[str]) -> None:
    """Run a tool of Kafka in place of this process, with the tool's output and exit code."""
    if not arguments or arguments[0] not in TOOLS:
        sys.stderr.write(f"usage: python -m infra.local.kafka_tools {' | '.join(TOOLS)} ARGS…\n")
        sys.exit(os.EX_USAGE)
    name, *rest = arguments
    command = java(jars.ensure(("broker", "tools")), TOOLS[name], *rest, heap="256m")
    os.execv(command[0], command)  # noqa: S606 - no shell, on purpose


if __name__ == "__main__":
    main(sys.argv[1:])
