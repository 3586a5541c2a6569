"""The audit of releases: for each thing to protect, two worlds that are true by all that is told.

In one world it is nought, in the other it is large. Whoever holds all releases cannot tell which world is the real
one. A world is checked in exact arithmetic: a solver that fails or errs leads to a refusal, never to a release.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from services.reporting.domain.disclosure.cells import HeldRelease
from services.reporting.domain.disclosure.policy import DisclosurePolicy
from services.reporting.domain.disclosure.system import OutsideView, Solver, Terms, Unsolved, view
from services.reporting.domain.disclosure.targets import Target, targets
from services.reporting.domain.figure import Figure

Worlds: TypeAlias = list[Sequence[int]]


def audit(
    policy: DisclosurePolicy,
    figures: Mapping[str, Figure[Any]],
    held: Sequence[HeldRelease],
    solver: Solver,
    known: Iterable[Target] = (),
) -> list[Target]:
    """Give the targets that are bounded too closely; none: the releases may be held together.

    `known`: targets that are not asked for. Raises `Unsolved` where the solver has no answer to a question.
    """
    wanted = sorted(set(targets(policy, list(held))) - set(known))
    if not wanted:
        return []
    outside = view(policy, figures, held, solver)
    worlds: Worlds = []
    return [each for each in wanted if not _protected(outside, solver, each, worlds)]


def _protected(outside: OutsideView, solver: Solver, target: Target, worlds: Worlds) -> bool:
    """Whether it can be nought, and can be large."""
    terms = outside.terms(target.release, target.terms)
    return _possible(outside, solver, terms, 0, worlds) and _possible(
        outside, solver, {place: -factor for place, factor in terms.items()}, -target.reach, worlds
    )


def _possible(outside: OutsideView, solver: Solver, terms: Terms, most: int, worlds: Worlds) -> bool:
    """Whether there is a world in which the terms are at most a number. Raises `Unsolved`."""
    if any(_amount(terms, world) <= most for world in worlds):
        return True
    for whole in (False, True):
        found = solver.smallest(outside.system, terms, whole=whole)
        if found is None:
            break
        if outside.system.kept_by(found):
            worlds.append(found)
            return _amount(terms, found) <= most
    message = "a question was not answered"
    raise Unsolved(message)


def _amount(terms: Terms, world: Sequence[int]) -> int:
    return sum(factor * world[place] for place, factor in terms.items())
