"""Breakdowns of the report's figures that the oracle does not count by themselves, in one place, and why.

`breakdowns` of each row are those of each of its figures; `×` stands between dimensions that are asked for together.
"""

from collections.abc import Mapping
from typing import Final

BECAUSE: Final = """
The oracle counts each of these figures as a whole, in each period. One function for all figures (`algebra.every_dims`)
says in which rows a thing stands, from the dimensions of the thing. `tests/unit/reporting/test_dimensions.py` holds the
dimensions of each figure against a literal table. The oracle counts one breakdown of each kind: of what is as it last
was, of what changes with time, of what several tell, of what the weightiest says.
"""

UNCOUNTED: Final[Mapping[str, str]] = {
    "O1a O1b": "district suspected_offence exploitation",
    "O2": "outcome×suspected_offence district×outcome",
    "O3": (
        "minor_at_exploitation sex district identified_by status minor_at_exploitation×sex "
        "district×minor_at_exploitation identified_by×minor_at_exploitation "
        "minor_at_exploitation×status age_group"
    ),
    "O4": (
        "citizenship sex district identified_by status citizenship×sex citizenship×district "
        "citizenship×identified_by citizenship×status"
    ),
    "O5": (
        "exploitation trafficking_type sex district identified_by status exploitation×sex "
        "district×exploitation exploitation×identified_by exploitation×status sex×trafficking_type "
        "district×trafficking_type identified_by×trafficking_type status×trafficking_type"
    ),
    "O6a": "requested_by outcome requested_by×outcome",
    "O6b": "requested_by",
    "O7": "opened_year outcome opened_year×outcome district suspected_offence exploitation",
    "O8": "rank",
    "O9": "citizenship district citizenship×sex on_warrant offence_group",
    "O10 O11 O14a O15b O25b": "sex citizenship district",
    "O13a": "exploitation sex citizenship exploitation×sex×citizenship offence_group offence_group×sex",
    "O13b": "exploitation offence_group",
    "O15a": "sex citizenship district offence offence_group",
    "O16": "offence sex citizenship offence×sex×citizenship iccs offence_group",
    "O18": "reviewer",
    "O19a O19c O20 O31": "service_type",
    "O19b": "service_type provider",
    "O21a": "provider",
    "O21b": "service_type refused_by",
    "O22a": "destination victim_status",
    "O22b": "victim_status",
    "O23 O23b": "scheme programme_year×scheme",
    "O24a": "shelter_form",
    "O24b": "shelter_form minor_at_exploitation minor_at_exploitation×shelter_form",
    "O24c O24d": "population shelter_form",
    "O25a": "lead activity district",
    "O26": "referral_source district district×referral_source",
    "O27a O27b O27c O27d O27e O27f": "district sector trigger announced",
    "O28": (
        "recruiter_relation minor_at_exploitation×sex exploitation×minor_at_exploitation×sex "
        "minor_at_exploitation×recruiter_relation citizenship"
    ),
    "O29": "channel anonymous referral_source anonymous×channel district",
    "O32a": (
        "new_or_carried_over new_or_carried_over×status identified_by identified_by×status "
        "referral_source sex age_group minor_at_exploitation citizenship district exploitation "
        "trafficking_type age_group×sex exploitation×sex age_group×exploitation×sex scope×sex "
        "exploitation×scope exploitation×sector"
    ),
    "O32b": "sex×status minor_at_exploitation×status",
    "O32c": "sex age_group exploitation",
    "O32d": "sex",
    "M1": "audience topic audience×topic",
    "M7a": "audience",
    "M9b M9c": "created_by",
    "M10a": "led_by",
    "M11a": "campaign form",
    "M11b": "campaign",
    "M12a": "district topic facilitator facilitator×topic",
    "M12b": "district",
    "M13": "funder led_by×funder",
    "M15a": "kind created_by project",
    "M15b": "project audience",
    "M15c M16": "form",
    "P1e P1f": "progress area area×progress",
    "P2b": "committee",
    "P2c P6a P8": "kind",
    "P3a P3b": "country",
    "P4b P7b": "body",
    "P5": "recipient",
    "P6b": "kind law",
    "P6c": "law stage law×stage",
    "P7a": "kind country",
    "P10": "policy stage policy×stage",
    "P11a": "area objective standing area×baseline×indicator×level×objective×target",
    "P11b P11c": "area objective area×objective",
    "R10a": "sex citizenship",
}
"""By the numbers of figures: their breakdowns that are not counted."""
