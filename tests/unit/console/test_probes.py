import threading
import time
from typing import Any

import pytest

from services.console import probes, status


def test_a_part_that_does_not_answer_delays_no_other() -> None:
    never = threading.Event()
    begun = time.monotonic()
    answers = probes.ask({"frozen": never.wait, "there": lambda: 7, "none": lambda: None}, seconds=0.2)
    assert answers == {"there": 7, "none": None}
    assert time.monotonic() - begun < 5
    never.set()


def found(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    service = {"name": "intake", "state": "running", "lag": 0}
    return {"stage": "ready", "services": [service], "quarantine": {}, "dangers": [], **changed}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "ready"),
        ({"stage": "stopped"}, "stopped"),
        ({"dangers": None}, "NOT READY: the database does not answer"),
        (
            {"services": [{"name": "intake", "state": "not ready", "lag": None}]},
            "NOT READY: intake is not ready, Kafka does not answer",
        ),
    ],
)
def test_the_head_line_is_the_worst_of_the_parts(changed: dict[str, Any], said: str) -> None:
    assert status.worst(found(**changed)) == said
