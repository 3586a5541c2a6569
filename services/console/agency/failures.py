"""Reasons for which a command about an agency's system leaves: what is amiss, and what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from confluent_kafka import KafkaException

from infra.kafka.rights import ProvisionError
from infra.kafka.topics import TopicDiffersError
from infra.local.credentials import Credential
from infra.local.enrolment import EnrolmentError
from infra.local.logins import LoginError
from services.console.say import fail
from services.runtime.errors import ServiceError

AGAIN: Final = "Do it again."
SOON: Final = "Its API keys open nothing any more; what it may on Kafka is taken as soon as that answers."


@contextmanager
def complaining(of_kafka: str) -> Iterator[None]:
    """Leave with what is amiss; `of_kafka` says what is to be done, or is done, where that is the broker."""
    try:
        yield
    except (EnrolmentError, ProvisionError, TopicDiffersError) as error:
        fail(str(error))
    except (ServiceError, LoginError) as error:
        fail(f"PostgreSQL does not answer: {error}. {AGAIN}")
    except KafkaException as error:
        fail(f"Kafka does not answer: {error.args[0].name()}. {of_kafka}")


@contextmanager
def without_key(made: Credential) -> Iterator[None]:
    """Leave with a word about how a system that Kafka lets in already comes to its API key."""
    try:
        yield
    except ServiceError as error:
        fail(
            f"PostgreSQL does not answer: {error}. {made.principal} may publish over Kafka; API keys are as they were."
            f" Once it answers: atips agency rotate {made.agency} --system {made.system}"
        )
