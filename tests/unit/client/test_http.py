"""The client's side of the door over HTTP: batches that fit, answers by what must be done about them."""

import socket
from collections.abc import Callable

import httpx2
import orjson
import pytest

from services.client import Http, Later, MoveEffect, NotLetIn, NotTheDoor
from services.client.http import MOST_BYTES, NextAddress
from services.client.receipt_and_errors import WaitingEvent

AWAY = "away"
Answer = Callable[[httpx2.Request], httpx2.Response]


def door(answer: Answer) -> Http:
    made = Http("https://intake.example", key="atips_key")
    made._client = httpx2.Client(
        transport=httpx2.MockTransport(answer), base_url="https://intake.example", headers=made._client.headers
    )
    return made


def waiting(*sizes: int) -> list[WaitingEvent]:
    return [
        WaitingEvent(n, f"id-{n}", None, orjson.dumps({"id": f"id-{n}", "x": "x" * size}))
        for n, size in enumerate(sizes)
    ]


def accepting(request: httpx2.Request) -> httpx2.Response:
    events = orjson.loads(request.content)
    receipts = [{"status": "accepted", "id": each["id"], "n": n} for n, each in enumerate(events, 1)]
    return httpx2.Response(202, json={"receipts": receipts})


def test_a_batch_is_posted_with_the_key_and_answered_in_its_order() -> None:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return accepting(request)

    receipts = door(answer).send(waiting(1, 2, 3), 5)
    assert {seq: receipt.id for seq, receipt in receipts.items()} == {0: "id-0", 1: "id-1", 2: "id-2"}
    [request] = asked
    assert (request.method, request.url.path) == ("POST", "/v1/events")
    assert request.headers["authorization"] == "Bearer atips_key"
    assert request.headers["content-type"] == "application/cloudevents-batch+json"


def test_what_does_not_fit_into_one_batch_waits_for_the_next() -> None:
    large = MOST_BYTES // 3
    assert list(door(accepting).send(waiting(large, large, large, 1), 5)) == [0, 1]
    assert list(door(accepting).send(waiting(2 * MOST_BYTES, 1), 5)) == [0]


@pytest.mark.parametrize(("more", "taken"), [(0, [0, 1]), (1, [0])])
def test_a_batch_is_as_large_as_it_may_be_and_no_larger(more: int, taken: list[int]) -> None:
    bodies: list[bytes] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        bodies.append(request.content)
        return accepting(request)

    [one] = waiting(1)
    rest = MOST_BYTES - len(b"[,]") - len(one.value) - len(waiting(0)[0].value)
    assert list(door(answer).send([one, *waiting(0, rest + more)[1:]], 5)) == taken
    assert len(bodies[0]) == (MOST_BYTES if len(taken) == 2 else len(one.value) + 2)


def test_a_batch_that_is_too_large_for_the_door_is_halved_and_a_single_event_refused() -> None:
    sizes: list[int] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sizes.append(len(orjson.loads(request.content)))
        return httpx2.Response(413) if sizes[-1] > 1 else accepting(request)

    assert list(door(answer).send(waiting(*[1] * 9), 5)) == [0]
    assert sizes == [9, 4, 2, 1]
    [receipt] = door(lambda _: httpx2.Response(413)).send(waiting(1), 5).values()
    assert (receipt.status, receipt.reason, receipt.pointer) == ("refused", "too_large", "")


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"retry-after": "7"}, 7.0),
        (503, {"retry-after": "2"}, 2.0),
        (408, {}, None),
        (500, {}, None),
        (503, {"retry-after": "soon"}, None),
    ],
)
def test_a_door_that_is_busy_is_asked_later(status: int, headers: dict[str, str], seconds: float | None) -> None:
    with pytest.raises(Later) as later:
        door(lambda _: httpx2.Response(status, headers=headers)).send(waiting(1), 5)
    assert later.value.seconds == seconds


def test_a_door_that_is_away_is_asked_later() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        message = "refused"
        raise httpx2.ConnectError(message, request=request)

    with pytest.raises(Later, match="ConnectError"):
        door(answer).send(waiting(1), 5)
    with pytest.raises(Later):
        list(door(answer).receipts())


@pytest.mark.parametrize(("seconds", "connect", "rest"), [(60, 10, 60), (5, 5, 5), (0.01, 0.01, 0.1)])
def test_a_door_that_is_silent_is_left_when_time_is_up(seconds: float, connect: float, rest: float) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert request.extensions["timeout"] == {"connect": connect, "read": rest, "write": rest, "pool": rest}
        return accepting(request)

    assert len(door(answer).send(waiting(1), seconds)) == 1


def test_no_proxy_that_the_surroundings_name_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """An office's events go to the door alone."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        proxy.setblocking(False)
        with pytest.raises(Later):
            Http("https://127.0.0.1:1", key="atips_key").send(waiting(1), 1)
        with pytest.raises(BlockingIOError):
            proxy.accept()


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_opens_nothing_is_told(status: int) -> None:
    with pytest.raises(NotLetIn, match=str(status)):
        door(lambda _: httpx2.Response(status)).send(waiting(1), 5)


def test_another_answer_is_an_error_that_tells_the_code_alone() -> None:
    with pytest.raises(NotTheDoor, match="HTTP 400: what answers there and this client"):
        door(lambda _: httpx2.Response(400, text="canaryxq")).send(waiting(1), 5)


@pytest.mark.parametrize(
    "said",
    [
        "<html>Sign in",
        "[]",
        "{}",
        '{"receipts": {}}',
        '{"receipts": [3]}',
        '{"receipts": [{"status": "fine"}]}',
        '{"receipts": [{"status": []}]}',
        '{"receipts": []}',
    ],
)
def test_what_only_looks_like_a_good_answer_is_no_receipt(said: str) -> None:
    """A page to sign in at, in a hotel; another program on the door's port."""
    own = door(lambda _: httpx2.Response(200, text=said))
    with pytest.raises(NotTheDoor, match="HTTP 200"):
        own.send(waiting(1), 5)
    with pytest.raises(NotTheDoor, match="HTTP 200"):
        own.submit(b"{}", 5)


def test_pages_of_receipts_and_problems_are_read_with_the_same_care() -> None:
    with pytest.raises(NotTheDoor, match="HTTP 200"):
        next(door(lambda _: httpx2.Response(200, text="<html>")).receipts())
    problem = {"content-type": "application/problem+json"}
    with pytest.raises(NotTheDoor, match="HTTP 400"):
        door(lambda _: httpx2.Response(400, text="canaryxq", headers=problem)).submit(b"{}", 5)


@pytest.mark.parametrize("next_", [{}, {"next": None}, {"next": "9"}, {"next": 3}])
def test_a_page_that_does_not_lead_on_ends_in_an_error_and_not_in_itself(next_: dict[str, object]) -> None:
    page = {"receipts": [{"status": "accepted", "id": "id-4", "n": 4}]} | next_
    found = door(lambda _: httpx2.Response(200, json=page)).receipts(since=3)
    assert next(found).n == 4
    with pytest.raises(NotTheDoor, match="HTTP 200"):
        next(found)


def test_a_receipt_has_the_event_s_type_unless_an_earlier_version_of_intake_answers() -> None:
    page = {
        "receipts": [
            {"status": "accepted", "id": "id-4", "n": 4},
            {"status": "accepted", "id": "id-5", "n": 5, "type": "bz.atips.arrest.made.v1", "of a later version": 1},
        ]
    }
    found = door(lambda _: httpx2.Response(200, json=page)).latest(2)
    assert [each.type for each in found] == [None, "bz.atips.arrest.made.v1"]


def test_receipts_are_followed_page_by_page() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        since = int(request.url.params["since"])
        assert request.url.params["status"] == "refused"
        found = [{"status": "refused", "id": f"id-{n}", "n": n, "reason": "not_json"} for n in (3, 5, 8) if n > since][
            :2
        ]
        return httpx2.Response(200, json={"receipts": found, "next": found[-1]["n"] if found else since})

    assert [receipt.n for receipt in door(answer).receipts(status="refused")] == [3, 5, 8]


def test_receipts_of_every_status_are_followed_where_none_is_named() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert "status" not in request.url.params
        return httpx2.Response(200, json={"receipts": [], "next": 0})

    assert list(door(answer).receipts()) == []


def test_one_event_is_posted_as_it_is_and_a_refusal_is_a_receipt_whatever_its_status() -> None:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        if request.content == b"{}":
            return httpx2.Response(202, json={"status": "accepted", "id": "id-1", "n": 4})
        receipt = {"status": "refused", "id": None, "n": 5, "reason": "not_yours", "pointer": "/type"}
        problem = {"rule": "not_yours", "status": 403, "receipt": receipt}
        return httpx2.Response(403, json=problem, headers={"content-type": "application/problem+json"})

    assert door(answer).submit(b"{}", 5).n == 4
    refused = door(answer).submit(b"{", 5)
    assert (refused.status, refused.n, refused.reason, refused.pointer) == ("refused", 5, "not_yours", "/type")
    assert [(each.content, each.headers["content-type"]) for each in asked] == [
        (b"{}", "application/cloudevents+json"),
        (b"{", "application/cloudevents+json"),
    ]
    problem = {"rule": "no_key", "status": 401}
    with pytest.raises(NotLetIn, match="401"):
        door(lambda _: httpx2.Response(401, json=problem, headers={"content-type": "application/problem+json"})).submit(
            b"{}", 5
        )
    too_large = door(lambda _: httpx2.Response(413)).submit(b"x", 5)
    assert (too_large.reason, too_large.pointer) == ("too_large", "")


def test_what_stands_between_answers_in_its_own_words_and_is_no_receipt() -> None:
    with pytest.raises(Later, match="502"):
        door(lambda _: httpx2.Response(502, text="<html>Bad gateway")).submit(b"{}", 5)


STANDS = {"referral": "ref_1", "state": "accepted", "holder": "dhs", "decided_n": 9, "later": 1}


def test_a_decision_is_waited_for_and_a_referral_that_is_not_ours_is_none() -> None:
    answers = [
        httpx2.Response(404, headers={"content-type": "application/problem+json"}, json={}),
        httpx2.Response(503, headers={"retry-after": "3"}, json={}),
        httpx2.Response(200, json={**STANDS, "moves": []}),
        httpx2.Response(200, json={**STANDS, "moves": [{"move": "hti/desk/1", "effect": "refused", "reason": "x"}]}),
    ]
    paused: list[float] = []
    found = door(lambda _: answers.pop(0)).decided("ref_1", "hti/desk/1", 60, pause=paused.append)
    assert found is not None
    assert (found.holder, found.effect_of("hti/desk/1")) == ("dhs", MoveEffect("hti/desk/1", "refused", "x"))
    assert paused == [0.1, 3.0, 2.0]
    nothing = httpx2.Response(404, headers={"content-type": "application/problem+json"}, json={})
    assert door(lambda _: nothing).decided("ref_1", "hti/desk/1", 0, pause=paused.append) is None


@pytest.mark.parametrize("said", [{}, {"moves": [1]}, {"moves": [{"effect": "x"}]}])
def test_something_that_is_no_referral_is_not_the_door(said: dict[str, object]) -> None:
    with pytest.raises(NotTheDoor):
        door(lambda _: httpx2.Response(200, json=said)).referral("ref_1")


def test_an_inbox_is_read_to_its_end_from_a_door_of_this_and_of_an_earlier_version() -> None:
    event = {"type": "bz.atips.delivery.danger.v1"}
    asked: list[dict[str, str]] = []

    def of_now(request: httpx2.Request) -> httpx2.Response:
        asked.append(dict(request.url.params))
        last = "cursor" in request.url.params
        rows = [] if last else [{"number": 4, "source": "case_tracker", "event": event}]
        return httpx2.Response(200, json={"messages": rows, "next": 0, "cursor": "MC40"})

    assert list(door(of_now).inbox()) == [("case_tracker", 4, event)]
    assert asked == [{"limit": "500"}, {"cursor": "MC40", "limit": "500"}]

    def of_before(request: httpx2.Request) -> httpx2.Response:
        since = int(request.url.params.get("since", "0"))
        rows = [] if since else [{"number": 7, "event": event}]
        return httpx2.Response(200, json={"messages": rows, "next": 7})

    assert list(door(of_before).inbox()) == [("referral", 7, event)]
    with pytest.raises(NotTheDoor):
        list(door(lambda _: httpx2.Response(200, json={"messages": [{}]})).inbox())


def test_the_receipt_of_one_event_is_asked_for_by_its_id_and_is_none_for_another() -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        if request.url.path.endswith("/other"):
            return httpx2.Response(404, headers={"content-type": "application/problem+json"}, content=b"{}")
        return httpx2.Response(200, json={"status": "accepted", "id": "own", "n": 4, "accepted_at": 7})

    found = door(answer).outcome("own")
    assert found is not None
    assert (found.n, found.accepted_at) == (4, 7)
    assert door(answer).outcome("other") is None
    assert asked == ["/v1/receipts/own", "/v1/receipts/other"]
    with pytest.raises(NotTheDoor):
        door(lambda _: httpx2.Response(404, text="gone")).outcome("own")


def test_the_next_address_is_asked_where_one_is_away_and_stays_the_one_that_is_asked() -> None:
    away = {"one.example"}
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.headers["host"])
        if request.url.host in away:
            raise httpx2.ConnectError(AWAY, request=request)
        return accepting(request)

    made = door(answer)
    addresses = ["https://one.example:8443", "https://two.example:8444", "https://three.example:8445"]
    made._client = httpx2.Client(transport=NextAddress(addresses, httpx2.MockTransport(answer)), base_url=addresses[0])
    assert made.send(waiting(1), 5)
    assert made.send(waiting(1), 5)
    assert asked == ["one.example:8443", "two.example:8444", "two.example:8444"]
    asked.clear()
    away = {"one.example", "two.example", "three.example"}
    with pytest.raises(Later, match="ConnectError"):
        made.send(waiting(1), 5)
    assert asked == ["two.example:8444", "three.example:8445", "one.example:8443"]


def test_what_may_have_arrived_is_not_sent_to_another_address_by_itself() -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.host)
        if request.url.host == "one.example":
            raise httpx2.ReadTimeout(AWAY, request=request)
        return accepting(request)

    made = door(answer)
    addresses = ["https://one.example:8443", "https://two.example:8443"]
    made._client = httpx2.Client(transport=NextAddress(addresses, httpx2.MockTransport(answer)), base_url=addresses[0])
    with pytest.raises(Later, match="ReadTimeout"):
        made.send(waiting(1), 5)
    assert asked == ["one.example"]
    assert made.send(waiting(1), 5)
    assert asked == ["one.example", "two.example"]


def test_several_addresses_of_a_connection_are_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        ports = [free.getsockname()[1]]
    made = Http(f"https://127.0.0.1:{ports[0]},https://127.0.0.1:{ports[0]}", key="atips_key")
    with pytest.raises(Later, match="ConnectError"):
        made.submit(b"{}", 5)
    made.close()
