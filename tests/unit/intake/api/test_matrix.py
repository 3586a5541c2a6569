"""Each key × each endpoint of the door over HTTP: what is not in the table is denied."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import orjson
import pytest

from services.intake.api.app import ROUTES
from services.intake.domain.keys import hashed, written
from services.intake.domain.systems import SYSTEMS
from services.intake.store.keys import Keys
from tests.unit.intake.api.conftest import EVENT, KEYS, Api
from tests.unit.intake.samples import NOW, victim

JAIL: Final = written(b"j" * 32)
REVOKED: Final = written(b"r" * 32)
EXPIRED: Final = written(b"e" * 32)

# (key) → what the first route answers to an event of bpd/register; None: the key opens nothing.
HOLDERS: Final[dict[str, tuple[str | None, int | None]]] = {
    "own": (KEYS["bpd"], 202),
    "of another system": (JAIL, 403),
    "another agency's": (KEYS["dhs"], 403),
    "revoked": (REVOKED, None),
    "expired": (EXPIRED, None),
    "unknown": (written(b"u" * 32), None),
    "no key": ("not-a-key", None),
    "none": (None, None),
}
# Reference is the same for whoever has a key; a receipt is seen by its own system alone.
OTHERS: Final = {
    "GET /v1/receipts": (200, 200, 200),
    "GET /v1/receipts/{id}": (200, 404, 404),
    "POST /v1/identities": (201, 201, 201),
    "GET /v1/schemas": (200, 200, 200),
    "GET /v1/schemas/{type}": (200, 200, 200),
    "GET /v1/codes": (200, 200, 200),
    "GET /v1/codes/{list}": (200, 200, 200),
}


async def with_keys(api: Api) -> None:
    async with api.database.owner() as owner:
        keys = Keys(owner)
        await keys.add("bpd", hashed(JAIL) or b"", label="bpd.jail.1", at=NOW)
        for key in (REVOKED, EXPIRED):
            await keys.add("bpd", hashed(key) or b"", label="bpd", at=NOW - timedelta(days=9))
            await keys.revoke(hashed(key) or b"", at=NOW - timedelta(days=1))
    number = SYSTEMS.enrolled["bpd/register"]
    enrolled = {**SYSTEMS.enrolled, "bpd/jail": number}
    jail = replace(SYSTEMS, enrolled=enrolled, own_keys=frozenset({"bpd/jail"}))
    object.__setattr__(api.parts, "systems", lambda: jail)


async def asked(api: Api, key: str | None, method: str, path: str, event: dict[str, Any]) -> int:
    where = path.format(id=event["id"], type=event["type"], list="sex")
    content = event if path == "/v1/events" else {"kind": "per", "number": "2024/7"}
    said = {} if key is None else {"authorization": f"Bearer {key}"}
    said["content-type"] = EVENT if path == "/v1/events" else "application/json"
    body = orjson.dumps(content) if method == "POST" else None
    answer = await api.ask(method, where, None, content=body, headers=said)
    return answer.status_code


@pytest.mark.parametrize("holder", HOLDERS)
async def test_each_key_opens_of_each_endpoint_what_the_table_says(api: Api, holder: str) -> None:
    await with_keys(api)
    event = victim(1)
    assert (await api.post(event)).status_code == 202
    key, submits = HOLDERS[holder]
    again = victim(2)
    found = {
        f"{route.method} {route.path}": await asked(
            api, key, route.method, route.path, again if route.path == "/v1/events" else event
        )
        for route in ROUTES
    }
    column = {"own": 0, "of another system": 1, "another agency's": 2}.get(holder)
    if column is None:
        assert set(found.values()) == {401}
    else:
        assert found == {"POST /v1/events": submits, **{path: row[column] for path, row in OTHERS.items()}}
    assert found.keys() == {"POST /v1/events", *OTHERS}


async def test_a_system_lists_its_own_receipts_alone(api: Api) -> None:
    await with_keys(api)
    for number, source in ((1, "bpd/register"), (2, "bpd/jail")):
        key = JAIL if source == "bpd/jail" else KEYS["bpd"]
        assert await asked(api, key, "POST", "/v1/events", victim(number, source=source)) in {202, 403}
    listed = {}
    for name, key in (("main", KEYS["bpd"]), ("jail", JAIL)):
        answer = await api.ask("GET", "/v1/receipts", None, headers={"authorization": f"Bearer {key}"})
        listed[name] = {each["source"] for each in answer.json()["receipts"]}
    assert listed["main"] == {"bpd/register"}
    assert listed["jail"] <= {"bpd/jail"}
