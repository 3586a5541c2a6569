"""Fixtures of the pages without a database."""

import pytest

from services.web.api.parts import Parts
from tests.unit.web.doubles import Figures, Store, made_parts, made_store


@pytest.fixture
def store() -> Store:
    return made_store()


@pytest.fixture
def figures() -> Figures:
    return Figures()


@pytest.fixture
def parts(store: Store, figures: Figures) -> Parts:
    return made_parts(store, figures)
