"""The fold's laws for activities of prevention and coordination: whatever the order of arrival, one state, one sum."""

from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.agencies import AGENCIES
from schemas.codec import decode
from tests.unit.reporting.samples import activity, raw, whens
from tests.unit.reporting.test_fold import all_cells, check_kept, states
from tests.unit.schemas.payloads import payloads

# The field that names the activity; None where it follows from the data.
NAMED_BY: Final = {
    "training.session_delivered": "session",
    "awareness.activity_held": "activity",
    "awareness.media_published": "asset",
    "project.registered": "project",
    "output.published": "output",
    "coordination.meeting_held": "meeting",
    "coordination.conference_attended": "conference",
    "strategy.adopted": "strategy",
    "objective.progress_reported": None,
    "policy.milestone_reached": "policy",
    "legislation.milestone_reached": "legislation",
    "role.held": "tenure",
    "dataset.shared": "dataset",
    "unit.staffing_reported": None,
}


@st.composite
def histories(draw: st.DrawFn) -> list[bytes]:
    """Some types at a time, about two activities, so that much is said of the same one."""
    names = draw(st.lists(st.sampled_from(sorted(NAMED_BY)), min_size=1, max_size=3))
    found = []
    for number in range(draw(st.integers(1, 7))):
        name = draw(st.sampled_from(names))
        said, field = draw(payloads(f"bz.atips.{name}.v1")), NAMED_BY[name]
        agency = draw(st.sampled_from(["council", "labour", "hti"]))
        if field is not None:
            said = {field: activity(draw(st.integers(1, 2))), **{key: said[key] for key in said if key != field}}
        if "unit" in said:
            said["unit"] = draw(st.sampled_from(["atips_pu", "pitcu"]))
            agency = AGENCIES[said["unit"]].parent or agency
        found.append(raw(name, number, said, draw(whens()), agency=agency))
    return found


@settings(max_examples=150)
@given(histories(), st.data())
def test_any_order_and_any_repetition_give_the_same_states_and_cells(history: list[bytes], data: st.DataObject) -> None:
    events = [decode(payload) for payload in history]
    again = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=3))))
    assert states(events) == states(again)
    assert all_cells(events) == all_cells(again)


@settings(max_examples=150)
@given(histories(), st.data())
def test_keeping_differences_equals_the_fold_from_scratch(history: list[bytes], data: st.DataObject) -> None:
    check_kept(history, data)
