"""Each key × each endpoint of the door over HTTP: what is not in the table is denied."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import orjson
import pytest

from schemas.ids import Kind, derive
from services.intake.api.app import ROUTES
from services.intake.domain.api_keys import hash_of_key, key_from_entropy
from services.intake.domain.systems import SYSTEMS
from services.intake.store.api_keys import Keys
from tests.unit.intake.api.conftest import EVENT, KEYS, Api
from tests.unit.intake.samples import NOW, victim

REFERRAL: Final = derive(Kind.REFERRAL, "stands")
JAIL: Final = key_from_entropy(b"j" * 32)
REVOKED: Final = key_from_entropy(b"r" * 32)
EXPIRED: Final = key_from_entropy(b"e" * 32)

# (key) → what the first route answers to an event of bpd/register; None: the key opens nothing.
HOLDERS: Final[dict[str, tuple[str | None, int | None]]] = {
    "own": (KEYS["bpd"], 202),
    "of another system": (JAIL, 403),
    "another agency's": (KEYS["dhs"], 403),
    "revoked": (REVOKED, None),
    "expired": (EXPIRED, None),
    "unknown": (key_from_entropy(b"u" * 32), None),
    "no key": ("not-a-key", None),
    "none": (None, None),
}
# Reference is the same for whoever has a key; a receipt is seen by its own system alone.
OTHERS: Final = {
    "GET /v1/receipts": (200, 200, 200),
    "GET /v1/receipts/{id}": (200, 404, 404),
    "GET /v1/referrals/{id}": (200, 404, 404),
    "GET /v1/inbox": (200, 200, 200),
    "GET /v1/quarantine": (200, 200, 200),
    "POST /v1/identities": (201, 201, 201),
    "POST /v1/identities/batch": (200, 200, 200),
    "GET /v1/schemas": (200, 200, 200),
    "GET /v1/schemas/{type}": (200, 200, 200),
    "GET /v1/codes": (200, 200, 200),
    "GET /v1/codes/{list}": (200, 200, 200),
}

TIME: Final = "2026-05-06T12:00:00.000Z"
_MESSAGE: Final = (
    "INSERT INTO {service}.outbox (id, topic, type, value, sent)"
    " VALUES (gen_random_uuid(), 'atips.delivery.bpd.v1', 't', $1, true)"
)


async def with_keys(api: Api) -> None:
    async with api.database.owner() as owner:
        keys = Keys(owner)
        await keys.add("bpd", hash_of_key(JAIL) or b"", label="bpd.jail.1", at=NOW)
        for key in (REVOKED, EXPIRED):
            await keys.add("bpd", hash_of_key(key) or b"", label="bpd", at=NOW - timedelta(days=9))
            await keys.revoke(hash_of_key(key) or b"", at=NOW - timedelta(days=1))
    number = SYSTEMS.enrolled["bpd/register"]
    enrolled = {**SYSTEMS.enrolled, "bpd/jail": number}
    jail = replace(SYSTEMS, enrolled=enrolled, own_keys=frozenset({"bpd/jail"}))
    object.__setattr__(api.parts, "systems", lambda: jail)


async def stands(api: Api, moves: list[dict[str, str]], seen_by: tuple[str, ...] = ("bpd",)) -> None:
    """Let a referral stand as the referral service leaves it."""
    async with api.database.owner() as owner:
        await owner.execute(
            "INSERT INTO referral.standing (person, referral, sender, receiver, holder, state, service_types,"
            " decided_n, seen_by, moves)"
            " VALUES ($1, $2, 'bpd', 'hti', 'hti', 'accepted', '{}', 7, $3, $4::text::jsonb)",
            derive(Kind.PERSON, "stands"),
            REFERRAL,
            list(seen_by),
            orjson.dumps(moves).decode(),
        )


async def asked(api: Api, key: str | None, method: str, path: str, event: dict[str, Any]) -> int:
    shown = REFERRAL if path.startswith("/v1/referrals") else event["id"]
    where = path.format(id=shown, type=event["type"], list="sex")
    number = {"kind": "per", "number": "2024/7"}
    content = event if path == "/v1/events" else {"numbers": [number]} if path.endswith("/batch") else number
    said = {} if key is None else {"authorization": f"Bearer {key}"}
    said["content-type"] = EVENT if path == "/v1/events" else "application/json"
    body = orjson.dumps(content) if method == "POST" else None
    answer = await api.ask(method, where, None, content=body, headers=said)
    return answer.status_code


@pytest.mark.parametrize("holder", HOLDERS)
async def test_each_key_opens_of_each_endpoint_what_the_table_says(api: Api, holder: str) -> None:
    await with_keys(api)
    event = victim(1)
    await stands(api, [{"move": f"bpd/register/{event['id']}", "by": "bpd", "effect": "in_effect"}])
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


async def test_who_only_made_a_move_sees_that_move_and_the_holder_and_a_guess_gives_404(api: Api) -> None:
    made = {"type": "bz.atips.referral.accepted.v1", "at": "2024-03-01T18:02:00Z"}
    refused = {"move": "dhs/console/x", "by": "dhs", "effect": "refused", "reason": "taken_by_another", **made}
    await stands(api, [refused])
    found = (await api.ask("GET", f"/v1/referrals/{REFERRAL}", "dhs")).json()
    assert found == {
        "referral": REFERRAL,
        "state": "accepted",
        "holder": "hti",
        "service_types": [],
        "decided_n": 7,
        "moves": [
            {"move": "dhs/console/x", "effect": "refused", "reason": "taken_by_another", "missing": [], **made},
        ],
    }
    whole = (await api.ask("GET", f"/v1/referrals/{REFERRAL}", "bpd")).json()
    assert (whole["sender"], whole["receiver"], whole["moves"]) == ("bpd", "hti", [])
    for guessed in (derive(Kind.REFERRAL, "guessed"), derive(Kind.PERSON, "stands"), "x"):
        assert (await api.ask("GET", f"/v1/referrals/{guessed}", "bpd")).status_code == 404


async def test_an_inbox_holds_what_was_sent_to_its_own_agency_alone(api: Api) -> None:
    await sent(api, "referral", [("delivery.bpd", True), ("delivery.dhs", True), ("inbound.referral", True)])
    await sent(api, "referral", [("delivery.bpd", False)])
    first = (await api.ask("GET", "/v1/inbox")).json()
    assert [each["event"]["data"]["number"] for each in first["messages"]] == [0]
    again = (await api.ask("GET", "/v1/inbox", params={"cursor": first["cursor"]})).json()
    assert again == {"messages": [], "next": first["next"], "cursor": first["cursor"]}
    for wrong in ("x", "MS4=", "LTEuMA=="):
        refused = await api.ask("GET", "/v1/inbox", params={"cursor": wrong})
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "cursor")


async def test_an_inbox_has_the_case_tracker_s_messages_too_in_order_of_time(api: Api) -> None:
    """Found by reading: a danger was told over Kafka alone, and an office behind HTTPS never heard of it."""
    await sent(api, "referral", [("delivery.bpd", True)] * 2, minute=0)
    await sent(api, "case_tracker", [("delivery.bpd", True), ("delivery.dhs", True), ("inbound.case-tracker", True)])
    await sent(api, "referral", [("delivery.bpd", True)], minute=59)
    found, asked = [], dict[str, str]()
    while page := (await api.ask("GET", "/v1/inbox", params={**asked, "limit": "1"})).json():
        if not page["messages"]:
            break
        found += [(each["source"], each["event"]["time"][14:16]) for each in page["messages"]]
        asked = {"cursor": page["cursor"]}
    assert found == [("referral", "00"), ("referral", "00"), ("case_tracker", "30"), ("referral", "59")]
    await sent(api, "case_tracker", [("delivery.bpd", True)], minute=1)  # it comes late, and is not passed over
    [late] = (await api.ask("GET", "/v1/inbox", params=asked)).json()["messages"]
    assert (late["source"], late["event"]["time"][14:16]) == ("case_tracker", "01")
    earlier = (await api.ask("GET", "/v1/inbox", params={"since": "0"})).json()
    assert {each["source"] for each in earlier["messages"]} == {"referral"}


async def test_an_inbox_shows_nothing_of_a_case_that_keeps_its_agency_out_now(api: Api) -> None:
    """Found by reading: an agency that was kept from a case read the messages of thirty days about it."""
    person, other = (derive(Kind.PERSON, name) for name in ("kept", "another"))
    case, another = (derive(Kind.CASE, name) for name in ("kept", "another"))
    said = [{"person": person, "case": case}, {"person": person}, {"persons": [person], "case": case}]
    said += [{"person": person, "case": another}, {"person": other, "case": case}]
    async with api.database.owner() as owner:
        await owner.execute("SET search_path = referral")
        for data in said:
            await owner.execute(_MESSAGE.format(service="referral"), orjson.dumps({"time": TIME, "data": data}))
        await owner.execute(
            _MESSAGE.format(service="case_tracker"), orjson.dumps({"time": TIME, "data": {"case": case}})
        )

        async def read() -> list[dict[str, Any]]:
            return [each["event"]["data"] for each in (await api.ask("GET", "/v1/inbox")).json()["messages"]]

        assert len(await read()) == 6
        await owner.execute("INSERT INTO kept_from VALUES ($1, $2, 'bpd', now() + interval '1 day')", person, case)
        await owner.execute("INSERT INTO case_tracker.kept_from VALUES ($1, 'bpd', now() + interval '1 day')", case)
        assert await read() == said[3:]
        await owner.execute("UPDATE kept_from SET case_id = ''")
        assert await read() == said[4:]
        await owner.execute("UPDATE kept_from SET until = now()")
        assert await read() == said
        await owner.execute("UPDATE case_tracker.kept_from SET until = now()")
        assert len(await read()) == 6  # also of a case of which it sees nothing: a danger may be told so


async def sent(api: Api, service: str, topics: list[tuple[str, bool]], minute: int = 30) -> None:
    """Put messages into a service's outbox, each with whether it was sent."""
    async with api.database.owner() as owner:
        for number, (topic, is_sent) in enumerate(topics):
            await owner.execute(
                f"INSERT INTO {service}.outbox (id, topic, type, value, sent)"
                " VALUES (gen_random_uuid(), $1, 't', $2, $3)",
                f"atips.{topic}.v1",
                b'{"time": "2026-05-06T12:%02d:00.000Z", "data": {"number": %d}}' % (minute, number),
                is_sent,
            )
