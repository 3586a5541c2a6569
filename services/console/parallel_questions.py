"""Calls that run in parallel with one deadline: a part that does not answer delays no other answer."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

DEADLINE_SECONDS: Final = 4.0
"""Deadline for all calls. A person waits at a terminal; an idle part answers in hundredths of a second."""


def ask(questions: Mapping[str, Callable[[], Any]], seconds: float = DEADLINE_SECONDS) -> dict[str, Any]:
    """Call each function on its own thread, and return the results by name; those not ready in time are left out."""
    answers: dict[str, Any] = {}

    def answer(name: str, question: Callable[[], Any]) -> None:
        answers[name] = question()

    # Daemon threads: a call that never ends must not keep the process from exiting.
    threads = [threading.Thread(target=answer, args=each, daemon=True) for each in questions.items()]
    for thread in threads:
        thread.start()
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return dict(answers)
