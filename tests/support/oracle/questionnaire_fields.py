"""Answers of questionnaires on victims and suspects (domain.md section 5 and HTCDS, CTDC, UNODC): one field each.

Of several agencies' answers on a victim the weightiest counts, of equal ones the last; no answer hides none.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final, TypeAlias

from tests.support.oracle.courts import first_suspected
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known
from tests.support.oracle.victims import identified_in, victims, weight

By: TypeAlias = Callable[[Known, date, date], Mapping[str, int]]

_NO_ANSWER: Final = frozenset({"unknown", "not_asked"})

FIELDS_OF_VICTIMS: Final = {
    "exploiter_relation": "exploiter_relation",
    "recruiter_relation": "recruiter_relation",
    "recruitment_method": "recruitment_methods",
    "sector": "sectors",
    "sexual_exploitation_form": "sexual_exploitation_forms",
    "exploitation_country": "exploitation_countries",
    "scope": "scope",
    "means": "means",
    "control": "control",
}
FIELDS_OF_SUSPECTS: Final = {
    "perpetrator_role": "perpetrator_roles",
    "suspect_kind": "suspect_kind",
    "public_office": "public_office",
}
FIELDS: Final = frozenset({*FIELDS_OF_VICTIMS.values(), *FIELDS_OF_SUSPECTS.values()})


def _said(each: Fact, field: str) -> list[str]:
    """The answers of one event; that there were no means is one."""
    found = each.said.get(field)
    if field == "means" and found == []:
        return ["none"]
    return [] if found is None else [found] if isinstance(found, str) else list(found)


def _is_answer(said: Iterable[str]) -> bool:
    return any(each not in _NO_ANSWER for each in said)


def weightiest(words: Iterable[Fact], field: str) -> list[str]:
    best: list[str] = []
    rank = (False, -1)
    for each in words:
        said = _said(each, field)
        mine = (_is_answer(said), weight(each))
        if said and mine >= rank:
            best, rank = said, mine
    return best


def _victims_by(field: str) -> By:
    def count(known: Known, first: date, last: date) -> Mapping[str, int]:
        found = Counter[str]()
        for person in identified_in(known, first, last):
            found.update(set(weightiest(victims(known)[person].found, field)) or {"absent"})
        return found

    return count


def _suspects_by(field: str) -> By:
    def count(known: Known, first: date, last: date) -> Mapping[str, int]:
        found = Counter[str]()
        for person in first_suspected(known, first, last):
            found.update(suspect_answers(known, person, field) or {"absent"})
        return found

    return count


def suspect_answers(known: Known, person: str, field: str) -> set[str]:
    """All roles that anybody gave a suspect; of any other field the last answer."""
    words = [_said(each, field) for each in known.of("suspect.identified") if each.said["person"] == person]
    if field == "perpetrator_roles":
        return {role for said in words for role in said}
    answers = [said[0] for said in words if said]
    plain = [each for each in answers if each not in _NO_ANSWER]
    return set((plain or answers)[-1:])


BREAKDOWNS: Final[Mapping[tuple[str, str], By]] = {
    **{("O32a", name): _victims_by(field) for name, field in FIELDS_OF_VICTIMS.items()},
    **{("R10a", name): _suspects_by(field) for name, field in FIELDS_OF_SUSPECTS.items()},
}
