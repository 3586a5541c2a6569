"""The policy: what is wrong in it is refused with the line, and its version is what it says."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from schemas.codebook.dated_groups_and_labels import labels_on
from schemas.codebook.referral import Urgency
from schemas.yaml_table import WrongTable
from services.referral.domain.policy import parse_policy
from tests.unit.referral.sample import policy, shipped

TEXT = (files("services.referral") / "policy.yaml").read_text()
URGENT = re.compile(r"urgent: \{hours: \d+\}")
PAGE = (Path(__file__).parents[3] / "docs/policy.md").read_text(encoding="utf-8")


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("emergency: {hours: 1}", "emergency: {hours: 0}", "answer.emergency.hours"),
        ("soon: {hours: 24}", "soon: {hours: 24, working_days: 3}", "either hours or working_days"),
        ("late: [council]", "late: [council, atips_pu]", "atips_pu cannot be notified"),
        ("to: dhs, service", "to: nobody, service", "opens.0.to"),
        ("to: dhs, service", "to: council, service", "council may not accept referrals"),
        ("second: [iom, mofa]", "second: [iom, ncfc]", "ncfc may not accept referrals"),
        ("{to: dhs, purposes", "{to: nobody, purposes", "duty.0.to"),
        (
            "purposes: [protection_services]}",
            "purposes: [legal_help]}",
            "for protection_services and health_care alone",
        ),
        ("  mohw: [dhs]", "", "at some time nobody else is on call for an emergency of mohw"),
        ("  mohw: [dhs]", "  mohw: [mohw]", "at some time nobody else is on call for an emergency of mohw"),
        ("late: [council]", "late: [council, hti]", "hti does not see every case"),
        ("also: [dhs]", "also: [hti]", "hti does not see every case"),
        ("second_after_percent: 50", "second_after_percent: 0", "second_after_percent"),
        ("on: victim.identified", "on: victim.found", "there is no event type victim.found"),
        ("on: [arrest.released,", "on: [arrest.made,", "arrest.made does not name a suspect and victims"),
        ("purpose: health_care", "purpose: curiosity", "services.medical.purpose"),
        ("review_on: 2027-01-31", "reviewed_on: 2027-01-31", "review_on"),
        ("owner: council", "owner: council\nowner: dhs", "owner is said twice"),
        ('opens: "08:00"', 'opens: "18:00"', "opens is not before closes"),
        ('opens: "08:00"', 'opens: "17:00"', "opens is not before closes"),
        ("working_hours:", "working_hours: [", ""),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(before: str, after: str, why: str) -> None:
    assert before in TEXT
    with pytest.raises(WrongTable, match=r"^line [0-9]+: ") as raised:
        parse_policy(TEXT.replace(before, after, 1))
    assert why in str(raised.value)


def test_the_line_is_where_it_is_wrong() -> None:
    text = URGENT.sub("urgent: {hours: -3}", TEXT, count=1)
    with pytest.raises(WrongTable) as raised:
        parse_policy(text)
    assert raised.value.line == line_of(text, "urgent:")


def test_a_danger_cannot_be_made_to_wait_for_offices() -> None:
    with pytest.raises(WrongTable, match="only routine may wait for working days"):
        parse_policy(URGENT.sub("urgent: {working_days: 1}", TEXT, count=1))


def test_every_service_has_a_row() -> None:
    with pytest.raises(WrongTable, match="services has no row for medical"):
        parse_policy("\n".join(line for line in TEXT.splitlines() if not line.startswith("  medical:")))


def test_the_version_is_what_it_says_not_how_it_is_laid_out() -> None:
    assert parse_policy(f"# a remark\n{TEXT}").version == shipped().version
    assert parse_policy(URGENT.sub("urgent: {hours: 23}", TEXT, count=1)).version != shipped().version


def test_an_agency_called_yes_is_one() -> None:
    assert "yes" in TEXT
    assert policy().answer_of(Urgency.NOT_ASKED) == policy().answer.urgent


def told(field: str) -> list[str]:
    """Amounts of time that the page gives in the row of a field, by urgency."""
    (row,) = [line for line in PAGE.splitlines() if f"| `{field}` |" in line and " when urgent" in line]
    amounts = re.findall(r"(\d+) (hours?|days|working days) (?:in an emergency|when|of acceptance in)", row)
    return [str(int(number) * 24) if unit == "days" else number for number, unit in amounts]


@pytest.mark.parametrize("field", ["answer", "start", "hold", "silence"])
def test_the_page_of_the_policy_says_what_the_file_says(field: str) -> None:
    limits = getattr(shipped(), field)
    each = (limits.emergency, limits.urgent, limits.soon, limits.routine)
    assert told(field) == [str(limit.hours or limit.working_days) for limit in each]


_ENGLISH = {"the": 1, "a": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "twelve": 12}
_SPANISH = {"una": 1, "un": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "ocho": 8, "doce": 12}
WITHIN = re.compile(r": (?:within|en) (\w+) (working day|day|hour|días hábiles|día|hora)")
HOURS_OF = {"hour": 1, "hora": 1, "day": 24, "día": 24}


@pytest.mark.parametrize("urgency", [Urgency.EMERGENCY, Urgency.URGENT, Urgency.SOON, Urgency.ROUTINE])
def test_the_label_of_an_urgency_names_the_deadline_that_the_policy_has(urgency: Urgency) -> None:
    """Found by changing a deadline by the how-to alone: every page and sheet still named the earlier one."""
    allowed = shipped().answer_of(urgency)
    for label in labels_on(urgency, None):
        found = WITHIN.search(label)
        assert found, label
        number = (_ENGLISH | _SPANISH)[found[1]]
        said = (number * HOURS_OF.get(found[2], 0), 0 if found[2] in HOURS_OF else number)
        assert said == (allowed.hours or 0, allowed.working_days or 0), label
