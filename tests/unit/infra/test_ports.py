"""Ports: free, different from each other, and the same again at the next start."""

import socket
from collections.abc import Iterator

import pytest

from infra.local import ports
from infra.local.supervised_command import Command


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.create_server((ports.HOST, 0)) as server:
        yield server.getsockname()[1]


def test_each_name_gets_a_port_of_its_own() -> None:
    chosen = ports.choose([f"name{number}" for number in range(20)], {})
    assert len(set(chosen.values())) == 20
    assert all(ports.FIRST <= port < ports.LAST and ports.is_free(port) for port in chosen.values())


def test_a_remembered_port_is_taken_again() -> None:
    chosen = ports.choose(["kafka"], {})
    assert ports.choose(["kafka"], chosen) == chosen


def test_a_remembered_port_that_somebody_took_is_replaced(taken: int) -> None:
    assert not ports.is_free(taken)
    assert ports.choose(["kafka"], {"kafka": taken})["kafka"] != taken


def test_no_name_gets_what_another_remembers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.local.ports.secrets.randbelow", lambda _below: 5)
    monkeypatch.setattr(ports, "TRIES", 3)
    with pytest.raises(ports.NoFreePortError):
        ports.choose(["kafka"], {"other": ports.FIRST + 5})


def test_no_name_gets_what_is_promised_to_a_service(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Command("intake", ("true",), environment={"ATIPS_ADMIN_PORT": str(ports.FIRST + 5), "ATIPS_A": "b"})
    assert service.ports == (ports.FIRST + 5,)
    monkeypatch.setattr("infra.local.ports.secrets.randbelow", lambda _below: 5)
    monkeypatch.setattr(ports, "TRIES", 3)
    for remembered in ({}, {"kafka": ports.FIRST + 5}):
        with pytest.raises(ports.NoFreePortError):
            ports.choose(["kafka"], remembered, service.ports)
