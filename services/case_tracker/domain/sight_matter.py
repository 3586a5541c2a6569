"""Matter of a fact in its case, as `schemas.sight` uses it."""

from collections.abc import Iterator

from schemas.envelope import Event
from schemas.sight import Matter, matter_and_persons_of_event
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.fact import Fact


def matter_of(fact: Fact, spine: Spine) -> Matter | None:
    """Return the matter of a fact (such as health), by its type and purposes; None if none is declared."""

    def named(an_id: str) -> Iterator[Event]:
        yield from (each.content for each in spine.of(an_id, "referral.sent", "need.assessed"))
        if "/" in an_id:  # an event's reference, which no index has
            consents = spine.named("consent.recorded", "consent.withdrawn")
            yield from (each.content for each in consents if an_id in {each.ref, each.content.ref})

    return matter_and_persons_of_event.matter_of(fact.content, named)
