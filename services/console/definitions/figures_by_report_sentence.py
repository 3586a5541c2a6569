"""The sentences and tables of the Council's report, each with the figures that answer it.

`python -m services.console.definitions.figures_by_report_sentence` prints the table of docs/figures.md. A test compares
the two.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from services.presentation.declaration_terms import NATURES, READERS, UNITS
from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.figures.all_figures import FIGURES

BEGIN: Final = "<!-- sentences: begin -->"
END: Final = "<!-- sentences: end -->"


class Sentence(NamedTuple):
    """A shortened sentence of the Council's report for 2024, and the figures that answer it.

    `row`: its row in the map of figures; empty if it has none. `figures`: numbers of figures, separated by blanks.
    """

    row: str
    says: str
    figures: str
    note: str = ""


SENTENCES: Final = (
    Sentence("O1", "18 suspected cases were investigated", "O1a O1b"),
    Sentence("O2", "The results of all cases investigated (chart)", "O2"),
    Sentence("O3", "Minor/adults (chart)", "O3"),
    Sentence("O4", "Country of origin (chart)", "O4"),
    Sentence("O5", "Type of trafficking (chart)", "O5"),
    Sentence("O6", "102 migrants of nine nationalities were screened at Immigration's request", "O6a O6b"),
    Sentence("O7", "Profile of active cases 2021 to 2024 (5) (chart)", "O7"),
    Sentence("O8", "An Assistant Superintendent leads the unit, eight officers support him", "O8"),
    Sentence("O9", "7 persons were arrested", "O9 R28a"),
    Sentence("O10", "Of the arrested, one has been committed to the High Court", "O10"),
    Sentence("O11", "Of the arrested, one man has passed away", "O11"),
    Sentence("O12", "Of the arrested, five were in connection to one survivor", "O12"),
    Sentence("O13", "A Guatemalan man was convicted of two counts (sex)", "O13a O13b R28b R28c"),
    Sentence("O14", "A Guatemalan woman was convicted (labour)", "O14a O14b"),
    Sentence("O15", "Persons awaiting trial in 2024 (chart)", "O15a O15b R28e"),
    Sentence("O16", "Six persons are being processed at the Magistrates' Court", "O16 R28d R29"),
    Sentence("O17", "Cases begin at the Magistrates' Court, go to the High Court and are judge only since 2022", "",
             "A rule of the courts' route, which events are held against; nothing is counted."),
    Sentence("O18", "9 cases were supported by HTI through file review", "O18"),
    Sentence("O19", "16 victims were supported through the partnership of DHS and HTI", "O19a O19b O19c"),
    Sentence("O20", "42 services were provided to the clients", "O20"),
    Sentence("O21", "The services that Human Services provide (list of sixteen)", "O21a O21b"),
    Sentence("O22", "HTI provided funds for the repatriation of two suspected victims", "O22a O22b"),
    Sentence("O23", "Two applicants to the 2023 Amnesty, both survivors, received their documents", "O23 O23b"),
    Sentence("O24", "40 migrant children were provided shelter", "O24a O24b O24c O24d"),
    Sentence("O25", "Regional operations: arrests, interviews, screening, search warrants", "O25a O25b"),
    Sentence("O26", "Cases come from the police, agencies, Health, and the unit's operations", "O26"),
    Sentence("O27", "834 labour inspections, 125 of them on child labour", "O27a O27b"),
    Sentence("O28", "Trends: girls, family members involved, the Northern Triangle", "O28"),
    Sentence("O29", "The ways to report human trafficking", "O29"),
    Sentence("O30", "Individualized plans for all persons; accompanied to all interviews", "O30a O30b"),
    Sentence("O31", "CDF with IOM: migrant support, legal information, reintegration and more", "O31"),
    Sentence("O32", "Victims identified, by status, new or carried over", "O32a O32b O32c O32d"),
    Sentence("M1", "Sessions by organization (table)", "M1"),
    Sentence("M2", "Teachers 834", "M2"),
    Sentence("M3", "631 police officers were trained with HTI, April to November", "M3"),
    Sentence("M4", "105 liquor license board members were engaged", "M4"),
    Sentence("M5", "143 medical personnel were trained under PROTECT", "M5a M5b"),
    Sentence("M6", "The leadership summit, with 14 government representatives of seven bodies", "M6a M6b M6c"),
    Sentence("M7", "A training of trainers; a training workbook", "M7a M7b"),
    Sentence("M8", "Wear Blue Fridays, every Friday in July", "M8"),
    Sentence("M9", "One appearance on television; two videos made, three streamed", "M9a M9b M9c"),
    Sentence("M10", "RET led three projects; six shelters have plans", "M10a M10b"),
    Sentence("M11", "Labour's campaign, webinars and commemorations; thousands of students", "M11a M11b"),
    Sentence("M12", "Training locations (chart)", "M12a M12b"),
    Sentence("M13", "The Migrant Hub of HPPBZ, funded by IOM", "M13"),
    Sentence("M14", "The Mandatory Reporting programme", "M14"),
    Sentence("M15", "What RET published, trained and toured", "M15a M15b M15c"),
    Sentence("M16", "Labour's sessions in rural communities and high schools", "M16"),
    Sentence("P1", "The strategy of four areas and eleven objectives, in its first year of five",
             "P1a P1b P1c P1d P1e P1f"),
    Sentence("P2", "Three committees and their members (table)", "P2a P2b P2c"),
    Sentence("P3", "Two regional conferences: four representatives, one representative", "P3a P3b"),
    Sentence("P4", "The 7th meeting of the OAS; the presidency of the RCM", "P4a P4b"),
    Sentence("P5", "Data of 2021 to 2023 were shared with the Coalition", "P5"),
    Sentence("P6", "The sessions with partners; the final draft bill", "P6a P6b P6c"),
    Sentence("P7", "Labour's meetings with Brazil and the region", "P7a P7b"),
    Sentence("P8", "Council partners (table)", "P8"),
    Sentence("P9", "The CSO Coalition's advocacy with five", "P9"),
    Sentence("P10", "Child Labour Policy, Decent Work Country Programme, Seasonal Migrant Workers Programme", "P10"),
    Sentence("", "Training topics: Human Trafficking 101, Mandatory Reporting", "M12a", "By `topic`; M1 as well."),
    Sentence("", "Facilitated by police officers, social workers, coordinators, NGOs and partners", "M12a",
             "By `facilitator`."),
    Sentence("", "Unannounced inspections are regularly conducted", "O27c O27d O27e O27f",
             "What they found: O27d to O27f by `announced`."),
    Sentence("", "Inspections were routine visits or responded to complaints", "O27a", "By `trigger`."),
    Sentence("", "Shelter is a facility, independent living, foster care or family reunification", "O24b",
             "By `shelter_form`."),
    Sentence("", "The strategy's indicators and its budget, which the report does not name", "P11a P11b P11c"),
)  # fmt: skip
"""Sixty-four sentences: each row of the map of figures, and further sentences of the report."""


def page() -> str:
    """Return the Markdown table for docs/figures.md, between the lines `BEGIN` and `END`."""
    return "\n".join((BEGIN, "", *_lines(), "", END))


def _lines() -> Iterator[str]:
    yield "| no. | row | the report says | figures and definitions | how counted |"
    yield "|---|---|---|---|---|"
    for number, each in enumerate(SENTENCES, start=1):
        figures = [FIGURES[name] for name in each.figures.split()]
        defined = [f"**{figure.number}** {figure.en.split('. ')[0].rstrip('.')}." for figure in figures]
        counted = [f"**{figure.number}** {how_counted(figure)}" for figure in figures]
        said = "<br>".join((*defined, *([each.note] if each.note else [])))
        yield f"| {number} | {each.row or '—'} | {each.says} | {said} | {'<br>'.join(counted) or '—'} |"


def how_counted(figure: Figure[Any]) -> str:
    """Return the unit, the nature (flow or stock) and the way in which a period's amount is read, as a sentence."""
    version = "" if figure.version == 1 else f"; version {figure.version} since {figure.valid_from}"
    return f"{UNITS[figure.unit].en}, {NATURES[figure.nature].en}: {READERS[figure.reader].en}{version}"


if __name__ == "__main__":
    print(page())  # noqa: T201 - what it is for
