"""`GET /v1/schemas` and `/v1/codes`: the contract by which this intake judges."""

from functools import cache
from typing import Annotated, Any

from fastapi import Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from schemas.catalogue import CATALOGUE
from schemas.codebook import LISTS
from schemas.published import schema_of
from schemas.published_author_rules import permitted_values_of
from services.intake.api.authentication import Caller
from services.intake.api.problem import Problem
from services.intake.api.problem_titles import HttpRule


class EventTypeEntry(BaseModel):
    """An event type: its labels, whether the caller may publish it, and the address of its JSON Schema.

    `permitted`: by JSON Pointer, the values that the caller may give in fields where it may not give every value.
    """

    type: str
    en: str
    es: str
    may_publish: bool
    permitted: dict[str, list[str]]
    schema_at: str


class Types(BaseModel):
    """Response body of `GET /v1/schemas`: one entry for each event type."""

    schemas: list[EventTypeEntry]


class Label(BaseModel):
    """A code and its labels in English and Spanish."""

    code: str
    en: str
    es: str


class CodeList(BaseModel):
    """Response body of `GET /v1/codes/{list}`: the name of a list and its codes."""

    name: str
    codes: list[Label]


class Lists(BaseModel):
    """Response body of `GET /v1/codes`: the names of all lists of codes."""

    codes: list[str]


async def types(agency: Caller) -> Types:
    """List the types of events, and which of them the caller may publish."""
    found = [
        EventTypeEntry(
            type=name,
            en=each.en,
            es=each.es,
            may_publish=agency in each.authors,
            permitted=permitted_values_of(each, agency) if agency in each.authors else {},
            schema_at=f"/v1/schemas/{name}",
        )
        for name, each in CATALOGUE.items()
    ]
    return Types(schemas=found)


async def schema(
    _: Caller, event_type: Annotated[str, Path(alias="type", description="As in events.")]
) -> JSONResponse:
    """Give the JSON Schema of a type of event."""
    if event_type not in CATALOGUE:
        raise Problem(HttpRule.NOT_FOUND)
    return JSONResponse(_schema(event_type), media_type="application/schema+json")


async def lists(_: Caller) -> Lists:
    """List the lists of codes."""
    return Lists(codes=list(LISTS))


async def codes(_: Caller, name: Annotated[str, Path(alias="list", description="The list's name.")]) -> CodeList:
    """Give a list of codes with their labels in English and Spanish."""
    found = LISTS.get(name)
    if found is None:
        raise Problem(HttpRule.NOT_FOUND)
    return CodeList(name=name, codes=[Label(code=code.value, en=code.en, es=code.es) for code in found])


@cache
def _schema(event_type: str) -> dict[str, Any]:
    return schema_of(event_type)
