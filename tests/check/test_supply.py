"""The bill of materials names all that is locked; advisories count unless somebody has accepted them for now."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typing_extensions import override

from infra.local import jars
from tests.check.test_lock_files import requirements
from tests.supply import __main__ as supply
from tests.supply import advisories, materials

TODAY = date(2026, 11, 30)


@contextmanager
def index(answer: bytes, status: int = 200) -> Iterator[tuple[str, list[Any]]]:
    """Serve an index that gives the same answer to each question; gives its address and what it was asked."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer)

        @override
        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def answer(**vulnerable: str) -> bytes:
    """Give the answer in which the named packages have an advisory each."""
    of = {material.url.name: vulnerable.get(material.url.name) for material in materials.materials()}
    names = [material.url.name for material in materials.materials()]
    return json.dumps({"results": [{"vulns": [{"id": of[name]}]} if of[name] else {} for name in names]}).encode()


def test_the_bill_names_every_locked_package_and_jar_and_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "build" / "sbom.json"
    assert materials.written(file)  # raises where the schema is not kept
    listed = json.loads(file.read_text(encoding="utf-8"))["components"]
    locked = requirements((materials.ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert {each["name"] for each in listed if each["purl"].startswith("pkg:pypi/")} == set(locked)
    of_java = {each["hashes"][0]["content"] for each in listed if each["purl"].startswith("pkg:maven/")}
    assert of_java == {jar.sha256 for jar in jars.read_lock()}
    before = file.read_bytes()
    assert not materials.written(file)  # of the same locks
    file.unlink()
    assert materials.written(file)
    assert file.read_bytes() == before


def test_an_advisory_counts_and_is_asked_for_once_a_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with index(answer(orjson="GHSA-1")) as (address, asked):
        assert supply.main(tmp_path, address, TODAY) == 1
        assert supply.main(tmp_path, address, TODAY) == 1
    assert len(asked) == 1
    urls = [query["package"]["purl"] for query in asked[0]["queries"]]
    assert any(url.startswith("pkg:pypi/orjson@") for url in urls)
    assert any(url.startswith("pkg:maven/org.apache.kafka/kafka_2.13@") for url in urls)
    assert "known vulnerability: pkg:pypi/orjson@" in capsys.readouterr().out


def test_what_somebody_accepted_does_not_count_until_the_day_of_its_review(tmp_path: Path) -> None:
    judged = tmp_path / "accepted.csv"
    judged.write_text(f"id,reason,review\nGHSA-1,we never parse it,{TODAY}\n", encoding="utf-8")
    found = {"pkg:pypi/a@1": ["GHSA-1", "GHSA-2"], "pkg:pypi/b@1": ["GHSA-1"]}
    assert advisories.left(found, advisories.accepted(judged), TODAY) == {"pkg:pypi/a@1": ["GHSA-2"]}
    assert advisories.left(found, advisories.accepted(judged), TODAY + timedelta(days=1)) == found
    judged.write_text(f"id,reason,review\nGHSA-1,,{TODAY}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="an id and a reason"):
        advisories.accepted(judged)


def test_the_list_of_what_was_accepted_can_be_read() -> None:
    advisories.accepted(supply.ACCEPTED)


def test_without_an_answer_nothing_is_checked_and_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert supply.main(tmp_path, "http://127.0.0.1:9", TODAY) == 0
    for status, said in ((404, b"{}"), (500, b"no"), (200, b"no JSON"), (200, b'{"results": []}'), (200, b"[]")):
        with index(said, status) as (address, _):
            assert supply.main(tmp_path, address, TODAY) == 0
    told = [line for line in capsys.readouterr().out.splitlines() if "vulnerabilities" in line]
    assert len(told) == 6
    assert all(line.startswith("known vulnerabilities: not checked: no answer from http://127.0.0.1:") for line in told)


def test_an_answer_of_several_pages_is_read_to_its_end() -> None:
    pages = [
        {"results": [{"vulns": [{"id": "GHSA-1"}], "next_page_token": "on"}]},
        {"results": [{"vulns": [{"id": "GHSA-2"}]}]},
    ]
    [material] = materials.packages("orjson==1.0 \\\n")

    with index(json.dumps(pages[1]).encode()) as (address, _):
        assert advisories.ask([material], address) == {material.name: ["GHSA-2"]}
    with index(json.dumps(pages[0]).encode()) as (address, asked), pytest.raises(advisories.NoAnswerError):
        advisories.ask([material], address)
    assert [query["queries"][0].get("page_token") for query in asked] == [None, "on", "on", "on", "on"]
