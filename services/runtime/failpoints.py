"""Named places where a test can end or fail a process: every boundary between two steps that must survive a crash.

Off unless armed through the setting `failpoint`, for example `batch.committed=kill@3`: the third time, SIGKILL.
The other action, `retry`, raises what a lost connection raises: at `batch.committed` an unknown outcome.
"""

import os
import signal
from typing import Final, Literal, get_args

from services.runtime.errors import Retryable

Name = Literal[
    # the consumer's loop, in every service
    "batch.polled",
    "batch.prepared",
    "batch.begun",
    "batch.fenced",
    "batch.applied",
    "batch.committed",
    "batch.acknowledged",
    # intake, inside the transaction
    "intake.locked",
    "intake.read",
    "intake.inserted",
    # intake's relay
    "relay.read",
    "relay.produced",
    "relay.acked",
    "relay.advanced",
    "relay.progressed",
    # reporting, inside the transaction
    "reporting.appended",
    "reporting.counted",
]
NAMES: Final[tuple[Name, ...]] = get_args(Name)


class FailpointReached(Retryable):
    """Raised by an armed failpoint whose action is `retry`."""


class _Armed:
    """The one armed failpoint of this process; `name` is empty when none is."""

    name: str = ""
    action: str = ""
    left: int = 0


def arm(text: str) -> None:
    """Arm one failpoint from `name=kill|retry[@hit]`; an empty text disarms; anything else is a ValueError."""
    if not text:
        _Armed.name = ""
        return
    name, _, rest = text.partition("=")
    action, _, hit = rest.partition("@")
    if name not in NAMES or action not in {"kill", "retry"} or not (hit or "1").isdecimal():
        msg = "a failpoint is name=kill or name=retry, with @hit for a later pass"
        raise ValueError(msg)
    _Armed.name, _Armed.action, _Armed.left = name, action, int(hit or "1")


def failpoint(name: Name) -> None:
    """Mark a boundary between two steps; does nothing unless this very name is armed."""
    if _Armed.name != name:
        return
    _Armed.left -= 1
    if _Armed.left > 0:
        return
    if _Armed.action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    _Armed.name = ""
    raise FailpointReached(name)
