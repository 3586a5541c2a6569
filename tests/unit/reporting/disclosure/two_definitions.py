"""An outsider who knows two definitions of a figure, and in which persons they differ."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import TypeAlias

import highspy
from typing_extensions import override

from tests.unit.reporting.disclosure.attacker import Attacker, World, assume_few_changes

Layers: TypeAlias = tuple[World, World]
"""Persons whom both definitions count, and those whom one of them counts alone, as of one release."""


@dataclass
class DefinitionsAttacker(Attacker):
    """Knows that one definition counts everybody whom the other counts, and some more.

    `wider`: for each release, whether it shows the figure by the definition that counts more. `only`: dimension and
    value that all those have whom one definition counts alone; None: they may be anybody. It assumes that no person
    came or went between releases, as far as what is shown allows.
    """

    wider: list[bool] = field(default_factory=list)
    only: tuple[str, str] | None = None

    def alone(self, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Give the least and the most persons whom one definition counts alone, of first to last years."""
        model, layers, _ = self._all()
        _, alone = layers[-1]
        by = next(iter(self.breakdowns))
        return [self._bound(model, self._sum(alone, range(first, last + 1), by)) for first, last in spans]

    @override
    def _model(self, *, stable: bool = True) -> tuple[highspy.Highs, list[World]]:
        assert stable
        model, _, shown = self._all()
        return model, shown

    def _all(self) -> tuple[highspy.Highs, list[Layers], list[World]]:
        model = highspy.Highs()  # type: ignore[no-untyped-call] # the library types all but this
        model.setOptionValue("output_flag", False)
        layers: list[Layers] = []
        worlds: list[World] = []
        for (year, shown), wider in zip(self.releases, self.wider, strict=True):
            both, alone, world = (self._world(model, year, rows) for rows in ((), (), shown))
            for key, amount in world.items():
                model.addConstr(both[key] + (alone[key] if wider else 0) - amount == 0)
            for (_, by, value), amount in alone.items():
                if self.only is not None and by == self.only[0] and value != self.only[1]:
                    model.addConstr(amount <= 0)
            layers.append((both, alone))
            worlds.append(world)
        pairs = chain.from_iterable(zip(*pair, strict=True) for pair in pairwise(layers))
        assume_few_changes(model, pairs)
        return model, layers, worlds
