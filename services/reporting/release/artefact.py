"""The artefact of a release: a head and rows of figures, as one canonical JSON document (RFC 8785).

The same release always gives the same bytes: no time of making and no account stands in it. Numbers are whole.
"""

from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from schemas.byte_rules import canonical

FORMAT: Final = "atips.release.1"

Sha256Hex = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
"""SHA-256, in hex."""


class WrongArtefact(ValueError):
    """The bytes are no artefact of a release."""


class ReleaseEdition(StrEnum):
    """The audience of a release. The council's edition is exact; the public's is protected."""

    COUNCIL = "council"
    PUBLIC = "public"


class ShownForm(StrEnum):
    """The form in which a row tells its amount: how much of it is shown."""

    EXACT = "exact"
    BAND = "band"
    """The amount lies from `low` to `high`, both included."""
    WITHHELD = "withheld"
    UNKNOWN = "unknown"
    """Nobody counted it, or nothing ended yet: that is not nought."""


class RowMark(StrEnum):
    """A mark beside an amount, which its reader must know. Symbols and words are in `services.presentation`."""

    CONFIDENTIAL = "confidential"
    """Withheld or banded, so that no person can be told."""
    REVISED = "revised"
    """Another amount than in the release before."""
    NOT_AVAILABLE = "not_available"
    POOLED = "pooled"
    """Of several years together."""
    EARLIER = "earlier"
    """As it stood in an earlier release: too little moved since to publish it anew."""
    ROUNDED = "rounded"
    POSSIBLY_TWICE = "possibly_twice"


class RevisionReason(StrEnum):
    """Why a release is made again."""

    SCHEDULED = "scheduled"
    LATE_FACTS = "late_facts"
    CORRECTIONS = "corrections"
    DEFINITIONS = "definitions"
    ERROR_IN_RELEASE = "error_in_release"


class ReleaseWithdrawal(StrEnum):
    """Why a release is withdrawn."""

    ERROR_IN_RELEASE = "error_in_release"
    DISCLOSES_TOO_MUCH = "discloses_too_much"
    REPLACED = "replaced"
    NOT_APPROVED = "not_approved"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ShownAmount(_Frozen):
    """An amount as a release tells it. `value`: of an exact one; `low` and `high`: the ends of a band, included."""

    form: ShownForm
    value: int | None = None
    low: int | None = None
    high: int | None = None


class ReleaseRow(ShownAmount):
    """One amount of a figure. Without dimensions it is the whole.

    `period` is text that `schemas.times.Period` reads. `known_at`: the number of events on which it rests.
    `beside`: what is not in the amount, such as facts without a date (`undated`, `cut`, `unknown`, `under_way`), and
    what qualifies it (`twice`, `ended`, `ninth_decile`). `each`: every duration, where they are few. The public's
    edition has neither.
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
        """Figure, period and dimensions: no two rows of a release have the same."""
        return self.figure, self.period, tuple(sorted(self.dimensions.items()))


class PreviousRelease(_Frozen):
    """The release that this one revises."""

    release: Annotated[int, Field(ge=0)]
    sha256: Sha256Hex


class ReleaseChange(_Frozen):
    """An amount that is not the same as in the release before.

    `events`: the numbers of the events through which it moved, in the council's edition alone.
    """

    figure: str
    period: str
    dimensions: Mapping[str, str]
    before: ShownAmount | None
    after: ShownAmount | None
    events: tuple[int, ...] = ()


class ReleaseHead(_Frozen):
    """The head of a release: what it is of. `known_at`: every event up to this number is in it, and none after.

    `code`: the hash of the code that counted. `policy`: the version of the disclosure policy.
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
    """The frozen content of a release."""

    head: ReleaseHead
    rows: tuple[ReleaseRow, ...]

    def document(self) -> bytes:
        """Give the canonical bytes."""
        plain: dict[str, Any] = self.model_dump(mode="json", exclude_none=True)
        return canonical(plain)

    @property
    def sha256(self) -> str:
        """Give the SHA-256 of the canonical bytes, in hex."""
        return sha256(self.document()).hexdigest()

    def definitions(self) -> dict[str, int]:
        """Give the version of the definition of each of its figures."""
        return {row.figure: row.version for row in self.rows}


def load(document: bytes) -> Artefact:
    """Read an artefact. Raises `WrongArtefact` for bytes that are not the canonical form of one."""
    try:
        found = Artefact.model_validate_json(document)
    except ValidationError:
        message = "no artefact of a release"
        raise WrongArtefact(message) from None
    if found.document() != document:
        message = "not in canonical form"
        raise WrongArtefact(message)
    return found
