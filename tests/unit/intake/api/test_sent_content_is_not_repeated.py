"""A planted string in every place of real events: it is in no answer, no table, no metric and no line of the log."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from prometheus_client import generate_latest

from services.runtime.metrics import REGISTRY
from tests.unit.intake.api.conftest import BATCH, Api, tables
from tests.unit.intake.test_judge import places

CANARY = "Canary Xq_7f3a"  # of no form that a field may have
EXAMPLES = sorted((Path(__file__).parents[4] / "schemas" / "examples").glob("*.json"))[::4]
PLANTED: list[Any] = [CANARY, {CANARY: CANARY}, [CANARY]]


def with_planted(event: dict[str, Any], place: tuple[str | int, ...], planted: object) -> dict[str, Any]:
    copy: dict[str, Any] = orjson.loads(orjson.dumps(event))
    inner: Any = copy
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = planted
    return copy


@pytest.mark.usefixtures("logged")
async def test_it_is_seen_nowhere(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    sent = refused = 0
    for path in EXAMPLES:
        event = orjson.loads(path.read_bytes())
        agency = event["source"].partition("/")[0]
        as_agency = agency if agency in {"bpd", "dhs"} else "bpd"
        found = places(event)[1:]
        planted = [with_planted(event, place, each) for place in found for each in PLANTED]
        planted += [{**event, CANARY: 1}, {**event, "data": {**event["data"], CANARY: CANARY}}]
        answer = await api.post(planted[:500], as_agency, content_type=BATCH)
        alone = await api.post(planted[-1], as_agency)
        assert answer.status_code == 202
        assert alone.status_code in {403, 422}
        assert CANARY not in answer.text + alone.text + repr(alone.headers) + repr(answer.headers)
        receipts = answer.json()["receipts"]
        sent, refused = sent + len(receipts) + 1, refused + 1 + sum(each["status"] == "refused" for each in receipts)
    assert sent > 1000
    assert refused / sent > 0.9
    assert CANARY not in await tables(api.database)
    assert CANARY not in generate_latest(REGISTRY).decode()
    out, err = capsys.readouterr()
    assert CANARY not in out + err
