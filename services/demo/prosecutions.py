"""Entries of prosecutions that went beyond a charge: to the High Court, to a verdict, or to an end by death.

Both convictions of 2024 are in cases of earlier years. No case of 2024 gets further than committal in that year.
"""

from typing import Any, Final

from schemas.ids import Kind
from services.demo import investigation_entry_builders, proceedings_entry_builders
from services.demo.investigation_entry_builders import PersonCodes
from services.demo.register_entries import AgencyRegisters, day, instant

_FINE: Final = 3_000_000
_HARM: Final = 1_500_000
_WAGES: Final = 740_000
_FIRST_PART: Final = 400_000
_REST: Final = 1_100_000


def committed_to_the_high_court(book: AgencyRegisters, case: str, victim: str) -> None:
    """Add the prosecution of the person arrested in 2024 who awaits trial at the High Court."""
    man = investigation_entry_builders.suspect(book, case, (victim,), "tip_sex", "male")
    investigation_entry_builders.arrest(book, man, instant("2024-04-18T06:40"))
    charge = investigation_entry_builders.charge(book, man, instant("2024-04-22T10:10"))
    days = day("2024-05-06"), day("2024-07-09")
    proceedings_entry_builders.hearing(book, man, charge, "preliminary_inquiry", days, next_on="2024-09-17")
    proceedings_entry_builders.committed(book, man, charge, day("2024-09-17"))
    proceedings_entry_builders.committed(
        book, man, charge, day("2024-09-20"), agency="bpd", trap="the same committal, by its witness"
    )
    on_charge: dict[str, Any] = {"court": proceedings_entry_builders.HIGH_COURT, "charges": [charge]}
    proceedings_entry_builders.step(book, "odpp", "indictment.filed", man, day("2024-11-25"), **on_charge)


def passed_away(book: AgencyRegisters, case: str, victim: str) -> None:
    """Add the prosecution of the person arrested in 2024 who died, with the charge's abatement in 2025."""
    man = investigation_entry_builders.suspect(book, case, (victim,), "tip_labour", "male")
    arrest = investigation_entry_builders.arrest(book, man, instant("2024-05-07T17:15"))
    charge = investigation_entry_builders.charge(book, man, instant("2024-05-09T14:30"))
    proceedings_entry_builders.step(
        book, "bpd", "arrest.released", man, day("2024-05-10"), arrest=arrest, reason="court_bail"
    )
    proceedings_entry_builders.died(book, man, day("2024-08-20"))
    proceedings_entry_builders.died(book, man, day("2024-08-22"), agency="bpd", trap="one death, told by two")
    investigation_entry_builders.verdict(
        book, man, charge, day("2025-01-14"), "abated_by_death", trap="closed in the year after his death"
    )


def convicted(book: AgencyRegisters) -> None:
    """Add the two convictions of 2024 (a man on two counts, and a woman), and one acquittal.

    The man's charge is entered after its verdict.
    """
    case = investigation_entry_builders.investigation(book, day("2022-09-13"), "tip_sex", "belize")
    women = tuple(
        investigation_entry_builders.profile(book, case, PersonCodes("victim", "female", "GT", "adult_18_20"))
        for _ in range(2)
    )
    man = investigation_entry_builders.suspect(book, case, women, "tip_sex", "male", citizenship="GT")
    investigation_entry_builders.arrest(book, man, instant("2022-10-04T16:20"))
    charge = investigation_entry_builders.charge(
        book, man, day("2022-10-06"), counts=2, recorded="2024-06-03T09:00", trap="entered after its verdict"
    )
    other = investigation_entry_builders.suspect(book, case, women[:1], "facilitating", "male")
    of_other = investigation_entry_builders.charge(
        book, other, day("2022-10-11"), trap="charged on summons, never arrested"
    )
    for suspect, its in ((man, charge), (other, of_other)):
        proceedings_entry_builders.committed(book, suspect, its, day("2023-03-14"))
        proceedings_entry_builders.tried(book, suspect, its, day("2024-04-29"))
    investigation_entry_builders.verdict(
        book, man, charge, day("2024-05-16"), "convicted", counts=2, purpose="sexual_exploitation"
    )
    investigation_entry_builders.verdict(
        book, other, of_other, day("2024-05-17"), "acquitted", trap="a verdict that is no conviction"
    )
    proceedings_entry_builders.sentence(book, man, charge, day("2024-06-13"), ["imprisonment"], custodial_months=96)
    order = proceedings_entry_builders.restitution(book, man, day("2024-06-13"), "harm_to_victim", _HARM)
    proceedings_entry_builders.paid(book, man, order, day("2024-12-10"), _FIRST_PART)
    proceedings_entry_builders.paid(book, man, order, day("2025-02-11"), _REST, trap="paid after the year")
    appeal = book.id(Kind.APPEAL)
    said: dict[str, Any] = {"court": "court_of_appeal", "appeal": appeal, "charges": [charge], "against": "sentence"}
    proceedings_entry_builders.step(book, "odpp", "appeal.filed", man, day("2024-06-27"), **said, appellant="defence")
    proceedings_entry_builders.step(book, "odpp", "appeal.decided", man, day("2025-03-05"), **said, outcome="dismissed")
    _convicted_of_labour(book)


def _convicted_of_labour(book: AgencyRegisters) -> None:
    case = investigation_entry_builders.investigation(book, day("2023-03-07"), "tip_labour", "cayo")
    worker = investigation_entry_builders.profile(book, case, PersonCodes("victim", "male", "GT", "adult_24_26"))
    woman = investigation_entry_builders.suspect(book, case, (worker,), "tip_labour", "female", citizenship="GT")
    investigation_entry_builders.arrest(
        book, woman, instant("2023-12-31T21:00"), on_warrant="yes", trap="2023 in Belize, 2024 in UTC"
    )
    withheld = investigation_entry_builders.RegisteredSuspect(
        woman.person, case, woman.victims, "withholding_documents"
    )
    charge = investigation_entry_builders.charge(book, withheld, instant("2024-01-03T10:15"))
    amended = {"charge": charge, "offence": woman.offence}
    proceedings_entry_builders.step(book, "odpp", "charge.amended", woman, day("2024-02-06"), **amended)
    proceedings_entry_builders.committed(
        book, woman, charge, day("2024-03-12"), trap="committed in 2024, arrested before it"
    )
    proceedings_entry_builders.tried(book, woman, charge, day("2024-10-07"))
    # The report does not print her number of counts. An unknown number is left out: it is neither 1 nor 0.
    investigation_entry_builders.verdict(book, woman, charge, day("2024-10-22"), "convicted", purpose="forced_labour")
    fined = "fined, and the victim has no shelter"
    proceedings_entry_builders.sentence(book, woman, charge, day("2024-11-19"), ["fine"], trap=fined, fine_cents=_FINE)
    proceedings_entry_builders.restitution(book, woman, day("2024-11-19"), "unpaid_wages", _WAGES)
    proceedings_entry_builders.restitution(
        book, woman, day("2024-11-19"), "cost_of_care", None, trap="an amount that was not stated"
    )


def of_other_years(book: AgencyRegisters) -> None:
    """Add facts of 2023 and 2025 that figures of 2024 must not count."""
    before = investigation_entry_builders.investigation(book, day("2023-11-14"), "tip_sex", "belize", trap="of 2023")
    convicted = investigation_entry_builders.suspect(book, before, (), "tip_sex", "male")
    investigation_entry_builders.arrest(book, convicted, day("2023-11-15"), trap="of 2023")
    charge = investigation_entry_builders.charge(book, convicted, day("2023-11-17"))
    investigation_entry_builders.verdict(
        book, convicted, charge, day("2023-12-12"), "convicted", counts=1, trap="of 2023"
    )
    proceedings_entry_builders.sentence(
        book, convicted, charge, day("2024-01-18"), ["imprisonment"], custodial_months=60, trap="of a verdict of 2023"
    )
    waiting = investigation_entry_builders.suspect(book, before, (), "facilitating", "female")
    charge = investigation_entry_builders.charge(
        book, waiting, day("2023-11-20"), trap="a charge of 2023 and no arrest known"
    )
    proceedings_entry_builders.committed(book, waiting, charge, day("2023-12-05"), trap="awaits trial since 2023")
    after = investigation_entry_builders.investigation(
        book, day("2025-01-08"), "child_prostitution", "cayo", trap="of 2025"
    )
    suspect = investigation_entry_builders.suspect(book, after, (), "child_prostitution", "male")
    investigation_entry_builders.arrest(book, suspect, instant("2025-01-09T06:00"), trap="of 2025")
    charge = investigation_entry_builders.charge(book, suspect, instant("2025-01-10T10:00"), trap="of 2025")
    investigation_entry_builders.verdict(
        book, suspect, charge, day("2025-02-18"), "convicted", counts=3, trap="of 2025"
    )
