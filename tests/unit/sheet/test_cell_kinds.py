"""A cell that can mean one thing only is understood. Any other is refused by a rule."""

import pytest

from schemas.codebook.shared import YesNo
from schemas.errors import Reason
from schemas.ids import Kind, is_id, mint
from schemas.times import Precision
from services.sheet import date_cells
from services.sheet.cell_errors import SheetRule, WrongCell, sentence
from services.sheet.cell_kinds import Choice, Number, OwnNumber
from services.sheet.column import choice, columns_of
from services.sheet.own_number_ids import OwnNumbers, event_id

OWN = OwnNumbers("bpd", bytes(32))


def refused(read: object, *arguments: object) -> str:
    with pytest.raises(WrongCell) as caught:
        read(*arguments)  # type: ignore[operator]
    return caught.value.why.value


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("2024-05-03", "2024-05-03T00:00:00-06:00", Precision.DAY),
        ("03/05/2024", "2024-05-03T00:00:00-06:00", Precision.DAY),
        ("2024-04", "2024-04-01T00:00:00-06:00", Precision.MONTH),
        ("04/2024", "2024-04-01T00:00:00-06:00", Precision.MONTH),
        ("2024", "2024-01-01T00:00:00-06:00", Precision.YEAR),
        ("31/12/2024 20:15", "2024-12-31T20:15:00-06:00", Precision.INSTANT),
        ("2024-12-31 20:15:30", "2024-12-31T20:15:30-06:00", Precision.INSTANT),
        ("2025-01-01T02:15:00Z", "2024-12-31T20:15:00-06:00", Precision.INSTANT),
    ],
)
def test_days_months_years_and_moments(text: str, at: str, precision: Precision) -> None:
    found, exactly = date_cells.read(text)
    assert (date_cells.stamp(found), exactly) == (at, precision)
    assert date_cells.read(date_cells.written(found, exactly)) == (found, exactly)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("5/3/2024", "ambiguous"),
        ("05/03/24", "ambiguous"),
        ("05-03-2024", "ambiguous"),
        ("12/31/2024", "no_such_day"),
        ("2024-02-30", "no_such_day"),
        ("2024-13", "no_such_day"),
        ("31/02/2024", "no_such_day"),
        ("2024-05-03 24:00", "no_such_day"),
        ("45448", "day_number"),
        ("45448.84", "day_number"),
        ("45448,84", "day_number"),
        ("24113/1", "wrong_form"),
        ("Apr-24", "wrong_form"),
        ("last week", "wrong_form"),
        ("2024-05-03 9:00", "wrong_form"),
        ("0000-01-01", "no_such_day"),
        ("0001-01-01T00:00:00Z", "out_of_range"),
        ("9999-12-31 20:15", "out_of_range"),
    ],
)
def test_a_day_that_could_be_two_days_or_none_is_refused(text: str, why: str) -> None:
    assert refused(date_cells.read, text) == why


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("1669", 1669), ("1 669", 1669), ("1\u00a0669", 1669), ("0" * 5000 + "7", 7), ("9" * 18, 10**18 - 1)],
)
def test_spaces_may_group_digits(text: str, number: int) -> None:
    assert Number().read(text, OWN) == number


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1,669", "ambiguous"),
        ("1.669", "ambiguous"),
        ("12.5", "wrong_form"),
        ("-3", "wrong_form"),
        ("1 66", "wrong_form"),
        ("9" * 19, "out_of_range"),
        ("9" * 5000, "out_of_range"),
    ],
)
def test_points_and_commas_may_not_and_no_number_is_too_long_for_json(text: str, why: str) -> None:
    assert refused(Number().read, text, OWN) == why


@pytest.mark.parametrize("text", ["yes", "Yes", "YES", "Sí", "sí", "si", " yes"])
def test_a_label_in_either_language_is_its_code(text: str) -> None:
    assert choice(YesNo).read(text.strip(), OWN) == "yes"


def test_codes_with_underscores_capitals_and_accents() -> None:
    offence = columns_of("bz.atips.charge.filed.v1")["offence"]
    for text in ("tip_sex", "TIP sex", "Trafficking for sexual exploitation", "trata con fines de explotacion sexual"):
        assert offence.read(text, OWN) == "tip_sex"
    assert refused(offence.read, "trafficking", OWN) == Reason.UNKNOWN_CODE


def test_a_label_of_two_codes_is_ambiguous_and_a_code_wins() -> None:
    two = Choice({"a": ("Other", "Otro"), "b": ("Other", "b"), "otro": ("X", "X")})
    assert refused(two.read, "other", OWN) == SheetRule.AMBIGUOUS
    assert two.read("otro", OWN) == "otro"


def test_lists_are_joined_and_an_empty_one_is_said_by_a_word() -> None:
    means = columns_of("bz.atips.victim.identified.v1")["means"]
    assert means.read("deception | Abuse of vulnerability", OWN) == ["deception", "abuse_of_vulnerability"]
    assert means.read("none", OWN) == means.read("Ninguno", OWN) == []
    assert refused(means.read, "deception||", OWN) == Reason.WRONG_FORM
    focus = columns_of("bz.atips.labour.inspection_completed.v1")["focus"]
    assert refused(focus.read, "none", OWN) == Reason.UNKNOWN_CODE


def test_counts_by_type_by_short_names_and_none_twice() -> None:
    counts = columns_of("bz.atips.period.closed.v1")["counts"]
    assert counts.read("arrest.made=3|charge.filed = 1 200", OWN) == {
        "bz.atips.arrest.made.v1": 3,
        "bz.atips.charge.filed.v1": 1200,
    }
    assert refused(counts.read, "arrest.made=3|bz.atips.arrest.made.v1=3", OWN) == Reason.REPEATED_ITEM
    assert refused(counts.read, "arrest.made", OWN) == Reason.WRONG_FORM


def test_own_numbers_become_ids_that_only_the_secret_gives() -> None:
    person = OwnNumber(Kind.PERSON)
    found = person.read("2024/17", OWN)
    assert is_id(found, Kind.PERSON)
    assert person.read("2024/17", OwnNumbers("bpd", bytes(32))) == found
    others = {
        person.read("2024/18", OWN),
        person.read("2024/17", OwnNumbers("bpd", bytes(31) + b"\x01")),
        person.read("2024/17", OwnNumbers("dhs", bytes(32))),
        mint(Kind.PERSON, bytes(16)),
    }
    assert found not in others
    assert person.read("TIP-2", OWN) == person.read("tip-2", OWN)
    assert "0" * 8 not in repr(OWN)


@pytest.mark.parametrize("text", ["a name", "Zacaria", "=1+1", "1" * 41, ""])
def test_a_name_is_no_number(text: str) -> None:
    assert refused(OwnNumber(Kind.PERSON).read, text, OWN) == Reason.WRONG_FORM


def test_session_17_is_not_inspection_17() -> None:
    session = columns_of("bz.atips.training.session_delivered.v1")["own_session"]
    inspection = columns_of("bz.atips.labour.inspection_completed.v1")["own_inspection"]
    assert session.read("17", OWN) != inspection.read("17", OWN)
    assert "own_same_as" not in columns_of("bz.atips.activity.merged.v1")


def test_an_event_s_id_follows_from_agency_type_number_and_revision_alone() -> None:
    first = event_id("bpd", "bz.atips.arrest.made.v1", "2024/17", 1)
    assert first == event_id("bpd", "bz.atips.arrest.made.v1", "2024/17", 1)
    assert (
        len({first, event_id("bpd", "x", "2024/17", 1), event_id("bpd", "bz.atips.arrest.made.v1", "2024/17", 2)}) == 3
    )
    assert first.startswith("00000000-0000-7")


def test_a_rule_is_told_in_both_languages() -> None:
    assert sentence(SheetRule.AMBIGUOUS) == "can be read in two ways / se puede leer de dos maneras (ambiguous)"
    assert sentence(Reason.NOT_JSON) == "not_json"
