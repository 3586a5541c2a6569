"""Claims, read back from the cells of their figure and laid beside the computed figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.reporting.domain.figures.records.claim import EACH, IN_WORDS, ClaimStanding, of
from services.reporting.domain.read.reading import Reading

NUMBER: Final = "G1"
"""The figure whose readings by `EACH` are claims."""

__all__ = ["EACH", "NUMBER", "ClaimBeside", "ClaimStanding", "beside", "claims_in"]


@dataclass(frozen=True, slots=True)
class ClaimBeside:
    """One claim; `amount` is None where the document speaks in words, `of` the dimensions as text."""

    number: str
    period: str
    of: str
    agency: str
    document: str
    amount: int | None
    standing: ClaimStanding
    record: str


def claims_in(readings: Iterable[Reading]) -> list[ClaimBeside]:
    """The claims behind the readings of the figure `NUMBER`, in the order of what they are of and who made them."""
    found = [_claimed(each.dimensions) for each in readings if each.amount]
    return sorted(found, key=lambda claim: (claim.number, claim.period, claim.of, claim.agency, claim.document))


def beside(reading: Reading, claims: Iterable[ClaimBeside]) -> Sequence[ClaimBeside]:
    """The claims of exactly this figure, period and dimensions."""
    place = reading.number, str(reading.period), of(reading.dimensions)
    return [claim for claim in claims if (claim.number, claim.period, claim.of) == place]


def _claimed(dims: Mapping[str, str]) -> ClaimBeside:
    return ClaimBeside(
        number=dims["figure"],
        period=dims["period"],
        of=dims["of"],
        agency=dims["agency"],
        document=dims["document"],
        amount=None if dims["claimed"] == IN_WORDS else int(dims["claimed"]),
        standing=ClaimStanding(dims["standing"]),
        record=dims["record"],
    )
