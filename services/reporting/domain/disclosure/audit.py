"""Audit of releases: it proves that an outsider who holds all releases cannot know any target closely.

A world is a set of amounts of all cells that fits all releases. For each target the audit must find two worlds. In one
the target is at most its `least` (mostly 0), in the other at least its `reach`. Each world is checked in exact
arithmetic: an error of the solver leads to a refusal, never to a release.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.disclosure.constraint_system import (
    OutsideView,
    Solver,
    Terms,
    build_outside_view,
    sum_in_world,
    world_with_smallest,
)
from services.reporting.domain.disclosure.policy import DisclosurePolicy
from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseStatements
from services.reporting.domain.disclosure.targets import Target, targets

Worlds: TypeAlias = list[Sequence[int]]


class ReleaseAuditor:
    """Auditor of one new release together with the releases already held outside.

    It keeps the worlds that it found, and tries them first in the next call of `breach` with fewer amounts.
    """

    def __init__(
        self,
        policy: DisclosurePolicy,
        figures: Mapping[str, Figure[Any]],
        history: Sequence[HeldRelease],
        new: HeldRelease,
        solver: Solver,
    ) -> None:
        self._policy = policy
        self._figures = figures
        self._history = history
        self._new = new
        self._solver = solver
        self._worlds: Worlds = []
        self._wanted = targets(policy, figures, [*history, new])
        self._before: OutsideView | None = None

    def breach(self, told: ReleaseStatements) -> Target | None:
        """Return a target that the release with the amounts `told` would bound too closely; None if it is safe.

        If earlier releases alone bound a target too closely, the new one must not make these bounds closer. Raises
        `Unsolved` if the solver has no answer.
        """
        outside = self._view(told)
        self._worlds = [world for world in self._worlds if outside.system.kept_by(world)]
        for target in tuple(self._wanted):
            if self._protected(outside, target):
                continue
            self._wanted.remove(target)
            attainable = self._attainable(target)
            self._wanted.insert(0, attainable)  # tried first in the next call, with fewer amounts
            if attainable == target or not self._protected(outside, attainable):
                return attainable
        return None

    def _attainable(self, target: Target) -> Target:
        """Return the target, with weaker demands if earlier releases alone bound it more closely than it demands."""
        if self._before is None:
            self._before = self._view({})
        terms = self._before.terms(target.release, target.terms)
        least = self._smallest(self._before, terms, [])
        most = -self._smallest(self._before, _against(terms), [])
        return target._replace(least=max(target.least, least), reach=min(target.reach, most))

    def _view(self, told: ReleaseStatements) -> OutsideView:
        new = HeldRelease(self._new.year, told, self._new.truth)
        return build_outside_view(self._policy, self._figures, [*self._history, new], self._solver)

    def _protected(self, outside: OutsideView, target: Target) -> bool:
        """Whether a world exists in which the target is at most `least`, and one in which it is at least `reach`."""
        terms = outside.terms(target.release, target.terms)
        return self._possible(outside, terms, target.least) and self._possible(outside, _against(terms), -target.reach)

    def _possible(self, outside: OutsideView, terms: Terms, most: int) -> bool:
        """Whether a world exists in which the sum of the terms is at most `most`.

        Raises `Unsolved` if the solver gives no answer.
        """
        if any(sum_in_world(terms, world) <= most for world in self._worlds):
            return True
        return self._smallest(outside, terms, self._worlds) <= most

    def _smallest(self, outside: OutsideView, terms: Terms, worlds: Worlds) -> int:
        """Return the least possible sum of the terms, and add the world with that sum to `worlds`.

        Raises `Unsolved` if the solver gives no answer.
        """
        found = world_with_smallest(outside.system, terms, self._solver)
        worlds.append(found)
        return sum_in_world(terms, found)


def _against(terms: Terms) -> Terms:
    return {place: -factor for place, factor in terms.items()}
