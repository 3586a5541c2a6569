"""Claims of figures in documents, read from the cells of the figure G1, to be shown beside the computed figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.reporting.domain.figures.records.figure_claims_in_documents import EACH, IN_WORDS, ClaimStanding, of
from services.reporting.domain.read.reading import Reading

NUMBER: Final = "G1"
"""Number of the figure whose readings in the breakdown `EACH` are claims."""

__all__ = ["EACH", "NUMBER", "ClaimBeside", "ClaimStanding", "claims_in", "claims_on_reading"]


@dataclass(frozen=True, slots=True)
class ClaimBeside:
    """One claim of a document about the figure `number`.

    `of`: dimensions as text (`audience=police`). `amount`: None if the document states words in place of a number.
    `record`: reference of the event that states the claim.
    """

    number: str
    period: str
    of: str
    agency: str
    document: str
    amount: int | None
    standing: ClaimStanding
    record: str

    @property
    def dimensions(self) -> dict[str, str]:
        """The dimensions in the text `of`, such as `audience=police,district=cayo`; empty for the whole figure."""
        return dict(pair.split("=", 1) for pair in self.of.split(",") if "=" in pair)


def claims_in(readings: Iterable[Reading]) -> list[ClaimBeside]:
    """Return the claims in readings of the figure `NUMBER`, sorted by figure, period, dimensions, agency, document."""
    found = [_claimed(each.dimensions) for each in readings if each.amount]
    return sorted(found, key=lambda claim: (claim.number, claim.period, claim.of, claim.agency, claim.document))


def claims_on_reading(reading: Reading, claims: Iterable[ClaimBeside]) -> Sequence[ClaimBeside]:
    """Return the claims about exactly the figure, period and dimensions of a reading."""
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
