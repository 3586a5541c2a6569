"""What intake reads is what the topics' table says that it may read."""

from schemas.agencies import SERVICES
from services.intake.stream import topics
from tests.unit.intake.samples import DEPLOYMENT


def test_the_inbound_topics_of_all_agencies_and_services_and_nothing_else() -> None:
    allowed = {
        spec.name: spec.partitions
        for spec in DEPLOYMENT.specs()
        if "intake" in spec.consumers and spec.name != DEPLOYMENT.delivery("intake")
    }
    assert topics(DEPLOYMENT) == allowed
    assert len(allowed) == len(DEPLOYMENT.agencies) + len(SERVICES)
