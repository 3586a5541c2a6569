"""The demo goes on when nothing is left to read and two sweeps have passed since without a new event."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from infra.local import connection_settings
from schemas.topics import Deployment
from services.console import lag, local_cluster
from services.demo import await_idle

UNKNOWN: Any = SimpleNamespace(data_dir="folder")


class Moment(NamedTuple):
    """Answers of the services at one look."""

    sweeps: float | None
    complete_to: int = 0
    behind: bool = False


def looked(monkeypatch: pytest.MonkeyPatch, *moments: Moment) -> Iterator[Moment]:
    """Let the services answer as at each of these moments; each question for sweeps is a moment later."""
    left = iter(moments)
    now = moments[0]

    def swept(_ports: object) -> dict[str, float]:
        nonlocal now
        now = next(left)
        return {} if now.sweeps is None else dict.fromkeys(("referral", "case_tracker"), now.sweeps)

    async def complete_to(_folder: object) -> int:
        return now.complete_to

    monkeypatch.setattr(await_idle, "_swept", swept)
    monkeypatch.setattr(await_idle, "_complete_to", complete_to)
    monkeypatch.setattr(await_idle, "_behind", lambda *_: ["intake"] if now.behind else [])
    monkeypatch.setattr(await_idle, "_STEP_SECONDS", 0)
    monkeypatch.setattr(await_idle, "Folder", lambda _: None)
    monkeypatch.setattr(lag, "AdminClient", lambda _: None)
    monkeypatch.setattr(local_cluster, "admin_ports", lambda _: {})
    monkeypatch.setattr(connection_settings, "deployment", lambda _: Deployment())
    monkeypatch.setattr(connection_settings, "admin", lambda _: {})
    return left


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param([Moment(1, 5), Moment(1, 5), Moment(2, 5), Moment(3, 5)], id="two sweeps"),
        pytest.param([Moment(1, 5, behind=True), Moment(2, 5), Moment(2, 5), Moment(4, 5)], id="behind at first"),
        pytest.param([Moment(1, 4), Moment(2, 5), Moment(2, 5), Moment(4, 5)], id="figures that are not complete"),
        pytest.param([Moment(1, 5), Moment(1, 5), Moment(3, 6), Moment(3, 6), Moment(5, 6)], id="a decision"),
        pytest.param(
            [Moment(1, 5), Moment(1, 5), Moment(3, 5, behind=True), Moment(4, 5), Moment(4, 5), Moment(6, 5)],
            id="a decision that is not read yet",
        ),
        pytest.param(
            [Moment(9, 5), Moment(9, 5), Moment(None), Moment(1, 5), Moment(1, 5), Moment(3, 5)], id="restart"
        ),
        pytest.param([Moment(1, 5), Moment(None), Moment(3, 5), Moment(3, 5), Moment(5, 5)], id="no answer"),
    ],
)
def test_it_goes_on_at_the_last_moment_and_not_before(moments: list[Moment], monkeypatch: pytest.MonkeyPatch) -> None:
    left = looked(monkeypatch, *moments)
    await_idle.wait_until_idle(UNKNOWN, 5)
    assert list(left) == []


def test_it_says_what_is_missing_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    looked(monkeypatch, *[Moment(1, 4, behind=True)] * 1_000_000)
    monkeypatch.setattr(await_idle, "COUNT_SECONDS", 0.05)
    with pytest.raises(await_idle.TooLateError, match="complete to event 4 of 5; behind: intake"):
        await_idle.wait_until_idle(UNKNOWN, 5)
