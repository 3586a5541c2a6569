"""`--own-person` of `referral` and `consent`: intake gives the id of the agency's own number, which nothing repeats."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Final

import pytest
from typer.testing import CliRunner

from schemas.codec import decode_strict
from schemas.envelope import Event
from schemas.ids import Kind, derive
from services.client.receipt_and_errors import Later, NotLetIn, NotTheDoor
from services.console import local_cluster, send_as_agency
from services.console.__main__ import app
from services.presentation.referral_move_decision_texts import ShownDecision
from services.sheet.json_lines import FileLine
from services.sheet.verdict import Verdict, VerdictStatus

PERSON: Final = derive(Kind.PERSON, "of an own number")
OWN_NUMBER: Final = "TIP-2024/117"
SEND: Final = ("referral", "send", "--agency", "bpd", "--to", "dhs", "--service", "shelter")


@dataclass
class IdIntake:
    """Gives the id of an own number as intake does."""

    failing: list[Exception] = field(default_factory=list)
    asked: list[Sequence[Mapping[str, str]]] = field(default_factory=list)

    def identities(self, numbers: Sequence[Mapping[str, str]], _: float, *, dry_run: bool) -> list[str]:
        assert not dry_run
        self.asked.append(numbers)
        if self.failing:
            raise self.failing.pop()
        return [PERSON]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Event]:
    """Return the events that a command would publish, instead of publishing them."""
    found: list[Event] = []

    def published(_root: Path, _agency: str, given: Sequence[FileLine], _timeout: float) -> Iterator[Verdict]:
        for line in given:
            found.append(decode_strict(line.value).event)
            yield Verdict(line.number, VerdictStatus.ACCEPTED, found[-1].id, 7)

    monkeypatch.setattr(local_cluster, "running_cluster", lambda _: SimpleNamespace(data_dir=tmp_path))
    monkeypatch.setattr(send_as_agency, "publish_lines", published)
    monkeypatch.setattr(send_as_agency, "earlier_move_of", lambda *_: None)
    monkeypatch.setattr(
        send_as_agency, "await_decision", lambda _, agency, referral, *__: ShownDecision(referral, agency, "in_effect")
    )
    return found


@pytest.fixture
def id_door(monkeypatch: pytest.MonkeyPatch) -> IdIntake:
    """The door that is asked for ids, in place of intake's."""
    door = IdIntake()
    monkeypatch.setattr(send_as_agency, "open_intake_client", lambda *_: nullcontext(door))
    return door


@pytest.mark.parametrize(("lang", "told"), [("en", "Person"), ("es", "Persona")])
def test_a_person_is_named_by_the_agency_s_own_number(
    sent: list[Event], id_door: IdIntake, caplog: pytest.LogCaptureFixture, lang: str, told: str
) -> None:
    done = CliRunner().invoke(app, [*SEND, "--own-person", f" {OWN_NUMBER} ", "--lang", lang])
    assert done.exit_code == 0, done.output
    assert id_door.asked == [[{"kind": "per", "number": OWN_NUMBER}]]
    assert (sent[0].subject, sent[0].data.model_dump()["person"]) == (PERSON, PERSON)
    first, second, *_ = done.stdout.splitlines()
    assert (first, second) == (sent[0].data.model_dump()["referral"], f"{told} {PERSON}")
    assert OWN_NUMBER not in done.output + caplog.text + sent[0].model_dump_json()


@pytest.mark.parametrize("whom", [["--person", PERSON], ["--own-person", OWN_NUMBER]])
def test_a_program_is_told_the_person_of_a_referral(sent: list[Event], id_door: IdIntake, whom: list[str]) -> None:
    done = CliRunner().invoke(app, [*SEND, *whom, "--json"])
    assert (done.exit_code, json.loads(done.stdout)["person"]) == (0, PERSON)
    assert len(sent) == 1
    assert len(id_door.asked) == (whom[0] == "--own-person")


@pytest.mark.parametrize(
    ("whom", "told"),
    [
        ([], ["--person, --own-person"]),
        (["--person", PERSON, "--own-person", OWN_NUMBER], ["--person, --own-person"]),
        (["--person", "somebody", "--own-person", OWN_NUMBER], ["--person", "--person, --own-person"]),
        (["--own-person", "Maria"], ["--own-person"]),
        (["--own-person", ""], ["--own-person"]),
        (["--own-person", OWN_NUMBER], []),
    ],
)
@pytest.mark.parametrize(("lang", "end"), [("en", "Nothing was sent."), ("es", "No se envió nada.")])
def test_one_of_two_ways_names_the_person_and_is_judged_with_every_option(  # noqa: PLR0917 - two tables
    sent: list[Event], id_door: IdIntake, whom: list[str], told: list[str], lang: str, end: str
) -> None:
    done = CliRunner().invoke(app, [*SEND, *whom, "--urgency", "quick", "--lang", lang])
    assert (done.exit_code, done.stdout, sent, id_door.asked) == (1, "", [], [])
    *lines, last = done.stderr.splitlines()
    assert last == end
    assert sorted(line.partition(": ")[0] for line in lines) == sorted([*told, "--urgency"])
    assert ("2024/118" in done.stderr) is (told == ["--own-person"])  # how a number is written
    assert [value for value in (OWN_NUMBER, "Maria", "somebody", "quick") if value in done.stderr] == []


@pytest.mark.parametrize("failure", [NotLetIn("HTTP 401"), NotTheDoor("HTTP 400"), Later("HTTP 503", 60.0)])
def test_without_the_id_of_the_own_number_nothing_is_sent(
    sent: list[Event], id_door: IdIntake, failure: Exception
) -> None:
    id_door.failing.append(failure)
    done = CliRunner().invoke(app, [*SEND, "--own-person", OWN_NUMBER])
    assert (done.exit_code, done.stdout, sent) == (1, "", [])
    assert "Nothing was sent: the id of your own number comes from intake" in done.stderr
    assert OWN_NUMBER not in done.output


@pytest.mark.parametrize(
    ("command", "advice"),
    [(SEND, "--own-person"), (("consent", "withdraw", "--agency", "bpd"), "--own-person")],
)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_nobody_is_advised_to_make_a_second_person(
    sent: list[Event], command: Sequence[str], advice: str, lang: str
) -> None:
    done = CliRunner().invoke(app, [*command, "--person", "somebody", "--lang", lang])
    assert (done.exit_code, sent) == (1, [])
    assert advice in done.stderr
    assert "client.mint" not in done.stderr


REFERRAL: Final = derive(Kind.REFERRAL, "of an own number")
CONSENT: Final = "dhs/console/01930000-0000-7000-8000-000000000001"
MOVES: Final = (
    ("referral", "accept", REFERRAL),
    ("referral", "complete", REFERRAL),
    ("referral", "reject", REFERRAL, "--reason", "no_capacity"),
    ("referral", "cancel", REFERRAL),
    ("consent", "withdraw"),
    ("consent", "acknowledge", CONSENT),
)


@pytest.mark.parametrize("move", MOVES, ids=lambda move: " ".join(move[:2]))
def test_each_move_names_a_person_by_the_agency_s_own_number(
    sent: list[Event], id_door: IdIntake, move: Sequence[str]
) -> None:
    """Found by a new user: a person was referred by an own number, and taken back only by the shared id."""
    done = CliRunner().invoke(app, [*move, "--agency", "bpd", "--own-person", OWN_NUMBER])
    assert done.exit_code == 0, done.output
    assert id_door.asked == [[{"kind": "per", "number": OWN_NUMBER}]]
    assert (sent[0].subject, sent[0].data.model_dump()["person"]) == (PERSON, PERSON)
    assert done.stdout.splitlines()[0] == f"Person {PERSON}"
    assert OWN_NUMBER not in done.output + sent[0].model_dump_json()
    told = CliRunner().invoke(app, [*move, "--agency", "bpd", "--own-person", OWN_NUMBER, "--json"])
    assert json.loads(told.stdout)["person"] == PERSON


@pytest.mark.parametrize("move", MOVES, ids=lambda move: " ".join(move[:2]))
@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_move_with_a_wrong_option_asks_for_no_id(
    sent: list[Event], id_door: IdIntake, move: Sequence[str], lang: str
) -> None:
    for whom in (["--own-person", "Maria"], ["--own-person", OWN_NUMBER, "--person", PERSON]):
        done = CliRunner().invoke(app, [*move, "--agency", "bpd", *whom, "--lang", lang])
        assert (done.exit_code, sent, id_door.asked) == (1, [], [])
        assert "--own-person: " in done.stderr
        assert "Maria" not in done.stderr


def test_of_whom_consent_is_taken_back_is_named_in_one_way(sent: list[Event], id_door: IdIntake) -> None:
    done = CliRunner().invoke(app, ["consent", "withdraw", "--agency", "bpd"])
    assert (done.exit_code, sent, id_door.asked) == (1, [], [])
    assert "--person, --own-person: give exactly one" in done.stderr
