"""The log as a service configures it, for as long as one test lasts."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from services.runtime import json_logging


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Write lines as services do; what later tests of this process hear of libraries is not written so."""
    capsys.readouterr()  # standard error is captured before the log takes hold of it
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    json_logging.configure("test", "debug")
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.contextvars.unbind_contextvars("service")
    structlog.reset_defaults()
