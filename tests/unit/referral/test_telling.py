"""Who hears of a suspect's release, bail, hearings and verdicts: whoever holds the linked victim, in any order."""

from datetime import timedelta

import asyncpg
import pytest

from schemas.ids import Kind
from services.referral.domain.decide import decide
from services.referral.domain.decision import Notice
from tests.unit.referral.sample import CASE, PERSON, SUSPECT, Log, an_id, happens, policy
from tests.unit.referral.test_handlers import a_decider, handle, pool, records

__all__ = ["pool"]

TIE = {"case": CASE, "victim": PERSON, "suspect": SUSPECT}
NAMES = (
    "arrest.released", "bail.granted", "bail.varied", "bail.breached", "bail.revoked", "court.hearing_scheduled",
    "court.adjourned", "verdict.returned", "sentence.imposed",
)  # fmt: skip


def noticed(log: Log) -> list[Notice]:
    return decide(SUSPECT, (), log.entries, policy()).notices


@pytest.mark.parametrize("name", NAMES)
def test_each_of_these_is_told_of_the_linked_victim(name: str) -> None:
    log = Log()
    log.add("bpd", "victim_suspect.linked", TIE, subject=CASE)
    ref = happens(log, name)
    (found,) = noticed(log)
    assert (found.event, found.type, found.victims) == (ref, f"bz.atips.{name}.v1", (PERSON,))


def test_the_policy_tells_of_nothing_else_and_of_nobody_untied() -> None:
    told = {name for rule in policy().notify for name in rule.on}
    assert told == set(NAMES)
    log = Log()
    happens(log, "bail.granted")
    assert noticed(log) == []


def test_a_victim_who_is_tied_later_is_one_to_whom_it_mattered() -> None:
    log = Log()
    ref = happens(log, "bail.granted")
    at = log.now
    log.add("bpd", "victim_suspect.linked", TIE, subject=CASE)
    (found,) = noticed(log)
    assert (found.event, found.at, found.victims) == (ref, at, (PERSON,))
    log.add("bpd", "victim_suspect.unlinked", TIE, subject=CASE)
    happens(log, "bail.revoked")
    assert len(noticed(log)) == 1


@pytest.mark.parametrize("carer_first", [True, False])
async def test_the_holder_hears_of_it_whichever_was_decided_about_first(pool: asyncpg.Pool, carer_first: bool) -> None:
    """Two partitions are read in any order: the suspect's may be ahead of the victim's."""
    suspects, victims = Log(), Log()
    suspects.add("bpd", "victim_suspect.linked", TIE, subject=CASE)
    happens(suspects, "bail.granted")
    victims.sends(to="hti")
    victims.moves("hti", "accepted")
    batches = [(suspects, SUSPECT), (victims, PERSON)]
    for number, (log, person) in enumerate(reversed(batches) if carer_first else batches):
        await handle(a_decider(pool), pool, records(log.entries, person, begin=number * 10))
    said = "SELECT topic, value FROM outbox WHERE type = 'bz.atips.delivery.notice.v1' ORDER BY topic"
    topics = [row["topic"].split(".")[2] for row in await pool.fetch(said)]
    assert topics == ["dhs", "hti"]
    # Whoever takes the victim on weeks later has to know too; nobody hears of it twice.
    victims.moves("hti", "handed_back", reason="no_capacity", after=timedelta(days=3))
    victims.sends(to="iom", referral=an_id(Kind.REFERRAL, "two"))
    await handle(a_decider(pool), pool, records(victims.entries[2:], begin=20))
    assert [row["topic"].split(".")[2] for row in await pool.fetch(said)] == ["dhs", "hti", "iom"]
