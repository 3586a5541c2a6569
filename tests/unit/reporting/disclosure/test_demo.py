"""The public's edition of the demo's year: it can be made beside the printed report, and tells no small number."""

from datetime import date

from schemas.times import Period
from services.console.release.preparing import release_means
from services.reporting.council_tables import disclosure_policy
from services.reporting.domain.disclosure.system import MOST
from services.reporting.read import queries
from services.reporting.read.queries import FigureReport
from services.reporting.release.artefact import ReleaseEdition, RowMark, ShownForm
from services.reporting.release.making import ReleaseRequest, asked, frozen
from tests.unit.report.year import readings

POLICY = disclosure_policy()
REQUEST = ReleaseRequest(ReleaseEdition.PUBLIC, Period.parse("2024"), queries.Edition("v", 1204))


def test_the_year_of_the_report_is_told_and_no_small_number_of_victims() -> None:
    reports = [
        FigureReport(
            tuple(each for number in question.numbers for each in readings(number, question.period, question.by)),
            1204,
            0,
            "v",
            date(2025, 3, 1),
        )
        for question in asked(POLICY, REQUEST)
    ]
    made = frozen(release_means(POLICY), REQUEST, reports, [], None)
    rows = {(row.figure, row.period, *row.dimensions.values()): row for row in made.rows}
    assert (rows["O1a", "2024"].value, rows["O9", "2024"].value, rows["O13a", "2024", "male"].value) == (18, 7, 1)
    assert rows["O32a", "2024"].value is not None
    assert rows["O20", "2024"].value == 42  # as printed: a later number is withheld
    exactly = {number for group in POLICY.public.exact for number in group.figures}
    for row in made.rows:
        small = row.value is not None and row.value < POLICY.smallest
        assert not small or row.figure in exactly, row.key
        assert row.form is not ShownForm.BAND or (row.low, row.high) == (0, POLICY.smallest - 1)
    pooled = [row for row in made.rows if RowMark.POOLED in row.marks and row.dimensions]
    assert len(pooled) == sum(len(table.rows) + 1 for table in POLICY.public.tables)
    assert max(row.value or 0 for row in made.rows) < MOST
