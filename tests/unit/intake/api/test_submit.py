"""POST /v1/events: the same judgement and the same line as over Kafka, answered after the commit."""

import asyncio
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

import orjson
import pytest

from schemas import codec
from schemas.cloudevents_binary_mode import structured_from_binary
from services.intake.api.problem_titles import WORDS
from services.intake.domain.acceptance_line import AcceptedEvent
from services.intake.domain.client_rate_limits import SubmittedLoad
from services.intake.domain.outbox_rows import Pointer
from services.intake.domain.relay_records import records_of_refused
from services.intake.domain.submission import RefusedSubmission
from services.intake.store import outbox_rows
from services.intake.store.outbox import Outbox
from services.runtime.postgres import borrow_connection
from services.runtime.record import Record
from tests.faults.test_poison import CANARY, POISON
from tests.support.random_events import BELIZE_OFFSET
from tests.unit.intake.api.conftest import BATCH, EVENT, PROBLEM, Api, tables
from tests.unit.intake.histories_of_changes import corrected, retracted
from tests.unit.intake.samples import DEPLOYMENT, NOW, NOW_MS, binary, event_id, training, victim

INBOUND = DEPLOYMENT.inbound("bpd")


async def test_an_event_is_accepted_and_the_same_again_gets_its_first_receipt(api: Api) -> None:
    first = await api.post(victim(1))
    again = await api.post(orjson.dumps(victim(1), option=orjson.OPT_SORT_KEYS))
    assert (first.status_code, again.status_code) == (202, 202)
    said = {
        "source": "bpd/register",
        "id": event_id(1),
        "type": "bz.atips.victim.identified.v1",
        "n": 1,
        "accepted_at": NOW_MS,
        "digest": codec.digest(victim(1)).hex(),
    }
    assert first.json() == {"status": "accepted", **said}
    assert again.json() == {"status": "duplicate", **said}
    (row,) = await api.database.rows("inbox")
    assert row["payload"] == orjson.dumps(victim(1))
    assert (row["inbound_topic"], row["inbound_offset"]) == (None, None)
    assert await api.database.faults() == []


async def test_binary_mode_is_the_same_event(api: Api) -> None:
    headers, data = binary(victim(1) | {"datacontenttype": "application/json"})
    sent = {name.replace("ce_", "ce-"): (value or b"").decode().replace(":", "%3A") for name, value in headers}
    first = await api.ask("POST", "/v1/events", content=data, headers=sent)
    again = await api.post(victim(1) | {"datacontenttype": "application/json"})
    assert (first.status_code, first.json()["status"]) == (202, "accepted")
    assert (again.json()["status"], again.json()["n"]) == ("duplicate", 1)


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ('"bpd/desk"', 202),
        (r'"bpd\/de\sk"', 202),
        ('"bpd%2Fdesk"', 202),
        ("%22bpd/desk%22", 422),  # written so, the quotes are the value's own
        ('"bpd/desk', 422),
        (r'"bpd/desk\"', 422),
    ],
)
async def test_an_attribute_is_taken_out_of_its_quotes_before_it_is_decoded(api: Api, source: str, status: int) -> None:
    headers, data = binary(victim(1, source="bpd/desk"))
    quoted = {name.replace("ce_", "ce-"): f'"{(value or b"").decode()}"' for name, value in headers}
    sent = quoted | {"content-type": "application/json", "ce-source": source}
    answer = await api.ask("POST", "/v1/events", content=data, headers=sent)
    assert answer.status_code == status
    payloads = [row["payload"] for row in await api.database.rows("inbox")]
    said = structured_from_binary((*headers, ("content-type", b"application/json")), data)
    assert [orjson.loads(each) for each in payloads] == ([orjson.loads(said)] if status == 202 else [])


async def test_a_batch_is_judged_event_by_event_in_its_order(api: Api) -> None:
    own = b'{ "odd" : "spacing", "odd":1 }'
    body = (
        b"[ " + b" ,\n".join([orjson.dumps(victim(1)), own, orjson.dumps(training(2)), orjson.dumps(victim(1))]) + b"]"
    )
    answer = await api.post(body, content_type=BATCH)
    assert answer.status_code == 202
    found = answer.json()["receipts"]
    assert [(each["status"], each["n"]) for each in found] == [
        ("accepted", 1),
        ("refused", 2),
        ("accepted", 3),
        ("duplicate", 1),
    ]
    assert (found[1]["reason"], found[1]["pointer"]) == ("duplicate_key", "")
    assert found[3]["accepted_at"] == NOW_MS
    assert [row["payload"] for row in await api.database.rows("inbox")] == [
        orjson.dumps(victim(1)),
        orjson.dumps(training(2)),
    ]


async def test_a_refused_event_is_kept_and_repaired_under_its_id(api: Api) -> None:
    answer = await api.post(victim(1, data={"status": CANARY}))
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    assert problem["errors"] == [
        {"rule": "unknown_code", "pointer": "/data/status", "codes": "/v1/codes/victim_status"}
    ]
    assert (problem["receipt"]["n"], problem["receipt"]["id"]) == (1, event_id(1))
    assert (problem["receipt"]["codes"], problem["receipt"].get("nearest")) == ("/v1/codes/victim_status", None)
    mistyped = (await api.post(victim(2, data={"status": "confirmd"}))).json()["receipt"]
    assert mistyped["nearest"] == ["confirmed"]
    assert (await api.ask("GET", mistyped["codes"])).status_code == 200
    kept = (await api.ask("GET", "/v1/receipts", params={"status": "refused"})).json()["receipts"][-1]
    assert kept == mistyped
    assert (await api.post(victim(2))).json()["n"] == 3
    repaired = await api.post(victim(1))
    assert (repaired.json()["status"], repaired.json()["n"]) == ("accepted", 4)
    assert [row["state"] for row in await api.database.rows("entry")] == ["superseded"] * 2


@pytest.mark.parametrize(("language", "said"), [("en", "a UUID version 7"), ("es", "un UUID versión 7")])
async def test_a_refused_id_is_told_with_its_form(api: Api, language: str, said: str) -> None:
    wrong = "0190f5c6-7b2a-4cc3-9d4e-0123456789ab"  # of version 4
    headers = {"content-type": "application/cloudevents+json", "accept-language": language}
    answer = await api.ask("POST", "/v1/events", content=orjson.dumps(victim(1) | {"id": wrong}), headers=headers)
    assert (answer.json()["rule"], answer.json()["errors"][0]["pointer"]) == ("wrong_form", "/id")
    assert said in answer.json()["detail"]
    assert wrong not in answer.text


async def test_a_refusal_has_the_same_detail_over_every_door(api: Api) -> None:
    """Alone, in a batch, as a receipt that is asked for later, and over Kafka: all mistakes, nothing that was sent."""
    wrong = victim(1, data={"status": "confirmd", "Maria Lopez": 1, "exploitation": ["servitud"]}, id=str(UUID(int=4)))
    alone = (await api.post(wrong)).json()
    [batched] = (await api.post(orjson.dumps([wrong]), content_type=BATCH)).json()["receipts"]
    asked = (await api.ask("GET", "/v1/receipts", params={"status": "refused"})).json()["receipts"]
    async with borrow_connection(api.database.pool) as connection:
        rows = await outbox_rows.read_refused_rows(connection, 0, 2)
    told = [orjson.loads(records_of_refused(row, DEPLOYMENT)[-1].value)["data"]["errors"] for row in rows]
    every = [alone["errors"], alone["receipt"]["errors"], batched["errors"], *(each["errors"] for each in asked), *told]
    assert all(each == every[0] for each in every)
    assert {(each["rule"], each["pointer"]) for each in every[0]} == {
        ("wrong_form", "/id"),
        ("unknown_code", "/data/status"),
        ("unknown_code", "/data/exploitation/0"),
        ("unknown_field", "/data"),
    }
    said = {each["pointer"]: each for each in every[0]}
    assert (said["/data/status"]["codes"], said["/data/status"]["nearest"]) == (
        "/v1/codes/victim_status",
        ["confirmed"],
    )
    assert said["/data/exploitation/0"]["nearest"][0] == "servitude"
    assert "status" in said["/data"]["fields"]
    assert said["/id"]["detail"].keys() == {"en", "es"}
    assert "Maria" not in str(every)


async def test_an_id_that_was_accepted_takes_no_other_content(api: Api) -> None:
    await api.post(victim(1))
    other = await api.post(victim(1, data={"status": "potential"}))
    assert (other.status_code, other.json()["rule"]) == (409, "id_already_used")
    (row,) = await api.database.rows("quarantine")
    assert (row["n"], row["reason"], row["pointer"]) == (2, "id_already_used", "/id")


async def test_a_foreign_source_is_refused(api: Api) -> None:
    answer = await api.post(victim(1), "dhs")
    assert (answer.status_code, answer.json()["rule"]) == (403, "source_not_of_this_door")
    assert [row["agency"] for row in await api.database.rows("quarantine")] == ["dhs"]


async def test_a_dry_run_says_what_would_become_of_it_and_keeps_nothing(api: Api) -> None:
    await api.post(victim(1))
    before = await tables(api.database)
    body = orjson.dumps([victim(1), victim(2), victim(2), victim(1, data={"status": "potential"}), {}])
    answer = await api.post(body, content_type=BATCH, query="?dry_run=true")
    assert answer.status_code == 200
    assert [each["status"] for each in answer.json()["receipts"]] == [
        *("duplicate", "accepted", "duplicate", "refused", "refused")
    ]
    assert not any({"n", "accepted_at"} & each.keys() for each in answer.json()["receipts"])
    alone = await api.post(b"{}", query="?dry_run=true")
    assert (alone.status_code, "n" in alone.json()["receipt"]) == (422, False)
    assert await tables(api.database) == before


async def test_poison_gets_the_same_verdict_at_both_doors(api: Api, subtests: pytest.Subtests) -> None:
    door, headers = api.database.door(), (("content-type", b"application/cloudevents+json"),)
    for name, raw in POISON.items():
        with subtests.test(name):
            [over_kafka] = (await door.prepare([Record(INBOUND, 0, 0, NOW_MS, None, raw, headers)], NOW)).judged
            assert isinstance(over_kafka, RefusedSubmission)
            kept = len(await api.database.rows("quarantine"))
            answer = await api.post(raw)
            assert answer.headers["content-type"] == PROBLEM
            assert CANARY not in answer.text + repr(answer.headers)
            rows = (await api.database.rows("quarantine"))[kept:]
            if len(raw) > codec.MAX_BYTES:  # nobody reads so much to refuse it
                assert (answer.status_code, answer.json()["rule"], rows) == (413, "body_too_large", [])
                continue
            wanted = (over_kafka.reason.value, over_kafka.pointer)
            assert [(row["reason"], row["pointer"]) for row in rows] == [wanted]
            every = [(each.reason, each.pointer) for each in over_kafka.mistakes]
            assert [(each["rule"], each["pointer"]) for each in answer.json()["errors"]] == every
            assert every[0] == wanted
            assert answer.status_code == WORDS[over_kafka.reason].status
    assert CANARY not in await tables(api.database)


def said(instant: datetime) -> str:
    return instant.astimezone(BELIZE_OFFSET).isoformat()


# Rows 28 to 31 of the fault matrix: out of order, late, clocks that are wrong, types and versions of others.
ODD: dict[str, tuple[dict[str, Any], str | None]] = {
    "a retraction of what never came": (retracted(1, victim(999)), None),
    "a correction of what never came": (corrected(2, victim(998), victim(2)), None),
    "four hundred days late": (victim(3, time=said(NOW - timedelta(days=400))), None),
    "a sender's clock a day behind": (victim(4, recordedtime=said(NOW - timedelta(days=1))), None),
    "a sender's clock nearly a day ahead": (victim(5, recordedtime=said(NOW + timedelta(hours=23))), None),
    "a sender's clock more than a day ahead": (
        victim(6, recordedtime=said(NOW + timedelta(hours=25))),
        "time_in_future",
    ),
    "ten years ahead": (victim(7, time="2034-06-15T00:00:00-06:00"), "time_in_future"),
    "a leap day": (victim(8, time="2024-02-29T00:00:00-06:00", occurredprecision="day"), None),
    "a leap day that is none": (victim(9, time="2023-02-29T00:00:00-06:00"), "wrong_form"),
    "a midnight in UTC": (victim(10, time="2024-06-14T00:00:00Z", occurredprecision="day"), "time_not_start_of_unit"),
    "a version that is not there yet": (victim(11, type="bz.atips.victim.identified.v9"), "unknown_type"),
    "a type of nobody": (victim(12, type="bz.atips.victim.forgotten.v1"), "unknown_type"),
    "a code of tomorrow": (victim(13, data={"status": "recanted"}), "unknown_code"),
    "a field of yesterday": (victim(14, data={"alias": "x"}), "unknown_field"),
    "the schema of another type": (victim(15, dataschema="urn:atips:schema:nothing"), "dataschema_mismatch"),
}


async def test_what_is_late_early_or_of_another_version_gets_the_same_verdict_at_both_doors(
    api: Api, subtests: pytest.Subtests
) -> None:
    for name, (event, rule) in ODD.items():
        with subtests.test(name):
            answer = (await api.post(event)).json()
            [over_kafka] = (await api.database.judged([event])).judged
            assert (
                answer.get("rule")
                == rule
                == (over_kafka.reason.value if isinstance(over_kafka, RefusedSubmission) else None)
            )
    assert await api.database.faults() == []


async def test_the_same_event_over_both_doors_at_once_is_accepted_once(api: Api) -> None:
    """Twenty rounds, each a race of two batches at Kafka's door and two requests."""
    for number in range(1, 21):
        over_http = [api.post(victim(number)) for _ in range(2)]
        over_kafka = [api.database.submit([victim(number)]) for _ in range(2)]
        answers, batches = await asyncio.gather(asyncio.gather(*over_http), asyncio.gather(*over_kafka))
        verdicts = [answer.json()["status"] for answer in answers]
        outcomes = [outcome for batch in batches for outcome in batch.outcomes]
        verdicts += ["accepted" if isinstance(each, AcceptedEvent) else "duplicate" for each in outcomes]
        assert sorted(verdicts) == ["accepted", *3 * ["duplicate"]]
        assert {answer.json()["n"] for answer in answers} | {each.n for each in outcomes} == {number}
    assert await api.database.faults() == []


async def test_requests_that_come_together_share_one_transaction(api: Api) -> None:
    answers = await asyncio.gather(*[api.post(victim(number)) for number in range(1, 41)])
    assert [answer.status_code for answer in answers] == 40 * [202]
    assert {answer.json()["n"] for answer in answers} == set(range(1, 41))
    written = await api.database.administer("SELECT count(DISTINCT xmin::text) AS n FROM inbox")
    assert written[0]["n"] <= 8
    assert await api.database.faults() == []


@pytest.mark.parametrize(
    ("content_type", "status", "rule"),
    [
        ("", 415, "media_type"),
        ("application/json", 415, "media_type"),
        ("text/plain", 415, "media_type"),
        ("application/cloudevents+json; charset=latin-1", 415, "media_type"),
        ("application/cloudevents+xml", 415, "media_type"),
        ('Application/CloudEvents+JSON; charset="UTF-8"', 202, None),
    ],
)
async def test_the_headers_say_what_it_is(api: Api, content_type: str, status: int, rule: str | None) -> None:
    answer = await api.post(victim(1), content_type=content_type)
    assert (answer.status_code, answer.json().get("rule")) == (status, rule)


def _many(*events: object) -> bytes:
    return orjson.dumps(list(events))


NO_BATCH: list[tuple[bytes, int, str, str | None]] = [
    (b"", 400, "not_json", ""),
    (b"{}", 400, "not_json", ""),
    (b"[{}", 400, "not_json", ""),
    (b"[{},]", 400, "not_json", ""),
    (b"[{}] []", 400, "not_json", ""),
    (b"[\xff]", 400, "not_utf8", ""),
    (b"\xef\xbb\xbf[{}]", 400, "byte_order_mark", ""),
    (b"[" * 100_000, 400, "too_deep", ""),
    (b"[]", 400, "empty_batch", None),
    (_many(*range(501)), 422, "too_many_events", None),
    (_many({}, {"a": "x" * 300_000}), 413, "body_too_large", "/1"),
    (b"[" + b" " * 5_000_000 + b"]", 413, "body_too_large", None),
]


async def test_what_is_no_batch_is_taken_in_by_no_one(api: Api, subtests: pytest.Subtests) -> None:
    for body, status, rule, pointer in NO_BATCH:
        with subtests.test(body=body[:20]):
            answer = await api.post(body, content_type=BATCH)
            assert (answer.status_code, answer.json()["rule"]) == (status, rule)
            assert [each["pointer"] for each in answer.json()["errors"]] == ([] if pointer is None else [pointer])
    assert (await api.database.rows("line"))[0]["last_n"] == 0


async def test_a_compressed_body_is_not_opened(api: Api) -> None:
    headers = {"content-type": "application/cloudevents+json", "content-encoding": "gzip"}
    answer = await api.ask("POST", "/v1/events", content=b"\x1f\x8b", headers=headers)
    assert (answer.status_code, answer.json()["rule"]) == (415, "content_encoding")


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-BZ, en;q=0.8", "es"),
        ("en, es;q=0.9", "en"),
        ("fr, *;q=0.1", "en"),
        (",;q=;=", "en"),
    ],
)
async def test_titles_are_in_the_language_that_is_preferred(api: Api, accept: str, language: str) -> None:
    answer = await api.ask("GET", "/v1/codes/no_list", headers={"accept-language": accept})
    assert (answer.status_code, answer.headers["content-language"]) == (404, language)
    assert (
        answer.json()["title"]
        == {
            "en": "Nothing of your agency has this address: check the address and each id in it",
            "es": "Nada de su institución tiene esta dirección: revise la dirección y cada identificador",
        }[language]
    )


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/events", 405), ("POST", "/v1/receipts", 405), ("GET", "/", 404), ("GET", f"/{CANARY}", 404)],
)
async def test_whatever_no_route_answers_is_a_problem(api: Api, method: str, path: str, status: int) -> None:
    answer = await api.ask(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert CANARY not in answer.text


async def test_an_unreadable_parameter_is_named_and_not_repeated(api: Api) -> None:
    answer = await api.ask("GET", "/v1/receipts", params={"limit": CANARY, "since": "-1"})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"rule": "wrong_form", "parameter": "limit"},
        {"rule": "wrong_form", "parameter": "since"},
    ]
    assert CANARY not in answer.text


async def test_a_parameter_that_there_is_not_is_refused(api: Api) -> None:
    """With a misspelt `dry_run` events would be accepted in earnest."""
    answer = await api.post(victim(1), query=f"?dryrun=true&{CANARY}=1")
    assert (answer.status_code, answer.json()["errors"]) == (400, [{"rule": "unknown_field"}])
    assert CANARY not in answer.text
    assert await api.database.rows("inbox") == []


async def test_a_parameter_that_is_there_twice_is_refused_and_named(api: Api) -> None:
    """Of two the last would count, and a rehearsal be in earnest."""
    for query in ("?dry_run=true&dry_run=false", "?dry_run=true&dry_run=true", f"?dry_run={CANARY}&dry_run=false"):
        answer = await api.post(victim(1), query=query)
        assert answer.status_code == 400
        assert answer.json()["errors"] == [{"rule": "duplicate_key", "parameter": "dry_run"}]
    assert await api.database.rows("inbox") == []


async def test_the_document_s_example_is_accepted(api: Api) -> None:
    paths = (await api.ask("GET", "/openapi.json", None)).json()["paths"]
    content = paths["/v1/events"]["post"]["requestBody"]["content"]
    attributes = {f"ce-{name}": value for name, value in content[EVENT]["example"].items() if name != "data"}
    for content_type, each in content.items():
        headers = {"content-type": content_type, **(attributes if content_type == "application/json" else {})}
        body = orjson.dumps(each["example"])
        answer = await api.ask("POST", "/v1/events?dry_run=true", content=body, headers=headers)
        assert answer.status_code == 200
        assert '"accepted"' in answer.text


async def test_what_was_accepted_over_http_is_sent_like_everything_else(api: Api) -> None:
    await api.post(victim(1))
    await api.post(b"{")
    await api.post(victim(1))
    async with borrow_connection(api.database.pool) as connection:
        backlog = await Outbox(connection).read(Pointer(0, 0, 0, {}))
    rows: list[Any] = [*backlog.accepted, *backlog.refused, *backlog.repeated]
    assert [row.place for row in rows] == [None, None, None]


@pytest.mark.parametrize("client", ["bpd", "bpd/register"])
async def test_who_is_beyond_its_share_is_told_when_to_come_again(api: Api, client: str) -> None:
    usage = api.parts.group._door._usage
    usage.charge(
        client, SubmittedLoad(refusals=int(usage.shares.refusals * (usage.shares.seconds_at_once + 7.5))), monotonic()
    )
    answer = await api.post(victim(1))
    assert (answer.status_code, answer.json()["rule"]) == (429, "too_often")
    assert int(answer.headers["retry-after"]) in {7, 8}
    assert {each["what"]: each["per_second"] for each in answer.json()["limits"]} == {
        "records": usage.shares.records,
        "bytes": usage.shares.size,
        "refusals": usage.shares.refusals,
        "records_per_day": usage.shares.records_per_day / 86_400,
        "refusals_per_day": usage.shares.refusals_per_day / 86_400,
    }
    assert await api.database.rows("quarantine") == []
    assert await api.database.rows("inbox") == []
    assert (await api.post(victim(2, source="bpd/desk"))).status_code == (429 if client == "bpd" else 202)
