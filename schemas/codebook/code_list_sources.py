"""Sources of the code lists: which public standard or document a list takes its codes from.

Codes of other standards are in `schemas.codebook.maps`. A list with the source `OWN` was made for this contract,
because no public list was available.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Source(NamedTuple):
    """A standard or document, and its version."""

    name: str
    version: str


HTCDS: Final = Source("Human Trafficking Case Data Standard (IOM), CC BY 4.0, github.com/UNMigration/HTCDS", "2.0")
CTDC: Final = Source("Counter-Trafficking Data Collaborative, codebook of the Global Dataset", "6 (November 2017)")
PALERMO: Final = Source("Palermo Protocol, article 3(a)", "2000")
ISIC: Final = Source("International Standard Industrial Classification (United Nations)", "revision 4")
ISO: Final = Source("ISO 3166-1 alpha-2, country codes", "2024")
GLOTIP: Final = Source("Questionnaire for the Global Report on Trafficking in Persons (UNODC)", "2016")
REPORT: Final = Source("Annual report of the Anti-Trafficking in Persons Council of Belize", "2024")
LAW: Final = Source(
    "Acts of Belize on trafficking in persons and on sexual exploitation of children; ICCS codes", "2013"
)
STATUS: Final = Source(
    "HTCDS (IOM); Observatory on Trafficking of Portugal (OTSH); words of the Trafficking in Persons Report", "2.0"
)
EXPLOITATION: Final = Source("HTCDS (IOM); CTDC; National Referral Mechanism of the United Kingdom", "2.0")
CONTROL: Final = Source("HTCDS (IOM), with the two methods of its definitions file; CTDC", "2.0")
RELATION: Final = Source("CTDC; HTCDS (IOM); annual report of the Council of Belize", "6 (November 2017)")
SEX: Final = Source("SDG indicator 16.2.2 (UNODC); HTCDS (IOM)", "2.0")
SOURCE_OF_CASE: Final = Source("Annual report of the Council of Belize; HMIS; OSCaR", "2024")
STATES: Final = Source("This contract, after HL7 Gravity and the referral systems of Taiwan and the Philippines", "1")
TIP_REPORT: Final = Source(
    "Trafficking in Persons Report of the US Department of State, items that it asks for", "2022"
)
COURTS: Final = Source("Procedure of the courts of Belize, as this contract describes it", "1")
CASEWORK: Final = Source("This contract, after the lists of HMIS, OSCaR and proGres", "1")
CONSENT: Final = Source(
    "This contract, after Primero and the NRM’s duty to notify; the duty of mandatory reporting", "1"
)
OWN: Final = Source("This contract; no public list was at hand", "1")

SOURCES: Final[Mapping[str, Source]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "identified_by",
                "perpetrator_role",
                "sexual_exploitation_form",
                "recruitment_method",
                "gender",
            ),
            HTCDS,
        ),
        **dict.fromkeys(("victim_status", "decided_by"), STATUS),
        **dict.fromkeys(("exploitation",), EXPLOITATION),
        **dict.fromkeys(("control",), CONTROL),
        **dict.fromkeys(("sex",), SEX),
        **dict.fromkeys(("recruiter_relation",), RELATION),
        **dict.fromkeys(("age_group",), CTDC),
        **dict.fromkeys(("referral_source",), SOURCE_OF_CASE),
        **dict.fromkeys(("referral_state",), STATES),
        **dict.fromkeys(("new_or_carried_over", "public_office"), TIP_REPORT),
        **dict.fromkeys(("act", "means"), PALERMO),
        **dict.fromkeys(("sector",), ISIC),
        **dict.fromkeys(("country", "citizenship"), ISO),
        **dict.fromkeys(("trafficking_scope", "suspect_kind"), GLOTIP),
        **dict.fromkeys(
            (
                "vulnerability",
                "report_channel",
                "service_type",
                "shelter_form",
                "shelter_population",
                "immigration_scheme",
                "operation_activity",
                "training_topic",
                "facilitator",
                "audience",
                "programme",
                "project",
                "venue",
                "inspection_trigger",
                "inspection_focus",
                "magnitude",
                "campaign",
                "awareness_form",
                "media_form",
                "media_channel",
                "output_kind",
                "meeting_kind",
                "attendee_group",
                "law",
                "strategy_area",
                "policy",
                "stage",
                "held_role",
                "international_body",
                "rank",
                "agency",
            ),
            REPORT,
        ),
        **dict.fromkeys(("offence",), LAW),
        **dict.fromkeys(
            (
                "investigation_outcome",
                "charge_outcome",
                "court",
                "court_stage",
                "trial_mode",
                "adjournment_reason",
                "bail_condition",
                "release_reason",
                "withdrawal_reason",
                "sentence_kind",
                "restitution_purpose",
                "appellant",
                "appeal_subject",
                "appeal_outcome",
            ),
            COURTS,
        ),
        **dict.fromkeys(
            (
                "referral_reject_reason",
                "refused_by",
                "unfinished_reason",
                "hold_reason",
                "cancel_reason",
                "urgency",
                "risk_level",
                "referral_reason",
            ),
            CASEWORK,
        ),
        **dict.fromkeys(
            ("consent_basis", "consent_purpose", "consent_given_by", "shut_out", "child_wish", "best_interest_reason"),
            CONSENT,
        ),
        **dict.fromkeys(
            (
                "claim_document",
                "screening_tool",
                "screening_outcome",
                "district",
                "person_role",
                "party_role",
                "party_removal_reason",
                "case_link_reason",
                "case_closure_reason",
                "case_reopening_reason",
                "restriction_reason",
                "escalation_reason",
                "move_refusal",
                "return_kind",
                "placement_end_reason",
                "relationship",
                "progress",
                "contest_reason",
                "figure_resolution",
                "finding_severity",
                "finding_code",
                "finding_closure",
                "finding_ruling",
                "erasure_reason",
                "view_purpose",
                "key_revocation",
                "yes_no",
                "count_basis",
                "classification",
                "correction_reason",
                "retraction_reason",
                "merge_reason",
                "precision",
                "codebook",
            ),
            OWN,
        ),
    }
)
"""Sources by the names of code lists, including lists that are no `Code` classes, such as agencies and countries."""
