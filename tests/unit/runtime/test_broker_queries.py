"""Errors of the client by what must be done: a login that the broker refused ends the service, a slow one does not."""

import pytest
from confluent_kafka import KafkaError

from services.runtime.broker_queries import translate_kafka_error
from services.runtime.errors import Halt, Retryable

REFUSED = (
    "sasl_ssl://127.0.0.1:9/bootstrap: SASL authentication error: Authentication failed during authentication due to"
    " invalid credentials with SASL mechanism SCRAM-SHA-512 (after 1274ms in state AUTH_REQ)"
)
SLOW = (
    "sasl_ssl://127.0.0.1:9/bootstrap: SASL SCRAM-SHA-512 mechanism handshake failed: Local: Timed out: broker's"
    " supported mechanisms: (n/a) (after 2503ms in state AUTH_HANDSHAKE)"
)
BROKEN = (
    "sasl_ssl://127.0.0.1:9/bootstrap: SASL SCRAM-SHA-512 mechanism handshake failed: Local: Broker transport failure"
)


@pytest.mark.parametrize(
    ("code", "text", "wanted"),
    [
        (KafkaError._AUTHENTICATION, REFUSED, Halt),
        (KafkaError._AUTHENTICATION, SLOW, Retryable),
        (KafkaError._AUTHENTICATION, BROKEN, Retryable),
        (
            KafkaError._TIMED_OUT,
            "SASL authentication error: SaslAuthenticateRequest failed: Local: Timed out",
            Retryable,
        ),
        (KafkaError._TRANSPORT, "SSL handshake failed: Disconnected: SSL connection closed by peer", Retryable),
        (KafkaError.TOPIC_AUTHORIZATION_FAILED, "Broker: Topic authorization failed", Halt),
    ],
)
def test_only_what_the_broker_refuses_ends_a_service(code: int, text: str, wanted: type[Exception]) -> None:
    assert type(translate_kafka_error(KafkaError(code, text), "")) is wanted
