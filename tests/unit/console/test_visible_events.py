"""Sight of single events in lists: a case's stored answer counts, else what the event alone opens."""

from collections.abc import Collection
from pathlib import Path

import pytest
import typer

from infra.local.data_folder import Folder
from schemas.codebook.governance import ViewPurpose
from schemas.envelope import Event
from services.console import visible_events
from services.console.visible_events import Requester, event_predicate_of, not_shown, note_looks
from tests.contract.test_catalogue import example
from tests.unit.case_tracker.sample import SUSPECT, VICTIM, Log


def an_event(name: str) -> Event:
    return example(f"bz.atips.{name}.v1")


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> dict[str, frozenset[str] | None]:
    """Answers of the case tracker's database."""
    found: dict[str, frozenset[str] | None] = {}

    async def asked(_: object, who: Requester, refs: Collection[str]) -> dict[str, frozenset[str] | None]:
        return {ref: persons for ref, persons in found.items() if ref in refs}

    monkeypatch.setattr(visible_events, "_stored", asked)
    return found


def test_of_an_event_in_a_case_the_stored_answer_counts_and_names_the_persons(
    stored: dict[str, frozenset[str] | None], tmp_path: Path
) -> None:
    log = Log()
    arrest = log.arrested(linked_victims=[VICTIM])
    stored[arrest.ref] = frozenset({SUSPECT})
    seen = event_predicate_of(Folder(tmp_path), Requester("hti", ViewPurpose.PROTECTION), [arrest.ref])
    assert [seen(arrest.ref, arrest, each) for each in (SUSPECT, VICTIM, log.case)] == [True, False, True]
    stored[arrest.ref] = None
    for agency in ("hti", "bpd"):  # who is kept from the case does not even see its own words
        seen = event_predicate_of(Folder(tmp_path), Requester(agency, ViewPurpose.PROTECTION), [arrest.ref])
        assert not seen(arrest.ref, arrest, SUSPECT)


def test_an_event_that_names_a_case_of_which_nothing_is_known_is_not_shown(
    stored: dict[str, frozenset[str] | None], tmp_path: Path
) -> None:
    log = Log()
    arrest = log.arrested()
    for agency, may in (("bpd", False), ("council", True)):
        purpose = ViewPurpose.AUDIT if may else ViewPurpose.INVESTIGATION
        assert (
            event_predicate_of(Folder(tmp_path), Requester(agency, purpose), [arrest.ref])(arrest.ref, arrest, SUSPECT)
            is may
        )


def test_what_names_no_person_is_shown_to_all_and_what_cannot_be_read_to_the_council(
    stored: dict[str, frozenset[str] | None], tmp_path: Path
) -> None:
    training = an_event("training.session_delivered")
    entity = training.concerns()[0]
    for agency in ("sib", "hti", "bpd"):
        seen = event_predicate_of(Folder(tmp_path), Requester(agency, ViewPurpose.SUBJECT_REQUEST), [training.ref])
        assert seen(training.ref, training, entity)
        assert not seen("bpd/register/none", None, entity)
    assert event_predicate_of(Folder(tmp_path), Requester("council", ViewPurpose.AUDIT), [])(
        "bpd/register/none", None, entity
    )
    assert not event_predicate_of(Folder(tmp_path), Requester("council", ViewPurpose.REPORTING), [])(
        "bpd/register/none", None, entity
    )


def test_a_count_of_what_is_not_shown_is_said_in_words() -> None:
    assert not_shown(1, "events", "dhs") == "1 more event that dhs may not see"
    assert not_shown(3, "rows", "dhs") == "3 more rows that dhs may not see"


def test_each_person_and_case_shown_is_noted_and_without_a_note_nothing_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    noted: list[Collection[str]] = []

    async def kept(_: object, who: Requester, looked: Collection[str]) -> int:
        noted.append(looked)
        return len(looked) if who.purpose is ViewPurpose.PROTECTION else 0

    monkeypatch.setattr(visible_events, "_noted", kept)
    log = Log()
    arrest, training = log.arrested(linked_victims=[VICTIM]), an_event("training.session_delivered")
    asks = Requester("hti", ViewPurpose.PROTECTION)
    note_looks(Folder(tmp_path), asks, [(arrest, (SUSPECT,)), (training, training.concerns()), (None, (log.case,))])
    note_looks(Folder(tmp_path), asks, [(training, training.concerns())])
    assert noted == [{SUSPECT, VICTIM, log.case}]
    with pytest.raises(typer.Exit):
        note_looks(Folder(tmp_path), Requester("hti", ViewPurpose.AUDIT), [(arrest, (SUSPECT,))])
