"""Whatever is sent, the door answers as its own document says, with no fault of its own, and repeats none of it."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case, CheckContext, Response
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.result import Ok
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source

from services.intake.api import openapi_document
from services.intake.api.app import build_routes
from tests.support.database import Server
from tests.unit.intake.api.conftest import BATCH, KEYS
from tests.unit.intake.api.server_in_thread import Listening, listening

EVENTS: Final = "POST /v1/events"

LONG_ENOUGH: Final = 6
"""Shorter strings are found anywhere by chance."""

# That an event is well formed is more than a schema can say: rules between fields, ids that carry a check. Whom the
# door lets in has tests of its own.
NOT_BY_SCHEMA: Final = ("positive_data_acceptance", "ignored_auth")


@pytest.fixture(scope="module")
def door(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    with listening(server, Path(tmp_path_factory.mktemp("http"))) as found:
        yield found


def strings(value: object) -> Iterator[str]:
    """Every string in what was sent, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from strings(name)
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def repeats_nothing(_: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """An answer holds no text of its request but what the document itself says, and the key of an event."""
    said = response.text
    receipts = [value for name in ('"source":"', '"id":"') for value in said.split(name)[1:]]
    keys = {value.partition('"')[0] for value in receipts}
    for sent in strings([case.body, case.query, case.path_parameters]):
        if len(sent) >= LONG_ENOUGH and not sent.isdecimal() and sent not in OWN and sent not in keys:
            assert sent not in said, "the answer repeats what was sent"
    return None


def checks(names: list[str]) -> list[Any]:
    """Schemathesis' checks of these names."""
    return list(CHECKS.get_by_names(names))


load_all_checks()
WHOLE: Final = openapi_document.build_document(build_routes())
OWN: Final = str(WHOLE)
schema = schemathesis.openapi.from_dict(WHOLE)
OPERATIONS: Final = {each.ok().label: each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_door_answers_as_it_says(operation: str, door: Listening) -> None:
    """As by `schema.parametrize`, which draws the cases wherever tests are only listed: in each process of a run.

    Of events none are listed value by value: every field of every type makes twenty thousand cases, whatever the
    number of examples. Each type's own example is sent, and then what is drawn at random, right and wrong.
    """
    config = deepcopy(schema.config)
    config.phases.coverage.enabled = operation != EVENTS

    @settings(max_examples=40 if operation == EVENTS else 12, suppress_health_check=list(HealthCheck))
    def tested(case: Case[Any], door: Listening) -> None:
        answers_as_it_says(case, door)

    feedback = FeedbackSources(constants_value_source=make_constants_value_source(schema))
    tried = build_operation_test(
        config=config,
        operation=OPERATIONS[operation],
        test_func=tested,
        given_kwargs={},
        feedback=feedback,
    )
    tried(door=door)


def answers_as_it_says(case: Case[Any], door: Listening) -> None:
    batch = case.media_type == BATCH  # an event that is none is refused in it, the batch is not
    headers = {"authorization": f"Bearer {KEYS['bpd']}"}
    case.call_and_validate(
        base_url=door.url,
        headers=headers,
        additional_checks=[repeats_nothing],
        excluded_checks=checks([*NOT_BY_SCHEMA, *(["negative_data_rejection"] if batch else [])]),
    )
