"""Parameters of a question about figures, read from a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schemas.times import Period
from services.presentation import periods
from services.presentation.printed import YEAR
from services.reporting.domain.figure import Figure
from services.reporting.domain.figures import FIGURES
from services.web.api.parts import NotAllowed
from services.web.domain.account import Account
from services.web.domain.roles import sees


class NoFigure(LookupError):
    """There is no figure of this number."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A period as it was typed. `period` is the report's year where the text is no period; then `wrong` is True."""

    text: str
    period: Period
    wrong: bool


def typed(text: str | None) -> Typed:
    """Read a typed period; without one it is the year of the printed report."""
    said = (text or "").strip() or YEAR
    try:
        return Typed(said, periods.period(said), wrong=False)
    except ValueError:
        return Typed(said, Period.parse(YEAR), wrong=True)


def figure_of(number: str, account: Account) -> Figure[Any]:
    """Give a figure that the account may see. Raises `NoFigure`, `NotAllowed`."""
    found = FIGURES.get(number)
    if found is None:
        raise NoFigure
    if not sees(account.role, found):
        raise NotAllowed
    return found


def breakdown(figure: Figure[Any], text: str | None) -> Sequence[str]:
    """Give the declared breakdown that was asked for by its names, joined by commas; none where it is not declared."""
    wanted = tuple(name for name in (text or "").split(",") if name)
    return wanted if wanted in tuple(map(tuple, figure.breakdowns)) else ()
