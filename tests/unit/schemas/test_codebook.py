"""The code lists: both languages, one grammar, and other standards' words exactly as those write them."""

import pkgutil
import re
from enum import StrEnum
from importlib import import_module

import pytest

from schemas import codebook
from schemas.codebook import LISTS, lists_of, maps, shared
from schemas.codebook.code import Code
from schemas.codebook.code_list_sources import SOURCES
from schemas.codebook.countries import CITIZENSHIPS, COUNTRIES
from schemas.codebook.identification import Sex
from schemas.codebook.justice import LAWS, Offence
from schemas.codebook.shared import YesNo

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
HTCDS_SEX_EXPLOITATION = {"Prostitution", "Pornography", "RemoteInteractiveServices", "PrivateSexualServices"}
HTCDS_GENDER = {
    *("Feminine", "Masculine", "TransgenderFeminine", "TransgenderMasculine", "NonConforming", "NonSpecifiedUnknown")
}
HTCDS_INDUSTRY = {
    *("A_AgricultureForestryAndFishing", "B_MiningAndQuarrying", "C_Manufacturing", "F_Construction", "P_Education"),
    *("D_ElectricityGasSteamAndAirConditioningSupply", "E_WaterSupplySewerageWasteManagement"),
    *("G_WholesaleAndRetailTradeRepairOfMotorVehicles", "H_TransportationAndStorage", "J_InformationAndCommunication"),
    *("I_AccommodationAndFoodServiceActivities", "K_FinancialAndInsuranceActivities", "L_RealEstateActivities"),
    *("M_ProfessionalScientificAndTechnicalActivities", "N_AdministrativeAndSupportServiceActivities"),
    *("O_PublicAdministrationAndDefence", "Q_HumanHealthAndSocialWorkActivities", "R_ArtsEntertainmentAndRecreation"),
    *("S_OtherServiceActivities", "T_ActivitiesOfHouseholdsAsEmployers", "U_ActivitiesOfExtraterritorialOrganizations"),
}
HTCDS_RECRUITMENT = {
    *("AtAPlaceOfBusiness", "AtAnEducationalInstitution", "AtWork", "ThroughOnlineSocialNetworks"),
    *("ThroughAnOnlineAdvertisement", "ThroughATelevisionAdvert", "ThroughANewspaperAdvert"),
    *("ThroughFamilyOrFamilyEvents", "ThroughFriendsOrSocialEvents", "Other"),
}
CTDC_RELATION = {"IntimatePartner", "Friend", "Family", "Other", "Unknown"}
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
WITHOUT_A_COLUMN = {
    *("child_labour", "servitude", "forced_begging", "forced_adoption", "surrogacy", "criminal_activity"),
    *("domestic_servitude", "unknown", "not_asked"),
}
HTCDS_RELATIONSHIP = {"Familial", "Acquainted", "Unaquainted"}
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
        (maps.HTCDS_GENDER, HTCDS_GENDER, {"not_asked"}),
        (maps.HTCDS_INDUSTRY, HTCDS_INDUSTRY, {"unknown"}),
        (maps.HTCDS_SEX_EXPLOITATION, HTCDS_SEX_EXPLOITATION, {"unknown", "not_asked"}),
        (maps.HTCDS_RECRUITMENT, HTCDS_RECRUITMENT, {"unknown", "not_asked"}),
        (
            maps.HTCDS_RELATIONSHIP_TO_TRAFFICKER,
            HTCDS_RELATIONSHIP,
            {"intimate_partner", "online_contact", "other", "unknown", "not_asked"},
        ),
        (maps.CTDC_RECRUITER_RELATION, CTDC_RELATION, {"not_asked"}),
        (maps.CTDC_AGE_BROAD, CTDC_AGE, set()),
        (maps.CTDC_MEANS_OF_CONTROL, CTDC_CONTROL, set()),
        (maps.CTDC_EXPLOITATION, CTDC_EXPLOITATION, WITHOUT_A_COLUMN),
    ],
    ids=[
        *(
            "status",
            "organisation",
            "exploitation",
            "control",
            "gender",
            "industry",
            "forms",
            "recruitment",
            "relationship",
            "relation",
            "age",
        ),
        *("means", "columns"),
    ],
)
def test_a_map_uses_the_standards_words(mapped: dict[StrEnum, str], standard: set[str], left_out: set[str]) -> None:
    codes = type(next(iter(mapped)))
    assert set(mapped.values()) <= standard
    assert {code.value for code in codes} - {code.value for code in mapped} == left_out


def test_the_words_that_hti_uses_name_services_and_only_housing_may_be_two() -> None:
    assert set(maps.HTI_SERVICES) == {
        *("housing", "education registration", "psychosocial services", "medical consultation", "repatriation"),
    }
    meant = [each for several in maps.HTI_SERVICES.values() for each in several]
    assert len(meant) == len(set(meant)) == 6
    assert [word for word, several in maps.HTI_SERVICES.items() if len(several) > 1] == ["housing"]


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
