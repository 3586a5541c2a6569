"""Disjoint sets that are only ever joined: entities joined by merges, and events linked by corrections."""

from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class DisjointGroups(Generic[T]):
    """Disjoint groups of items. An item that was never joined is alone. A join costs the size of the smaller group."""

    def __init__(self) -> None:
        self._group: dict[T, set[T]] = {}

    def __contains__(self, item: T) -> bool:
        return item in self._group

    def of(self, item: T) -> frozenset[T]:
        """Return the group of an item, with the item itself; an item that was never joined is its own group."""
        return frozenset(self._group.get(item, (item,)))

    def join(self, items: Iterable[T]) -> None:
        """Join the items and their groups into one group."""
        joined: set[T] = set()
        for item in items:
            group = self._group.setdefault(item, {item})
            if group is joined:
                continue
            smaller, joined = sorted((group, joined), key=len)
            joined |= smaller
            self._group.update(dict.fromkeys(smaller, joined))
