"""The artefact of a release: a head and rows of figures, as one canonical JSON document (RFC 8785).

A release that is made again has the same bytes: the document contains neither a time of making nor an account. Numbers
are integers.
"""

from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from schemas.byte_rules import canonical

FORMAT: Final = "atips.release.1"

Sha256Hex = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
"""SHA-256, in hex."""


class WrongArtefact(ValueError):
    """Raised if bytes are not an artefact of a release in canonical form."""


class ReleaseEdition(StrEnum):
    """Audiences of a release. The council's edition has exact amounts; the public's edition has protected amounts."""

    COUNCIL = "council"
    PUBLIC = "public"


class ShownForm(StrEnum):
    """Form in which a row shows its amount."""

    EXACT = "exact"
    BAND = "band"
    """The amount lies from `low` to `high`, both included."""
    WITHHELD = "withheld"
    UNKNOWN = "unknown"
    """Nobody counted the amount, or no duration ended yet. This is not 0."""


class RowMark(StrEnum):
    """Mark beside an amount that warns its reader. Symbols and words are in `services.presentation`."""

    CONFIDENTIAL = "confidential"
    """Withheld or shown as a band, so that no person can be identified."""
    REVISED = "revised"
    """The amount differs from the one in the release that this one revises."""
    NOT_AVAILABLE = "not_available"
    POOLED = "pooled"
    """The amount is of several years together."""
    EARLIER = "earlier"
    """The amount is that of an earlier release: it has changed by too little since to be published anew."""
    ROUNDED = "rounded"
    POSSIBLY_TWICE = "possibly_twice"


class RevisionReason(StrEnum):
    """Reason codes for a release that revises another one."""

    SCHEDULED = "scheduled"
    LATE_FACTS = "late_facts"
    CORRECTIONS = "corrections"
    DEFINITIONS = "definitions"
    ERROR_IN_RELEASE = "error_in_release"


class ReleaseWithdrawal(StrEnum):
    """Reason codes for the withdrawal of a release."""

    ERROR_IN_RELEASE = "error_in_release"
    DISCLOSES_TOO_MUCH = "discloses_too_much"
    REPLACED = "replaced"
    NOT_APPROVED = "not_approved"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ShownAmount(_Frozen):
    """An amount as a release shows it. `value`: the exact amount; `low` and `high`: the ends of a band, inclusive.

    Only an exact amount has a `value`, and only a band has ends, so that no other form contains an amount.
    """

    form: ShownForm
    value: int | None = None
    low: int | None = None
    high: int | None = None

    @model_validator(mode="after")
    def _has_what_its_form_shows(self) -> Self:
        numbers = (self.value is not None, self.low is not None, self.high is not None)
        exact, band = self.form is ShownForm.EXACT, self.form is ShownForm.BAND
        if numbers != (exact, band, band):
            message = "an exact amount has a value, a band has two ends, and another form has neither"
            raise ValueError(message)
        return self


class ReleaseRow(ShownAmount):
    """One amount of a figure. Without dimensions it is the figure's whole.

    `period` is text that `schemas.times.Period` parses. `known_at`: number of the last event that the amount counts.

    `beside`: numbers beside the amount, by name. `undated`, `cut`, `unknown` and `under_way` count facts that are not
    in the amount; `twice`, `ended` and `ninth_decile` qualify it. `each`: every duration, if they are few. Rows of the
    public's edition have neither `beside` nor `each`.
    """

    figure: str
    period: str
    dimensions: Mapping[str, str]
    unit: str
    version: Annotated[int, Field(ge=1)]
    known_at: Annotated[int, Field(ge=0)]
    marks: tuple[RowMark, ...] = ()
    beside: Mapping[str, int] = Field(default_factory=dict)
    each: tuple[int, ...] = ()

    @property
    def key(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        """Key of the row, unique in a release: figure, period and dimensions sorted by name."""
        return self.figure, self.period, tuple(sorted(self.dimensions.items()))


class PreviousRelease(_Frozen):
    """Number and hash of the release that this one revises."""

    release: Annotated[int, Field(ge=0)]
    sha256: Sha256Hex


class ReleaseChange(_Frozen):
    """An amount that differs from the one in the release that is revised. `before` or `after` is None if it has no row.

    `events`: numbers of the events that changed the figure's whole; in the council's edition only.
    """

    figure: str
    period: str
    dimensions: Mapping[str, str]
    before: ShownAmount | None
    after: ShownAmount | None
    events: tuple[int, ...] = ()


class ReleaseHead(_Frozen):
    """Head of a release. `release`: its number. `known_at`: the release counts every event up to this number.

    `code`: hash of the code that counted. `policy`: version of the disclosure policy. `previous`, `reason`, `changes`:
    only for a release that revises another one.
    """

    format: Literal["atips.release.1"] = FORMAT
    release: Annotated[int, Field(ge=0)]
    edition: ReleaseEdition
    period: str
    known_at: Annotated[int, Field(ge=0)]
    code: str
    policy: str
    withheld_entities: Annotated[int, Field(ge=0)] = 0
    previous: PreviousRelease | None = None
    reason: RevisionReason | None = None
    changes: tuple[ReleaseChange, ...] = ()


class Artefact(_Frozen):
    """Frozen content of a release."""

    head: ReleaseHead
    rows: tuple[ReleaseRow, ...]

    def document(self) -> bytes:
        """Return the canonical bytes, as RFC 8785 defines them."""
        plain: dict[str, Any] = self.model_dump(mode="json", exclude_none=True)
        return canonical(plain)

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the canonical bytes, in hex."""
        return sha256(self.document()).hexdigest()

    def definitions(self) -> dict[str, int]:
        """Return the version of each figure's definition, by the figure's number."""
        return {row.figure: row.version for row in self.rows}


def load(document: bytes) -> Artefact:
    """Parse an artefact. Raises `WrongArtefact` if the bytes are not the canonical form of one."""
    try:
        found = Artefact.model_validate_json(document)
    except ValidationError:
        message = "its content is not a release"
        raise WrongArtefact(message) from None
    if found.document() != document:
        message = "its content is not written in the canonical form of a release"
        raise WrongArtefact(message)
    return found
