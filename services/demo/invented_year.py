"""The invented events of 2024, whose figures equal the numbers of the printed report.

They include events that a wrong count would get wrong. Some are sent twice, late, out of order, or in another agency's
name. Others are of another year, are corrected later, or have two ids for one person.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.times import Interval, Period
from services.demo import (
    awareness,
    cases,
    contested_figures,
    corrected_mistakes,
    investigations_and_arrests,
    meetings,
    partner_projects,
    plan_indicators,
    protection,
    referrals,
    strategy_and_laws,
    supported_migrants,
    training_and_inspections,
)
from services.demo.register_entries import AgencyRegisters, RegisterEntry, day, instant, next_month
from services.reporting.domain.ledger.facts_ever_in_force import effects

SEED: Final = 2024
YEAR: Final = "2024"

_CUSTOMS_IS_SILENT: Final = "2024-08"
_OPENED: Final = "bz.atips.investigation.opened.v1"

_RESEND: Final = timedelta(hours=6)
_RECORDED_AFTER_YEAR: Final = "2025-02-21T09:00"
_TYPES_WITHOUT_EVENTS: Final = {
    "immigration": ("suspect.identified",),
    "customs": ("referral.sent", "training.session_delivered"),
}


@lru_cache(maxsize=4)
def history(seed: int = SEED) -> tuple[RegisterEntry, ...]:
    """Return all submissions up to the report, sorted by time of sending. Equal seeds give equal bytes."""
    book = AgencyRegisters(seed)
    investigations_and_arrests.write(book)
    cases.write(book)
    training_and_inspections.write(book)
    protection.write(book)
    supported_migrants.write(book)
    referrals.write(book)
    awareness.write(book)
    partner_projects.write(book)
    meetings.write(book)
    strategy_and_laws.write(book)
    corrected_mistakes.write(book)
    plan_indicators.write(book)
    contested_figures.write(book)
    _close_periods(book)
    _refused(book)
    contested_figures.report(book)
    _sent_again(book)
    return tuple(book.in_order())


def _close_periods(book: AgencyRegisters) -> None:
    """Add the period closings of ten agencies: the number of an agency's facts by type, and types without facts.

    Customs closes every month but one. For that month it is unknown whether it had facts.
    """
    written = [each.content for each in effects(decode(entry.value) for entry in book.entries)]
    for number in range(1, 13):
        period = f"{YEAR}-{number:02d}"
        _close(book, "labour", period, _sent(written, "labour", period), recorded=f"{next_month(period)}-04T09:00")
        if period != _CUSTOMS_IS_SILENT:
            _close(
                book, "customs", period, _sent(written, "customs", period), recorded=f"{next_month(period)}-06T10:00"
            )
    for agency in ("bpd", "odpp", "dhs", "hti", "council", "nopcan", "immigration", "mohw"):
        counts = _sent(written, agency, YEAR)
        if agency == "bpd":
            counts[_OPENED] += 1  # the refused event is in their register too
        _close(book, agency, YEAR, counts, recorded=_RECORDED_AFTER_YEAR)


def _close(book: AgencyRegisters, agency: str, period: str, counts: dict[str, int], *, recorded: str) -> None:
    zero = [f"bz.atips.{name}.v1" for name in _TYPES_WITHOUT_EVENTS.get(agency, ())]
    data: dict[str, Any] = {"agency": agency, "period": period, "counts": counts, "zero_types": zero}
    book.write(agency, "period.closed", instant(recorded[:16]), data, subject=None, recorded=recorded)


def _sent(facts: Sequence[Event], agency: str, period: str) -> dict[str, int]:
    """Count an agency's facts in force by type, if all their possible days are in the period."""
    days = Period.parse(period)
    own = (fact for fact in facts if fact.agency == agency and not fact.joins())
    within = (fact.type for fact in own if _lies_in(fact.occurred, days))
    return dict(sorted(Counter(within).items()))


def _lies_in(happened: Interval | None, days: Period) -> bool:
    return happened is not None and days.first <= happened.first_day and happened.last_day <= days.last


def _refused(book: AgencyRegisters) -> None:
    """Add entries that intake must refuse. Each would change a figure if it were accepted."""
    case, screening = book.id(Kind.CASE), book.id(Kind.ACTIVITY)
    data: dict[str, Any] = {"case": case, "suspected_offence": "tip_sex", "district": "belmopan"}
    broken = book.write("bpd", "investigation.opened", day("2024-04-23"), data, subject=case)
    book.mark_for_refusal(broken, trap="a town where a district belongs")
    data = {
        "screening": screening,
        "requested_by": "immigration",
        "count": 40,
        "count_basis": "persons",
        "nationalities": ["HN"],
    }
    foreign = book.write("bpd", "screening.completed", day("2024-03-13"), data, subject=screening)
    book.mark_for_refusal(foreign, agency="immigration", trap="sent by Immigration in the police's name")


def _sent_again(book: AgencyRegisters) -> None:
    """Send every twentieth event again, and one arrest as other bytes of equal JSON. None may count twice."""
    sent = [entry for entry in book.entries if entry.expected == "accepted"]
    for entry in sent[10::20]:
        book.send_again(entry, after=_RESEND, trap="sent twice")
    arrest = next(entry for entry in sent if entry.event["type"] == "bz.atips.arrest.made.v1")
    book.send_again(arrest, after=_RESEND, pretty=True, trap="sent twice, in other words of the same JSON")
