"""Fields that the standards ask for can be published by those who know them, and a refusal points at the field."""

from typing import Any, Final

import orjson
import pytest

from schemas.catalogue import CATALOGUE
from schemas.ids import Kind
from services.intake.domain.acceptance_line import NumberedRefusal
from services.intake.domain.judge import judge
from services.intake.domain.receipt import receipt_of
from services.intake.domain.submission import AcceptedSubmission, RefusedSubmission
from tests.unit.intake.samples import NOW, entity, inbound, victim

Data = dict[str, Any]

P, C, A = entity(Kind.PERSON, 1), entity(Kind.CASE, 1), entity(Kind.ACTIVITY, 1)
CHARGE, PLACEMENT = entity(Kind.CHARGE, 1), entity(Kind.PLACEMENT, 1)
GOVERNMENT: Final = ("bpd", "dhs", "immigration", "labour", "mohw", "odpp")
PARTNERS: Final = ("iom", "unicef", "hti", "cdf", "ret", "love_foundation")
KINDS: Final[dict[Kind, str]] = {Kind.PERSON: P, Kind.CASE: C, Kind.ACTIVITY: A}

ARREST: Final[Data] = {"person": P, "arrest": entity(Kind.ARREST, 1)}
CHARGED: Final[Data] = {"person": P, "charge": CHARGE, "offence": "tip_sex"}
SENTENCE: Final[Data] = {"person": P, "charges": [CHARGE], "sentence": entity(Kind.SENTENCE, 1)}
SERVICE: Final[Data] = {"person": P, "service": entity(Kind.SERVICE, 1), "service_type": "medical"}
SERVED: Final = ("mohw", "immigration", "mofa", "yes", "nopcan", "labour", "customs", "dhs", "bpd", "odpp", *PARTNERS)
ENDED: Final[Data] = {"person": P, "placement": PLACEMENT}
SHELTERING: Final = ("dhs", "yes", "nopcan", *PARTNERS)
VERDICT: Final[Data] = {"person": P, "charge": CHARGE, "outcome": "convicted"}
FOUND: Final[Data] = {"person": P, "status": "potential"}

SAID: Final[dict[str, tuple[str, Data, tuple[str, ...]]]] = {
    "sector": ("victim.identified", FOUND | {"sectors": ["construction"]}, (*GOVERNMENT, *PARTNERS)),
    "form of sexual exploitation": (
        "victim.identified",
        FOUND | {"sexual_exploitation_forms": ["pornography"]},
        (*GOVERNMENT, *PARTNERS),
    ),
    "recruitment method": (
        "victim.identified",
        FOUND | {"recruitment_methods": ["online_social_network", "family"]},
        (*GOVERNMENT, *PARTNERS),
    ),
    "means": ("victim.identified", FOUND | {"means": ["fraud", "deception"]}, (*GOVERNMENT, *PARTNERS)),
    "no means": ("victim.identified", FOUND | {"means": []}, (*GOVERNMENT, *PARTNERS)),
    "relationship": (
        "victim.identified",
        FOUND | {"recruiter_relation": "family", "exploiter_relation": "employer"},
        (*GOVERNMENT, *PARTNERS),
    ),
    "relationship of a suspect": (
        "victim_suspect.linked",
        {"case": C, "victim": P, "suspect": entity(Kind.PERSON, 2), "relationship": "parent"},
        ("bpd", "odpp"),
    ),
    "country of exploitation": (
        "victim.identified",
        FOUND | {"exploitation_countries": ["BZ", "GT"]},
        (*GOVERNMENT, *PARTNERS),
    ),
    "domestic or cross-border": ("victim.identified", FOUND | {"scope": "cross_border"}, (*GOVERNMENT, *PARTNERS)),
    "assets confiscated": ("sentence.imposed", SENTENCE | {"confiscated_cents": 2_500_000}, ("odpp",)),
    "legal person": ("suspect.identified", {"person": P, "suspect_kind": "legal_person"}, GOVERNMENT),
    "official": ("suspect.identified", {"person": P, "public_office": "immigration"}, GOVERNMENT),
    "missing": ("shelter.placement_ended", ENDED | {"reason": "missing"}, SHELTERING),
    "absconded": ("shelter.placement_ended", ENDED | {"reason": "absconded"}, SHELTERING),
    "why a placement ended": ("shelter.placement_ended", ENDED | {"reason": "plan_completed"}, SHELTERING),
    "absconded on bail": (
        "bail.breached",
        {"person": P, "bail": entity(Kind.BAIL, 1), "court": "magistrates", "absconded": "yes"},
        ("bpd", "odpp"),
    ),
    "deportation": (
        "repatriation.completed",
        {"person": P, "destination": "GT", "return_kind": "deportation"},
        ("immigration", "mofa", "dhs", *PARTNERS),
    ),
    "voluntary return": (
        "repatriation.completed",
        {"person": P, "destination": "GT", "return_kind": "voluntary"},
        ("immigration", "mofa", "dhs", *PARTNERS),
    ),
    "end of a sentence": ("sentence.imposed", SENTENCE | {"ends_on": "2031-05-30"}, ("odpp",)),
    "date of the offence of a charge": (
        "charge.filed",
        CHARGED | {"offence_from": "2023-11", "offence_to": "2024"},
        ("bpd", "odpp"),
    ),
    "date of the offence of an investigation": (
        "investigation.opened",
        {"case": C, "offence_from": "2023-11-05"},
        ("bpd",),
    ),
    "service provided": ("service.provided", SERVICE | {"provider": "mohw"}, SERVED),
    "service declined": ("service.declined", SERVICE | {"provider": "mohw", "refused_by": "person"}, SERVED),
    "screening": ("screening.completed", {"screening": A, "persons": [P]}, ("customs", "immigration", "bpd")),
    "verdict of a magistrate": ("verdict.returned", VERDICT | {"court": "magistrates"}, ("bpd", "odpp")),
    "verdict of the High Court": ("verdict.returned", VERDICT | {"court": "high_court"}, ("odpp",)),
}
"""By the words of the standards: type, data, and some of those who know."""


def said(name: str, agency: str, data: Data) -> dict[str, Any]:
    type_string = f"bz.atips.{name}.v1"
    primary = CATALOGUE[type_string].primary
    assert primary is not None
    return victim() | {"type": type_string, "source": f"{agency}/register", "subject": KINDS[primary], "data": data}


@pytest.mark.parametrize("asked", SAID)
def test_those_who_know_may_say_it(asked: str) -> None:
    name, data, agencies = SAID[asked]
    for agency in agencies:
        judged = judge(inbound(said(name, agency, data), agency=agency), NOW)
        assert isinstance(judged, AcceptedSubmission), (asked, agency, judged)
        assert orjson.loads(judged.payload)["data"] == data


@pytest.mark.parametrize(
    ("name", "agency", "data", "pointer", "permitted"),
    [
        ("victim.identified", "hti", FOUND | {"status": "confirmed"}, "/data/status", ("potential",)),
        ("victim.status_changed", "iom", {"person": P, "status": "not_a_victim"}, "/data/status", ("potential",)),
        ("person.profile_recorded", "cdf", {"person": P, "role": "suspect"}, "/data/role", ("victim",)),
        ("verdict.returned", "bpd", VERDICT | {"court": "high_court"}, "/data/court", ("magistrates",)),
        ("sentence.imposed", "bpd", SENTENCE, "/type", None),
        ("arrest.made", "customs", ARREST, "/type", None),
        ("shelter.placement_ended", "mohw", ENDED, "/type", None),
    ],
)
def test_a_refusal_points_at_the_field_and_says_what_is_permitted(
    name: str, agency: str, data: Data, pointer: str, permitted: tuple[str, ...] | None
) -> None:
    judged = judge(inbound(said(name, agency, data), agency=agency), NOW)
    assert isinstance(judged, RefusedSubmission)
    receipt = receipt_of(judged, NumberedRefusal(1, 1, judged))
    assert (receipt.reason, receipt.pointer, receipt.permitted) == ("not_an_author", pointer, permitted)
