"""Each limit of the pages' listening sockets is a setting."""

from services.web.settings import Settings


def settings(**given: float) -> Settings:
    return Settings.model_validate({"admin_port": 1, "postgres_dsn_file": "dsn", "web_port": 2, **given})


def begun(found: Settings, address: str) -> int:
    """Give how many TLS handshakes of a hundred an address may begin at once."""
    handshakes = found.bounds().admission.handshakes
    assert handshakes is not None
    return sum(handshakes.admit_handshake(address) for _ in range(100))


def test_a_stranger_may_begin_few_tls_handshakes_at_the_pages_at_once() -> None:
    few = settings(web_handshakes_at_once=4, web_handshakes_per_second=0.001, web_own_handshakes_at_once=2)
    assert begun(few, "a") == 2 + 1
    assert begun(settings(web_handshakes_at_once=400), "a") == 100


def test_times_and_sizes_of_requests_are_the_settings() -> None:
    found = settings(
        web_header_seconds=1.5, web_header_bytes=2048, web_idle_seconds=2.5, web_answer_seconds=3.5,
        web_answer_bytes_per_second=4.5, web_handshake_seconds=5.5, web_connections=6, web_connections_per_address=7,
    ).bounds()  # fmt: skip
    assert (found.header_seconds, found.header_bytes, found.idle_seconds) == (1.5, 2048, 2.5)
    assert (found.answer_seconds, found.answer_bytes_per_second) == (3.5, 4.5)
    limits = found.admission
    assert (limits.handshake_seconds, limits.connections, limits.per_address) == (5.5, 6, 7)
