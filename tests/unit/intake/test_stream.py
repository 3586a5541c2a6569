"""Intake reads exactly the topics that the topics' table lets it read."""

from dataclasses import replace

from schemas.agencies import PUBLISHING, SERVICES
from schemas.topics import Deployment
from services.intake.stream import later_topics, topics
from tests.unit.intake.samples import DEPLOYMENT


def test_the_inbound_topics_of_all_agencies_and_services_and_nothing_else() -> None:
    # At its start it asks the ends of what it publishes, too.
    published = {*DEPLOYMENT.logs, DEPLOYMENT.quarantine, DEPLOYMENT.progress, DEPLOYMENT.delivery("intake")}
    allowed = {
        spec.name: spec.partitions
        for spec in DEPLOYMENT.specs()
        if "intake" in spec.consumers and spec.name not in published
    }
    assert topics(DEPLOYMENT) == allowed
    assert len(allowed) == len(DEPLOYMENT.agencies) + len(SERVICES)


def test_agencies_that_may_be_added_are_those_of_the_table_that_are_not_there() -> None:
    few = Deployment("t1", 1, ("bpd", "dhs"))
    assert later_topics(few).keys() == {few.inbound(agency) for agency in PUBLISHING} - topics(few).keys()
    assert later_topics(DEPLOYMENT) == {}


def test_a_system_that_gets_a_credential_of_its_own_is_read_from_then_on() -> None:
    own = {"bpd/jail"}
    assert later_topics(DEPLOYMENT, own) == {DEPLOYMENT.inbound("bpd/jail"): 1}
    started = replace(DEPLOYMENT, systems=("bpd/jail",))
    assert later_topics(started, own) == {}
    assert topics(started).keys() - topics(DEPLOYMENT).keys() == {DEPLOYMENT.inbound("bpd/jail")}
