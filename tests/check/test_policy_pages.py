"""The pages for case officers name, for each service, the purpose and the seconds of the policy that is shipped."""

import re
from importlib.resources import files
from typing import Final

import pytest

from services.referral.domain.policy import Policy, parse_policy
from tests.check.project import ROOT

PAGES: Final = ("docs/users/case-officer.md", "docs/es/users/case-officer.md")
_ROW: Final = re.compile(r"\| `([a-z_]+)` \| `([a-z_]+)` \| (`[a-z_`, ]+`) \|")


def policy() -> Policy:
    return parse_policy((files("services.referral") / "policy.yaml").read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_the_table_of_services_is_the_policy(page: str) -> None:
    rows = _ROW.findall((ROOT / page).read_text("utf-8"))
    shown = {service: (purpose, tuple(re.findall("[a-z_]+", seconds))) for service, purpose, seconds in rows}
    assert len(shown) == len(rows)
    expected = {service.value: (row.purpose.value, row.second) for service, row in policy().services.items()}
    assert shown == expected


@pytest.mark.parametrize("page", PAGES)
def test_the_sentence_about_who_is_on_call_is_the_policy(page: str) -> None:
    text = " ".join((ROOT / page).read_text("utf-8").split())
    assert {receiver for receiver, listed in policy().on_call.items() if listed == ("bpd",)} == {"dhs"}
    assert {listed for receiver, listed in policy().on_call.items() if receiver != "dhs"} == {("dhs",)}
    assert re.search("`dhs`[,y ]+(and )?`bpd`", text)
    [opened] = policy().opens
    assert (opened.to, {each.value for each in opened.service_types}) == ("dhs", {"shelter", "counselling"})
    assert f"{opened.within_hours} h" in text
