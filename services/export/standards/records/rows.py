"""Victims as rows of HTCDS 2.0, CTDC's Global Dataset, and IC-TIP's four elements: codes only, no id and no date.

`htcds.json`, `ctdc.json` and `ictip.json` hold sources and columns: each with its values, or the reason why it is
empty. `schemas.codebook.maps` maps our codes. Only IC-TIP's elements were available to us, not its codes, so its
columns use the codes of the other standards.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from schemas.codebook import maps
from schemas.codebook.dated_groups_and_labels import LABOUR
from schemas.codebook.identification import AgeGroup, Exploitation, Means
from services.export.standards.records.policy import RecordStandard
from services.export.standards.records.victim_answers import VictimAnswers
from services.export.table import CellValue, ColumnType, ExportTable, TableColumn

_MISSING: Final = "-99"
"""CTDC's code for an unknown value."""

_CONTROL: Final = "meansOfControl"
_RELATION: Final = "recruiterRelation"
_SEX_FORM: Final = "typeOfSex"
_SEXES: Final = frozenset({"female", "male", "other", "unknown"})
_MINORS: Final = frozenset({"yes", "no", "unknown"})
_CHILD: Final = frozenset({AgeGroup.CHILD_0_8, AgeGroup.CHILD_9_17})
_NO_ANSWER: Final = frozenset({"unknown", "not_asked"})
_COUNTRY: Final = re.compile("[A-Z]{2}")


@lru_cache
def columns(standard: RecordStandard) -> Mapping[str, Any]:
    """Read a standard's JSON file into a dict: `title`, `version`, `source`, and `columns`.

    Each column has its allowed values, or `why` it is empty.
    """
    path = files("services.export.standards") / "schemas" / f"{standard.value}.json"
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def htcds(victims: Iterable[VictimAnswers]) -> ExportTable:
    """Return the HTCDS table, one row for each victim. Rows are sorted by content, to hide the order of arrival."""
    return _table(RecordStandard.HTCDS, sorted(_ordered(RecordStandard.HTCDS, _htcds(each)) for each in victims), ())


def ictip(victims: Iterable[VictimAnswers]) -> ExportTable:
    """Return the IC-TIP table, one row for each victim. Rows are sorted by content, to hide the order of arrival."""
    return _table(RecordStandard.ICTIP, sorted(_ordered(RecordStandard.ICTIP, _ictip(each)) for each in victims), ())


def ctdc(victims: Iterable[VictimAnswers], fewest: int) -> ExportTable:
    """Return the CTDC table, one row for each victim, sorted. Rows of fewer than `fewest` victims are left out.

    The number of victims is known from other tables, so that it tells how many rows are left out. If these are fewer
    than `fewest`, the rows that the fewest victims have are left out too.
    """
    rows = [_ordered(RecordStandard.CTDC, _ctdc(each)) for each in victims]
    kept = {row: count for row, count in Counter(rows).items() if count >= fewest}
    while kept and 0 < len(rows) - sum(kept.values()) < fewest:
        del kept[min(kept, key=lambda row: (kept[row], row))]
    note = f"Rows that fewer than {fewest} victims have alike are left out, and never fewer than {fewest} rows."
    return _table(RecordStandard.CTDC, sorted(row for row in rows if row in kept), (note,))


def _htcds(victim: VictimAnswers) -> Mapping[str, str]:
    return {
        "prs_Gender": _mapped(maps.HTCDS_GENDER, victim.of("gender")),
        "prs_Citizenship": _joined(_countries(victim, "citizenship")),
        "vic_TraffickingStatus": _mapped(maps.HTCDS_TRAFFICKING_STATUS, victim.of("status")),
        "vic_TraffickingStatusDecisionMakingOrg": _mapped(maps.HTCDS_DECISION_MAKING_ORG, victim.of("identified_by")),
        "vic_RelationshipToTrafficker": _mapped(maps.HTCDS_RELATIONSHIP_TO_TRAFFICKER, victim.of("recruiter_relation")),
        "vic_MethodOfRecruitment": _mapped(maps.HTCDS_RECRUITMENT, victim.of("recruitment_method")),
        "vic_MethodsOfControl": _mapped(maps.HTCDS_CONTROL, victim.of("control")),
        "vic_TypeOfExploitation": _mapped(maps.HTCDS_EXPLOITATION, victim.of("exploitation")),
        "vic_ForcedLabourIndustry": _industry(victim),
        "vic_TypeOfSexExploitation": _mapped(maps.HTCDS_SEX_EXPLOITATION, victim.of("sexual_exploitation_form")),
    }


def _industry(victim: VictimAnswers) -> str:
    """Return the industries of a victim who was exploited by labour; empty for any other victim."""
    by_labour = any(code.value in victim.of("exploitation") for code in LABOUR.on(date(victim.year, 12, 31)))
    return _mapped(maps.HTCDS_INDUSTRY, victim.of("sector")) if by_labour else ""


_ICCS: Final = {
    Exploitation.SEXUAL_EXPLOITATION: "02041",
    Exploitation.COMMERCIAL_SEXUAL_EXPLOITATION_OF_CHILD: "02041",
    Exploitation.FORCED_LABOUR: "02042",
    Exploitation.ORGAN_REMOVAL: "02043_02044",
}
"""Classes of trafficking whose labels name the form of exploitation; any other form is 0204, trafficking itself."""


def _ictip(victim: VictimAnswers) -> Mapping[str, str]:
    forms = victim.of("exploitation")
    classes = {_ICCS.get(each, "0204") for each in Exploitation if each.value in forms} or {"0204"}
    shared = _htcds(victim)
    return {
        "event_year": str(victim.year),
        "event_exploitation_country": _joined(_countries(victim, "exploitation_country")),
        "event_form_of_exploitation": shared["vic_TypeOfExploitation"],
        "event_forced_labour_industry": shared["vic_ForcedLabourIndustry"],
        "event_iccs": _joined(sorted(classes)),
        "event_means_of_control": shared["vic_MethodsOfControl"],
        "event_method_of_recruitment": shared["vic_MethodOfRecruitment"],
        "victim_sex": _one(victim, "sex", _SEXES),
        "victim_gender": shared["prs_Gender"],
        "victim_age_group": _mapped(maps.CTDC_AGE_BROAD, victim.of("age_group")[:1]),
        "victim_minor_when_exploited": _one(victim, "minor_at_exploitation", _MINORS),
        "victim_citizenship": _joined(_countries(victim, "citizenship")),
        "victim_status": shared["vic_TraffickingStatus"],
        "perpetrator_relationship_to_victim": shared["vic_RelationshipToTrafficker"],
        "reporting_entity_type": shared["vic_TraffickingStatusDecisionMakingOrg"],
    }


def _one(victim: VictimAnswers, dimension: str, codes: frozenset[str]) -> str:
    """Return the first answer of a dimension; empty if it is not one of the codes."""
    found = next(iter(victim.of(dimension)), "")
    return found if found in codes else ""


def _countries(victim: VictimAnswers, dimension: str) -> list[str]:
    return [each for each in victim.of(dimension) if _COUNTRY.fullmatch(each)]


def _ctdc(victim: VictimAnswers) -> Mapping[str, str]:
    controls = {maps.CTDC_MEANS_OF_CONTROL[code] for code in _known(maps.CTDC_MEANS_OF_CONTROL, victim.of("control"))}
    forms = {maps.CTDC_EXPLOITATION[code] for code in _known(maps.CTDC_EXPLOITATION, victim.of("exploitation"))}
    relations = {
        maps.CTDC_RECRUITER_RELATION[code]
        for code in _known(maps.CTDC_RECRUITER_RELATION, victim.of("recruiter_relation"))
    }
    sexual = {
        maps.HTCDS_SEX_EXPLOITATION[code]
        for code in _known(maps.HTCDS_SEX_EXPLOITATION, victim.of("sexual_exploitation_form"))
    }
    age = [maps.CTDC_AGE_BROAD[code] for code in _known(maps.CTDC_AGE_BROAD, victim.of("age_group"))]
    said: dict[str, str] = {
        "yearOfRegistration": str(victim.year),
        "gender": {"female": "Female", "male": "Male"}.get(next(iter(victim.of("sex")), ""), _MISSING),
        "ageBroad": next(iter(age), _MISSING),
        "majorityStatus": _majority(victim),
        "isAbduction": _flag(Means.ABDUCTION, set(victim.of("means")) - _NO_ANSWER),
        "majorityStatusAtExploit": {"yes": "Minor", "no": "Adult"}.get(
            next(iter(victim.of("minor_at_exploitation")), ""), _MISSING
        ),
        "citizenship": next(iter(_countries(victim, "citizenship")), _MISSING),
        "CountryOfExploitation": next(iter(_countries(victim, "exploitation_country")), _MISSING),
    }
    for prefix, found in ((_CONTROL, controls), ("", forms), (_RELATION, relations), (_SEX_FORM, sexual)):
        for column in columns(RecordStandard.CTDC)["columns"]:
            if column["of"] == (prefix or "is"):
                said[column["name"]] = _flag(column["name"].removeprefix(prefix), found)
    return said


def _majority(victim: VictimAnswers) -> str:
    """Return `Minor`, `Adult` or the code for unknown, by the victim's age group when the profile was recorded."""
    group = next(iter(victim.of("age_group")), "")
    if group in _NO_ANSWER or not group:
        return _MISSING
    return "Minor" if group in _CHILD else "Adult"


def _flag(name: str, found: set[str]) -> str:
    """Return "1" if `name` is among the answers, "0" if it is not, and the code for unknown without any answer."""
    if not found:
        return _MISSING
    return "1" if name in found else "0"


def _known(codes: Mapping[Any, str], values: Sequence[str]) -> list[Any]:
    return [code for code in codes if code.value in values]


def _mapped(codes: Mapping[Any, str], values: Sequence[str]) -> str:
    return _joined([codes[code] for code in _known(codes, values)])


def _joined(values: Iterable[str]) -> str:
    """Join the distinct non-empty values of a multiple choice by semicolons."""
    return ";".join(dict.fromkeys(each for each in values if each))


def _ordered(standard: RecordStandard, said: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(said.get(column["name"], "") for column in columns(standard)["columns"])


def _table(standard: RecordStandard, rows: Sequence[Sequence[CellValue]], notes: Sequence[str]) -> ExportTable:
    said = columns(standard)
    empty = [f"{column['name']}: empty, {column['why']}" for column in said["columns"] if column.get("why")]
    return ExportTable(
        standard.value,
        said["title"],
        [TableColumn(column["name"], ColumnType.STRING) for column in said["columns"]],
        rows,
        notes=(f"{said['title']}, version {said['version']}. Read from {said['source']}.", *notes, *empty),
    )
