"""Standard tables of a release: they tell what the release tells, and nothing beyond."""

from typing import Final

from services.console.export.published_release_rows import released_rows
from services.console.export.standard import _seen
from services.console.report import last_of_council
from services.export.standards.cell_answers import AnswerSource, answers_table
from services.export.standards.figure_mapping import NAMES, mapping
from services.reporting.release.artefact import Artefact, ReleaseEdition, ReleaseHead, ReleaseRow, ShownForm
from services.reporting.release.registry import ReleaseStep
from tests.unit.reporting.kept_releases import SENT, a_release


def a_row(figure: str, form: ShownForm, period: str = "2024", **more: object) -> ReleaseRow:
    said = {"figure": figure, "period": period, "dimensions": {}, "unit": "persons", "version": 1, "known_at": 5}
    return ReleaseRow.model_validate({**said, "form": form, **more})


ROWS: Final = (
    a_row("O1a", ShownForm.EXACT, value=18),
    a_row("O13a", ShownForm.EXACT, value=2),
    a_row("O13a", ShownForm.EXACT, dimensions={"sex": "male"}, value=1),
    a_row("O32a", ShownForm.BAND, low=0, high=9),
    a_row("O32a", ShownForm.EXACT, period="2020..2024", dimensions={"sex": "female"}, value=48),
    a_row("O22a", ShownForm.UNKNOWN),
    a_row("R11a", ShownForm.WITHHELD),
)
HEAD: Final = ReleaseHead(release=1, edition=ReleaseEdition.PUBLIC, period="2024", known_at=5, code="v", policy="p")


def test_a_table_of_a_release_tells_only_what_the_release_tells() -> None:
    values = _seen(released_rows(Artefact(head=HEAD, rows=ROWS), 2024), "2024")
    told = {(row.figure, *next(iter(row.dimensions.items()), ("", ""))): row.value for row in ROWS if row.value}
    for name in NAMES:
        table = answers_table(mapping(name), 2024, values, 5, AnswerSource.RELEASE)
        for row in table.rows:
            if row[4] is not None:
                assert told[str(row[6]), str(row[7]), str(row[8])] == row[4]
        assert AnswerSource.RELEASE.note in table.notes
        assert {row[-1] for row in table.rows} == {"anybody"}
    rows = {
        (row[0], row[2]): row for row in answers_table(mapping("glotip"), 2024, values, 5, AnswerSource.RELEASE).rows
    }
    assert rows["Offences of trafficking in persons", "Total; Total; Total"][4] == 18
    assert rows["Persons convicted", "Total; Male; Total"][4] == 1
    assert "0 included" in str(rows["Persons convicted", "Total; Female; Total"][5])
    assert rows["Detected trafficking victims", "Total; Total; Total"][5].startswith("confidential")  # type: ignore[union-attr]
    assert rows["Persons brought into formal contact", "Total; Total; Total"][5] == "the release does not tell it"


def test_a_row_that_is_missing_from_an_exact_breakdown_of_a_release_is_nought() -> None:
    rows = (
        a_row("O13a", ShownForm.EXACT, value=1),
        a_row("O13a", ShownForm.EXACT, dimensions={"sex": "male"}, value=1),
    )
    for shown, female, citizens in (
        (rows, 0.0, "the release does not tell it"),
        ((rows[0],), None, "the release does not tell it"),
        ((a_row("O13a", ShownForm.EXACT, value=0),), 0.0, ""),
    ):
        values = _seen(released_rows(Artefact(head=HEAD, rows=shown), 2024), "2024")
        table = answers_table(mapping("glotip"), 2024, values, 5, AnswerSource.RELEASE)
        found = {(row[6], row[7], row[2]): row for row in table.rows}
        assert found["O13a", "sex", "Total; Female; Total"][4] == female
        assert {row[5] for key, row in found.items() if key[:2] == ("O13a", "citizenship")} <= {citizens}


def test_a_report_is_compared_with_the_last_release_of_the_council_and_with_no_public_one() -> None:
    published = (*SENT, ReleaseStep.PUBLISHED)
    first, second = (a_release(n, steps=published, edition="council", known_at=n + 4) for n in (1, 2))
    public = a_release(3, steps=published, known_at=7)
    sent = a_release(4, steps=SENT, edition="council", known_at=7)
    other = a_release(5, steps=published, edition="council", period="2023")
    withdrawn = a_release(6, steps=(*published, ReleaseStep.WITHDRAWN), edition="council", known_at=7)
    releases = (first, second, public, sent, other, withdrawn)
    for complete_to, found in ((9, second), (6, second), (5, first), (4, None)):
        assert last_of_council(releases, "2024", complete_to) is found
