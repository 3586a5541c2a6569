"""Limits of the HTTP API. Each limit is a setting of the same name with the prefix `http_`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Limits in seconds, bytes and numbers. Each has its reason beside its setting (`services/intake/settings.py`)."""

    refusals_per_second: float = 1.0
    refusals_at_once: float = 20.0
    in_flight: int = 200
    bodies_per_agency: int = 40
    held_bytes: int = 64 * 1024 * 1024
    answer_seconds: float = 10.0
    body_seconds: float = 10.0
    body_bytes_per_second: float = 2048.0
    header_seconds: float = 10.0
    header_bytes: int = 16 * 1024
    idle_seconds: float = 15.0
    handshake_seconds: float = 10.0
    handshakes_per_second: float = 100.0
    handshakes_at_once: float = 512.0
    own_handshakes_per_second: float = 1.0
    own_handshakes_at_once: float = 8.0
    lists: int = 3
    lists_waiting: int = 8
    list_rest: float = 3.0
    connections: int = 512
    connections_per_address: int = 128
