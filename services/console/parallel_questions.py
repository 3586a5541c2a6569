"""Questions asked side by side, each with a deadline: one part that does not answer delays no other answer."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

DEADLINE_SECONDS: Final = 4.0
"""Somebody waits at a terminal. An idle part answers in some hundredths of a second."""


def ask(questions: Mapping[str, Callable[[], Any]], seconds: float = DEADLINE_SECONDS) -> dict[str, Any]:
    """Give each question's answer; a question without an answer within `seconds` is left out."""
    answers: dict[str, Any] = {}

    def answer(name: str, question: Callable[[], Any]) -> None:
        answers[name] = question()

    # Daemons: a question that never ends must not keep the process from leaving.
    threads = [threading.Thread(target=answer, args=each, daemon=True) for each in questions.items()]
    for thread in threads:
        thread.start()
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return dict(answers)
