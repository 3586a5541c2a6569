"""Figures that count each of several things which a state has: attempts, needs, persons of one cohort.

What the things are is worked out once for all figures that count them; where there are none, nothing is asked further.
Several sorts of things that follow from one view of the state have that view in common: it is worked out once as well.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from services.reporting.domain.declaration.figure import Counted

S = TypeVar("S")
T = TypeVar("T")
V = TypeVar("V")


class EachCounted(Struct, Generic[S, T], frozen=True):
    """A way of counting. `things`: the things in a state; `counted`: the amounts of one of them."""

    things: Callable[[S], Sequence[T]]
    counted: Callable[[T], Iterable[Counted]]

    def __call__(self, state: S) -> Iterator[Counted]:
        """Yield the items of all of a state's things."""
        for thing in self.things(state):
            yield from self.counted(thing)


class EachInView(Struct, Generic[S, V, T], frozen=True):
    """A way of counting the things in a view of a state."""

    view: Callable[[S], V]
    things: Callable[[V], Sequence[T]]
    counted: Callable[[T], Iterable[Counted]]

    def __call__(self, state: S) -> Iterator[Counted]:
        """Yield the items of all of a state's things."""
        for thing in self.things(self.view(state)):
            yield from self.counted(thing)
