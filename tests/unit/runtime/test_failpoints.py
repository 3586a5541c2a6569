"""Failpoints: off unless armed, exact about the hit, and never misspelt in silence."""

from collections.abc import Iterator

import pytest

from services.runtime.failpoints import NAMES, FailpointReached, arm, failpoint


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    arm("")


def test_does_nothing_unless_armed() -> None:
    for name in NAMES:
        failpoint(name)


def test_raises_at_the_named_hit_and_only_once() -> None:
    arm("batch.committed=retry@3")
    failpoint("batch.fenced")
    failpoint("batch.committed")
    failpoint("batch.committed")
    with pytest.raises(FailpointReached):
        failpoint("batch.committed")
    failpoint("batch.committed")


@pytest.mark.parametrize(
    "text", ["batch.commited=kill", "batch.committed", "batch.committed=hang", "batch.begun=kill@x"]
)
def test_refuses_what_it_does_not_know(text: str) -> None:
    with pytest.raises(ValueError, match="failpoint is"):
        arm(text)
