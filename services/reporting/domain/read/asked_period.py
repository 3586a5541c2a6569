"""The period of a question that a page asks: all events of it, or those alone that came after a number."""

from typing import Final, NamedTuple, Self

from typing_extensions import override

from schemas.times import Period

_AFTER: Final = " after "


class AskedPeriod(NamedTuple):
    """A period, and the number of the last event that was known before. `after` None: all events.

    Example: "2024 after 812" are events of 2024 that were accepted after event 812.
    """

    period: Period
    after: int | None = None

    @override
    def __str__(self) -> str:
        """Give the text that is kept of it."""
        return str(self.period) if self.after is None else f"{self.period}{_AFTER}{self.after}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the kept text. Raises ValueError."""
        period, _, after = text.partition(_AFTER)
        return cls(Period.parse(period), int(after) if after else None)
