"""A finding's page names the agencies that both services tell, and none where the code is hidden."""

import pytest

from schemas.codebook.governance import FindingCode
from services.presentation.case_page import agencies_told
from services.referral.domain.dangers_to_victims import Danger


@pytest.mark.parametrize(
    "code",
    [
        FindingCode.VICTIM_PROSECUTED,
        FindingCode.VICTIM_DEPORTED,
        FindingCode.VICTIM_UNPROTECTED,
        FindingCode.BAIL_WITHOUT_NO_CONTACT,
        FindingCode.GUARDIAN_IS_SUSPECT,
    ],
)
def test_both_services_tell_the_agencies_that_the_page_names(code: FindingCode) -> None:
    assert set(agencies_told(code) or ()) == set(Danger(code, "person", None, ()).told)


def test_a_finding_without_its_code_names_no_agency_and_a_warning_tells_none() -> None:
    assert agencies_told(None) is None
    assert agencies_told(FindingCode.TWO_VERDICTS) == ()
