"""TLS handshakes a second: who comes seldom always gets in, and an address has a quarter of what all share."""

from services.runtime.handshake_rate_limit import HandshakeRates, Handshakes

RATES = HandshakeRates(per_second=100.0, at_once=40.0, own_per_second=1.0, own_at_once=8.0)


def begun(handshakes: Handshakes, address: str, tries: int = 100) -> int:
    return sum(handshakes.admit_handshake(address) for _ in range(tries))


def test_an_address_has_a_few_of_its_own_and_a_quarter_of_the_shared_ones() -> None:
    now = [0.0]
    handshakes = Handshakes(RATES, lambda: now[0])
    assert begun(handshakes, "a") == 8 + 10
    now[0] = 1.0
    assert begun(handshakes, "a") == 1 + 10  # ten at once at most, of 25


def test_a_crowd_shares_what_there_is_and_keeps_nobody_out_who_comes_seldom() -> None:
    handshakes = Handshakes(RATES, lambda: 0.0)
    crowd = [begun(handshakes, f"c{number}") for number in range(10)]
    assert sum(crowd) == 10 * 8 + 40
    assert begun(handshakes, "an office") == 8
