"""Functions that add entries for steps of a prosecution: operations, bail, hearings, committal, trial, sentence."""

from collections.abc import Sequence
from typing import Any, Final

from schemas.ids import Kind
from services.demo.investigation_entry_builders import RegisteredSuspect
from services.demo.register_entries import AgencyRegisters, When

MAGISTRATES: Final = "magistrates"
HIGH_COURT: Final = "high_court"


def step(
    book: AgencyRegisters,
    agency: str,
    name: str,
    suspect: RegisteredSuspect,
    when: When,
    *,
    trap: str = "",
    **said: Any,  # noqa: ANN401 - as it comes
) -> None:
    """Add an event about a suspect, with the suspect's case and victims. `said`: other fields of its data."""
    data = {"person": suspect.person, "case": suspect.case, "victims": list(suspect.victims), **said}
    book.write(agency, name, when, data, subject=suspect.person, trap=trap)


def operation(
    book: AgencyRegisters,
    when: When,
    name: str,
    lead: str,
    activities: Sequence[str],
    *,
    cases: Sequence[str] = (),
    trap: str = "",
) -> str:
    """Add an operation in which the police unit took part, and return its id."""
    operation = book.id(Kind.ACTIVITY)
    data = {
        "operation": operation,
        "cases": list(cases),
        "name": name,
        "lead": lead,
        "joint_with": ["atips_pu"],
        "activities": list(activities),
    }
    book.write("bpd", "operation.conducted", when, data, subject=operation, trap=trap)
    return operation


def hearing(
    book: AgencyRegisters, suspect: RegisteredSuspect, charge: str, stage: str, days: tuple[When, When], *, next_on: str
) -> None:
    """Add a hearing at the Magistrates’ Court: scheduled on the first of `days`, held on the second.

    `next_on`: the day of the next hearing, as ISO text.
    """
    hearing = book.id(Kind.HEARING)
    said: dict[str, Any] = {"court": MAGISTRATES, "hearing": hearing, "charges": [charge], "stage": stage}
    step(book, "odpp", "court.hearing_scheduled", suspect, days[0], **said, next_on=days[1]["time"][:10])
    step(book, "bpd", "court.hearing_held", suspect, days[1], **said, next_on=next_on)


def adjourned(
    book: AgencyRegisters,
    suspect: RegisteredSuspect,
    charge: str,
    when: When,
    reason: str,
    *,
    next_on: str,
    trap: str = "",
) -> None:
    """Add an adjournment of a hearing at the Magistrates’ Court to the day `next_on`."""
    hearing = book.id(Kind.HEARING)
    said: dict[str, Any] = {
        "court": MAGISTRATES,
        "hearing": hearing,
        "charges": [charge],
        "reason": reason,
        "next_on": next_on,
    }
    step(book, "odpp", "court.adjourned", suspect, when, trap=trap, **said)


def bail(book: AgencyRegisters, suspect: RegisteredSuspect, charge: str, when: When, conditions: Sequence[str]) -> str:
    """Add bail granted by a magistrate, and return its id."""
    bail = book.id(Kind.BAIL)
    said: dict[str, Any] = {"court": MAGISTRATES, "bail": bail, "charges": [charge], "conditions": list(conditions)}
    step(book, "bpd", "bail.granted", suspect, when, **said)
    return bail


def committed(
    book: AgencyRegisters, suspect: RegisteredSuspect, charge: str, when: When, *, agency: str = "odpp", trap: str = ""
) -> None:
    """Add the committal of a charge to the High Court."""
    step(book, agency, "court.committed", suspect, when, court=MAGISTRATES, charges=[charge], trap=trap)


def tried(book: AgencyRegisters, suspect: RegisteredSuspect, charge: str, when: When) -> None:
    """Add the start of a trial at the High Court before a judge alone."""
    step(book, "odpp", "trial.started", suspect, when, court=HIGH_COURT, charges=[charge], mode="judge_only")


def sentence(
    book: AgencyRegisters,
    suspect: RegisteredSuspect,
    charge: str,
    when: When,
    kinds: Sequence[str],
    *,
    trap: str = "",
    **how_much: int,
) -> None:
    """Add a sentence for one charge. `how_much`: its amounts, such as `custodial_months` or `fine_cents`."""
    said: dict[str, Any] = {"sentence": book.id(Kind.SENTENCE), "charges": [charge], "kinds": list(kinds), **how_much}
    step(book, "odpp", "sentence.imposed", suspect, when, trap=trap, **said)


def restitution(
    book: AgencyRegisters, suspect: RegisteredSuspect, when: When, purpose: str, cents: int | None, *, trap: str = ""
) -> str:
    """Add an order of restitution, and return its id. `cents`: the amount; None if it was not stated."""
    restitution = book.id(Kind.RESTITUTION)
    said: dict[str, Any] = {
        "restitution": restitution,
        "purpose": purpose,
        **({"amount_cents": cents} if cents else {}),
    }
    step(book, "odpp", "restitution.ordered", suspect, when, trap=trap, **said)
    return restitution


def paid(
    book: AgencyRegisters, suspect: RegisteredSuspect, restitution: str, when: When, cents: int, *, trap: str = ""
) -> None:
    """Add a payment of `cents` on an order of restitution."""
    said: dict[str, Any] = {"restitution": restitution, "payment": book.id(Kind.PAYMENT), "amount_cents": cents}
    step(book, "odpp", "restitution.paid", suspect, when, trap=trap, **said)


def link(book: AgencyRegisters, suspect: RegisteredSuspect, when: When, *, still: bool = True, trap: str = "") -> None:
    """Add the link between a suspect and the first of the suspect's victims; without `still`, the link's end."""
    data = {"case": suspect.case, "victim": suspect.victims[0], "suspect": suspect.person}
    name = "linked" if still else "unlinked"
    more = {"relationship": "acquaintance"} if still else {}
    book.write("bpd", f"victim_suspect.{name}", when, data | more, subject=suspect.case, trap=trap)


def died(
    book: AgencyRegisters, suspect: RegisteredSuspect, when: When, *, agency: str = "mohw", trap: str = ""
) -> None:
    """Add the record of a suspect's death."""
    data = {"person": suspect.person, "cases": [suspect.case]}
    book.write(agency, "person.deceased_recorded", when, data, subject=suspect.person, trap=trap)
