"""Errors of commands about an agency's system, turned into a message and exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from confluent_kafka import KafkaException

from infra.kafka.rights import ProvisionError
from infra.kafka.topics import TopicDiffersError
from infra.local.agency_credential_changes import CredentialChangeError
from infra.local.database_logins import LoginError
from infra.local.issued_agency_credentials import Credential
from services.console.output import fail
from services.runtime.errors import ServiceError

AGAIN: Final = "Do it again."
SOON: Final = "Its API keys open nothing any more; what it may on Kafka is taken as soon as that answers."


@contextmanager
def exit_on_credential_error(of_kafka: str) -> Iterator[None]:
    """Exit with 1 and a message if changing credentials fails. `of_kafka` ends the message of a Kafka error."""
    try:
        yield
    except (CredentialChangeError, ProvisionError, TopicDiffersError) as error:
        fail(str(error))
    except (ServiceError, LoginError) as error:
        fail(f"PostgreSQL does not answer: {error}. {AGAIN}")
    except KafkaException as error:
        fail(f"Kafka does not answer: {error.args[0].name()}. {of_kafka}")


@contextmanager
def without_key(made: Credential) -> Iterator[None]:
    """Exit with 1 when PostgreSQL fails after Kafka has the new credential: the message says how to get an API key."""
    try:
        yield
    except ServiceError as error:
        fail(
            f"PostgreSQL does not answer: {error}. {made.principal} may publish over Kafka; API keys are as they were."
            f" Once it answers: atips agency rotate {made.agency} --system {made.system}"
        )
