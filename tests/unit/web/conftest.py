"""Fixtures of the pages, without a database and over one."""

from collections.abc import AsyncIterator, Iterator
from copy import copy
from functools import cache
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.datastructures import State

from services.web.api import app
from services.web.api.dependencies import Parts
from tests.support.database import Server
from tests.unit.web.doubles import Figures, Store, made_parts, made_store
from tests.unit.web.officer_app import Office, opened_office

_with_routes = cache(app._application)


@pytest.fixture(scope="module", autouse=True)
def _routes_are_worked_out_once() -> Iterator[None]:
    """Let applications over other parts share their routes: to work them out anew takes an eighth of a second."""

    def shared() -> FastAPI:
        found = copy(_with_routes())
        found.state = State()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "_application", shared)
        yield


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
