"""Ways of counting for figures that count each of several things in a state: attempts, needs, persons of one cohort.

`things` is called once for all figures that count the same things. `counted` is not called where there are no things.
`view` is likewise called once for all sorts of things that are found in the same view of the state.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from services.reporting.domain.declaration.figure import Counted

S = TypeVar("S")
T = TypeVar("T")
V = TypeVar("V")


class EachCounted(Struct, Generic[S, T], frozen=True):
    """Way of counting several things in a state.

    `things` returns the things of a state, `counted` the items of one thing.
    """

    things: Callable[[S], Sequence[T]]
    counted: Callable[[T], Iterable[Counted]]

    def __call__(self, state: S) -> Iterator[Counted]:
        """Yield the items of all of a state's things."""
        for thing in self.things(state):
            yield from self.counted(thing)


class EachInView(Struct, Generic[S, V, T], frozen=True):
    """Way of counting several things that are found in a view of a state.

    `view` computes the view from a state, `things` returns the things in the view, `counted` one thing's items.
    """

    view: Callable[[S], V]
    things: Callable[[V], Sequence[T]]
    counted: Callable[[T], Iterable[Counted]]

    def __call__(self, state: S) -> Iterator[Counted]:
        """Yield the items of all of a state's things."""
        for thing in self.things(self.view(state)):
            yield from self.counted(thing)
