"""Base class of code lists: each code has a value for events, and labels in English and Spanish."""

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """A member is written `NAME = "value", "English", "Spanish"`; its value never changes meaning and never goes."""

    _value_: str
    en: str
    es: str

    def __new__(cls, value: str, en: str = "", es: str = "") -> Self:
        """Store the labels with the value. Members give both; the defaults are for look-ups such as `Sex("female")`."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.en = en
        member.es = es
        return member
