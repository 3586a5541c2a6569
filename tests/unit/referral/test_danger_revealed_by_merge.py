"""A danger that a merge reveals is of the merge's time, and not of the time of the copies that it adds."""

from datetime import timedelta

from services.referral.domain.decision import DangerFound
from tests.unit.referral.dangers import ARREST, OTHER_CASE, victim
from tests.unit.referral.sample import OTHER, PERSON, Log


def test_a_danger_that_an_old_copy_reveals_is_of_now() -> None:
    """A merge adds copies of events of another id, with the times at which intake accepted them long ago."""
    log = Log()
    victim(log)
    arrested = {"person": OTHER, "case": OTHER_CASE, "arrest": ARREST, "linked_victims": [PERSON]}
    log.add("bpd", "arrest.made", arrested)
    log.add("bpd", "arrest.released", {"person": OTHER, "victims": [PERSON], "arrest": ARREST})
    log.add("bpd", "person.profile_recorded", {"person": PERSON, "role": "victim"}, after=timedelta(days=90))
    *others, released, newest = log.entries
    log.entries = [*others, newest, released]
    (danger,) = [each for each in log.outcome().findings if isinstance(each, DangerFound)]
    assert (danger.ground.decided_at, danger.ground.answered_n) == (newest.accepted_at, newest.n)
