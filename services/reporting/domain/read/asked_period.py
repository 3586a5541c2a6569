"""Period that a page asks for, with all events of it or only events accepted after a given number."""

from typing import Final, NamedTuple, Self

from typing_extensions import override

from schemas.times import Period

_AFTER: Final = " after "


class AskedPeriod(NamedTuple):
    """A period, and the number of an event after which events must have been accepted. `after` None: all events.

    Example: the text "2024 after 812" stands for events of 2024 that were accepted after event 812.
    """

    period: Period
    after: int | None = None

    @override
    def __str__(self) -> str:
        """Return the text form, as "2024" or "2024 after 812"."""
        return str(self.period) if self.after is None else f"{self.period}{_AFTER}{self.after}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text form. Raises `ValueError` if `text` is not of this form."""
        period, _, after = text.partition(_AFTER)
        return cls(Period.parse(period), int(after) if after else None)
