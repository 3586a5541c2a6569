"""Plain facts of some types as dictionaries, made by hand: valid, and told again with other content.

What they are about recurs more than it would by chance, times come in every precision and collide.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from schemas import ids
from schemas.ids import Kind
from tests.support.generator.recurring_entities import Cast, Fields, envelope

PARTNERS: Final = ("iom", "unicef", "hti", "cdf", "ret", "love_foundation", "hppbz")
IDENTIFIERS: Final = ("bpd", "dhs", "immigration", "labour", "mohw", "odpp")
EVERYBODY: Final = (*IDENTIFIERS, *PARTNERS, "council", "customs", "agm", "btb", "ncfc", "yes", "nopcan", "sib", "mofa")

COUNTRIES: Final = ("BZ", "GT", "HN", "SV", "NI", "MX", "CU", "IN")
DISTRICTS: Final = ("belize", "cayo", "corozal", "orange_walk", "stann_creek", "toledo", "unknown")
EXPLOITATION: Final = ("forced_labour", "sexual_exploitation", "child_labour", "servitude", "domestic_servitude")
OFFENCES: Final = ("tip_sex", "tip_labour", "tip_other", "procuring_child", "facilitating", "other")
OUTCOMES: Final = ("convicted", "convicted", "convicted_of_lesser", "acquitted", "withdrawn", "stayed")
AUDIENCES: Final = ("teachers", "police", "liquor_boards_regulators", "students", "medical")
PROGRAMMES: Final = ("iec_plan", "hti_bpd", "hti_local_gov", "ret_protect")
FOCUS: Final = ("child_labour", "forced_labour", "migrant_workers", "working_conditions")
SECTORS: Final = ("agriculture_forestry_fishing", "construction", "accommodation_food", "households_as_employers")
SEXES: Final = ("female", "male", "unknown")


def arrest(cast: Cast) -> Fields:
    known = cast.arrests
    if known and cast.chance(0.2):
        person, arrested = known[cast.recent(len(known))]
    else:
        person, arrested = cast.person(), cast.mint(Kind.ARREST)
        known.append((person, arrested))
    data: Fields = {"person": person, "arrest": arrested, "linked_victims": cast.persons(3)}
    if cast.chance(0.6):
        data["case"] = cast.case()
    if cast.chance(0.2):
        data["operation"] = cast.activity()
    if cast.chance(0.2):
        data["suspected_offence"] = cast.one(OFFENCES)
    return envelope(cast, "arrest.made", "bpd", person, data)


def investigation(cast: Cast) -> Fields:
    case = cast.file()
    data = {"case": case, "persons": cast.persons(2), "exploitation": cast.some(EXPLOITATION), "district": None}
    if cast.chance(0.5):
        data["district"] = cast.one(DISTRICTS)
    return envelope(cast, "investigation.opened", "bpd", case, data)


def charge(cast: Cast) -> Fields:
    known = cast.charges
    if known and cast.chance(0.2):
        person, filed = known[cast.recent(len(known))]
    else:
        person, filed = cast.person(), cast.mint(Kind.CHARGE)
        known.append((person, filed))
    data = {"person": person, "charge": filed, "offence": cast.one(OFFENCES), "victims": cast.persons(2)}
    if cast.chance(0.5):
        data["case"] = cast.cases_of.setdefault(filed, cast.file())
    return envelope(cast, "charge.filed", cast.one(("bpd", "odpp")), person, data)


def verdict(cast: Cast) -> Fields:
    if not cast.charges:
        return charge(cast)
    person, decided = cast.charges[cast.recent(len(cast.charges))]
    data: Fields = {"person": person, "charge": decided, "outcome": cast.one(OUTCOMES)}
    data["exploitation"] = cast.some(EXPLOITATION)
    if cast.chance(0.5):
        data["case"] = cast.cases_of.get(decided) or cast.file()
    if cast.chance(0.8):
        data["counts_n"] = 1 + int(cast.dice.random() * 4)
    return envelope(cast, "verdict.returned", "odpp", person, data)


def profile(cast: Cast) -> Fields:
    person = cast.person()
    role = "suspect" if cast.chance(0.7) else "victim"
    data: Fields = {"person": person, "role": role, "citizenship": cast.some(COUNTRIES)}
    if cast.chance(0.7):
        data["sex"] = cast.one(SEXES)
    if cast.chance(0.4):
        data["case"] = cast.case()
    agency = cast.one(IDENTIFIERS if role == "suspect" or cast.chance(0.6) else PARTNERS)
    return envelope(cast, "person.profile_recorded", agency, person, data)


def victim(cast: Cast) -> Fields:
    referred = [each.person for each in cast.referrals] if cast.chance(0.3) else []
    person = cast.found(cast.one(referred) if referred else cast.person())
    agency = cast.one(IDENTIFIERS if cast.chance(0.6) else PARTNERS)
    status = "potential" if agency in PARTNERS else cast.one(("suspected", "potential", "confirmed"))
    data = {"person": person, "case": cast.case(), "status": status}
    return envelope(cast, "victim.identified", agency, person, data)


def suspect(cast: Cast) -> Fields:
    person = cast.person()
    data = {"person": person, "case": cast.case(), "exploitation": cast.some(EXPLOITATION)}
    return envelope(cast, "suspect.identified", cast.one(IDENTIFIERS), person, data)


def screening(cast: Cast) -> Fields:
    screened = cast.activity()
    data: Fields = {"screening": screened, "nationalities": cast.some(COUNTRIES, 3)}
    if persons := cast.persons(4):
        data["persons"] = persons
    else:
        data["count"] = 1 + int(cast.dice.random() * 40)
        data["count_basis"] = cast.one(("persons", "persons", "participations", "estimate"))
    performers = ("bpd", "immigration", "dhs", "labour", *PARTNERS)
    if cast.chance(0.4):
        data["case"] = cast.file()
    if cast.chance(0.6):
        data["requested_by"] = cast.one(performers[:4])
    if cast.chance(0.5):
        data["outcome"] = cast.one(("no_indicators", "indicators", "referred"))
    agency = cast.one(performers[: 4 if cast.chance(0.7) else None])
    return _for_another(cast, envelope(cast, "screening.completed", agency, screened, data))


def session(cast: Cast) -> Fields:
    given = cast.activity()
    agency = cast.one(("dhs", "hti", "labour"))
    data: Fields = {
        "session": given,
        "audience": cast.one(AUDIENCES),
        "programmes": cast.some(PROGRAMMES, 3),
        "organisers": cast.some(("dhs", "hti", "labour", "moe")),
    }
    if cast.chance(0.3):
        data["topic"] = "training_of_trainers"
    if cast.chance(0.3):
        data["project"] = cast.one(("safe", "tleap"))
    if cast.chance(0.9):
        data["participants_n"] = int(cast.dice.random() * 60)
    if cast.chance(0.3):
        data["female_n"], data["male_n"] = int(cast.dice.random() * 40), int(cast.dice.random() * 20)
    if cast.chance(0.3):
        data["district"] = cast.one(DISTRICTS)
    return _for_another(cast, envelope(cast, "training.session_delivered", agency, given, data))


def inspection(cast: Cast) -> Fields:
    made = cast.activity()
    data: Fields = {"inspection": made, "focus": cast.some(FOCUS), "sector": cast.one(SECTORS)}
    if cast.chance(0.3):
        data["count"] = 1 + int(cast.dice.random() * 30)
        data["count_basis"] = "inspections" if cast.chance(0.8) else "estimate"
    if cast.chance(0.4):
        data["announced"], data["tip_indicators"] = cast.one(("yes", "no")), cast.one(("yes", "no"))
        data["violations_n"] = int(cast.dice.random() * 4)
    return envelope(cast, "labour.inspection_completed", "labour", made, data)


def closing(cast: Cast) -> Fields:
    agency = cast.one(EVERYBODY)
    data: Fields = {"agency": agency, "period": f"2024-{1 + int(cast.dice.random() * 12):02d}"}
    if cast.chance(0.3):
        data["zero_types"] = ["bz.atips.arrest.made.v1"]
    subject = None if cast.chance(0.5) else primary_of_closing(data)
    return envelope(cast, "period.closed", agency, subject, data)


def primary_of_closing(data: Mapping[str, Any]) -> str:
    return ids.derive(Kind.ACTIVITY, "period.closed", data["agency"], data["period"])


def _for_another(cast: Cast, event: Fields) -> Fields:
    """Now and then the statement is another agency's, published for it."""
    if cast.chance(0.08):
        event["onbehalfof"] = cast.one(("dhs", "labour", "bpd"))
    return event


_SHARES: Final[Mapping[Callable[[Cast], Fields], int]] = {
    arrest: 20, charge: 12, verdict: 12, investigation: 12, profile: 10, session: 10, inspection: 10,
    screening: 10, victim: 9, suspect: 3, closing: 2,
}  # fmt: skip
KINDS: Final = tuple(each for each, share in _SHARES.items() for _ in range(share))
TYPES: Final = frozenset(
    f"bz.atips.{name}.v1"
    for name in (
        "arrest.made", "charge.filed", "verdict.returned", "investigation.opened", "person.profile_recorded",
        "training.session_delivered", "labour.inspection_completed", "screening.completed", "victim.identified",
        "suspect.identified", "period.closed",
    )
)  # fmt: skip
"""Types of these facts: the types whose figures the oracle counts."""


def fact(cast: Cast) -> Fields:
    """A fact of some type."""
    return KINDS[int(cast.dice.random() * len(KINDS))](cast)
