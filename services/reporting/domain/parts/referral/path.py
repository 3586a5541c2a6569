"""How far those come who are identified as victims: persons of one cohort, counted at each step that they reached.

A cohort are the persons first identified in a period. Its later steps count whenever they happened.
"""

from collections.abc import Callable, Iterator
from typing import Final

from schemas.codebook.identification import VictimStatus
from services.reporting.domain.durations import earliest
from services.reporting.domain.figure import Counted, Figure, Unit
from services.reporting.domain.part import touched
from services.reporting.domain.parts.referral.declared import flow
from services.reporting.domain.parts.referral.record import Referred


def confirmed(referred: Referred) -> bool:
    """Whether the person is held to be a victim without doubt, as of now."""
    return referred.status() == VictimStatus.CONFIRMED


def found_to_be_none(referred: Referred) -> bool:
    """Whether the person was found not to be a victim, as of now."""
    return referred.status() == VictimStatus.NOT_A_VICTIM


def was_referred(referred: Referred) -> bool:
    """Whether anybody referred the person anywhere, and meant it."""
    return any(attempt.sent is not None for attempt in referred.meant().values())


def was_accepted(referred: Referred) -> bool:
    """Whether anybody took the person on."""
    return any(attempt.accepted() is not None for attempt in referred.meant().values())


def was_served(referred: Referred) -> bool:
    """Whether the person was given any service, on a referral or not."""
    return bool(referred.services)


def _of_cohort(reached: Callable[[Referred], bool]) -> Callable[[Referred], Iterator[Counted]]:
    def counted(referred: Referred) -> Iterator[Counted]:
        if referred.identified and reached(referred):
            yield Counted(touched(earliest(referred.identified)))

    return counted


def _step(letter: str, name: str, en: str, es: str, reached: Callable[[Referred], bool]) -> Figure[Referred]:
    return flow(
        number=f"R1{letter}",
        name=f"victim_cohort_{name}",
        en=f"Of the persons first identified as victims in the period, {en}",
        es=f"De las personas identificadas por primera vez como víctimas en el período, {es}",
        counted=_of_cohort(reached),
        unit=Unit.PERSONS,
        breakdowns=((),),
        part_of=None if letter == "a" else "R1a",
    )


FIGURES: Final[tuple[Figure[Referred], ...]] = (
    _step("a", "identified", "all: the cohort of the steps below.", "todas: la cohorte de los pasos siguientes.",
          lambda _: True),
    _step("b", "confirmed", "those confirmed so far, where that still holds.",
          "las confirmadas hasta ahora, si eso sigue en pie.", confirmed),
    _step("c", "no_victims", "those found so far not to be victims; for them the steps below may end.",
          "las que hasta ahora resultaron no ser víctimas; para ellas pueden terminar los pasos siguientes.",
          found_to_be_none),
    _step("d", "referred", "those referred to anybody so far.", "las remitidas a alguna entidad hasta ahora.",
          was_referred),
    _step("e", "accepted", "those whom anybody took on so far.", "las que alguna entidad ha aceptado hasta ahora.",
          was_accepted),
    _step("f", "served", "those who were given at least one service so far, on a referral or not.",
          "las que han recibido al menos un servicio hasta ahora, por remisión o no.", was_served),
)  # fmt: skip
