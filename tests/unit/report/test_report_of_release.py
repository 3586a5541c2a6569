"""A report of a release: what is withheld there is withheld here, and what it has not is no zero."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

import pytest
from pypdfium2 import PdfDocument
from python_calamine import CalamineWorkbook

from services.presentation.bilingual_text import Language
from services.report.domain.audience import ReportAudience
from services.report.domain.document import Document, Paragraph, ReportTable, StatedFinding
from services.report.domain.document_building import document
from services.report.domain.report_input import YearBefore
from services.report.file_formats import ReportFormat, render_report
from services.report.release_source import NotOfAYear, source
from services.reporting.release.artefact import (
    Artefact,
    PreviousRelease,
    ReleaseChange,
    ReleaseEdition,
    ReleaseHead,
    ReleaseRow,
    ShownAmount,
    ShownForm,
)
from services.reporting.release.registry import ReleaseStep

AT = datetime(2025, 3, 31, 18, tzinfo=UTC)


def row(figure: str, form: ShownForm, dimensions: dict[str, str] | None = None, **amount: Any) -> ReleaseRow:  # noqa: ANN401 - fields of a row
    return ReleaseRow(
        figure=figure,
        period="2024",
        dimensions=dimensions or {},
        unit="persons",
        version=1,
        known_at=9,
        form=form,
        **amount,
    )


def artefact(*rows: ReleaseRow, edition: ReleaseEdition = ReleaseEdition.PUBLIC, **head: Any) -> Artefact:  # noqa: ANN401
    known: dict[str, Any] = {
        "release": 3,
        "edition": edition,
        "period": "2024",
        "known_at": 9,
        "code": "a" * 64,
        "policy": "1",
    }
    return Artefact(head=ReleaseHead(**(known | head)), rows=rows)


def texts(found: Document) -> list[str]:
    return [each.text for each in found.blocks() if isinstance(each, StatedFinding | Paragraph)]


def test_an_exact_a_banded_and_a_withheld_row_are_told_as_such() -> None:
    made = artefact(
        row("O1a", ShownForm.EXACT, value=18), row("O9", ShownForm.BAND, low=5, high=9), row("O3", ShownForm.WITHHELD)
    )
    said = texts(document(Language.EN, source(made, AT, ReleaseStep.PUBLISHED)))
    assert "18 suspected cases of human trafficking came under investigation in 2024." in said
    assert "Persons arrested: 5 to 9." in said
    assert "Victims by minors and adults: the number is withheld, so that nobody can be recognised." in said


def test_a_figure_that_the_public_does_not_get_is_left_out_and_is_no_zero() -> None:
    found = document(Language.EN, source(artefact(row("O1a", ShownForm.EXACT, value=18)), AT, ReleaseStep.PUBLISHED))
    assert not any("arrested" in each for each in texts(found) if not each.endswith("not in this release."))
    assert "Nobody" not in " ".join(texts(found))


def of_five_years(figure: str, form: ShownForm, dimensions: dict[str, str] | None = None, **amount: Any) -> ReleaseRow:  # noqa: ANN401 - fields of a row
    return row(figure, form, dimensions, **amount).model_copy(update={"period": "2020..2024"})


POOLED: Final = (
    of_five_years("O32a", ShownForm.EXACT, value=1234),
    of_five_years("O32a", ShownForm.EXACT, {"sex": "female"}, value=1204),
    of_five_years("O32a", ShownForm.WITHHELD, {"sex": "male"}),
    of_five_years("O32a", ShownForm.WITHHELD, {"sex": "others"}),
    of_five_years("O32a", ShownForm.WITHHELD, {"citizenship": "GT"}),
    of_five_years("T12", ShownForm.EXACT, value=35),
    of_five_years("T13", ShownForm.WITHHELD),
)


@pytest.mark.parametrize(
    ("lang", "female", "others", "medians"),
    [
        (Language.EN, "Female", "All others", "Medians of durations, 2020 to 2024"),
        (Language.ES, "Femenino", "Todos los demás", "Medianas de duraciones, de 2020 a 2024"),
    ],
)
def test_what_a_release_tells_of_several_years_stands_in_tables(
    lang: Language, female: str, others: str, medians: str
) -> None:
    found = document(lang, source(artefact(row("O1a", ShownForm.EXACT, value=18), *POOLED), AT, ReleaseStep.PUBLISHED))
    [section] = [each for each in found.sections if each.name == "years"]
    why, by_sex, by_citizenship, of_durations = section.blocks
    assert isinstance(why, Paragraph)
    assert isinstance(by_sex, ReportTable)
    assert isinstance(by_citizenship, ReportTable)
    assert isinstance(of_durations, ReportTable)
    withheld = "withheld" if lang is Language.EN else "reservado"
    told = [(name.text, amount.text) for name, amount in by_sex.rows]
    assert told[0] == (female, "1,204")
    assert told[1][1] == withheld
    assert told[2:] == [(others, withheld), ("Total", "1,234")]
    assert [amount.text for _, amount in by_citizenship.rows] == [withheld, "1,234"]
    assert by_sex.numeric == by_citizenship.numeric == (False, True)
    assert of_durations.numeric == (False, False, True)
    assert of_durations.title == medians
    assert of_durations.note
    assert ("stands as it was told" if lang is Language.EN else "queda como se dio") in of_durations.note
    assert [cells[-1].text for cells in of_durations.rows] == ["35", withheld]
    defined = {cells[0].text for cells in next(found.sections[-1].blocks.__iter__()).rows}  # type: ignore[union-attr]
    assert {"O32a", "T12", "T13"} <= defined


def test_a_report_without_years_together_has_no_section_of_them() -> None:
    made = source(artefact(row("O1a", ShownForm.EXACT, value=18)), AT, ReleaseStep.PUBLISHED)
    assert "years" not in {each.name for each in document(Language.EN, made).sections}


@pytest.mark.parametrize("form", ReportFormat)
def test_years_together_stand_in_each_form(form: ReportFormat) -> None:
    found = document(Language.EN, source(artefact(*POOLED), AT, ReleaseStep.PUBLISHED))
    made = render_report(found, form, {})
    match form:
        case ReportFormat.PDF:
            text = "".join(page.get_textpage().get_text_range() for page in PdfDocument(made))
        case ReportFormat.XLSX:
            book = CalamineWorkbook.from_filelike(BytesIO(made))
            cells = [
                cell for name in book.sheet_names for line in book.get_sheet_by_name(name).to_python() for cell in line
            ]
            assert 1204 in cells
            text = " ".join(map(str, cells)).replace("1204", "1,204")
        case _:
            text = made.decode()
    assert "All others" in text
    assert "1,204" in text


def test_a_release_names_itself_and_compares_with_no_year_that_it_has_not() -> None:
    made = source(artefact(row("O1a", ShownForm.EXACT, value=18)), AT, ReleaseStep.PUBLISHED)
    found = document(Language.EN, made)
    assert found.freshness == "Release 3, complete to event 9. Later events do not change it."
    assert made.before is YearBefore.NOT_RELEASED
    assert "2024 is not compared with 2023: the release has no number of 2023." in texts(found)
    assert document(Language.EN, made) == found


@pytest.mark.parametrize(
    ("edition", "state", "audience"),
    [
        (ReleaseEdition.PUBLIC, ReleaseStep.PUBLISHED, ReportAudience.PUBLIC),
        (ReleaseEdition.PUBLIC, ReleaseStep.SENT, ReportAudience.PREPARED),
        (ReleaseEdition.PUBLIC, ReleaseStep.WITHDRAWN, ReportAudience.WITHDRAWN),
        (ReleaseEdition.COUNCIL, ReleaseStep.PUBLISHED, ReportAudience.COUNCIL),
        (ReleaseEdition.COUNCIL, ReleaseStep.WITHDRAWN, ReportAudience.WITHDRAWN),
    ],
)
def test_a_report_says_who_may_have_it(edition: ReleaseEdition, state: ReleaseStep, audience: ReportAudience) -> None:
    made = source(artefact(row("O1a", ShownForm.EXACT, value=18), edition=edition), AT, state)
    for lang in Language:
        assert document(lang, made).audience == audience.of(lang)


def test_a_revision_lists_what_changed() -> None:
    change = ReleaseChange(
        figure="O1a",
        period="2024",
        dimensions={},
        before=ShownAmount(form=ShownForm.EXACT, value=17),
        after=ShownAmount(form=ShownForm.WITHHELD),
    )
    made = artefact(
        row("O1a", ShownForm.WITHHELD), previous=PreviousRelease(release=2, sha256="b" * 64), changes=(change,)
    )
    found = document(Language.EN, source(made, AT, ReleaseStep.PUBLISHED))
    [table] = [each for each in found.tables() if "differ" in each.title]
    assert table.title == "Figures that differ from release 2"
    assert any("stands as it was told there" in each for each in texts(found))
    assert [cell.text for cell in table.rows[0]] == ["O1a", "Cases opened", "2024", "17", "withheld"]


def test_a_release_of_a_quarter_is_no_annual_report() -> None:
    with pytest.raises(NotOfAYear):
        source(artefact(row("O1a", ShownForm.EXACT, value=1), period="2024-01..2024-03"), AT, ReleaseStep.PUBLISHED)
