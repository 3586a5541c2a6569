"""The operator's page: what needs action first, in a sentence each."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from prometheus_client import generate_latest

from services.runtime.metrics import REGISTRY, UNREAD
from services.web.api.dependencies import Parts
from services.web.domain.account_rules import Account, Session, token_hash
from services.web.domain.roles import Role
from services.web.state_of_services import Accounts, Quarantine, Service, State, _unread
from tests.unit.web.doubles import NOW, Store, client

WELL = State(
    services=[Service("intake", True, {}, 0, "0011"), Service("reporting", True, {}, 3, "0012")],
    quarantine=[],
    accounts=[Accounts("clerk", 2, 1)],
    accepted_to=14,
    relayed_to=14,
    code="0.1.0",
    database="17.2",
)


async def shown(parts: Parts, store: Store, state: State, lang: str = "en") -> str:
    class Known:
        async def state(self) -> State:
            return state

    operations: Any = Known()
    object.__setattr__(parts, "operations", operations)
    store.sessions[token_hash("olga")] = Session(Account("olga", Role.OPERATOR, "council"), NOW, NOW)
    async with client(parts, "olga", **{"accept-language": lang}) as asked:
        answer = await asked.get("/services")
    assert answer.status_code == 200
    return answer.text.replace("&#39;", "'")


async def test_where_all_is_well_it_says_so(parts: Parts, store: Store) -> None:
    text = await shown(parts, store, WELL)
    assert "Nothing needs action now." in text
    assert ">0012<" in text
    assert "Figures complete to" in text
    assert "intake does not answer" in text
    assert "Everything that was sent is judged." in await shown(parts, store, replace(WELL, inbound={}))
    assert "atips.inbound.bpd.v1" in await shown(parts, store, replace(WELL, inbound={"atips.inbound.bpd.v1": 3}))


async def test_what_intake_has_not_judged_is_read_from_its_metrics() -> None:
    text = generate_latest(REGISTRY).decode()
    assert "atips_unread_records" in text
    UNREAD.labels("atips.inbound.bpd.v1").set(2)
    UNREAD.labels("atips.inbound.dhs.v1").set(7)
    answer = generate_latest(REGISTRY)
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=answer))
    async with httpx2.AsyncClient(transport=transport) as client:
        assert await _unread(client, 1) == {"atips.inbound.dhs.v1": 7, "atips.inbound.bpd.v1": 2}
        assert await _unread(client, None) is None
    gone = httpx2.MockTransport(lambda _: httpx2.Response(200, content=b""))
    async with httpx2.AsyncClient(transport=gone) as client:
        assert await _unread(client, 1) == {}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (replace(WELL, services=[Service("intake", None, {}, 0, None)]), "intake does not answer"),
        (
            replace(WELL, services=[Service("referral", False, {"broker": "x"}, 0, None)]),
            "referral is not ready (broker",
        ),
        (replace(WELL, services=[Service("reporting", True, {}, 1001, None)]), "reporting is 1001 records behind"),
        (replace(WELL, inbound={"atips.inbound.bpd.v1": 1001}), "1001 records of atips.inbound.bpd.v1 are not judged"),
        (replace(WELL, quarantine=[Quarantine("bpd", 3, 2, NOW, 9, 0)]), "Somebody waits for 2 refused records of bpd"),
        (replace(WELL, quarantine=[Quarantine("bpd", 3, 0, NOW, 9, 4)]), "The quarantine of bpd is full"),
        (replace(WELL, quarantine=[Quarantine("bpd", 3, 0, NOW - timedelta(days=8), 9, 0)]), "more than a week old"),
    ],
)
async def test_what_needs_action_is_a_sentence(parts: Parts, store: Store, state: State, said: str) -> None:
    text = await shown(parts, store, state)
    assert said in text
    assert "Nothing needs action now." not in text
