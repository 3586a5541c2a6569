"""Fast parsing of events that intake has judged already, by leaving out rules that only judge.

The validator is derived from the models' core schemas, by a table of every function in them. Checks of form stay
(fields, types, codes, patterns, lengths), and so do functions that make a value. An event that this validator rejects
is not thereby invalid: the full contract must be asked.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter
from pydantic_core import SchemaValidator, core_schema, to_json

from schemas.correction_events import EventCorrectedV1
from schemas.envelope import Event
from schemas.fields import AGENCY_LIST, SOURCE, Wire
from schemas.ids import FORM
from schemas.pydantic_errors import data_class_of
from schemas.times import TIMESTAMP, YEARS, occurrence
from schemas.type_table import FACTS

Schema: TypeAlias = dict[str, Any]
SchemaStep: TypeAlias = Callable[[Schema], Schema]
"""Returns the replacement of a function's core schema, whose inner schemas are replaced already."""


class UnknownFunction(TypeError):
    """Raised for a function of the contract that the table does not list."""


def _left_out(function: Schema) -> Schema:
    return {**function["schema"], **({"ref": function["ref"]} if "ref" in function else {})}


def _kept(function: Schema) -> Schema:
    return function


def _replaced(by: Callable[[Any], object]) -> SchemaStep:
    return lambda function: {**function, "function": {"type": "no-info", "function": by}}


def _written(pattern: str) -> SchemaStep:
    return lambda function: {**_left_out(function), "pattern": f"^(?:{pattern})$"}


def _listed(values: tuple[object, ...] | None) -> tuple[object, ...]:
    return values or ()


def _dated(event: Event) -> Event:
    # The cached property looks here first.
    event.__dict__["occurred"] = occurrence(event.time, event.occurredprecision, event.occurredto)
    if isinstance(event, EventCorrectedV1):
        said = _said(data_class_of(FACTS[event.data.type].model))
        event.__dict__["_replacement"] = _dated(event.stated(said.validate_json(to_json(event.data.data))))
    return event


@cache
def _said(model: type[Wire]) -> SchemaValidator:
    return fast_validator(TypeAdapter(model))


_CENTURIES: Final = "|".join(map(str, range(YEARS.start // 100, YEARS.stop // 100)))
_TIME: Final = core_schema.no_info_after_validator_function(
    datetime.fromisoformat,
    core_schema.str_schema(pattern=TIMESTAMP.replace("[0-9]{4}", f"({_CENTURIES})[0-9]{{2}}", 1)),
)

FUNCTIONS: Final[Mapping[str, SchemaStep]] = MappingProxyType(
    {
        # These make values of the event.
        "schemas.times._read": lambda _: dict(_TIME),
        "schemas.fields.NullIs._read": _kept,
        "schemas.fields._settled": _replaced(_listed),
        "schemas.envelope.Event._agrees_with_itself": _replaced(_dated),
        # These check the form of a text, so that no name passes for an id or a code.
        "schemas.ids._checker.<locals>.check": _written(FORM.pattern),
        "schemas.fields._known_source": _written(SOURCE.pattern),
        "schemas.fields._agency_list": _written(AGENCY_LIST.pattern),
        "schemas.fields._one_of.<locals>.check": _written("[a-z_0-9]+|[A-Z]{2}"),
        "schemas.fields._register_number": _kept,
        "schemas.correction_events._can_be_stated": _kept,
        # These only judge.
        "schemas.case_events.CaseLinked._are_two": _left_out,
        "schemas.coordination.international_roles_and_staffing.UnitStaffingReportedV1._reports_its_own_unit": _left_out,
        "schemas.coordination.strategy.StrategyAdopted._ends_after_it_begins": _left_out,
        "schemas.fields._real_date": _left_out,
        "schemas.fields._settled_or_none": _left_out,
        "schemas.governance.figure_claims.FigureResolved._names_the_claim_that_holds": _left_out,
        "schemas.governance.figure_claims._coded": _left_out,
        "schemas.governance.figure_claims._shortest": _left_out,
        "schemas.governance.period_closing.PeriodClosed._says_each_once": _left_out,
        "schemas.governance.period_closing.PeriodClosedV1._closes_its_own": _left_out,
        "schemas.identification.report_and_screening.ScreeningCompleted._counts_one_way": _left_out,
        "schemas.identification.victim._identifies": _left_out,
        "schemas.justice.shared_fields.OnCharges._names_a_charge": _left_out,
        "schemas.justice.charges.ChargeFiled._offence_ends_after_it_begins": _left_out,
        "schemas.justice.hearings_and_trials.CourtCommitted._is_on_the_route": _left_out,
        "schemas.justice.hearings_and_trials.Hearing._is_on_the_route": _left_out,
        "schemas.justice.hearings_and_trials.IndictmentFiled._is_on_the_route": _left_out,
        "schemas.justice.hearings_and_trials.TrialStarted._is_on_the_route": _left_out,
        "schemas.justice.hearings_and_trials.TrialStartedV1._is_decided_as_the_law_of_its_day_has_it": _left_out,
        "schemas.justice.investigation.InvestigationOpened._offence_ends_after_it_begins": _left_out,
        "schemas.justice.investigation._ended": _left_out,
        "schemas.justice.sentences_and_appeals.Appeal._is_on_the_route": _left_out,
        "schemas.merge_events.ActivityMerged._are_two": _left_out,
        "schemas.merge_events.CaseMerged._are_two": _left_out,
        "schemas.merge_events.PersonMerged._are_two": _left_out,
        "schemas.prevention.awareness.AwarenessActivityHeld._counted_or_not": _left_out,
        "schemas.prevention.inspection.LabourInspectionCompleted._says_what_it_counts": _left_out,
        "schemas.prevention.projects_and_outputs.OutputPublished._counted_or_not": _left_out,
        "schemas.referral.sender_events.ReferralCancelledV1._is_the_senders": _left_out,
        "schemas.referral.sender_events.ReferralEnteredInErrorV1._is_the_senders": _left_out,
        "schemas.referral.sender_events.ReferralSentV1._is_the_senders": _left_out,
        "schemas.times._read_day": _left_out,
        "schemas.times._within_years": _left_out,
    }
)
"""By module and qualified name of each function of the contract: what replaces it in the derived schema."""

_VALUES: Final = frozenset({"cls", "config", "default", "expected", "function", "members", "metadata", "serialization"})
"""Members of a core schema whose values contain no schemas."""


def fast_validator(contract: TypeAdapter[Any]) -> SchemaValidator:
    """Return the fast validator of a contract. Raises `UnknownFunction` for a function that is not in the table."""
    # Otherwise pydantic would use the full validator of a model that was built before.
    return SchemaValidator(_derived(contract.core_schema), _use_prebuilt=False)


def _derived(schema: Any) -> Any:  # noqa: ANN401 - a core schema is made of dicts, lists and values
    if isinstance(schema, list):
        return [_derived(each) for each in schema]
    if not isinstance(schema, Mapping):  # a late-built schema is no dict
        return schema
    if not isinstance(schema.get("type"), str):  # schemas by field name; a field may be called `default`
        return {name: _derived(each) for name, each in schema.items()}
    derived = {name: part if name in _VALUES else _derived(part) for name, part in schema.items()}
    return _line(schema["function"]["function"])(derived) if "function" in schema else derived


def _line(function: Callable[..., object]) -> SchemaStep:
    name = f"{function.__module__}.{function.__qualname__}"
    if name not in FUNCTIONS:
        raise UnknownFunction(name)
    return FUNCTIONS[name]
