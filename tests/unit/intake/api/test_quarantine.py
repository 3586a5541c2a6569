"""GET /v1/quarantine: an agency's own refused events by reason and place, without anything that was sent."""

import orjson
import pytest

from tests.unit.intake.api.conftest import KEYS, PROBLEM, Api
from tests.unit.intake.api.test_rights_matrix import JAIL, with_keys
from tests.unit.intake.samples import CANARY, event_id, victim


async def test_own_entries_are_listed_with_reason_and_place_and_no_word_of_what_was_sent(api: Api) -> None:
    await api.post(victim(1, data={"status": CANARY}))
    await api.post(b'{"%s' % CANARY.encode())
    await api.post(victim(3, source="dhs/famcare", data={"status": CANARY}), "dhs")
    answer = await api.ask("GET", "/v1/quarantine")
    first, second = answer.json()["entries"]
    assert (first["reason"], first["pointer"], first["id"]) == ("unknown_code", "/data/status", event_id(1))
    assert (first["state"], first["attempts"], first["not_delivered"], first["kept"]) == ("open", 1, True, True)
    assert (second["reason"], "id" in second, "source" in second) == ("not_json", False, False)
    assert CANARY not in answer.text
    assert [each["source"] for each in (await api.ask("GET", "/v1/quarantine", "dhs")).json()["entries"]] == [
        "dhs/famcare"
    ]


async def test_what_was_repaired_is_superseded_and_pages_go_on(api: Api) -> None:
    for number in (1, 2, 3):
        await api.post(victim(number, data={"status": CANARY}))
    await api.post(victim(2))
    asked = {"state": "open", "limit": "1"}
    seen, since = [], 0
    while (page := (await api.ask("GET", "/v1/quarantine", params=asked | {"since": str(since)})).json())["entries"]:
        seen += [each["entry"] for each in page["entries"]]
        since = page["next"]
    assert seen == [1, 3]
    superseded = (await api.ask("GET", "/v1/quarantine", params={"state": "superseded"})).json()["entries"]
    assert [each["entry"] for each in superseded] == [2]


async def test_a_system_with_its_own_key_lists_its_own_refusals_alone(api: Api) -> None:
    await with_keys(api)
    found = {}
    for name, key, source in (("main", KEYS["bpd"], "bpd/register"), ("jail", JAIL, "bpd/jail")):
        headers = {"authorization": f"Bearer {key}", "content-type": "application/cloudevents+json"}
        body = orjson.dumps(victim(1 if name == "main" else 2, source=source, data={"status": CANARY}))
        await api.ask("POST", "/v1/events", None, content=body, headers=headers)
    for name, key in (("main", KEYS["bpd"]), ("jail", JAIL)):
        answer = await api.ask("GET", "/v1/quarantine", None, headers={"authorization": f"Bearer {key}"})
        found[name] = [each["source"] for each in answer.json()["entries"]]
    assert found == {"main": ["bpd/register"], "jail": ["bpd/jail"]}


@pytest.mark.parametrize("query", [{"limit": "501"}, {"since": "-1"}, {"state": "lost"}, {"agency": "dhs"}])
async def test_a_question_that_cannot_be_answered_is_refused(api: Api, query: dict[str, str]) -> None:
    answer = await api.ask("GET", "/v1/quarantine", params=query)
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
