"""Named places where a test can end or fail a process: each boundary between two steps that must survive a crash.

No failpoint is armed unless the setting `failpoint` names it. Example: `batch.committed=kill@3` sends SIGKILL at the
third time. `stop` sends SIGSTOP, so that the process seems dead and continues later. `retry` raises `FailpointReached`,
like a lost connection: at `batch.committed` the outcome is then unknown.
"""

import os
import signal
from typing import Final, Literal, get_args

import structlog

from services.runtime.errors import Retryable

log = structlog.get_logger()

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
    "relay.answered",
    "relay.advanced",
    "relay.progressed",
    # a redrive: sent but not noted, and noted
    "redrive.sent",
    "redrive.noted",
    # intake over HTTP: inside the transaction, and before the answer
    "http.begun",
    "http.applied",
    "http.committed",
    # a service's outbox, inside the relay's transaction
    "outbox.read",
    "outbox.sent",
    "outbox.marked",
    # referral, inside the transaction of a batch or of a sweep
    "referral.decided",
    "referral.said",
    "referral.swept",
    # case_tracker, inside the transaction of a batch or of a sweep
    "case_tracker.decided",
    "case_tracker.said",
    "case_tracker.swept",
    # reporting, inside the transaction
    "reporting.appended",
    "reporting.counted",
    # a replay's process, inside its transactions, and after the rows of a batch are committed
    "replay.copied",
    "replay.read",
    "replay.folded",
    # a replay's coordinator: before it compares, inside the transaction that changes what is served, and after it
    "replay.compared",
    "replay.swapped",
    "replay.rebuilt",
]
NAMES: Final[tuple[Name, ...]] = get_args(Name)


class FailpointReached(Retryable):
    """Raised by an armed failpoint whose action is `retry`."""


# The armed failpoints of this process: the action, and how many passes are left until it acts.
_ARMED: Final[dict[str, tuple[str, int]]] = {}


def arm(text: str) -> None:
    """Arm failpoints from `name=kill|stop|retry[@hit]`, separated by commas, and disarm all others.

    Raises `ValueError` for any other text.
    """
    _ARMED.clear()
    for each in filter(None, text.split(",")):
        name, _, rest = each.partition("=")
        action, _, hit = rest.partition("@")
        if name not in NAMES or action not in {"kill", "stop", "retry"} or not (hit or "1").isdecimal():
            msg = "a failpoint is name=kill, name=stop or name=retry, with @hit for a later pass"
            raise ValueError(msg)
        _ARMED[name] = (action, int(hit or "1"))


def failpoint(name: Name) -> None:
    """Mark a boundary between two steps. Does nothing unless the failpoint `name` is armed."""
    if name not in _ARMED:
        return
    action, left = _ARMED[name]
    if left > 1:
        _ARMED[name] = (action, left - 1)
        return
    log.warning("failpoint", name=name)
    del _ARMED[name]
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
        return
    raise FailpointReached(name)
