"""Fixtures of the pages, without a database and over one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.web.api.parts import Parts
from tests.support.database import Server
from tests.unit.web.doubles import Figures, Store, made_parts, made_store
from tests.unit.web.office import Office, opened_office


@pytest.fixture
def store() -> Store:
    return made_store()


@pytest.fixture
def figures() -> Figures:
    return Figures()


@pytest.fixture
def parts(store: Store, figures: Figures) -> Parts:
    return made_parts(store, figures)


@pytest.fixture
async def office(server: Server, tmp_path: Path) -> AsyncIterator[Office]:
    async with opened_office(server, tmp_path) as found:
        yield found
