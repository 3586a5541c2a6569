"""The code lists: both languages, one grammar, and other standards' words exactly as those write them."""

import pkgutil
import re
from enum import StrEnum
from importlib import import_module

import pytest

from schemas import codebook
from schemas.agencies import AGENCIES, AgencyKind
from schemas.codebook import LISTS, lists_of, maps, shared
from schemas.codebook.code import Code
from schemas.codebook.countries import CITIZENSHIPS, COUNTRIES
from schemas.codebook.identification import Sex
from schemas.codebook.justice import LAWS, Offence
from schemas.codebook.prevention import Sector
from schemas.codebook.protection import ServiceType
from schemas.codebook.shared import YesNo
from schemas.codebook.sources import SOURCES

HTCDS_STATUS = {"PossibleVictimOfTrafficking", "ActualVictimOfTrafficking", "NotAVictimOfTrafficking"}
HTCDS_ORG = {"Police", "NGO", "CourtOrProsecution", "NonPoliceGovernmentalOrganization", "Other"}
HTCDS_EXPLOITATION = {
    *("ForcedLabour", "SexualExploitation", "ChildLabour", "ForcedMarriage", "Servitude"),
    *("ForcedMilitaryByNonStateActors", "OrganRemoval", "ForcedBegging", "ForcedAdoption", "Surrogacy", "Other"),
}
HTCDS_CONTROL = {
    *("PhysicalThreats", "ThreatsLawEnforcement", "ThreatensChildrenFamily", "DebtBondage", "FalsePromises"),
    *("PhysicalAbuse", "SexualAbuse", "TakesEarnings", "RestrictsFinancialAccess", "RestrictsMedicalCare"),
    *("WithholdsNecessities", "PsychologicalAbuse", "PsychoactiveSubstance", "ExcessiveWorkingHours"),
    *("WithholdsDocuments", "RestrictsMovement", "UsesChildren", "Other"),
}
HTCDS_ROLES = {
    *("TravellingPartner", "Transporter", "RecruiterOrIntermediary", "BrokerTravelAgent", "TransferredIndividual"),
    *("HarbouredIndividual", "SoldIndividual", "BoughtIndividual", "ReceivedIndividual", "ControlledIndividual"),
    *("Smuggler", "Abuser", "Kidnapper", "Exploiter", "Other"),
}
HTCDS_SEX_EXPLOITATION = {"Prostitution", "Pornography", "RemoteInteractiveServices", "PrivateSexualServices"}
HTCDS_RECRUITMENT = {
    *("AtAPlaceOfBusiness", "AtAnEducationalInstitution", "AtWork", "ThroughOnlineSocialNetworks"),
    *("ThroughAnOnlineAdvertisement", "ThroughATelevisionAdvert", "ThroughANewspaperAdvert"),
    *("ThroughFamilyOrFamilyEvents", "ThroughFriendsOrSocialEvents", "Other"),
}
HTCDS_GENDER = {
    *("Feminine", "Masculine", "TransgenderFeminine", "TransgenderMasculine", "NonConforming", "NonSpecifiedUnknown"),
}
CTDC_RELATION = {"IntimatePartner", "Friend", "Family", "Other", "Unknown"}
HTCDS_PLANS = {
    *("Education", "Financial", "Health", "LabourExploitationRehabilitation", "Legal", "Livelihood"),
    *("RightsBasedTraining", "SexualExploitationRehabilitation", "SocialCare"),
}
CTDC_CONTROL = {
    *("DebtBondage", "TakesEarnings", "RestrictsFinancialAccess", "Threats", "PsychologicalAbuse", "PhysicalAbuse"),
    *("SexualAbuse", "FalsePromises", "PsychoactiveSubstances", "RestrictsMovement", "RestrictsMedicalCare"),
    *("ExcessiveWorkingHours", "UsesChildren", "ThreatOfLawEnforcement", "WithholdsNecessities"),
    *("WithholdsDocuments", "Other", "NotSpecified"),
}
CTDC_EXPLOITATION = {
    *("isForcedLabour", "isSexualExploit", "isOtherExploit", "isForcedMarriage", "isForcedMilitary"),
    *("isOrganRemoval", "isSlaveryAndPractices"),
}
NOT_DEFINED_BY_HTCDS = {each.value for each in ServiceType} - {
    *("medical", "school_enrolment", "stipend", "legal_information"),
}
WITHOUT_A_COLUMN = {
    *("child_labour", "servitude", "forced_begging", "forced_adoption", "surrogacy", "criminal_activity"),
    *("domestic_servitude", "unknown", "not_asked"),
}
HTCDS_RELATIONSHIP = {"Familial", "Acquainted", "Unaquainted"}
HTCDS_ORGANISATION = {
    *("NGO", "LawEnforcement", "HealthServiceOrganisation", "CentralGovernmentOrganisation"),
    *("LocalGovernmentOrganisation", "ImmigrationService", "LegalService", "CorporateBusiness", "SchoolOrCollege"),
}
CTDC_AGE = {"0--8", "9--17", "18--20", "21--23", "24--26", "27--29", "30--38", "39--47", "48+", "-99"}


@pytest.mark.parametrize("codes", LISTS.values(), ids=list(LISTS))
def test_a_code_has_a_plain_value_and_both_labels(codes: type[Code]) -> None:
    for code in codes:
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", code.value)
        assert code.name == code.value.upper()
        assert code.en
        assert code.es
        assert (code.en.strip(), code.es.strip()) == (code.en, code.es)
    assert len({code.en for code in codes}) == len({code.es for code in codes}) == len(codes)


def test_every_list_is_found_by_its_name_and_none_twice() -> None:
    assert LISTS["yes_no"] is YesNo
    assert Code not in LISTS.values()
    modules = [import_module(f"schemas.codebook.{each.name}") for each in pkgutil.iter_modules(codebook.__path__)]
    assert set(lists_of(*modules)) - {"code"} == set(LISTS)
    with pytest.raises(ValueError, match="two code lists"):
        lists_of(shared, shared)


def test_a_code_is_its_value() -> None:
    assert Sex("female") is Sex.FEMALE
    assert Sex.FEMALE.value == "female"
    assert {"female": 1}[Sex.FEMALE] == 1
    assert f"{Sex.FEMALE}" == "female"
    assert (YesNo.NO.en, YesNo.NO.es) == ("No", "No")


def test_no_answer_is_two_answers() -> None:
    assert YesNo.UNKNOWN is not YesNo.NOT_ASKED  # type: ignore[comparison-overlap]
    with pytest.raises(ValueError, match="not a valid"):
        YesNo("")


def test_countries_are_the_iso_list() -> None:
    assert len(COUNTRIES) == 249
    assert {"BZ", "GT", "HN", "SV", "MX", "TR", "VN", "EC", "NI", "VE", "CO"} <= COUNTRIES
    assert all(re.fullmatch("[A-Z]{2}", country) for country in COUNTRIES)
    assert {"stateless", "unknown", "not_asked"} == CITIZENSHIPS - COUNTRIES


def test_every_offence_has_its_law_and_no_section_is_invented() -> None:
    assert set(LAWS) == set(Offence)
    for offence, law in LAWS.items():
        assert law.section is None
        assert law.iccs in {None, "0204", "02041", "02042", "03022"}
        assert (law.statute is None) == (offence is Offence.OTHER)


def test_what_the_council_counts_is_not_what_iccs_calls_trafficking() -> None:
    counted_otherwise = {offence for offence, law in LAWS.items() if law.counts_as_tip and law.iccs == "03022"}
    assert counted_otherwise == {
        Offence.MAKING_CHILD_PORNOGRAPHY,
        Offence.CHILD_PROSTITUTION,
        Offence.PROCURING_CHILD,
    }
    assert not LAWS[Offence.OTHER].counts_as_tip


@pytest.mark.parametrize(
    ("mapped", "standard", "left_out"),
    [
        (maps.HTCDS_TRAFFICKING_STATUS, HTCDS_STATUS, {"undetermined"}),
        (maps.HTCDS_DECISION_MAKING_ORG, HTCDS_ORG, {"unknown", "not_asked"}),
        (maps.HTCDS_EXPLOITATION, HTCDS_EXPLOITATION, {"unknown", "not_asked"}),
        (maps.HTCDS_CONTROL, HTCDS_CONTROL, {"unknown", "not_asked"}),
        (maps.HTCDS_ROLE_IN_PROCESS, HTCDS_ROLES, {"unknown", "not_asked"}),
        (maps.HTCDS_SEX_EXPLOITATION, HTCDS_SEX_EXPLOITATION, {"unknown", "not_asked"}),
        (maps.HTCDS_RECRUITMENT, HTCDS_RECRUITMENT, {"unknown", "not_asked"}),
        (maps.HTCDS_GENDER, HTCDS_GENDER, set()),
        (
            maps.HTCDS_RELATIONSHIP_TO_TRAFFICKER,
            HTCDS_RELATIONSHIP,
            {"intimate_partner", "online_contact", "other", "unknown", "not_asked"},
        ),
        (maps.CTDC_RECRUITER_RELATION, CTDC_RELATION, {"not_asked"}),
        (maps.CTDC_AGE_BROAD, CTDC_AGE, set()),
        (maps.ISIC_SECTION, set("ABCDEFGHIJKLMNOPQRSTU"), {"unknown"}),
        (maps.HTCDS_SUPPORT_PLAN, HTCDS_PLANS, NOT_DEFINED_BY_HTCDS),
        (maps.CTDC_MEANS_OF_CONTROL, CTDC_CONTROL, set()),
        (maps.CTDC_EXPLOITATION, CTDC_EXPLOITATION, WITHOUT_A_COLUMN),
    ],
    ids=[
        *(
            "status",
            "organisation",
            "exploitation",
            "control",
            "role",
            "forms",
            "recruitment",
            "gender",
            "relationship",
            "relation",
            "age",
        ),
        "isic",
        *("plan", "means", "columns"),
    ],
)
def test_a_map_uses_the_standards_words(mapped: dict[StrEnum, str], standard: set[str], left_out: set[str]) -> None:
    codes = type(next(iter(mapped)))
    assert set(mapped.values()) <= standard
    assert {code.value for code in codes} - {code.value for code in mapped} == left_out


def test_every_agency_is_an_organisation_of_the_standard_or_it_has_no_word_for_it() -> None:
    assert set(maps.HTCDS_ORGANISATION_TYPE.values()) == HTCDS_ORGANISATION
    without = {code for code in AGENCIES if code not in maps.HTCDS_ORGANISATION_TYPE}
    of_several_states = {each.code for each in AGENCIES.values() if each.kind is AgencyKind.IGO}
    assert without == of_several_states | {"magistrates_court", "high_court", "bdf", "crime_stoppers"}
    assert maps.HTCDS_ORGANISATION_TYPE.keys() <= AGENCIES.keys()


def test_the_words_that_hti_uses_name_services_and_only_housing_may_be_two() -> None:
    assert set(maps.HTI_SERVICES) == {
        *("housing", "education registration", "psychosocial services", "medical consultation", "repatriation"),
    }
    meant = [each for several in maps.HTI_SERVICES.values() for each in several]
    assert len(meant) == len(set(meant)) == 6
    assert [word for word, several in maps.HTI_SERVICES.items() if len(several) > 1] == ["housing"]


def test_the_sections_of_isic_keep_their_letters() -> None:
    known = {
        "A": Sector.AGRICULTURE_FORESTRY_FISHING,
        "I": Sector.ACCOMMODATION_FOOD,
        "T": Sector.HOUSEHOLDS_AS_EMPLOYERS,
    }
    assert {letter: sector for sector, letter in maps.ISIC_SECTION.items() if letter in known} == known


@pytest.mark.parametrize(
    ("lists", "words"),
    [
        ("victim_status decided_by", "HTCDS OTSH Trafficking"),
        ("age_group", "CTDC|Counter-Trafficking"),
        ("sex", "SDG HTCDS"),
        ("gender perpetrator_role", "HTCDS"),
        ("exploitation", "HTCDS CTDC Kingdom"),
        ("means act", "Palermo"),
        ("control", "HTCDS CTDC"),
        ("recruiter_relation", "CTDC HTCDS report"),
        ("referral_source", "report HMIS OSCaR"),
        ("referral_state", "Gravity Taiwan Philippines"),
        ("referral_reject_reason refused_by", "HMIS OSCaR proGres"),
        ("consent_basis", "Primero NRM mandatory"),
        ("service_type shelter_form audience", "report"),
        ("court_stage charge_outcome investigation_outcome", "courts"),
        ("country citizenship", "ISO"),
        ("sector", "ISIC|Industrial"),
        ("trafficking_scope", "UNODC"),
    ],
)
def test_a_list_names_the_standards_that_it_is_built_on(lists: str, words: str) -> None:
    """The recommended lists and their bases, and the standards of the fields that questionnaires ask for."""
    for name in lists.split():
        for word in words.split():
            assert any(each in SOURCES[name].name for each in word.split("|")), (name, word)
