"""The figures that a finding is about, for links from the finding to their pages and to their events."""

from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from schemas.times import Period
from services.presentation.contradicting_figures import place_name
from services.presentation.period_parsing import period_text
from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.rules import Finding
from services.web.domain.roles import Role, may_see_figure

_LANGUAGES: Final = ("en", "es")


class FindingFigure(NamedTuple):
    """A figure, or a row of it, that a finding is about. `query`: as in period=2024&by=audience.

    `names`: its number and title, with the row's labels, by language, and the period if it is another than the asked
    one. `is_seen`: whether the reader may open it.
    """

    number: str
    names: dict[str, str]
    query: str
    is_seen: bool


def figures_of(finding: Finding, asked: Period, role: Role) -> list[FindingFigure]:
    """Return the figures of a finding in the order of its text. `asked`: the period whose findings are shown."""
    found = []
    other = "" if finding.period in {"", str(asked)} else f", {period_text(Period.parse(finding.period))}"
    for place in finding.figures:
        number, _, row = place.partition(":")
        figure = FIGURES.get(number)
        if figure is None:
            continue
        named = {"period": finding.period or str(asked)}
        if by := _breakdown(figure, row):
            named["by"] = ",".join(by)
        names = {lang: place_name(place, lang) + other for lang in _LANGUAGES}
        found.append(FindingFigure(number, names, urlencode(named, safe=","), may_see_figure(role, figure)))
    return found


def _breakdown(figure: Figure[Any], row: str) -> tuple[str, ...]:
    """Return the figure's breakdown with a row, such as audience=police, or by `audience`; () for the whole figure."""
    named = {each.partition("=")[0] for each in row.split(",")}
    return next((each for each in figure.breakdowns if each and set(each) == named), ())
