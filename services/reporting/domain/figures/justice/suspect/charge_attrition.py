"""Figures of charges filed in a period, counted at each step that they ever reached (R22).

They count charges, not persons or cases: a person with five charges counts five times.
"""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.entity_state_part import possible_days
from services.reporting.domain.declaration.figure import FIRST_REPORT, VERSION_2_FROM, Counted, Figure, Unit
from services.reporting.domain.figures.justice.suspect.shared_declarations import flow
from services.reporting.domain.figures.justice.suspect.state import Suspect, custodial

Reached = Callable[[Suspect, str], bool]


def committed(suspect: Suspect, charge: str) -> bool:
    """Whether the charge was committed to the High Court."""
    return charge in suspect.committals


def tried(suspect: Suspect, charge: str) -> bool:
    """Whether a trial of the charge began, or a court decided on the charge."""
    return any(of == charge for of, _ in suspect.trials) or decided(suspect, charge)


def decided(suspect: Suspect, charge: str) -> bool:
    """Whether a court ever decided the charge."""
    return any(of == charge and verdict.by_court for (of, _), verdict in suspect.verdicts.items())


def imprisoned(suspect: Suspect, charge: str) -> bool:
    """Whether a conviction on the charge is in force and a sentence for the charge is imprisonment."""
    prison = any(charge in sentence.charges for sentence in suspect.sentences.values() if custodial(sentence))
    return prison and suspect.guilty_of(charge)


def open_(suspect: Suspect, charge: str) -> bool:
    """Whether the person lives and the charge has neither a verdict nor a withdrawal."""
    return suspect.death is None and charge not in suspect.withdrawals and suspect.last_verdict(charge) is None


_BY_VERDICT: Final = (tried, decided, Suspect.guilty_of, imprisoned)
"""Steps that go by verdicts, and since version 2 by those of the prosecution."""


class CohortCharge(Struct, frozen=True):
    """A charge of a suspect, and the item that each figure counts whose step the charge has reached."""

    suspect: Suspect
    charge: str
    counted: tuple[Counted]


def _filed(suspect: Suspect) -> list[CohortCharge]:
    return [
        CohortCharge(suspect, charge, (Counted(possible_days(each.filed), dims={"offence": (each.offence,)}),))
        for charge, each in suspect.charges.items()
    ]


def _step(letter: str, name: str, en: str, es: str, reached: Reached) -> Figure[Suspect]:
    def counted(filed: CohortCharge) -> tuple[Counted, ...]:
        return filed.counted if reached(filed.suspect, filed.charge) else ()

    return flow(
        number=f"R22{letter}",
        name=f"filed_cohort_{name}",
        en=f"Of the charges filed in the period, {en}",
        es=f"De los cargos presentados en el período, {es}",
        counted=EachCounted(_filed, counted),
        unit=Unit.CHARGES,
        breakdowns=((), ("offence",)),
        part_of=None if letter == "a" else "R22a",
        version=2 if reached in _BY_VERDICT else 1,
        valid_from=VERSION_2_FROM if reached in _BY_VERDICT else FIRST_REPORT,
    )


FIGURES: Final[tuple[Figure[Suspect], ...]] = (
    _step("a", "all", "all: the cohort of the steps below.", "todos: la cohorte de los pasos siguientes.",
          lambda _, charge: bool(charge)),
    _step("b", "committed", "those committed to the High Court so far.",
          "los remitidos al Tribunal Superior hasta ahora.", committed),
    _step("c", "tried", "those whose trial has begun.", "aquellos cuyo juicio ha comenzado.", tried),
    _step("d", "decided", "those on which a court has decided so far.",
          "aquellos sobre los que un tribunal ha decidido hasta ahora.", decided),
    _step("e", "convicted", "those that ended in a conviction as charged, where it stands.",
          "los que terminaron en condena según lo imputado, si sigue en pie.", Suspect.guilty_of),
    _step("f", "imprisoned", "those of such a conviction that led to imprisonment.",
          "los de una condena así que llevó a prisión.", imprisoned),
    _step("g", "open", "those of the living with neither a verdict nor a withdrawal yet.",
          "los de personas vivas, aún sin veredicto y sin retiro.", open_),
)  # fmt: skip
