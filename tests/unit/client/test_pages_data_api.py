"""Reading the pages' data as an account: what is raised for what the server says, and where a token goes."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from services.client.connection_file import ConnectionFile
from services.client.pages_data_api import TRIES, Moved, NotForAccount, Pages, WrongParameter
from services.client.receipt_and_errors import Later, NotLetIn, NotTheDoor
from tests.unit.console.test_agency_connection import FILE

Answer = Callable[[httpx2.Request], httpx2.Response]


def pages(answer: Answer, address: str = "https://pages.test") -> Pages:
    return Pages(address, token="t", transport=httpx2.MockTransport(answer))


@pytest.mark.parametrize(
    ("status", "body", "raised"),
    [
        (401, {"title": "Sign in"}, NotLetIn),
        (403, {"title": "No"}, NotForAccount),
        (400, {"parameter": "purpose"}, WrongParameter),
        (409, {"title": "Changed"}, Later),
        (503, {"title": "Away"}, Later),
        (429, {"title": "Busy"}, Later),
        (404, {}, NotTheDoor),
        (200, [], NotTheDoor),
        (200, {}, NotTheDoor),
        (200, None, NotTheDoor),
    ],
)
def test_an_answer_that_is_no_list_says_what_must_be_done(status: int, body: Any, raised: type[Exception]) -> None:  # noqa: ANN401
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(status) if body is None else httpx2.Response(status, json=body)

    with pytest.raises(raised):
        pages(answer).referrals()
    assert {each.headers["authorization"] for each in asked} == {"Bearer t"}
    assert len(asked) == (TRIES if status == 409 else 1)


def test_a_list_is_read_from_its_beginning_when_it_changes_meanwhile() -> None:
    answers = iter(
        [
            httpx2.Response(200, json={"findings": [1], "next": "a"}),
            httpx2.Response(409, json={}),
            httpx2.Response(200, json={"findings": [2], "next": "b"}),
            httpx2.Response(200, json={"findings": [3], "next": None, "complete_to": 7}),
        ]
    )
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.params.get("cursor", ""))
        return next(answers)

    assert pages(answer).findings("2024") == {"findings": [2, 3], "next": None, "complete_to": 7}
    assert asked == ["", "a", "", "b"]


def test_cases_are_read_until_there_are_enough() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        limit = int(request.url.params["limit"])
        return httpx2.Response(200, json={"cases": [{}] * limit, "next": "more"})

    assert len(pages(answer).cases("audit", 60)) == 60


def test_a_list_of_cases_that_changes_while_it_is_read_is_read_from_its_beginning() -> None:
    answers = iter(
        [
            httpx2.Response(200, json={"cases": [{"case": "1"}], "next": "a"}),
            httpx2.Response(409, json={}),
            httpx2.Response(200, json={"cases": [{"case": "2"}, {"case": "1"}], "next": None}),
        ]
    )
    assert pages(lambda _: next(answers)).cases("audit", 9) == [{"case": "2"}, {"case": "1"}]


def test_a_case_that_is_one_with_another_and_none_are_told_apart() -> None:
    moved = pages(lambda _: httpx2.Response(303, headers={"location": "/v1/cases/cas-x?purpose=audit"}))
    with pytest.raises(Moved, match=r"^cas-x$"):
        moved.case("cas-y", "audit")
    assert pages(lambda _: httpx2.Response(404, json={})).case("cas-y", "audit") is None


def test_a_token_goes_over_https_or_to_this_machine_and_a_silent_server_is_away() -> None:
    def silent(_: httpx2.Request) -> httpx2.Response:
        message = "silent"
        raise httpx2.ConnectTimeout(message)

    with pytest.raises(NotLetIn, match="not sent in the clear"):
        pages(silent, "http://pages.test")
    with pytest.raises(Later, match=r"^ConnectTimeout$"):
        pages(silent, "http://127.0.0.1:1").account()


def test_a_connection_file_of_before_has_no_address_of_the_pages() -> None:
    assert FILE.pages == {}
    said = json.loads(FILE.text())
    assert said.pop("pages") == {}
    assert ConnectionFile.parsed(json.dumps(said)) == FILE
