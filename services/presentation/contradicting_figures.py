"""Sentences of findings between figures, with titles and labels instead of the codes of figures and rows."""

from collections.abc import Iterable
from typing import Final

from schemas.codebook.governance import FindingSeverity
from services.presentation.figure_titles import TITLES
from services.presentation.labels import label
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.rules import Finding, FindingState

_SEVERITIES: Final = (FindingSeverity.CRITICAL, FindingSeverity.WARNING, FindingSeverity.NOTICE)
"""The severities, the most severe first."""


def sentence(finding: Finding, lang: str) -> str:
    """Return the sentence of a finding between figures, with titles and labels in place of codes.

    Example: "Of M1 Participations, IEC plan (Police) there are several statements: …".
    """
    text = finding.es if lang == "es" else finding.en
    return text.replace(finding.place, place_name(finding.place, lang), 1) if finding.place else text


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings: open before settled ones, and the most severe first. Others keep their order."""
    return sorted(findings, key=lambda each: (each.state is FindingState.CLOSED, _SEVERITIES.index(each.severity)))


def place_name(place: str, lang: str) -> str:
    """Convert a finding's place, such as M1:audience=police, to the figure's number, its title and the row's labels."""
    number, _, row = place.partition(":")
    if number not in FIGURES:
        return place
    title = f"{number} {TITLES[number].of(lang)}"
    pairs = (each.partition("=") for each in row.split(",") if "=" in each)
    labels = [label(number, name, value).of(lang) for name, _, value in pairs]
    return f"{title} ({', '.join(labels)})" if labels else title
