"""`atips publish --via http` against the real door: verdicts as a rehearsal has them, and nothing counts twice."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import orjson
import pytest

from infra.local import pki, ports
from infra.local.data_folder import Folder
from schemas.codec import MAX_BYTES
from services.client import Http
from services.intake.domain.api_keys import key_from_entropy
from services.runtime import failpoints
from services.sheet import http_post
from services.sheet.dry_run_judgement import rehearse
from services.sheet.http_post import NotReachedError
from services.sheet.json_lines import FileLine
from services.sheet.verdict import VerdictStatus
from tests.support.database import Server
from tests.unit.client.test_http import door as answering
from tests.unit.intake.api.conftest import GENEROUS, KEYS
from tests.unit.intake.api.server_in_thread import listening
from tests.unit.intake.samples import NOW, training, victim

VALUES = [
    orjson.dumps(victim(1)),
    orjson.dumps(victim(2), option=orjson.OPT_INDENT_2),
    b"{",
    b'{}, {"specversion": "1.0"}',
    orjson.dumps(training(3)),
    orjson.dumps(victim(1)),
    b'{"a":1,"a":2}',
    orjson.dumps(victim(1, data={"status": "potential"})),
    orjson.dumps(victim(4) | {"sourcerecord": "1" * MAX_BYTES}),
    orjson.dumps(victim(5, source="dhs/famcare")),
    b" " + orjson.dumps(victim(6)) + b"\r",
]
Dial = Callable[..., Http]
LINES = [FileLine(number, value) for number, value in enumerate(VALUES, 1)]


@pytest.fixture
def door(server: Server, tmp_path: Path) -> Iterator[Dial]:
    folder = Folder(tmp_path / "data")
    folder.make()
    pki.ensure(folder, [], datetime.now(UTC))
    with (
        listening(server, tmp_path, GENEROUS, (folder.certificate(pki.HTTP), folder.key(pki.HTTP))) as found,
        ExitStack() as open_doors,
    ):

        def dialled(key: str = KEYS["bpd"], port: int = found.port) -> Http:
            made = Http(f"https://{ports.HOST}:{port}", key=key, ca=folder.ca)
            open_doors.callback(made.close)
            return made

        yield dialled


def test_the_verdicts_are_those_of_a_rehearsal(door: Dial) -> None:
    wanted = [(each.line, each.status, each.reason, each.pointer) for each in rehearse("bpd", LINES, NOW)]
    said = list(http_post.publish(door(), LINES, timeout=20))
    assert [(each.line, each.status, each.reason, each.pointer) for each in said] == wanted
    assert {status for _, status, *_ in wanted} == {
        VerdictStatus.ACCEPTED,
        VerdictStatus.DUPLICATE,
        VerdictStatus.REFUSED,
    }
    again = list(http_post.publish(door(), LINES, timeout=20))
    first = {each.line: each.n for each in said if each.status in {VerdictStatus.ACCEPTED, VerdictStatus.DUPLICATE}}
    assert {each.line: each.n for each in again if each.status is VerdictStatus.DUPLICATE} == first


def test_what_is_not_answered_in_time_is_unconfirmed_and_may_be_sent_again(door: Dial) -> None:
    one = list(http_post.publish(door(), LINES[:1], timeout=20))
    failpoints.arm("http.committed=retry")
    try:
        lost = http_post.publish(door(), [*LINES[:1], LINES[2], LINES[4]], timeout=0.5)
        with pytest.raises(NotReachedError, match="may have been accepted"):
            list(lost)
        failpoints.arm("http.committed=retry@2")
        said = list(http_post.publish(door(), [*LINES[:1], LINES[2], LINES[4]], timeout=0.5))
    finally:
        failpoints.arm("")
    assert [each.status for each in said] == [
        VerdictStatus.DUPLICATE,
        VerdictStatus.UNCONFIRMED,
        VerdictStatus.ACCEPTED,
    ]
    assert said[0].n == one[0].n


def test_with_another_key_nothing_is_sent(door: Dial) -> None:
    stranger = door(key=key_from_entropy(b"s" * 32))
    with pytest.raises(NotReachedError, match="no_key"):
        list(http_post.publish(stranger, LINES, timeout=20))


def test_where_nobody_answers_nothing_is_sent(door: Dial) -> None:
    nobody = door(port=9)
    with pytest.raises(NotReachedError, match="no answer"):
        list(http_post.publish(nobody, LINES, timeout=0.1))


def test_something_else_that_answers_there_is_told() -> None:
    own = answering(lambda _: httpx2.Response(200, text="<html>Sign in"))
    with pytest.raises(NotReachedError, match="HTTP 200: what answers there"):
        list(http_post.publish(own, LINES[:1], timeout=5))


def test_batches_are_bounded_by_number_and_by_bytes() -> None:
    small = [FileLine(number, b"{}") for number in range(1, 450)]
    assert [len(each) for each in http_post._together(small, 200)] == [200, 200, 49]
    large = [FileLine(number, b'"' + b"x" * 200_000 + b'"') for number in range(1, 9)]
    assert [len(each) for each in http_post._together(large, 200)] == [2, 2, 2, 2]
