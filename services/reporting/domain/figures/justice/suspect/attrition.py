"""Figures of cohorts of suspects, counted at each step of justice that they reached (R10, R11).

R10: persons who first appear in a period, by being identified as suspects, arrested or charged. R11: persons first
charged in a period. Later steps count whenever they happen, so much is still open in a recent cohort.
"""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from schemas.codebook.courts import ReleaseReason
from schemas.times import Interval, surely_before
from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.entity_state_part import first_of
from services.reporting.domain.declaration.figure import FIRST_REPORT, VERSION_2_FROM, Counted, Figure
from services.reporting.domain.figures.justice.suspect.shared_declarations import flow
from services.reporting.domain.figures.justice.suspect.state import Suspect, custodial

LET_GO_FOR_GOOD: Final = frozenset({ReleaseReason.WITHOUT_CHARGE, ReleaseReason.MISTAKEN_IDENTITY})
"""Reasons for a release that end the matter of the arrest."""

_BREAKDOWNS: Final = ((), ("sex",))
_BY_AGE: Final = (*_BREAKDOWNS, ("age_group",))
_AS: Final = (*_BY_AGE, ("citizenship",), ("perpetrator_role",), ("suspect_kind",), ("public_office",))
"""Breakdowns of R10a, the whole cohort."""


def _first_appeared(suspect: Suspect) -> list[Interval | None]:
    arrested = (arrest.made for arrest in suspect.arrests.values())
    return [*suspect.identified, *arrested, *_filed(suspect)]


def _filed(suspect: Suspect) -> list[Interval | None]:
    return [charge.filed for charge in suspect.charges.values()]


def tried(suspect: Suspect) -> bool:
    """Whether any charge of the person came to trial: a trial began, or a court decided."""
    return bool(suspect.trials) or any(verdict.by_court for verdict in suspect.verdicts.values())


def convicted(suspect: Suspect) -> bool:
    """Whether a conviction as charged is in force, on any charge."""
    return any(suspect.guilty_of(charge) for charge, _ in suspect.verdicts)


def imprisoned(suspect: Suspect) -> bool:
    """Whether a conviction as charged that is in force has led to imprisonment."""
    prison = filter(custodial, suspect.sentences.values())
    return any(suspect.guilty_of(charge) for sentence in prison for charge in sentence.charges)


def undecided(suspect: Suspect) -> bool:
    """Whether the person lives and has a charge with neither a verdict nor a withdrawal."""
    charges = suspect.charges.keys() - suspect.withdrawals.keys()
    return suspect.death is None and any(suspect.last_verdict(charge) is None for charge in charges)


def open_(suspect: Suspect) -> bool:
    """Whether a charge, an arrest, or a suspicion without either is still open.

    Nothing is open after the person's death. An arrest is closed by a release for good, or by a later verdict or
    withdrawal.
    """
    if suspect.death is not None:
        return False
    ended = [*(verdict.returned for verdict in suspect.verdicts.values()), *suspect.withdrawals.values()]
    since = {each for each, arrest in suspect.arrests.items() if all(surely_before(end, arrest.made) for end in ended)}
    free = let_go(suspect)
    return undecided(suspect) or bool(since - free) or not (ended or free)


def let_go(suspect: Suspect) -> set[str]:
    """Return the ids of arrests from which the person was released for good (`LET_GO_FOR_GOOD`)."""
    return {arrest for arrest, reason in suspect.releases.items() if reason in LET_GO_FOR_GOOD}


_BY_VERDICT: Final = (tried, convicted, imprisoned, open_)
"""Steps that go by verdicts, and since version 2 by those of the prosecution."""


class CohortSuspect(Struct, frozen=True):
    """A person of the cohort, and the items that each figure counts whose step the person has reached."""

    suspect: Suspect
    counted: tuple[Counted, ...]


def _suspected(suspect: Suspect) -> tuple[CohortSuspect, ...]:
    return _since(suspect, _first_appeared(suspect))


def _accused(suspect: Suspect) -> tuple[CohortSuspect, ...]:
    return _since(suspect, _filed(suspect))


def _since(suspect: Suspect, times: list[Interval | None]) -> tuple[CohortSuspect, ...]:
    if not times:
        return ()
    first, more, every = first_of(times), suspect.suspected_as.dims(), suspect.dims_by_age()
    known = every if first is not None else every[-1:]
    counted = [Counted(first, dims={**dims, **more}, asof=days) for days, dims in known]
    return (CohortSuspect(suspect, tuple(counted)),)


def _who(reached: Callable[[Suspect], bool]) -> Callable[[CohortSuspect], tuple[Counted, ...]]:
    def counted(member: CohortSuspect) -> tuple[Counted, ...]:
        return member.counted if reached(member.suspect) else ()

    return counted


def _step(letter: str, name: str, en: str, es: str, reached: Callable[[Suspect], bool]) -> Figure[Suspect]:
    return flow(
        number=f"R10{letter}",
        name=f"cohort_{name}",
        en=f"Of the persons who first came under suspicion in the period, {en}",
        es=f"De las personas que pasaron a ser sospechosas en el período, {es}",
        counted=EachCounted(_suspected, _who(reached)),
        breakdowns=_AS if letter == "a" else _BREAKDOWNS,
        part_of=None if letter == "a" else "R10a",
        version=2 if reached in _BY_VERDICT else 1,
        valid_from=VERSION_2_FROM if reached in _BY_VERDICT else FIRST_REPORT,
    )


def _charged(letter: str, name: str, en: str, es: str, reached: Callable[[Suspect], bool]) -> Figure[Suspect]:
    return flow(
        number=f"R11{letter}",
        name=f"charged_cohort_{name}",
        en=f"Of the persons first charged in the period, {en}",
        es=f"De las personas acusadas por primera vez en el período, {es}",
        counted=EachCounted(_accused, _who(reached)),
        breakdowns=_BY_AGE if letter == "a" else _BREAKDOWNS,
        part_of=None if letter == "a" else "R11a",
        version=2 if reached in _BY_VERDICT else 1,
        valid_from=VERSION_2_FROM if reached in _BY_VERDICT else FIRST_REPORT,
    )


FIGURES: Final[tuple[Figure[Suspect], ...]] = (
    _step("a", "investigated", "all: the cohort of the steps below.", "todas: la cohorte de los pasos siguientes.",
          lambda _: True),
    _step("b", "arrested", "those arrested so far.", "las detenidas hasta ahora.", lambda each: bool(each.arrests)),
    _step("c", "charged", "those charged so far.", "las acusadas hasta ahora.", lambda each: bool(each.charges)),
    _step("d", "committed", "those committed to the High Court so far.",
          "las remitidas al Tribunal Superior hasta ahora.", lambda each: bool(each.committals)),
    _step("e", "tried", "those whose trial has begun.", "aquellas cuyo juicio ha comenzado.", tried),
    _step("f", "convicted", "those convicted as charged, where the conviction stands.",
          "las condenadas según lo imputado, si la condena sigue en pie.", convicted),
    _step("g", "imprisoned", "those convicted as charged and sentenced to imprisonment.",
          "las condenadas según lo imputado a una pena de prisión.", imprisoned),
    _step("h", "open",
          "those living for whom something may still come: an undecided charge; an arrest after the end of all "
          "charges, or without any, that no release for good has followed; or nothing but the suspicion.",
          "las que viven y para quienes aún puede seguir algo: un cargo sin decidir; una detención posterior al fin de "
          "todos los cargos, o sin cargo alguno, a la que no siguió una puesta en libertad definitiva; o nada más que "
          "la sospecha.", open_),
    _charged("a", "all", "all: the cohort of the conviction rate.", "todas: la cohorte de la tasa de condena.",
             lambda _: True),
    _charged("b", "convicted", "those convicted as charged, where the conviction stands.",
             "las condenadas según lo imputado, si la condena sigue en pie.", convicted),
    _charged("c", "open", "those living who have a charge that is still undecided.",
             "las que viven y tienen un cargo aún sin decidir.", undecided),
)  # fmt: skip
