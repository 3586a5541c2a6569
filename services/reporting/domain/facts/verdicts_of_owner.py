"""Verdicts on one charge that several agencies tell. The prosecution owns them, and the police are a witness."""

from typing import Final, Generic, Protocol, Self, TypeVar

from msgspec import Struct

from schemas.justice.charges import VerdictReturnedV1
from services.reporting.domain.declaration.entity_state_part import is_statement_of

_POLICE: Final = "bpd"


class CountedVerdict(Protocol):
    """A verdict on a charge, or on some of its counts."""

    @property
    def counts_n(self) -> int | None:
        """On how many counts the verdict is; None if not stated."""
        ...

    @property
    def weight(self) -> int:
        """How much the verdict says: more for a conviction."""
        ...


V = TypeVar("V", bound=CountedVerdict)


def verdict_by_witness(event: VerdictReturnedV1) -> bool:
    """Whether a witness published the verdict: the police, who may tell those of a Magistrates' Court."""
    return is_statement_of(event, _POLICE)


class ToldVerdicts(Struct, Generic[V], frozen=True):
    """The last verdict of one trial of a charge as the prosecution told it, and as the police did."""

    owner: V | None = None
    witness: V | None = None

    def with_verdict(self, said: V, counts: int | None, *, by_witness: bool) -> Self:
        """Return both with one more verdict. A conviction stays beside a lighter verdict on other counts.

        `counts`: how many counts the charge has; None if nobody told of the charge.
        """
        if by_witness:
            return type(self)(self.owner, _later(self.witness, said, counts))
        return type(self)(_later(self.owner, said, counts), self.witness)

    def counted(self, counts: int | None) -> V | None:
        """Return the prosecution's verdict, or the police's while there is no other. None if there is none.

        The police's heavier verdict on other counts of the charge counts before the prosecution's.
        """
        if self.owner is None or self.witness is None:
            return self.witness if self.owner is None else self.owner
        return self.witness if _is_beside(self.witness, self.owner, counts) else self.owner


def _later(before: V | None, said: V, counts: int | None) -> V:
    return before if before is not None and _is_beside(before, said, counts) else said


def _is_beside(heavier: CountedVerdict, lighter: CountedVerdict, counts: int | None) -> bool:
    """Whether two verdicts are on different counts, and the first says more.

    Both must state their counts, and the charge must have as many counts as both together.
    """
    if counts is None or heavier.counts_n is None or lighter.counts_n is None or heavier.weight <= lighter.weight:
        return False
    return heavier.counts_n + lighter.counts_n <= counts
