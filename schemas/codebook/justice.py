"""Code lists of police and courts, and the offences with what the law says about each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Offence(StrEnum):
    """What somebody is suspected of, charged with or tried for."""

    TIP_SEX = "tip_sex"
    TIP_LABOUR = "tip_labour"
    TIP_OTHER = "tip_other"
    MAKING_CHILD_PORNOGRAPHY = "making_child_pornography"
    CHILD_PROSTITUTION = "child_prostitution"
    PROCURING_CHILD = "procuring_child"
    FACILITATING = "facilitating"
    WITHHOLDING_DOCUMENTS = "withholding_documents"
    OTHER = "other"


class ChargeOutcome(StrEnum):
    """How a charge ended."""

    CONVICTED = "convicted"
    CONVICTED_OF_LESSER = "convicted_of_lesser"
    ACQUITTED = "acquitted"
    WITHDRAWN = "withdrawn"
    DISCONTINUED = "discontinued"
    DISMISSED = "dismissed"
    NO_CASE = "no_case"
    ABATED_BY_DEATH = "abated_by_death"
    STAYED = "stayed"


@dataclass(frozen=True, slots=True)
class Law:
    """What stands behind an offence code; None where it is not established. `counts_as_tip` is the Council's policy."""

    statute: str | None
    section: str | None
    iccs: str | None
    counts_as_tip: bool
    valid_from: date


_FIRST_REPORT: Final = date(2024, 1, 1)
"""First day of the first reporting year that used these rows; a change of policy adds a row with a later day."""

_TIP: Final = "Trafficking in Persons (Prohibition) Act 2013"
_CSEC: Final = "Commercial Sexual Exploitation of Children (Prohibition) Act 2013"

LAWS: Final[Mapping[Offence, Law]] = MappingProxyType(
    {
        Offence.TIP_SEX: Law(_TIP, None, "02041", True, _FIRST_REPORT),
        Offence.TIP_LABOUR: Law(_TIP, None, "02042", True, _FIRST_REPORT),
        Offence.TIP_OTHER: Law(_TIP, None, "0204", True, _FIRST_REPORT),
        # Under ICCS these three are sexual exploitation of children, not trafficking; the Council reports them with it.
        Offence.MAKING_CHILD_PORNOGRAPHY: Law(_CSEC, None, "03022", True, _FIRST_REPORT),
        Offence.CHILD_PROSTITUTION: Law(_CSEC, None, "03022", True, _FIRST_REPORT),
        Offence.PROCURING_CHILD: Law(_CSEC, None, "03022", True, _FIRST_REPORT),
        Offence.FACILITATING: Law(_TIP, None, None, True, _FIRST_REPORT),
        Offence.WITHHOLDING_DOCUMENTS: Law(_TIP, None, None, True, _FIRST_REPORT),
        Offence.OTHER: Law(None, None, None, False, _FIRST_REPORT),
    }
)
