"""Rules of justice: an arrest before the offence, and a charge with two verdicts."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import combinations

from schemas.codebook.courts import AppealOutcome
from schemas.codebook.justice import MAY_BE_FILED_AGAIN
from schemas.justice.charges import ChargeFiledV1, VerdictReturnedV1
from schemas.justice.investigation import InvestigationOpenedV1
from schemas.justice.sentences_and_appeals import AppealDecidedV1
from schemas.times import BELIZE, Interval, Period, surely_before
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.rules.finding_rule import CaseContradiction, text_of_field


def arrest_before_offence(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield arrests that are certainly before every offence with which the person is charged in the case.

    Without a charge against the person, the offence under investigation counts. An arrest is left out if the person was
    released before the offence and another arrest of the person may be for it.
    """
    investigated = spine.named("investigation.opened")
    for arrest in spine.named("arrest.made"):
        person = text_of_field(arrest, "person")
        told = spine.of(person, "charge.filed") or investigated
        if not told or not _is_before(arrest, told):
            continue
        let_go = any(_is_before(each, told) for each in spine.of(text_of_field(arrest, "arrest"), "arrest.released"))
        if not let_go or all(_is_before(each, told) for each in spine.of(person, "arrest.made")):
            yield CaseContradiction((arrest, told[0]), (person,))


def _is_before(fact: Fact, told: Iterable[Fact]) -> bool:
    """Whether a fact is certainly before the offence of each of these charges or investigations."""
    return all(surely_before(fact.at, _offence(each)) for each in told)


def _offence(fact: Fact) -> Interval | None:
    """Return the interval in which the offence began; None if no date is stated."""
    content = fact.content
    if not isinstance(content, ChargeFiledV1 | InvestigationOpenedV1) or content.data.offence_from is None:
        return None
    began = Period.parse(content.data.offence_from)
    first, after = (datetime.combine(day, time.min, BELIZE) for day in (began.first, began.last + timedelta(days=1)))
    return Interval(first.astimezone(UTC), after.astimezone(UTC))


def two_verdicts(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield charges with two verdicts that cannot both be right.

    Both may be right if a retrial order lies between them, or the charge was filed again between them. So may verdicts
    on single counts of a charge.
    """
    for charge in dict.fromkeys(text_of_field(each, "charge") for each in spine.named("verdict.returned")):
        verdicts = spine.of(charge, "verdict.returned")
        differing = [pair for pair in combinations(verdicts, 2) if _differ(spine, charge, *pair)]
        if differing:
            facts = tuple(dict.fromkeys(each for pair in differing for each in pair))
            yield CaseContradiction(facts, (text_of_field(facts[0], "person"),))


def _differ(spine: Spine, charge: str, one: Fact, other: Fact) -> bool:
    """Whether two verdicts contradict each other: two outcomes, or one agency's outcome on two dates."""
    first, then = one.content, other.content
    if not isinstance(first, VerdictReturnedV1) or not isinstance(then, VerdictReturnedV1):
        return False
    on_two_dates = one.acting_agency == other.acting_agency and (
        surely_before(one.at, other.at) or surely_before(other.at, one.at)
    )
    if first.data.outcome is then.data.outcome and not on_two_dates:
        return False
    if _are_of_counts(spine, charge, first, then):
        return False
    return not _retried(spine, charge, one, other) and not _filed_again(spine, charge, one, other)


def _are_of_counts(spine: Spine, charge: str, one: VerdictReturnedV1, other: VerdictReturnedV1) -> bool:
    """Whether each verdict is on some counts, and the charge has at least as many counts as both together.

    An amendment that states no number of counts leaves that number unchanged.
    """
    charged = spine.of(charge, "charge.filed", "charge.amended")
    stated = [number for each in charged if (number := getattr(each.content.data, "counts_n", None)) is not None]
    counts = one.data.counts_n, other.data.counts_n
    most = (stated or [1])[-1]
    return bool(charged) and None not in counts and sum(each or 0 for each in counts) <= most


def _filed_again(spine: Spine, charge: str, one: Fact, other: Fact) -> bool:
    """Whether the charge was filed again between two verdicts, of which the first neither convicted nor acquitted."""
    outcome = getattr(one.content.data, "outcome", None)
    return outcome in MAY_BE_FILED_AGAIN and any(
        surely_before(one.at, each.at) and not surely_before(other.at, each.at)
        for each in spine.of(charge, "charge.filed")
    )


def _retried(spine: Spine, charge: str, one: Fact, other: Fact) -> bool:
    """Whether a retrial may have been ordered between the two verdicts."""
    return any(
        isinstance(each.content, AppealDecidedV1)
        and each.content.data.outcome is AppealOutcome.RETRIAL_ORDERED
        and not surely_before(each.at, one.at)
        and not surely_before(other.at, each.at)
        for each in spine.of(charge, "appeal.decided")
    )
