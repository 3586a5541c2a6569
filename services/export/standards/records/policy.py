"""The policy on records of victims: which standards' records may leave. Nothing leaves after its review date."""

from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from schemas.fields import AgencyCode
from schemas.yaml_table import read

CTDC_FEWEST: Final = 11
"""Fewest victims alike in a published row, as in CTDC's own codebook. The policy may ask for more, not for less."""


class RecordStandard(StrEnum):
    """A standard whose rows are single victims."""

    HTCDS = "htcds"
    CTDC = "ctdc"
    ICTIP = "ictip"


class RecordPolicy(BaseModel):
    """The whole policy. `owner` answers for it until `review_by`, that day included."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    owner: AgencyCode
    review_by: date
    allowed: tuple[RecordStandard, ...]
    fewest_alike: Annotated[int, Field(ge=CTDC_FEWEST)]

    def allows(self, standard: RecordStandard, day: date) -> bool:
        """Whether records of a standard may leave on a day."""
        return standard in self.allowed and day <= self.review_by


def policy(text: str | None = None) -> RecordPolicy:
    """Read the policy that is ours, or a text. Raises `schemas.yaml_table.WrongTable` with the line."""
    ours = files("services.export") / "records.yaml"
    return read(ours.read_text(encoding="utf-8") if text is None else text, RecordPolicy)
