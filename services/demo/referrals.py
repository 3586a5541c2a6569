"""Entries of the year's referrals and consents: accepted, rejected, handed back, sent onward, cancelled, late."""

from typing import Final

from services.demo.protection import someone
from services.demo.protection_entry_builders import ServedPerson, consent, consent_acknowledged, consent_withdrawn, need
from services.demo.referral_entry_builders import RegisteredReferral, accepted_beside, moved, sent, taken, taken_back
from services.demo.register_entries import AgencyRegisters, instant
from services.demo.supported_persons import SUPPORTED

_IDENTIFIED_BY: Final = ("bpd", "bpd", "dhs", "labour", "bpd", "immigration", "labour", "dhs", "bpd", "dhs", "hti")
_CHILDREN: Final = (0, 2, 7, 9)


def write(book: AgencyRegisters) -> None:
    """Add each victim's consent and referral to Human Services, and further referrals of some victims."""
    known = [someone(book, each.opened, each.position) for each in SUPPORTED]
    consents = [_consent(book, known[position], position) for position in range(len(_IDENTIFIED_BY))]
    for position, agency in enumerate(_IDENTIFIED_BY):
        if agency != "dhs":
            _to_human_services(book, known[position], position, agency)
    _three_attempts(book, known[1])
    _onward(book, known[5])
    _declined(book, known[8])
    _held_up(book, known[6])
    _withdrawn_by_the_sender(book, known[3])
    _two_accept(book, known[7])
    _late(book, known[10])
    _over_the_years_end(book, known[4], known[9])
    _consent_withdrawn(book, known[8], consents[8])


def _consent(book: AgencyRegisters, who: ServedPerson, position: int) -> str:
    agency, opened = _IDENTIFIED_BY[position], SUPPORTED[position].opened
    at, recorded = instant(f"{opened}T10:30"), f"{opened}T10:45"
    if position == _CHILDREN[0]:  # a parent is a suspect, so the law replaces consent
        return consent(
            book, who, agency, at, basis="overridden_legal_duty", given_by="state_guardian", recorded=recorded
        )
    if position in _CHILDREN:
        return consent(book, who, agency, at, basis="guardian", given_by="guardian", recorded=recorded)
    return consent(book, who, agency, at, basis="given", given_by="person", recorded=recorded)


def _to_human_services(book: AgencyRegisters, who: ServedPerson, position: int, agency: str) -> None:
    opened = SUPPORTED[position].opened
    urgency = "emergency" if position in _CHILDREN else "urgent"
    referral = sent(book, who, agency, "dhs", f"{opened}T11:05", "shelter", "counselling", urgency=urgency)
    taken(book, referral, f"{opened}T11:20", f"{opened}T11:45")
    moved(book, referral, "completed", f"{SUPPORTED[position].services[1][1]}T15:00")


def _three_attempts(book: AgencyRegisters, who: ServedPerson) -> None:
    """Add three attempts for one need: rejected, handed back, completed. The age is unknown: a child's rules apply."""
    found = need(book, who, instant("2024-01-25T09:30"), "counselling")
    first = sent(book, who, "dhs", "love_foundation", "2024-01-25T10:10", "counselling", need=found, for_child=True)
    moved(book, first, "received", "2024-01-25T10:40")
    moved(book, first, "rejected", "2024-01-25T14:20", reason="no_capacity", refused_by="provider")
    second = sent(book, who, "dhs", "cdf", "2024-01-26T09:10", "counselling", after=first, for_child=True)
    taken(book, second, "2024-01-26T09:30", "2024-01-26T13:15")
    moved(book, second, "handed_back", "2024-01-30T11:00", reason="other_service_needed")
    third = sent(book, who, "dhs", "hti", "2024-01-30T13:10", "counselling", after=second, for_child=True)
    taken(book, third, "2024-01-30T13:40", "2024-01-31T08:50")
    moved(book, third, "completed", "2024-04-30T16:10")


def _onward(book: AgencyRegisters, who: ServedPerson) -> None:
    """Add a referral that the receiver accepts and then sends onward."""
    found = need(book, who, instant("2024-04-02T09:30"), "medical")
    first = sent(book, who, "dhs", "iom", "2024-04-02T10:10", "medical", need=found)
    taken(book, first, "2024-04-02T11:00", "2024-04-03T09:20")
    second = sent(book, who, "iom", "mohw", "2024-04-09T10:05", "medical", after=first)
    moved(book, first, "referred_onward", "2024-04-09T10:20", reason="out_of_mandate", next_referral=second.id)
    taken(book, second, "2024-04-09T11:10", "2024-04-09T14:00")
    moved(book, second, "completed", "2024-05-02T12:00")


def _declined(book: AgencyRegisters, who: ServedPerson) -> None:
    """Add a referral that the person declines."""
    referral = sent(book, who, "dhs", "hti", "2024-06-20T09:15", "skills", urgency="routine")
    moved(book, referral, "received", "2024-06-20T11:30")
    moved(book, referral, "rejected", "2024-06-21T10:00", reason="person_declined", refused_by="person")


def _held_up(book: AgencyRegisters, who: ServedPerson) -> None:
    """Add a referral that is accepted, put on hold, resumed, and failed."""
    referral = sent(book, who, "dhs", "hti", "2024-05-06T08:40", "skills", urgency="routine")
    taken(book, referral, "2024-05-06T09:30", "2024-05-07T10:10")
    moved(book, referral, "put_on_hold", "2024-05-20T10:00", reason="waiting_list", expected_start_on="2024-06-17")
    moved(book, referral, "resumed", "2024-06-18T09:00")
    moved(book, referral, "failed", "2024-07-30T15:30", reason="person_not_reachable")


def _withdrawn_by_the_sender(book: AgencyRegisters, who: ServedPerson) -> None:
    """Add a referral that its sender cancels before acceptance, and one that was entered in error."""
    referral = sent(book, who, "dhs", "mohw", "2024-02-19T09:05", "medical")
    moved(book, referral, "received", "2024-02-19T10:30")
    taken_back(book, referral, "cancelled", "2024-02-19T13:40", "no_longer_needed")
    mistaken = sent(book, who, "dhs", "hti", "2024-02-20T09:05", "school_enrolment")
    taken_back(book, mistaken, "entered_in_error", "2024-02-20T09:30", "wrong_person")


def _two_accept(book: AgencyRegisters, who: ServedPerson) -> None:
    """Add a referral that two agencies accept. The referral service must refuse the second acceptance."""
    referral = sent(
        book,
        who,
        "dhs",
        "mohw",
        "2024-05-01T16:05",
        "medical",
        urgency="urgent",
        for_child=True,
        also=["love_foundation"],
    )
    taken(book, referral, "2024-05-01T16:20", "2024-05-01T16:50")
    # The second agency enters it in the next quarter, so that it always comes after the first on the log.
    accepted_beside(book, referral, "love_foundation", "2024-05-01T17:05", recorded="2024-07-02T09:00")
    moved(book, referral, "completed", "2024-05-02T15:00")


def _late(book: AgencyRegisters, who: ServedPerson) -> None:
    """Add a referral that is answered only after a day."""
    referral: RegisteredReferral = sent(book, who, "dhs", "hti", "2024-07-18T09:05", "legal_information")
    taken(book, referral, "2024-07-19T09:40", "2024-07-19T10:10")
    moved(book, referral, "completed", "2024-08-23T11:20")


def _over_the_years_end(book: AgencyRegisters, one: ServedPerson, other: ServedPerson) -> None:
    """Add a referral accepted in December and completed in 2025, and one sent in December and answered in 2025."""
    referral = sent(book, one, "dhs", "hti", "2024-12-09T09:20", "skills", urgency="routine")
    taken(book, referral, "2024-12-09T14:00", "2024-12-11T10:30")
    moved(book, referral, "completed", "2025-02-21T15:00")
    waits = sent(book, other, "dhs", "cdf", "2024-12-30T15:40", "legal_information", urgency="routine", for_child=True)
    taken(book, waits, "2025-01-02T09:10", "2025-01-03T11:00")


def _consent_withdrawn(book: AgencyRegisters, who: ServedPerson, given: str) -> None:
    """Add a withdrawal of consent, and the acknowledgements of both agencies that had received the person's data."""
    taken_back_by = consent_withdrawn(book, who, "dhs", instant("2024-09-03T14:00"), given)
    consent_acknowledged(book, who, "hti", instant("2024-09-04T09:10"), taken_back_by)
    consent_acknowledged(book, who, "mohw", instant("2024-09-09T08:30"), taken_back_by)
