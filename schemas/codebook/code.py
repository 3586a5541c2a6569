"""Codes: a value that crosses the wire, and its labels in English and Spanish."""

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """A member is written `NAME = "value", "English", "Spanish"`; its value never changes meaning and never goes."""

    _value_: str
    en: str
    es: str

    def __new__(cls, value: str, en: str = "", es: str = "") -> Self:
        """Keep the labels beside the value; both are required, the defaults are for `Sex("female")`, which looks up."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.en = en
        member.es = es
        return member
