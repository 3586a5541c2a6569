"""Claims of a figure, contests, and their resolutions.

A claim is kept beside the computed figure and never changes it. All events about one figure and period are about one
activity. Its id follows from figure and period, so that all authors use one id.
"""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic import StringConstraints as Text
from typing_extensions import override

from schemas.agencies import AGENCIES
from schemas.codebook import LISTS
from schemas.codebook.countries import CITIZENSHIPS, COUNTRIES
from schemas.codebook.governance import ClaimDocument, ContestReason, FigureResolution
from schemas.envelope import Event, entities
from schemas.errors import Reason
from schemas.fields import IDS, MAX_CODES, Amount, EventRef, FigureNumber, Wire, refusal
from schemas.ids import ActivityId, Kind, derive
from schemas.times import Period

_MONTH: Final = "(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2]))?"
_OPENED_YEAR: Final = re.compile("(19|20|21)[0-9]{2}")
_CODES: Final = frozenset(code.value for codes in LISTS.values() for code in codes)
_VALUES: Final = _CODES | COUNTRIES | CITIZENSHIPS | AGENCIES.keys()


def _shortest(text: str) -> str:
    """Return a period that is in its shortest form, else raise: an id follows from this text, so it must be unique."""
    try:
        read = str(Period.parse(text))
    except ValueError:
        raise refusal(Reason.WRONG_FORM) from None
    if read != text:
        raise refusal(Reason.WRONG_FORM)
    return text


def _coded(value: str) -> str:
    if value not in _VALUES and _OPENED_YEAR.fullmatch(value) is None:
        raise refusal(Reason.UNKNOWN_CODE)
    return value


ClaimPeriod = Annotated[str, Text(pattern=rf"^{_MONTH}(\.\.{_MONTH})?$"), AfterValidator(_shortest)]
"""Years or months, such as 2024, 2024-04 or 2024-04..2024-11, in the shortest form; a longer form is refused."""

DimensionName = Annotated[str, Text(pattern="^[a-z]+(_[a-z]+)*$", max_length=40)]
DimensionValue = Annotated[
    str, Text(pattern="^([a-z0-9]+(_[a-z0-9]+)*|[A-Z]{2})$", max_length=60), AfterValidator(_coded)
]
"""Value of a dimension: a code of some list, a country, an agency, or a year."""

Dimensions = Annotated[dict[DimensionName, DimensionValue], Field(max_length=MAX_CODES)]


def claims_of(number: str, period: str) -> str:
    """Return the id of the activity for all claims of one figure and period."""
    return derive(Kind.ACTIVITY, "figure.claimed", number, period)


class FigureClaimed(Wire):
    """An amount that a document states; null where it speaks of the figure in words only."""

    number: FigureNumber
    period: ClaimPeriod
    dimensions: Dimensions | None = None
    amount: Amount | None = None
    document: ClaimDocument


class FigureClaimedV1(Event):
    """bz.atips.figure.claimed.v1."""

    type: Literal["bz.atips.figure.claimed.v1"]
    subject: ActivityId | None = None
    data: FigureClaimed

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(claims_of(self.data.number, self.data.period))


class FigureContested(Wire):
    """The Council doubts a figure: what it counts, or which of several statements of it holds."""

    number: FigureNumber
    period: ClaimPeriod
    dimensions: Dimensions | None = None
    reason: ContestReason
    about: Annotated[tuple[EventRef, ...], IDS] = ()


class FigureContestedV1(Event):
    """bz.atips.figure.contested.v1."""

    type: Literal["bz.atips.figure.contested.v1"]
    subject: ActivityId | None = None
    data: FigureContested

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(claims_of(self.data.number, self.data.period))


class FigureResolved(Wire):
    """The resolution of all claims so far. A later claim that differs opens the contest again."""

    number: FigureNumber
    period: ClaimPeriod
    dimensions: Dimensions | None = None
    resolution: FigureResolution
    claim: EventRef | None = None

    @model_validator(mode="after")
    def _names_the_claim_that_holds(self) -> Self:
        if (self.claim is not None) != (self.resolution is FigureResolution.CLAIM_HOLDS):
            raise refusal(Reason.CONTRADICTORY_CODES if self.claim else Reason.MISSING_FIELD, "/claim")
        return self


class FigureResolvedV1(Event):
    """bz.atips.figure.resolved.v1."""

    type: Literal["bz.atips.figure.resolved.v1"]
    subject: ActivityId | None = None
    data: FigureResolved

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(claims_of(self.data.number, self.data.period))
