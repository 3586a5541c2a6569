"""The policy on records of single victims: the standards for which they may be exported, until a review date."""

from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from schemas.fields import AgencyCode
from schemas.yaml_table import read

CTDC_FEWEST: Final = 11
"""Least number of victims with equal rows in a published CTDC table, from CTDC's codebook. The policy may raise it."""


class RecordStandard(StrEnum):
    """Standards whose tables have one row for each victim."""

    HTCDS = "htcds"
    CTDC = "ctdc"
    ICTIP = "ictip"


class RecordPolicy(BaseModel):
    """The whole policy, from `records.yaml`. `owner` is responsible for it until `review_by`, inclusive.

    `fewest_alike`: least number of victims with equal rows in a CTDC table.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    owner: AgencyCode
    review_by: date
    allowed: tuple[RecordStandard, ...]
    fewest_alike: Annotated[int, Field(ge=CTDC_FEWEST)]

    def allows(self, standard: RecordStandard, day: date) -> bool:
        """Whether records of a standard may be exported on a day."""
        return standard in self.allowed and day <= self.review_by


def policy(text: str | None = None) -> RecordPolicy:
    """Parse the policy from YAML `text`; None means the shipped `records.yaml`.

    Raises `schemas.yaml_table.WrongTable`, which names the wrong line.
    """
    ours = files("services.export") / "records.yaml"
    return read(ours.read_text(encoding="utf-8") if text is None else text, RecordPolicy)
