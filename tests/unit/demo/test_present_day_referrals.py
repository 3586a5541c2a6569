"""Referrals of the present day: the doors accept them, the referral service holds them, and no earlier year moves."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.catalogue import may_publish
from schemas.codec import decode_strict
from schemas.service_decisions import Entered
from services.console import local_cluster
from services.demo import present_day_referrals
from services.demo.register_entries import RegisterEntry
from services.referral.domain.decide import decide
from services.sheet.verdict import Verdict, VerdictStatus
from tests.unit.referral.sample import shipped

NOW = datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)


def test_they_come_from_their_authors_just_before_now_and_the_officer_s_agency_is_to_answer_one() -> None:
    made = present_day_referrals.worklist(NOW)
    events = [(entry, decode_strict(entry.value).event) for entry in (*made.sent, *made.accepted)]
    for entry, event in events:
        assert event.agency == entry.agency
        assert may_publish(event)
        assert event.occurred is not None
        assert NOW - timedelta(hours=1) < event.occurred.start < NOW
        assert NOW - timedelta(hours=1) < entry.leaves_at < NOW
    accepted = {entry.event["data"]["referral"] for entry in made.accepted}
    asked = [entry.event["data"] for entry in made.sent if "to_agency" in entry.event["data"]]
    to_police = [each["referral"] in accepted for each in asked if each["to_agency"] == present_day_referrals.OFFICER]
    assert sorted(to_police) == [False, True]
    assert len({event.id for _, event in events}) == len(events)


def test_by_the_policy_each_referral_waits_for_its_receiver_with_hours_to_go() -> None:
    made = present_day_referrals.worklist(NOW)
    found = set()
    by_person: dict[str, list[Entered]] = {}
    for number, entry in enumerate((*made.sent, *made.accepted), 1):
        event = decode_strict(entry.value).event
        by_person.setdefault(entry.event["subject"], []).append(Entered(number, NOW, event))
    for person, entered in by_person.items():
        outcome = decide(person, (), entered, shipped())
        assert not outcome.findings
        [waits] = outcome.waiting
        assert waits.due_at > NOW + timedelta(hours=2)
        found.add((waits.agency, waits.kind.value))
    assert found == {("dhs", "answer"), ("bpd", "answer"), ("hti", "answer"), ("bpd", "start")}


def test_two_demonstrations_in_one_folder_write_other_ids_and_register_numbers() -> None:
    one, other = (present_day_referrals.worklist(NOW + timedelta(seconds=late)).sent for late in (0, 1))
    for name in ("id", "sourcerecord", "subject"):
        assert not {entry.event[name] for entry in one} & {entry.event[name] for entry in other}
    assert [entry.value for entry in one] == [entry.value for entry in present_day_referrals.worklist(NOW).sent]


@dataclass
class Offices:
    """Offices in memory, which answer each entry alike."""

    status: VerdictStatus = VerdictStatus.ACCEPTED
    rounds: list[Counter[str]] = field(default_factory=list)

    def publish(self, entries: list[RegisterEntry], _: object) -> list[Verdict]:
        self.rounds.append(Counter(entry.event["type"].split(".")[3] for entry in entries))
        return [Verdict(number, self.status, reason="wrong_form") for number, _ in enumerate(entries)]


@pytest.mark.parametrize("awaited", [False, True])
def test_they_are_sent_before_they_are_accepted_unless_work_lies_ahead_already(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, awaited: bool
) -> None:
    async def ahead(*_: object) -> bool:
        return awaited

    cluster: Any = type("Cluster", (), {"data_dir": tmp_path})
    monkeypatch.setattr(local_cluster, "now", lambda _: NOW)
    monkeypatch.setattr(present_day_referrals, "_is_awaited", ahead)
    offices: Any = Offices()
    assert present_day_referrals.publish(cluster, offices) is not awaited
    assert [sorted(each) for each in offices.rounds] == (
        [] if awaited else [["profile_recorded", "recorded", "sent"], ["accepted"]]
    )
    refusing: Any = Offices(VerdictStatus.REFUSED)
    if not awaited:
        with pytest.raises(present_day_referrals.NotTakenError, match="wrong_form"):
            present_day_referrals.publish(cluster, refusing)
